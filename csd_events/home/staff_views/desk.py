"""The desk: what needs attention, what comes, and the list of all events."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.association.mail import speaker
from csd_events.billing import queries as billing
from csd_events.billing.rules import Standing
from csd_events.core.access import staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pages import FilterGroup, ListPage, filter_group
from csd_events.core.time import short_time, to_wall
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries as catalog
from csd_events.events.models import Event
from csd_events.events.queries import Shown
from csd_events.events.rules import State
from csd_events.home import queries
from csd_events.home.staff_views.blueprint import bp
from csd_events.home.staff_views.wording import next_mail_words, standing_words
from csd_events.library import queries as library
from csd_events.outbox import queries as outbox
from csd_events.outbox.queries import Late
from csd_events.registrations import queries as registrations
from csd_events.registrations.rules import Hold

SOON = timedelta(days=14)
MOST_ATTENTION = 20


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that waits for somebody, and where to see to it."""

    words: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """An event in a staff list."""

    id: int
    title: str
    kind: str
    state: str
    starts_at: datetime | None
    zone: str
    registered: int
    capacity: int | None
    waiting: int
    has_no_date: bool
    window_words: str = ""
    next_mail_words: str | None = None
    problem: str | None = None


@bp.get("")
@staff_required
def dashboard() -> ResponseReturnValue:
    session, at = db.session(), now()
    soon = catalog.list_starting(session, since=at, until=at + SOON)
    problems = queries.list_last_problems(session, [event.id for event in soon])
    return render_template(
        "home/staff/dashboard.html",
        attention=_attention(at),
        soon=[_soon_line(event, problems.get(event.id), at) for event in soon],
    )


@bp.get("/events")
@staff_required
def events() -> ResponseReturnValue:
    asked, cursor = request.args.get("show", ""), request.args.get("after")
    shown = Shown(asked) if asked in set(Shown) else Shown.COMING
    page = catalog.page_for_staff(db.session(), shown, now=now(), cursor=cursor)
    return render_template(
        "home/staff/events.html",
        page=ListPage(
            [line_of(event) for event in page.items],
            _url(shown) if cursor else None,
            _url(shown, after=page.after) if page.after else None,
        ),
        filters=[_filters(shown)],
        result_words=ngettext("%(num)s event", "%(num)s events", page.total),
    )


def line_of(event: Event) -> DeskLine:
    """Show an event as a line of a staff list."""
    return DeskLine(
        id=event.id,
        title=event.title,
        kind=event.kind.value,
        state=event.state.value,
        starts_at=event.starts_at,
        zone=event.zone,
        registered=event.confirmed,
        capacity=event.capacity,
        waiting=event.waiting,
        has_no_date=lacks_date(event),
    )


def lacks_date(event: Event) -> bool:
    """Tell whether an event waits for its date."""
    return event.starts_at is None and not event.on_demand


def _soon_line(event: Event, problem: str | None, at: datetime) -> DeskLine:
    return replace(
        line_of(event),
        window_words=standing_words(event, now=at),
        next_mail_words=next_mail_words(event, now=at),
        problem=problem,
    )


def _attention(at: datetime) -> list[Attention]:
    """List what waits for somebody: mail first, then events."""
    session = db.session()
    found = []
    if outbox.find_held(session) is not None:
        found.append(
            Attention(_("All mail is held back"), url_for("outbox_staff.index"))
        )
    if silent_since := outbox.find_silence(session, now=at):
        words = _(
            "Nothing has sent mail since %(when)s: tell who runs this site",
            when=short_time(silent_since, speaker(session, now=at).zone),
        )
        found.append(Attention(words, url_for("outbox_staff.index")))
    mails = outbox.count_attention(session)
    if number := mails.undelivered:
        words = ngettext(
            "%(num)s mail could not be delivered",
            "%(num)s mails could not be delivered",
            number,
        )
        found.append(Attention(words, url_for("outbox_staff.index", attention=1)))
    if number := mails.returned:
        words = ngettext("%(num)s mail came back", "%(num)s mails came back", number)
        found.append(Attention(words, url_for("outbox_staff.index", state="returned")))
    found += _attention_to_bounces(at)
    if late := outbox.find_late(session, now=at):
        words = _late_words(late, zone=speaker(session, now=at).zone)
        found.append(Attention(words, url_for("outbox_staff.index", state="queued")))
    found += _attention_to_money(at)
    found += _attention_to_library(at)
    found += [
        Attention(
            _("Changed by the presenter: look at %(name)s", name=name),
            url_for("events_staff.edit_presenter", presenter_id=presenter_id),
        )
        for presenter_id, name in catalog.list_corrected(session)
    ]
    waiting = catalog.list_waiting_for_staff(
        session, now=at, until=at + SOON, limit=MOST_ATTENTION
    )
    held = [event.id for event in waiting if event.held]
    asked = registrations.count_for_staff(session, held)
    for event in waiting:
        found += _attention_to(event, asked.get(event.id, {}))
    return found


def _attention_to_bounces(at: datetime) -> list[Attention]:
    """Tell of the mailbox of what came back, where it cannot be read."""
    session, mailbox = db.session(), current_app.config["BOUNCES"]
    trouble = outbox.find_trouble(session, mailbox) if mailbox else None
    if trouble is None:
        return []
    words = _(
        "Since %(when)s it cannot be read which mails came back: tell who runs this "
        "site: %(trouble)s",
        when=short_time(trouble.since, speaker(session, now=at).zone),
        trouble=trouble.words,
    )
    return [Attention(words, url_for("outbox_staff.index"))]


def _attention_to_money(at: datetime) -> list[Attention]:
    session = db.session()
    today = to_wall(at, speaker(session, now=at).zone).date()
    which = (Standing.OVERDUE, Standing.REFUND)
    counts = billing.count(session, which, today=today)
    words = {
        Standing.OVERDUE: ngettext(
            "%(num)s invoice is overdue",
            "%(num)s invoices are overdue",
            counts[Standing.OVERDUE],
        ),
        Standing.REFUND: ngettext(
            "%(num)s invoice was paid and credited: the money is to go back",
            "%(num)s invoices were paid and credited: the money is to go back",
            counts[Standing.REFUND],
        ),
    }
    return [
        Attention(words[each], url_for("billing_staff.index", standing=each.value))
        for each in which
        if counts[each]
    ]


def _attention_to_library(at: datetime) -> list[Attention]:
    session = db.session()
    today = to_wall(at, speaker(session, now=at).zone).date()
    number = library.count_due(session, today=today)
    words = ngettext(
        "%(num)s thing in the library is to be looked at again",
        "%(num)s things in the library are to be looked at again",
        number,
    )
    return [Attention(words, url_for("library_staff.due"))] if number else []


def _late_words(late: Late, *, zone: str) -> str:
    words = ngettext(
        "%(num)s mail has been waiting since %(when)s",
        "%(num)s mails have been waiting since %(when)s",
        late.count,
        when=short_time(late.since, zone),
    )
    return f"{words}: {late.note}" if late.note else words


def _attention_to(event: Event, asked: Mapping[Hold, int]) -> list[Attention]:
    start = event.starts_at
    if event.state is State.DRAFT and start is not None:
        words = _(
            "%(title)s starts %(when)s and is not published",
            title=event.title,
            when=short_time(start, event.zone),
        )
        return [Attention(words, url_for(".event", event_id=event.id))]
    found = []
    if number := asked.get(Hold.APPROVAL):
        words = ngettext(
            "%(title)s: %(num)s request to decide",
            "%(title)s: %(num)s requests to decide",
            number,
            title=event.title,
        )
        found.append(Attention(words, _people_url(event, "held")))
    if number := asked.get(Hold.CONFERENCE):
        words = ngettext(
            "%(title)s: a place is held for %(num)s person not on the "
            "conference's list",
            "%(title)s: places are held for %(num)s people not on the "
            "conference's list",
            number,
            title=event.title,
        )
        found.append(Attention(words, _people_url(event, "held")))
    if event.waiting:
        words = ngettext(
            "%(title)s is full; %(num)s person waits",
            "%(title)s is full; %(num)s people wait",
            event.waiting,
            title=event.title,
        )
        found.append(Attention(words, _people_url(event, "waiting")))
    return found


def _people_url(event: Event, state: str) -> str:
    return url_for("registrations_staff.registrations", event_id=event.id, state=state)


def _url(shown: Shown, *, after: str | None = None) -> str:
    chosen = None if shown is Shown.COMING else shown.value
    return url_for(".events", show=chosen, after=after)


def _filters(shown: Shown) -> FilterGroup:
    choices = [
        (_("Coming"), Shown.COMING),
        (_("Past"), Shown.PAST),
        (_("Drafts"), Shown.DRAFTS),
    ]
    return filter_group(_("Show"), choices, chosen=shown, url=_url)
