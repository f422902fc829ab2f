"""Deciding requests for a place, at events where every request is looked at."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.pagecache import forget_pages
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.registrations import queries, service
from csd_events.registrations.forms import DeclineForm
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import FOR_STAFF, NotPlaced, State
from csd_events.registrations.staff_views.blueprint import bp
from csd_events.registrations.words import not_placed_words


@bp.post("/registrations/<int:registration_id>/approve")
@event_staff_required()
def approve(registration_id: int) -> ResponseReturnValue:
    registration = queries.get(db.session(), registration_id)
    event_id, name = registration.event_id, registration.full_name
    try:
        with transaction() as session:
            service.approve(
                session, registration_id, now=now(), actor_id=current_person_id()
            )
    except RefusedError as error:
        flash(not_placed_words(NotPlaced(error.reason)), "error")
    else:
        forget_pages()
        flash(_("%(name)s is registered and hears it by mail.", name=name))
    return _back(event_id)


@bp.route("/registrations/<int:registration_id>/decline", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def decline(registration_id: int) -> ResponseReturnValue:
    registration = queries.get(db.session(), registration_id)
    event_id, name = registration.event_id, registration.full_name
    if registration.hold not in FOR_STAFF:
        flash(not_placed_words(NotPlaced.DECIDED), "error")
        return _back(event_id)
    form = DeclineForm()
    if not form.validate_on_submit():
        return _decline_page(registration, form), 422 if form.is_submitted() else 200
    try:
        with transaction() as session:
            service.decline(
                session,
                registration_id,
                note=form.note.data,
                now=now(),
                actor_id=current_person_id(),
            )
    except RefusedError as error:
        flash(not_placed_words(NotPlaced(error.reason)), "error")
    else:
        forget_pages()
        flash(_("%(name)s hears by mail that there is no place.", name=name))
    return _back(event_id)


def _decline_page(registration: Registration, form: DeclineForm) -> str:
    return render_template(
        "registrations/staff/decline.html",
        event=registration.event,
        registration=registration,
        form=form,
    )


def _back(event_id: int) -> ResponseReturnValue:
    """Go back to who else waits for an answer."""
    held = State.HELD.value
    return redirect(url_for(".registrations", event_id=event_id, state=held), code=303)
