"""The join page: looking changes nothing, the button lets people in."""

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from csd_events.attendance import rules, service
from csd_events.attendance.rules import Door, Seen, Sitting
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events.models import Event
from csd_events.events.rules import USUAL_LENGTH
from csd_events.events.rules import State as EventState
from csd_events.events.words import row_of
from csd_events.registrations import queries
from csd_events.registrations.forms import ButtonForm
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

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
        address = _way_in(registration.event)
        if seen.door is Door.OPEN:
            service.record_visit(
                session,
                registration_id=registration.id,
                session_id=seen.session_id,
                now=now(),
            )
    if seen.door is not Door.OPEN:
        return _page(_registration(db.session(), token), token), 409
    page = render_template("attendance/enter.html", event=event, platform_url=address)
    response = make_response(page)
    # A redirect would be stopped by form-action 'self'.
    response.headers["Refresh"] = f"0; url={address}"
    return response


def _registration(session: Session, token: str) -> Registration:
    return queries.get_by_link(session, links(), token, Purpose.JOIN)


def _page(registration: Registration, token: str) -> str:
    event, seen = registration.event, _door(registration)
    version = registration.link_version
    return render_template(
        "attendance/join.html",
        state=seen.door.value,
        event=row_of(event),
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


def _door(registration: Registration) -> Seen:
    event = registration.event
    if registration.state is not State.CONFIRMED or event.state is EventState.CANCELLED:
        return Seen(Door.REFUSED)
    address = _way_in(event)
    if event.on_demand:
        return Seen(Door.OPEN if address else Door.REFUSED)
    sittings = [
        Sitting(each.id, each.starts_at, each.ends_at or each.starts_at + USUAL_LENGTH)
        for each in event.sessions
    ]
    seen = rules.door(sittings, now=now())
    # What takes place in a room has no door here, before it or during it.
    return Seen(Door.REFUSED) if seen.door is not Door.OVER and not address else seen


def _way_in(event: Event) -> str | None:
    if event.on_demand and event.recording_url:
        return event.recording_url
    return event.platform_url


def _reason(registration: Registration, seen: Seen) -> str | None:
    event = registration.event
    if event.state is EventState.CANCELLED:
        return str(_("This event is cancelled. %(note)s", note=event.cancel_note))
    if registration.state is State.CANCELLED:
        return str(_("This registration is cancelled. You can register again."))
    if registration.state is State.WAITING:
        return str(_("You are on the waiting list. A mail tells you of a free place."))
    if seen.door is Door.REFUSED:
        if not event.place:
            return str(_("There is no link to join. See the event's page for where."))
        return str(
            _(
                "There is no link to join: it takes place at %(place)s.",
                place=event.place,
            )
        )
    return None
