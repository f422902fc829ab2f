"""One event as staff see it, and as everybody will."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.association import queries as association
from csd_events.audit import queries as trail
from csd_events.audit.queries import Entry
from csd_events.billing import queries as billing
from csd_events.billing.words import sum_lines
from csd_events.core.access import Role, event_staff_required, may_here
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.words import gettext as _
from csd_events.events import queries as catalog
from csd_events.events.models import Event
from csd_events.events.queries import slots_held
from csd_events.events.rules import Closed, Meeting, State, refuse_archiving, terms
from csd_events.events.service import missing
from csd_events.events.words import (
    SessionLine,
    clash_list,
    completion_words,
    places_left,
    session_lines,
)
from csd_events.home import queries
from csd_events.home.staff_views.blueprint import bp
from csd_events.home.staff_views.desk import lacks_date
from csd_events.home.staff_views.on_stage import on_stage
from csd_events.home.staff_views.readiness import (
    is_looked_over,
    items_of,
    sends_otherwise,
)
from csd_events.home.staff_views.wording import (
    closed_of,
    mails_before,
    offer_line,
    reopening_words,
    standing_words,
)
from csd_events.home.words import (
    Checklist,
    checklist,
    event_view,
    trend_line,
    visitor_card,
)
from csd_events.library.words import reading_lines
from csd_events.matching import service as matching
from csd_events.matching.rules import Profile
from csd_events.registrations import queries as registrations
from csd_events.registrations.rules import NOTICE_WAITS, decide
from csd_events.registrations.rules import State as Place
from csd_events.registrations.service import seats_through
from csd_events.registrations.staff_views.event_forms import (
    own_programs,
    series_to_open,
)
from csd_events.registrations.words import Undo, undo_of

NEWEST = 20
#: What staff do that can be undone for a while.
UNDONE_SOON = {
    "event.cancelled",
    "event.postponed",
    "event.redated",
    "event.saved",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSession:
    """A session in the list of those of an event, with its next mail."""

    line: SessionLine
    next_mail_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEvent:
    """What the staff's page says of an event."""

    id: int
    slug: str
    title: str
    state: str
    on_demand: bool
    has_no_date: bool
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str
    place: str
    is_over: bool
    cancel_note: str
    is_postponed: bool
    postpone_note: str
    publish_at: datetime | None
    was_not_published: bool
    is_archived: bool
    may_archive: bool
    series_id: int | None
    joins_online: bool


@bp.get("/events/<int:event_id>")
@event_staff_required(Role.CHECK_IN, Role.REPORTS)
def event(event_id: int) -> ResponseReturnValue:
    session, at = db.session(), now()
    found = catalog.get(session, event_id)
    if not may_here():
        return _for_others(found, at)
    done = trail.list_about(session, "event", event_id, limit=NEWEST)
    trend = queries.list_trends(session, [found], now=at).get(event_id)
    clashes = _clashes(found, at)
    return render_template(
        "home/staff/event.html",
        event=desk_event(found, at),
        standing_words=standing_words(found, now=at),
        reopening_words=reopening_words(_closed(found, at)),
        version=found.version,
        series_opens=found.series_id in series_to_open({found.series_id}),
        numbers=[*_numbers(found), *_owed(found)],
        has_price=_has_price(found),
        unlisted=registrations.count_unlisted(session, event_id)
        if found.requires_conference and found.has_people
        else None,
        checklist=_checklist(found, clashes, at),
        clashes=clash_list(
            clashes,
            zone=association.read(session).zone,
            programs=own_programs(),
        ),
        trend=trend_line(trend, found.starts_at, found.zone, now=at)
        if trend and found.starts_at
        else None,
        sessions=_session_lines(found, at),
        completion=completion_words(found),
        on_stage=on_stage(found),
        offers=[offer_line(offer, found, now=at) for offer in found.offers],
        undo=_undo(found, at) if _was_touched(done, at) else None,
        form=FlaskForm(),
    )


def _for_others(event: Event, at: datetime) -> str:
    """Show who only reads reports, or works at the door, what they may open."""
    return render_template(
        "home/staff/event_for_others.html",
        event=desk_event(event, at),
        numbers=[(_("Registered"), event.confirmed), (_("Waiting"), event.waiting)],
    )


@bp.get("/events/<int:event_id>/preview")
@event_staff_required()
def preview(event_id: int) -> ResponseReturnValue:
    """Show the page of a draft before the public sees it."""
    session, at = db.session(), now()
    found = catalog.get(session, event_id)
    if found.state is not State.DRAFT:
        return redirect(url_for("home.event", slug=found.slug), code=303)
    offers = terms(found.terms_of_offers, member=False, now=at)
    offer_id = offers.offer.id if offers.offer else None
    full = decide(seats_through(found, offer_id)) is Place.WAITING
    case = matching.recommend_at(session, Profile(), found, now=at).first
    return render_template(
        "home/event.html",
        event=event_view(found, now=at, preview=True),
        via=None,
        event_id=event_id,
        is_ready=not missing(found, at),
        card=visitor_card(found, offers, None, full=full, now=at),
        form=None,
        case=case,
        reading=reading_lines(found.resources),
        related=[],
    )


def _was_touched(done: Sequence[Entry], at: datetime) -> bool:
    """Tell by the trail whether anything was done that can still be undone."""
    return any(
        each.action in UNDONE_SOON and each.at + NOTICE_WAITS > at for each in done
    )


def _undo(event: Event, at: datetime) -> Undo | None:
    """Say what nobody has heard of yet, and can be undone."""
    session = db.session()
    undoable = registrations.find_undoable(session, event.id, now=at)
    if undoable is None:
        return None
    told = registrations.count_untold(session, event, undoable)
    is_empty = not (event.confirmed or event.held or event.waiting)
    return undo_of(undoable, told, event.zone, is_empty=is_empty)


def _closed(event: Event, at: datetime) -> Closed | None:
    return closed_of(event, now=at) if event.state is State.PUBLISHED else None


def desk_event(event: Event, at: datetime) -> DeskEvent:
    return DeskEvent(
        id=event.id,
        slug=event.slug,
        title=event.title,
        state=event.state.value,
        on_demand=event.on_demand,
        has_no_date=lacks_date(event),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.zone,
        place=event.place,
        is_over=event.is_over(at),
        cancel_note=event.cancel_note,
        is_postponed=event.is_postponed,
        postpone_note=event.postpone_note,
        publish_at=event.publish_at,
        was_not_published=event.not_published_at is not None,
        is_archived=event.archived_at is not None,
        may_archive=event.archived_at is None
        and refuse_archiving(event.state, event.over_at, at) is None,
        series_id=event.series_id,
        joins_online=event.joins_online,
    )


def _session_lines(event: Event, at: datetime) -> list[DeskSession]:
    """Show the sessions of a program, each with the mail that goes before it."""
    lines = session_lines(event, now=at)
    mails = mails_before(event, now=at)
    return [
        DeskSession(line=line, next_mail_words=words)
        for line, words in zip(lines, mails, strict=True)
    ]


def _numbers(event: Event) -> list[tuple[str, str]]:
    """Count by the event's own counters."""
    left = places_left(event)
    held = [(_("Held"), f"{event.held:,}")] if event.held else []
    return [
        (_("Registered"), f"{event.confirmed:,}"),
        *held,
        (_("Waiting"), f"{event.waiting:,}"),
        (
            _("Places"),
            _("no limit") if event.capacity is None else f"{event.capacity:,}",
        ),
        (_("Places left"), _("no limit") if left is None else f"{left:,}"),
    ]


def _has_price(event: Event) -> bool:
    return any(offer.price_cents for offer in event.offers)


def _owed(event: Event) -> list[tuple[str, str]]:
    """Say what its people owe; nothing is asked where nothing costs anything."""
    if not _has_price(event):
        return []
    sums = billing.sums(db.session(), event_id=event.id)
    return sum_lines(sums, nothing=event.state is not State.CANCELLED)


def _clashes(event: Event, at: datetime) -> list[Meeting]:
    """Look for what clashes with an event, while that can still be mended."""
    if not is_looked_over(event, at):
        return []
    return catalog.list_meetings(db.session(), slots_held(event))


def _checklist(
    event: Event, clashes: Sequence[Meeting], at: datetime
) -> Checklist | None:
    """Say whether an event is ready; nothing of one that begins no more."""
    if not is_looked_over(event, at):
        return None
    differs = sends_otherwise(association.read(db.session()))
    items = items_of(event, clashes, now=at, sender_differs=differs)
    return checklist(event, items)
