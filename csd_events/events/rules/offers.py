"""Offers, their windows, and what *free until* means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from csd_events.events.rules.kinds import Audience

#: How long after its end an offer still stands for a form opened before.
GRACE = timedelta(minutes=15)
#: A form shows its end from this long before it.
GRACE_SHOWN_FROM = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From `opens_at` up to, not at, `closes_at`; None means without bound."""

    opens_at: datetime | None
    closes_at: datetime | None

    def __post_init__(self) -> None:
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValueError("a window closes after it opens")

    def contains(self, instant: datetime) -> bool:
        return not self.is_before(instant) and not self.is_over(instant)

    def is_before(self, instant: datetime) -> bool:
        """Tell whether the window has yet to open at this instant."""
        return self.opens_at is not None and instant < self.opens_at

    def is_over(self, instant: datetime) -> bool:
        return self.closes_at is not None and instant >= self.closes_at

    def overlaps(self, other: "Window") -> bool:
        return not (
            (self.closes_at and other.opens_at and self.closes_at <= other.opens_at)
            or (other.closes_at and self.opens_at and other.closes_at <= self.opens_at)
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """A price for an audience while a window lasts. Zero is a price.

    Attributes:
        price_cents: In hundredths of `currency`.
        window: As it applies: an offer that says no end closes when the event starts.
        places_left: Of this offer's own quota; None where it has none.
        code: Of the invitation that it is for, as `code_of` writes it; else empty.
    """

    id: int
    audience: Audience
    price_cents: int
    currency: str
    window: Window
    places_left: int | None = None
    code: str = ""

    @property
    def is_free(self) -> bool:
        return self.price_cents == 0

    def is_for(self, *, member: bool, code: str = "", colleague: bool = False) -> bool:
        """Tell whether it is for a member, or not, who has a code, or none.

        Args:
            member: Whether they are one.
            code: Of the invitation that they have; empty for none.
            colleague: Whether a member registers them from their own organization,
                which makes nobody a member.
        """
        fits = {
            Audience.EVERYONE: True,
            Audience.MEMBERS: member,
            Audience.OTHERS: not member,
            Audience.COLLEAGUES: member or colleague,
            Audience.INVITED: bool(code) and self.code == code,
        }
        return fits[self.audience]


class WrittenOffer(Protocol):
    """An offer as staff wrote it, with the count of who holds a place through it."""

    @property
    def id(self) -> int: ...
    @property
    def audience(self) -> Audience: ...
    @property
    def price_cents(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def opens_at(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def quota(self) -> int | None: ...
    @property
    def taken(self) -> int: ...
    @property
    def code(self) -> str | None: ...


def offers_in_force(
    written: Iterable[WrittenOffer], starts_at: datetime | None
) -> list[Offer]:
    """Return offers as they apply to an event that starts at an instant.

    One that would open only after the event has begun is left out.
    """
    return [
        in_force(offer, starts_at)
        for offer in written
        if not is_too_late(offer, starts_at)
    ]


def in_force(written: WrittenOffer, starts_at: datetime | None) -> Offer:
    """Return an offer as it applies: it closes when the event starts, if not before."""
    ends = [end for end in (written.closes_at, starts_at) if end is not None]
    quota = written.quota
    return Offer(
        id=written.id,
        audience=written.audience,
        price_cents=written.price_cents,
        currency=written.currency,
        window=Window(written.opens_at, min(ends, default=None)),
        places_left=None if quota is None else quota - written.taken,
        code=written.code or "",
    )


def is_too_late(written: WrittenOffer, starts_at: datetime | None) -> bool:
    """Tell whether an offer would open only after the event has begun."""
    opens_at = written.opens_at
    return bool(starts_at and opens_at and opens_at >= starts_at)


class Access(StrEnum):
    """Whether somebody can register now, and if not, what stands in the way."""

    OPEN = "open"
    NOT_OPEN = "not_open"
    NOT_A_MEMBER = "not_a_member"
    NOT_A_COLLEAGUE = "not_a_colleague"
    NOT_INVITED = "not_invited"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Terms:
    """What registering means for one person at one instant.

    Attributes:
        offer: The one that is open to them; None unless `access` is open.
        following: What follows it, or what will open; None when nothing does.
        members_offer: What a member could have, when being none stands in the way.
    """

    access: Access
    offer: Offer | None = None
    following: Offer | None = None
    members_offer: Offer | None = None


def code_of(typed: str) -> str:
    """Bring the code of an invitation to the form in which it is kept and compared."""
    return "".join(typed.split()).upper()


def terms(
    offers: Iterable[Offer],
    *,
    member: bool,
    now: datetime,
    code: str = "",
    colleague: bool = False,
) -> Terms:
    """Find the offer that is open to somebody, and what follows it.

    Of several open ones the cheapest is taken; of equal ones the one for fewer
    people, so that a quota meant for members is used by members.
    """
    everything = list(offers)
    mine = [
        offer
        for offer in everything
        if offer.is_for(member=member, code=code, colleague=colleague)
    ]
    current = [offer for offer in mine if offer.window.contains(now)]
    later = sorted((o for o in mine if o.window.is_before(now)), key=_opening)
    if current:
        offer = min(current, key=_best)
        return Terms(Access.OPEN, offer, following=_after(offer, mine))
    if later:
        return Terms(Access.NOT_OPEN, following=later[0])
    others = (offer for offer in everything if offer not in mine)
    return _closed(offer for offer in others if not offer.window.is_over(now))


#: What somebody lacks whom an offer of this audience is not for.
_FOR_MEMBERS = {
    Audience.MEMBERS: Access.NOT_A_MEMBER,
    Audience.COLLEAGUES: Access.NOT_A_COLLEAGUE,
}


def _closed(to_others: Iterable[Offer]) -> Terms:
    """Say what stands between somebody and the offers that others still have."""
    offers = sorted(to_others, key=_opening)
    for offer in offers:
        if offer.audience in _FOR_MEMBERS:
            return Terms(_FOR_MEMBERS[offer.audience], members_offer=offer)
    invited = any(offer.audience is Audience.INVITED for offer in offers)
    return Terms(Access.NOT_INVITED if invited else Access.CLOSED)


def invitation(offers: Iterable[Offer], code: str) -> Offer | None:
    """Find the offer that the code of an invitation is for, whenever it is open."""
    return next((o for o in offers if code and o.code == code), None)


def asks_for_codes(offers: Iterable[Offer], now: datetime) -> bool:
    """Tell whether a code could still be used, now or later."""
    invited = (o for o in offers if o.audience is Audience.INVITED)
    return any(not offer.window.is_over(now) for offer in invited)


def free_until(offer: Offer) -> datetime | None:
    """Return the instant at which a free offer ends; None if not free or endless."""
    return offer.window.closes_at if offer.is_free else None


def still_accepts(offer: Offer, *, opened_at: datetime, now: datetime) -> bool:
    """Tell whether a form that showed this offer may be sent now.

    While the offer is open, and for fifteen minutes after its end if the form
    was opened before it, at the price it showed.
    """
    if offer.window.contains(now):
        return True
    closes_at = offer.window.closes_at
    if closes_at is None or not offer.window.contains(opened_at):
        return False
    return closes_at <= now < closes_at + GRACE


def overlapping(offers: Sequence[Offer]) -> tuple[Offer, Offer] | None:
    """Find two offers for one audience whose windows overlap, which may not be."""
    for index, first in enumerate(offers):
        for second in offers[index + 1 :]:
            same = (first.audience, first.code) == (second.audience, second.code)
            if same and first.window.overlaps(second.window):
                return first, second
    return None


def next_change(
    offers: Iterable[Offer],
    *,
    starts_at: datetime | None,
    ends_at: datetime | None,
    now: datetime,
) -> datetime | None:
    """Return the next instant at which an event's page would say something else."""
    edges = {starts_at, ends_at}
    for offer in offers:
        edges |= {offer.window.opens_at, offer.window.closes_at}
    return min((edge for edge in edges if edge and edge > now), default=None)


#: Audiences that others are part of come after those.
_WIDTH = {Audience.COLLEAGUES: 1, Audience.EVERYONE: 2}


def _best(offer: Offer) -> tuple[int, int, int]:
    return offer.price_cents, _WIDTH.get(offer.audience, 0), offer.id


def _opening(offer: Offer) -> tuple[bool, datetime | int, tuple[int, int, int]]:
    opens_at = offer.window.opens_at
    return (opens_at is not None, opens_at or 0, _best(offer))


def _after(offer: Offer, offers: Iterable[Offer]) -> Offer | None:
    """Find what takes an offer's place: the cheapest open when it ends, or the next."""
    end = offer.window.closes_at
    if end is None:
        return None
    others = [other for other in offers if other is not offer]
    open_then = [other for other in others if other.window.contains(end)]
    later = [other for other in others if other.window.is_before(end)]
    following = min(later, key=_opening, default=None)
    return min(open_then, key=_best, default=following)
