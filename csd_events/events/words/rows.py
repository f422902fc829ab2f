"""Events and offers as people read them: rows, badges, prices with their ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from csd_events.core.time import (
    month_day,
    short_date,
    time_only,
    to_wall,
)
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext, ngettext
from csd_events.events.models import Conference, Event
from csd_events.events.rules import (
    Access,
    Audience,
    Kind,
    Offer,
    State,
    free_until,
    next_change,
    terms,
)

KIND_WORDS = {
    Kind.WEBINAR: lazy_gettext("Webinars"),
    Kind.FORUM: lazy_gettext("Forums"),
    Kind.TRAINING: lazy_gettext("Training programs"),
}
#: From here on a list says how many places are left, once half of them are taken.
FEW = 10


@dataclass(frozen=True, slots=True)
class Badge:
    """What a list says of an event in two or three words."""

    state: str
    until: str | None = None
    left: int | None = None
    price_cents: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """An event as it stands in a list, on a ticket and in a mail."""

    slug: str
    title: str
    summary: str
    kind: str
    on_demand: bool
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str
    place: str
    badge: Badge | None
    is_postponed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """A price, for whom, and until when, in words."""

    price_cents: int
    currency: str
    is_free: bool
    audience_words: str
    from_words: str
    closes_at: datetime | None
    closes_words: str
    countdown_words: str

    @property
    def window_words(self) -> str:
        """Say what matters now: from when, or until when."""
        return self.from_words or self.closes_words


#: What a visitor sees of an event that they cannot register for, by the reason.
CLOSED_BADGES = {
    Access.NOT_A_MEMBER: "members",
    Access.NOT_A_COLLEAGUE: "members",
    Access.NOT_INVITED: "invited",
}


def row_of(event: Event, *, now: datetime | None = None) -> EventRow:
    """Show an event as a row; with its badge if `now` is given and offers loaded."""
    return EventRow(
        slug=event.slug,
        title=event.title,
        summary=event.summary,
        kind=event.kind.value,
        on_demand=event.on_demand,
        starts_at=None if event.is_postponed else event.starts_at,
        ends_at=None if event.is_postponed else event.ends_at,
        zone=event.zone,
        place=event.place,
        badge=badge_of(event, now) if now else None,
        is_postponed=event.is_postponed,
    )


def changes_at(events: Iterable[Event], *, now: datetime) -> datetime | None:
    """Return the next instant at which the words about some events change."""
    found = [
        next_change(
            event.terms_of_offers,
            starts_at=event.starts_at,
            ends_at=event.over_at,
            now=now,
        )
        for event in events
    ]
    return min((each for each in found if each), default=None)


def badge_of(event: Event, now: datetime) -> Badge:
    """Say how an event stands for a visitor."""
    if event.state is State.CANCELLED:
        return Badge("cancelled")
    if event.is_postponed:
        return Badge("postponed")
    if event.open_recording(now):
        return Badge("recording")
    found = terms(event.terms_of_offers, member=False, now=now)
    if found.access is Access.NOT_OPEN and found.following:
        opens_at = found.following.window.opens_at
        return Badge("not_open", short_date(opens_at, event.zone) if opens_at else None)
    if found.offer is None:
        return Badge(CLOSED_BADGES.get(found.access, "closed"))
    return _open_badge(event, found.offer, now)


def offer_view(offer: Offer, event: Event, *, now: datetime) -> OfferView:
    """Put an offer of an event into words, in the event's zone."""
    zone, starts_at = event.zone, event.starts_at
    opens_at, closes_at = offer.window.opens_at, offer.window.closes_at
    return OfferView(
        price_cents=offer.price_cents,
        currency=offer.currency,
        is_free=offer.is_free,
        audience_words=audience_words(offer.audience),
        from_words=from_words(opens_at, zone) if opens_at and opens_at > now else "",
        closes_at=closes_at,
        closes_words=closes_words(closes_at, zone, starts_at),
        countdown_words=countdown_words(closes_at, zone, now=now)
        if closes_at and closes_at != starts_at
        else "",
    )


def from_words(opens_at: datetime, zone: str) -> str:
    return str(_("from %(date)s", date=month_day(to_wall(opens_at, zone).date())))


def closes_words(
    closes_at: datetime | None, zone: str, starts_at: datetime | None
) -> str:
    """Say until when: ``through October 15`` for a day that counts whole."""
    if closes_at is None:
        return ""
    if closes_at == starts_at:
        return str(_("until it starts"))
    if is_end_of_day(closes_at, zone):
        day = month_day(last_day(closes_at, zone))
        return str(_("through %(date)s", date=day))
    return str(
        _(
            "until %(time)s, %(date)s",
            time=time_only(closes_at, zone),
            date=short_date(closes_at, zone),
        )
    )


def is_end_of_day(closes_at: datetime, zone: str) -> bool:
    """Tell whether an instant is where one day ends and the next begins."""
    return last_day(closes_at, zone) < to_wall(closes_at, zone).date()


def last_day(closes_at: datetime, zone: str) -> date:
    """Return the last day on which something that closes still holds."""
    return to_wall(last_instant(closes_at), zone).date()


def last_instant(closes_at: datetime) -> datetime:
    """Return the last instant at which something that closes still holds."""
    return closes_at - timedelta(microseconds=1)


def countdown_words(closes_at: datetime, zone: str, *, now: datetime) -> str:
    """Count down in the words of a calendar, not of a clock."""
    left = days_left(closes_at, zone, now=now)
    if left < 0:
        return ""
    if left == 0:
        return str(_("last day"))
    if left == 1:
        return str(_("ends tomorrow"))
    return str(ngettext("%(num)s day left", "%(num)s days left", left))


def days_left(closes_at: datetime, zone: str, *, now: datetime) -> int:
    """Count the days from today to the last one that still counts; 0 is today."""
    return (last_day(closes_at, zone) - to_wall(now, zone).date()).days


def audience_words(audience: Audience) -> str:
    words = {
        Audience.EVERYONE: _("Everyone"),
        Audience.MEMBERS: _("Members"),
        Audience.OTHERS: _("Others"),
        Audience.INVITED: _("With an invitation"),
        Audience.COLLEAGUES: _("Members and their colleagues"),
    }
    return str(words[audience])


def action_words(event: Event, *, full: bool = False) -> str:
    """Name the act on its button."""
    if full:
        return str(_("Join the waiting list"))
    if event.needs_approval:
        return str(_("Ask for a place"))
    words = {
        Kind.WEBINAR: _("Register for this webinar"),
        Kind.FORUM: _("Register for this forum"),
        Kind.TRAINING: _("Register for this training"),
    }
    return str(words[event.kind])


def _open_badge(event: Event, offer: Offer, now: datetime) -> Badge:
    left = places_left(event)
    if left == 0:
        return Badge("full")
    if (few := few_left(event)) is not None:
        return Badge("few_left", left=few)
    if not offer.is_free:
        return Badge("price", price_cents=offer.price_cents, currency=offer.currency)
    closes_at = free_until(offer)
    if closes_at is None:
        return Badge("free")
    if days_left(closes_at, event.zone, now=now) == 0:
        return Badge("last_day")
    return Badge("free", until=short_date(last_instant(closes_at), event.zone))


def required_conference(event: Event) -> Conference | None:
    """Return the conference that people must be registered for, if there is one."""
    return event.conference if event.requires_conference else None


def few_left(event: Event) -> int | None:
    """Count the places left where few are; None where nobody need hurry."""
    left = places_left(event)
    if left is None or left > FEW or left * 2 > (event.capacity or 0):
        return None
    return left


def places_left(event: Event) -> int | None:
    """Count the places a newcomer could get; None where there is no limit."""
    if event.capacity is None:
        return None
    return max(0, event.capacity - event.confirmed - event.held)
