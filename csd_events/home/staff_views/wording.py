"""How an event stands, in the words of those who run it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from markupsafe import Markup

from csd_events.core.access import Role
from csd_events.core.time import day_words, local_date, short_time
from csd_events.core.web import external_url, money
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.core.zones import zone_words
from csd_events.events.models import Event, EventOffer
from csd_events.events.rules import (
    Closed,
    Closing,
    State,
    in_force,
    is_too_late,
    why_closed,
)
from csd_events.events.words import OfferView, offer_view, places_left
from csd_events.registrations.rules import (
    Refusal,
    decide,
    leads_called,
    next_reminder,
    reminders_ahead,
)
from csd_events.registrations.service import seats_of
from csd_events.registrations.words import FORMAT_WORDS, lead_words


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """An offer with how many registered at its price.

    Attributes:
        taken_words: How many places are taken at it, of how many of its own if any.
    """

    audience_words: str
    window_words: str
    price_cents: int
    currency: str
    is_free: bool
    taken_words: str


def offer_line(offer: EventOffer, event: Event, *, now: datetime) -> OfferLine:
    """Put an offer into words, with how many took it."""
    start = event.starts_at
    is_late = is_too_late(offer, start)
    view = offer_view(in_force(offer, None if is_late else start), event, now=now)
    return OfferLine(
        audience_words=view.audience_words,
        window_words=_("never: it would open after the start")
        if is_late
        else _window_words(view),
        price_cents=view.price_cents,
        currency=view.currency,
        is_free=view.is_free,
        taken_words=_taken_words(offer),
    )


def _taken_words(offer: EventOffer) -> str:
    taken = f"{offer.taken:,}"
    if offer.quota is None:
        return taken
    return str(_("%(taken)s of %(quota)s", taken=taken, quota=f"{offer.quota:,}"))


def standing_words(event: Event, *, now: datetime) -> str:
    """Say whether people can register, since when, and why not if they cannot."""
    if event.state is State.DRAFT:
        return str(_("Nobody can register: it is not published."))
    closed = closed_of(event, now=now)
    return _open_words(event, now) if closed is None else _closed_words(closed, event)


def closed_of(event: Event, *, now: datetime) -> Closed | None:
    """Say what keeps everybody from registering for a published event."""
    return why_closed(
        event.terms_of_offers,
        starts_at=event.starts_at,
        cancelled_at=event.cancelled_at,
        postponed_at=event.postponed_at,
        is_full=isinstance(decide(seats_of(event)), Refusal),
        now=now,
    )


def reopening_words(closed: Closed | None) -> str:
    """Name the button that opens registration again; empty where none does."""
    words: dict[Closing, str] = {
        Closing.ENDED: _("Open it again until the event starts"),
        Closing.NOT_YET: _("Open it now"),
    }
    return words.get(closed.why, "") if closed else ""


def _closed_words(closed: Closed, event: Event) -> str:
    since, zone = closed.since, event.zone
    when = short_time(since, zone) if since else ""
    opens = short_time(closed.opens_at, zone) if closed.opens_at else ""
    if closed.why is Closing.ENDED and since:
        when = local_date(since, zone)  # with its year, which may be a slip
    words: dict[Closing, str] = {
        Closing.CANCELLED: _("Closed since %(when)s: it was cancelled.", when=when),
        Closing.POSTPONED: _(
            "Closed since %(when)s: it is postponed, until it has a new date.",
            when=when,
        ),
        Closing.BEGUN: _("Closed since %(when)s: it began.", when=when),
        Closing.NO_OFFER: _("Nobody can register: there is no offer."),
        Closing.NOT_YET: _("Opens %(when)s.", when=opens),
        Closing.ENDED: _("Closed since %(when)s: the last offer ended.", when=when),
        Closing.FULL: _(
            "Closed: all places are taken, and nobody more may wait. More places, or "
            "a longer waiting list, open it."
        ),
    }
    return words[closed.why]


def next_mail_words(event: Event, *, now: datetime) -> str | None:
    """Say which mail goes next by itself to those who hold a place."""
    if not event.confirmed:
        return None
    starts = [(each.starts_at, each.announced_at) for each in event.sessions]
    goes_at = next_reminder(starts, leads_called(event.reminders), now)
    if goes_at is None:
        return None
    return str(_("Reminder, %(when)s", when=short_time(goes_at, event.zone)))


def mails_before(event: Event, *, now: datetime) -> list[str]:
    """Say of each session which mail goes next before it; empty for none."""
    words, previous = [], None
    for each in event.sessions:
        ahead = reminders_ahead(
            each.starts_at,
            leads_called(event.reminders),
            now,
            known_since=each.announced_at,
            previous=previous,
        )
        goes_at = next(iter(ahead), None)
        words.append(short_time(goes_at, each.zone) if goes_at else "")
        previous = each.starts_at
    return words


def _open_words(event: Event, now: datetime) -> str:
    offers = [o for o in event.terms_of_offers if o.window.contains(now)]
    published_at = event.published_at or now
    begun = min(max(o.window.opens_at or published_at, published_at) for o in offers)
    whole = [
        f"{view.audience_words}, {_price(view)} {view.closes_words}".strip()
        for offer in offers
        for view in [offer_view(offer, event, now=now)]
    ]
    words = "; ".join(whole)
    if places_left(event) == 0:
        words = f"{words}. {_('All places are taken: newcomers wait.')}"
    when = short_time(begun, event.zone)
    return str(_("Open since %(when)s: %(offers)s", when=when, offers=words))


def _price(view: OfferView) -> str:
    if view.is_free:
        return str(_("free"))
    return money(view.price_cents, view.currency)


def _window_words(view: OfferView) -> str:
    words = [view.from_words, view.closes_words, view.countdown_words]
    return ", ".join(word for word in words if word) or str(_("always"))


def role_words(role: Role | None) -> str:
    """Say what somebody is to this site; None for who has no account."""
    words: dict[Role | None, str] = {
        None: _("Guest"),
        Role.NONE: _("Account"),
        Role.PROGRAM: _("In programs"),
        Role.REPORTS: _("Reports only"),
        Role.CHECK_IN: _("At the door"),
        Role.SCHEDULER: _("Scheduler"),
        Role.ADMINISTRATOR: _("Administrator"),
    }
    return words[role]


@dataclass(frozen=True, slots=True)
class Snippets:
    """What an association puts on its own site to lead people to an event.

    Attributes:
        link: A plain link.
        frame: The form in a frame.
        origins: The sites on which the frame is shown; elsewhere it stays empty.
    """

    link: str
    frame: str
    origins: Sequence[str]


def snippets_of(event: Event) -> Snippets:
    """Write the HTML that leads to an event from another site."""
    page = external_url("home.event", slug=event.slug)
    form = external_url("registrations.embed", slug=event.slug)
    name = _("Register for %(title)s", title=event.title)
    return Snippets(
        link=str(Markup('<a href="{}">{}</a>').format(page, name)),
        frame=str(
            Markup(
                '<iframe src="{}" title="{}" width="100%" height="1000"></iframe>'
            ).format(form, name)
        ),
        origins=current_app.config["EMBED_ORIGINS"],
    )


@dataclass(frozen=True, slots=True)
class SettingLine:
    """How one thing of an event is set.

    Attributes:
        place: Where on the form of the event it is changed.
    """

    label: str
    words: str
    place: str


def setting_lines(event: Event) -> list[SettingLine]:
    """Say how an event is set, in the order of its form."""
    no_limit = str(_("No limit"))
    lines = [
        SettingLine(_("Kind"), str(FORMAT_WORDS[event.format][0]), "what"),
        SettingLine(_("Time zone"), zone_words(event.zone), "zone"),
    ]
    if event.conference:
        lines.append(SettingLine(_("Conference"), _conference_words(event), "when"))
    if event.program:
        lines.append(SettingLine(_("Program"), event.program.name, "program_id"))
    if not event.on_demand:
        places = no_limit if event.capacity is None else f"{event.capacity:,}"
        lines.append(SettingLine(_("Places"), places, "capacity"))
        limit = event.waiting_limit
        waiting = no_limit if limit is None else f"{limit:,}" if limit else _("None")
        lines.append(SettingLine(_("Waiting list"), str(waiting), "waiting_limit"))
    asks = _("Staff look at every request") if event.needs_approval else _("At once")
    lines.append(SettingLine(_("Who gets a place"), asks, "who"))
    if event.replace_on:
        day = _("Through %(day)s", day=day_words(event.replace_on))
    else:
        day = _("Until it starts")
    lines.append(SettingLine(_("A colleague may come instead"), day, "rest"))
    questions = sum(each.active for each in event.questions)
    asked = ngettext("%(num)s question", "%(num)s questions", questions)
    lines.append(
        SettingLine(_("Questions"), asked if questions else str(_("None")), "questions")
    )
    if not event.on_demand:
        leads = [lead_words(each) for each in reversed(event.reminders)]
        reminders = ", ".join(leads) or str(_("None"))
        lines.append(SettingLine(_("Reminders"), reminders, "rest"))
        after = _("Yes, the morning after") if event.follows_up else _("No")
        lines.append(SettingLine(_("A mail after it"), after, "rest"))
    return lines


def _conference_words(event: Event) -> str:
    name = event.conference.name if event.conference else ""
    if not event.requires_conference:
        return name
    return str(_("%(name)s, for whoever is registered for it", name=name))
