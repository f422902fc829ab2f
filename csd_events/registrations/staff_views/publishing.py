"""Having a draft published by itself, at a moment that staff choose."""

from datetime import datetime

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.inputs import boxes_of, say
from csd_events.core.time import (
    ClockGapError,
    ClockOverlapError,
    local_time,
    to_utc,
    to_wall,
)
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.zones import zone_words
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import Problem, State
from csd_events.registrations.forms import PublishAtForm, problem_words, write_clock
from csd_events.registrations.staff_views.blueprint import back_to, bp


@bp.route("/events/<int:event_id>/publish-at", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def publish_event_at(event_id: int) -> ResponseReturnValue:
    event = events.get(db.session(), event_id)
    if event.state is not State.DRAFT or event.archived_at is not None:
        flash(_("Only a draft can be published later."), "error")
        return back_to(event_id)
    if request.form.get("action") == "call-off":
        return _plan(event, None)
    form = PublishAtForm(data=_typed(event))
    if not form.is_submitted():
        return _page(form, event)
    at = _instant(form, event) if form.validate() else None
    return _plan(event, at) if at else (_page(form, event), 422)


def _plan(event: Event, at: datetime | None) -> ResponseReturnValue:
    event_id, zone = event.id, event.zone
    with transaction() as session:
        planned = event_service.plan_publishing(
            session, event_id, at, now=now(), actor_id=current_person_id()
        )
    if not planned:
        flash(_("Somebody published it, or put it away, meanwhile."), "error")
    elif at is None:
        flash(_("Called off: it stays a draft until you publish it."))
    else:
        flash(_("It is published by itself %(when)s.", when=local_time(at, zone)))
    return back_to(event_id)


def _typed(event: Event) -> dict[str, object]:
    if event.publish_at is None:
        return {}
    wall = to_wall(event.publish_at, event.zone)
    return {
        "starts_on": boxes_of(wall.date()),
        "start_time": write_clock(wall.time()),
    }


def _instant(form: PublishAtForm, event: Event) -> datetime | None:
    """Return the instant that is meant; None where the form has to be asked again."""
    try:
        at = to_utc(form.wall, event.zone, later=form.later)
    except ClockGapError:
        say(form.start_time, problem_words("starts", Problem.TIME_SKIPPED))
        return None
    except ClockOverlapError:
        form.which.data = form.which.data or "first"
        say(form.which, _("Say which of the two you mean"))
        return None
    if at <= now():
        say(form.starts_on.form.month, _("That moment is past. Choose one to come"))
        return None
    if event.starts_at and at >= event.starts_at:
        say(
            form.starts_on.form.month,
            _("The event has begun by then. Choose an earlier moment"),
        )
        return None
    return at


def _page(form: PublishAtForm, event: Event) -> str:
    return render_template(
        "registrations/staff/publish_event_at.html",
        form=form,
        event=event,
        zone_words=zone_words(event.zone),
        problems=[
            problem_words(name, problem)
            for name, problem in event_service.missing(event, now()).items()
        ],
    )
