"""The join page: looking changes nothing, the button lets people in."""

from dataclasses import replace

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from csd_events.attendance import rules, service
from csd_events.attendance.rules import Door, Seen, Sitting
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import USUAL_LENGTH
from csd_events.events.words import EventRow, name_in, off_words, row_of
from csd_events.registrations import queries
from csd_events.registrations.forms import ButtonForm
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.words import held_words

bp = Blueprint("attendance", __name__)


@bp.get("/join/<token>")
def join(token: str) -> ResponseReturnValue:
    return _page(_registration(db.session(), token), token)


@bp.post("/join/<token>")
@guards_itself
def enter(token: str) -> ResponseReturnValue:
    with transaction() as session:
        registration = _registration(session, token)
        seen, event = _door(registration), row_of(registration.event)
        # Read at this moment: it may have changed since the page was opened.
        address = _way_in(registration.event, seen.session_id)
        if seen.door is Door.OPEN:
            service.record_visit(
                session,
                registration_id=registration.id,
                session_id=seen.session_id,
                now=now(),
            )
    if seen.door is not Door.OPEN or address is None:
        return _page(_registration(db.session(), token), token), 409
    if address.startswith("/"):  # of a sample, which has nothing to play
        return redirect(url_for(".watch", token=token), code=303)
    page = render_template("attendance/enter.html", event=event, platform_url=address)
    response = make_response(page)
    # A redirect would be stopped by form-action 'self'.
    response.headers["Refresh"] = f"0; url={address}"
    return response


@bp.get("/join/<token>/watch")
def watch(token: str) -> ResponseReturnValue:
    """Stand where a sample that is watched on demand would play."""
    registration = _registration(db.session(), token)
    event, seen = registration.event, _door(registration)
    address = _way_in(event, None) or ""
    if not (event.on_demand and seen.door is Door.OPEN and address.startswith("/")):
        return redirect(url_for(".join", token=token), code=303)
    return render_template("attendance/watch.html", event=row_of(event), token=token)


def _registration(session: Session, token: str) -> Registration:
    return queries.get_by_link(session, links(), token, Purpose.JOIN)


def _page(registration: Registration, token: str) -> str:
    event, seen = registration.event, _door(registration)
    version = registration.link_version
    about = _session(event, seen.session_id)
    following = _session(event, seen.next_id)
    return render_template(
        "attendance/join.html",
        state=seen.door.value,
        event=_shown(event, about),
        session_name=name_in(event, about) if about else "",
        following=following,
        registration=registration,
        token=token,
        registration_token=links().token(
            Purpose.REGISTRATION, registration.id, version
        ),
        opens_at=seen.opens_at,
        reason_words=_reason(registration, seen),
        recording_url=event.recording_url if seen.door is Door.OVER else None,
        form=ButtonForm(),
    )


def _shown(event: Event, about: EventSession | None) -> EventRow:
    """Show the session that the door is about, as a row of its event."""
    row = row_of(event)
    if about is None or len(event.sessions) == 1:
        return row
    return replace(
        row,
        starts_at=about.starts_at,
        ends_at=about.ends_at,
        zone=about.zone,
        place=about.place or event.place,
    )


def _door(registration: Registration) -> Seen:
    event = registration.event
    if registration.state is not State.CONFIRMED or off_words(event):
        return Seen(Door.REFUSED)
    if event.on_demand:
        return Seen(Door.OPEN if _way_in(event, None) else Door.REFUSED)
    sittings = [
        Sitting(each.id, each.starts_at, each.ends_at or each.starts_at + USUAL_LENGTH)
        for each in event.sessions
    ]
    seen = rules.door(sittings, now=now())
    if seen.door is Door.OVER or _way_in(event, seen.session_id):
        return seen
    # What takes place in a room has no door here, before it or during it.
    return replace(seen, door=Door.REFUSED, opens_at=None)


def _way_in(event: Event, session_id: int | None) -> str | None:
    if event.on_demand and event.recording_url:
        return event.recording_url
    sitting = _session(event, session_id)
    return event.way_into(sitting) if sitting else event.platform_url


def _session(event: Event, session_id: int | None) -> EventSession | None:
    return next((each for each in event.sessions if each.id == session_id), None)


def _reason(registration: Registration, seen: Seen) -> str | None:
    event = registration.event
    if off_words(event):
        return _off_words(event)
    if registration.state is State.CANCELLED:
        return str(_("This registration is cancelled. You can register again."))
    if registration.state is State.HELD:
        return held_words(registration, event)
    if registration.state is State.WAITING:
        return str(_("You are on the waiting list. A mail tells you of a free place."))
    if seen.door is Door.REFUSED:
        return _room_words(event, _session(event, seen.session_id))
    return None


def _off_words(event: Event) -> str:
    """Say why nobody comes in for now, or ever."""
    if event.is_postponed:
        words = _("This event is postponed. A mail tells you the new date.")
        return f"{words} {event.postpone_note}".strip()
    return str(_("This event is cancelled. %(note)s", note=event.cancel_note))


def _room_words(event: Event, sitting: EventSession | None) -> str:
    """Say where a session is that nobody joins by a link."""
    place = (sitting.place if sitting else "") or event.place
    if not place:
        return str(_("There is no link to join. See the event's page for where."))
    return str(_("There is no link to join: it takes place at %(place)s.", place=place))
