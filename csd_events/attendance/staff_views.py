"""Paper for the day: who may come in."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from csd_events.association.mail import speaker
from csd_events.attendance import exports
from csd_events.core.access import Role, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.downloads import download
from csd_events.core.pages import read_id
from csd_events.core.time import local_time, time_span
from csd_events.events import queries as events
from csd_events.events.models import Event, EventSession
from csd_events.events.words import name_in
from csd_events.registrations import queries

bp = Blueprint("attendance_staff", __name__, url_prefix="/staff")


@bp.get("/events/<int:event_id>/door-list.pdf")
@event_staff_required(Role.CHECK_IN)
def door_list(event_id: int) -> ResponseReturnValue:
    """Print the list for the door, of one session where one is asked for."""
    session = db.session()
    event = events.get(session, event_id)
    sitting = _sitting(event)
    title = event.title
    if sitting and (name := name_in(event, sitting)):
        title = f"{title}, {name}"
    file = exports.door_list(
        title,
        _when(event, sitting),
        queries.list_expected(session, event_id),
        author=speaker(session, now=now()).name,
    )
    return download(file, "application/pdf", f"{event.slug}-door-list.pdf")


def _sitting(event: Event) -> EventSession | None:
    """Return the session that is asked for, or the only one."""
    asked = read_id(request.args.get("session"))
    if len(event.sessions) == 1:
        return event.sessions[0]
    return next((each for each in event.sessions if each.id == asked), None)


def _when(event: Event, sitting: EventSession | None) -> str:
    at = sitting or event
    if at.starts_at is None:
        return event.place
    when = (
        time_span(at.starts_at, at.ends_at, at.zone)
        if at.ends_at
        else local_time(at.starts_at, at.zone)
    )
    return " · ".join(filter(None, [when, at.place or event.place]))
