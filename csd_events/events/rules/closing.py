"""Which rule keeps people from registering, since when, and what would open it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from csd_events.events.rules.offers import Offer


class Closing(StrEnum):
    """What keeps everybody from registering for a published event."""

    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    BEGUN = "begun"
    NO_OFFER = "no_offer"
    NOT_YET = "not_yet"  # the first offer has yet to open
    ENDED = "ended"  # the last offer has
    FULL = "full"  # all places are taken, and nobody more may wait


@dataclass(frozen=True, slots=True)
class Closed:
    """Why registration is closed.

    Attributes:
        since: When that came about; None where no instant of it is known.
        offer_id: Whose days would open it; None where days would not.
        opens_at: When it opens by itself; None if it does not.
    """

    why: Closing
    since: datetime | None = None
    offer_id: int | None = None
    opens_at: datetime | None = None


def why_closed(
    offers: Sequence[Offer],
    *,
    starts_at: datetime | None,
    cancelled_at: datetime | None,
    postponed_at: datetime | None = None,
    is_full: bool,
    now: datetime,
) -> Closed | None:
    """Say what keeps everybody from registering now; None if somebody can.

    Args:
        offers: As they apply.
        starts_at: When the event begins; None on demand.
        cancelled_at: When it was called off.
        postponed_at: Since when its date holds no more.
        is_full: Whether nobody gets a place, nor one in the queue.
        now: When this is asked.
    """
    if cancelled_at is not None:
        return Closed(Closing.CANCELLED, cancelled_at)
    if postponed_at is not None:
        return Closed(Closing.POSTPONED, postponed_at)
    if starts_at is not None and starts_at <= now:
        return Closed(Closing.BEGUN, starts_at)
    if any(offer.window.contains(now) for offer in offers):
        return Closed(Closing.FULL) if is_full else None
    return _between_offers(offers, now)


def _between_offers(offers: Sequence[Offer], now: datetime) -> Closed:
    coming = [(o.window.opens_at, o.id) for o in offers if o.window.is_before(now)]
    if coming:
        opens_at, offer_id = min((at, i) for at, i in coming if at is not None)
        return Closed(Closing.NOT_YET, offer_id=offer_id, opens_at=opens_at)
    ended = [(o.window.closes_at, o.id) for o in offers if o.window.closes_at]
    if not ended:
        return Closed(Closing.NO_OFFER)
    since, offer_id = max(ended)
    return Closed(Closing.ENDED, since, offer_id)
