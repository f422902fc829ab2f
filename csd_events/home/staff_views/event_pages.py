"""The other pages of an event: its messages, who came, what to read, how it is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.attendance import queries as attendance
from csd_events.audit import queries as trail
from csd_events.audit.words import history_lines
from csd_events.core.access import event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pages import ListPage, read_id
from csd_events.events import queries as catalog
from csd_events.events.models import Event
from csd_events.events.rules import State
from csd_events.events.words import session_lines
from csd_events.home import queries
from csd_events.home.staff_views.blueprint import bp
from csd_events.home.staff_views.event import NEWEST, desk_event
from csd_events.home.staff_views.wording import setting_lines, snippets_of
from csd_events.library import queries as library
from csd_events.library.words import reading_lines
from csd_events.matching import service as matching
from csd_events.matching.rules import Profile
from csd_events.outbox.words import mail_line
from csd_events.registrations.rules import (
    follow_up_at,
    is_too_late_to_follow,
    lead_name,
    leads_called,
    plan_reminders,
)
from csd_events.registrations.words import KIND_WORDS, lead_words


@dataclass(frozen=True, slots=True)
class MailAhead:
    """A mail that goes by itself to all who have a place.

    Attributes:
        lead_words: How long before the session it reminds of; None for the one after.
    """

    lead_words: str | None
    session_name: str
    goes_at: datetime


@dataclass(frozen=True, slots=True)
class Joined:
    """How many were given the link for one session."""

    name: str
    starts_at: datetime | None
    zone: str
    people: int


@bp.get("/events/<int:event_id>/messages")
@event_staff_required()
def event_messages(event_id: int) -> ResponseReturnValue:
    """Show what went about an event, and what goes next by itself."""
    session, at = db.session(), now()
    found = catalog.get_row(session, event_id)
    mails = queries.list_mails_of_event(session, event_id, limit=NEWEST)
    return render_template(
        "home/staff/event_messages.html",
        event=desk_event(found, at),
        ahead=_ahead(found, at),
        people=found.confirmed,
        mails=[mail_line(mail, KIND_WORDS) for mail in mails],
        is_cut=len(mails) == NEWEST,
    )


@bp.get("/events/<int:event_id>/attendance")
@event_staff_required()
def event_attendance(event_id: int) -> ResponseReturnValue:
    """Show who pressed the button on the join page and was given the link."""
    session, at = db.session(), now()
    found = catalog.get_row(session, event_id)
    ids = [each.id for each in found.sessions]
    counts = attendance.count_visitors(session, event_id, ids)
    after = read_id(request.args.get("after"))
    page = attendance.page_visitors(session, event_id, after=after)

    def url(after: int | None = None) -> str:
        return url_for(".event_attendance", event_id=event_id, after=after)

    return render_template(
        "home/staff/event_attendance.html",
        event=desk_event(found, at),
        registered=found.confirmed,
        joined=_joined(found, counts, at),
        page=ListPage(
            page.items,
            url() if after else None,
            url(page.after) if page.after else None,
        ),
    )


@bp.get("/events/<int:event_id>/resources")
@event_staff_required()
def event_resources(event_id: int) -> ResponseReturnValue:
    """Show what is to be read with an event, chosen and found."""
    session, at = db.session(), now()
    found = catalog.get(session, event_id)
    titles = library.list_titles(session) if found.hidden_cases else {}
    suggested = matching.recommend(session, Profile(), matching.about(found), now=at)
    return render_template(
        "home/staff/event_resources.html",
        event=desk_event(found, at),
        cases=suggested.lines,
        note=suggested.note,
        pinned=set(found.reading),
        hidden=[(key, titles.get(key, key)) for key in found.hidden_cases],
        reading=reading_lines(found.resources),
        chosen=len(found.resources),
        recording_url=found.recording_url,
        may_edit=found.state is not State.CANCELLED,
    )


@bp.get("/events/<int:event_id>/settings")
@event_staff_required()
def event_settings(event_id: int) -> ResponseReturnValue:
    """Show how an event is set, how it stands on other sites, and what was done."""
    session, at = db.session(), now()
    found = catalog.get(session, event_id)
    done = trail.list_about(session, "event", event_id, limit=NEWEST)
    return render_template(
        "home/staff/event_settings.html",
        event=desk_event(found, at),
        settings=setting_lines(found),
        snippets=snippets_of(found) if found.state is State.PUBLISHED else None,
        history=history_lines(
            done, zone=found.zone, names=queries.name_things(session, done)
        ),
        is_cut=len(done) == NEWEST,
    )


def _ahead(event: Event, at: datetime) -> Sequence[MailAhead]:
    """List what goes by itself to all who have a place, in order."""
    if event.state is not State.PUBLISHED or event.over_at is None:
        return []
    names = {line.id: line.name for line in session_lines(event, now=at)}
    planned = plan_reminders(
        [(each.id, each.starts_at, each.announced_at) for each in event.sessions],
        leads_called(event.reminders),
        at,
    )
    found = [
        MailAhead(lead_words(lead_name(lead)), names[key], goes_at)
        for (key, lead), goes_at in planned.items()
    ]
    follows = event.follows_up and event.followed_up_at is None and event.starts_at
    if follows and not is_too_late_to_follow(event.over_at, event.zone, at):
        found.append(MailAhead(None, "", follow_up_at(event.over_at, event.zone)))
    return sorted(found, key=lambda each: each.goes_at)


def _joined(event: Event, counts: dict[int | None, int], at: datetime) -> list[Joined]:
    """Say of each session how many were given the link; of what has none, of all."""
    if not event.sessions:
        return [Joined("", None, event.zone, counts.get(None, 0))]
    return [
        Joined(line.name, line.starts_at, line.zone, counts.get(line.id, 0))
        for line in session_lines(event, now=at)
    ]
