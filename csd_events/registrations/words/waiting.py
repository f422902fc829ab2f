"""That all places are taken, and what waiting for one leads to."""

from csd_events.core.words import gettext as _
from csd_events.events.models import Event
from csd_events.events.rules import Offer
from csd_events.events.words import places_left
from csd_events.registrations.rules import ANSWER_KEPT

HOURS = int(ANSWER_KEPT.total_seconds() // 3600)


def taken_words(event: Event) -> str:
    """Say to who would have to wait what is taken: all places, or those at a price."""
    if places_left(event) == 0:
        return str(_("All places are taken"))
    return str(_("All places at this price are taken"))


def queue_words(event: Event, *, price_cents: int) -> str:
    """Say what becomes of the next in line when a place comes free.

    Args:
        event: What is waited for.
        price_cents: What the place costs.
    """
    if price_cents:
        return str(
            _(
                "When a place comes free, the next in line hears at once and has "
                "%(hours)s hours to take it.",
                hours=HOURS,
            )
        )
    if event.needs_approval:
        return str(
            _("When a place comes free, we look at the request of the next in line.")
        )
    return str(
        _("When a place comes free, the next in line gets it and hears at once.")
    )


def full_words(event: Event, offer: Offer | None) -> tuple[str, str]:
    """Say to who would have to wait what is taken, and what waiting leads to."""
    price_cents = offer.price_cents if offer else 0
    return taken_words(event), queue_words(event, price_cents=price_cents)
