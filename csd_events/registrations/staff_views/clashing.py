"""What clashes with an event while its time is chosen; it keeps nobody from saving."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import StaleError
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.words import ClashList, clash_list
from csd_events.registrations.forms import (
    EventForm,
    MoveForm,
    Typed,
    slots_moved,
    slots_typed,
)
from csd_events.registrations.staff_views.blueprint import back_to, bp, zone_first
from csd_events.registrations.staff_views.event_forms import own_programs

#: Where on an event's page its clashes stand.
LIST = "clash-list"


@dataclass(frozen=True, slots=True)
class Clashes:
    """What is said beside the times of a form.

    Attributes:
        found: What clashes; None where no time can be read yet.
        wrong: What is wrong with times that were typed.
    """

    found: ClashList | None
    wrong: Sequence[str]


def wants_clashes() -> bool:
    """Tell whether a form was sent for nothing but to see what clashes."""
    return request.form.get("action") == "clashes"


def clashes_typed(form: EventForm, event: Event | None) -> Clashes:
    """Look for what clashes with the times of a form, as they stand in it now."""
    find_homes = partial(events.list_homes, db.session())
    return _clashes(slots_typed(form, event, find_homes))


def clashes_moved(form: MoveForm, event: Event) -> Clashes:
    """Look for what clashes with the times that an event is to be moved to."""
    return _clashes(slots_moved(form, event))


def _clashes(typed: Typed) -> Clashes:
    session = db.session()
    if not typed.slots:
        return Clashes(None, typed.wrong)
    found = events.list_meetings(session, typed.slots)
    return Clashes(
        clash_list(found, zone=zone_first(), programs=own_programs()), typed.wrong
    )


def clashes_part(clashes: Clashes) -> str | None:
    """Write what a script asked for while somebody types; None where none asks."""
    if request.form.get("part") != "clashes":
        return None
    return render_template("registrations/staff/clashes.html", clashes=clashes)


@bp.post("/events/<int:event_id>/clashes/known")
@event_staff_required()
def leave_clash(event_id: int) -> ResponseReturnValue:
    """Leave a clash as it is: it is known, and no more to mend."""
    try:
        with transaction() as session:
            event_service.leave_clash(
                session,
                event_id,
                request.form.get("clash", ""),
                now=now(),
                actor_id=current_person_id(),
            )
    except StaleError:
        flash(_("One of the two has changed meanwhile. See how they stand."), "error")
        return back_to(event_id)
    flash(_("Left as it is. It shows again by itself if either of them moves."))
    return back_to(event_id, LIST)


@bp.post("/events/<int:event_id>/clashes/shown")
@event_staff_required()
def show_clash_again(event_id: int) -> ResponseReturnValue:
    """Count a clash again that was left as it is."""
    with transaction() as session:
        event_service.show_clash_again(
            session,
            event_id,
            request.form.get("clash", ""),
            now=now(),
            actor_id=current_person_id(),
        )
    flash(_("It counts as a clash again."))
    return back_to(event_id, LIST)
