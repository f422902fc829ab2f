"""Taking events out of the lists, instead of deleting them, and bringing them back."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.forms import SessionForm
from csd_events.core.pagecache import forget_pages
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.rules import refuse_archiving
from csd_events.registrations.staff_views.blueprint import back_to, bp


@bp.route("/events/<int:event_id>/archive", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def archive_event(event_id: int) -> ResponseReturnValue:
    event = events.get_row(db.session(), event_id)
    if event.archived_at is not None:
        return back_to(event_id)
    if refuse_archiving(event.state, event.over_at, now()):
        return _refuse(event_id)
    form = SessionForm()
    if not form.validate_on_submit():
        page = render_template(
            "registrations/staff/archive_event.html",
            event=event,
            people=event.confirmed + event.held + event.waiting,
            form=form,
        )
        return page, 422 if form.is_submitted() else 200
    try:
        with transaction() as session:
            event_service.archive(
                session, event_id, now=now(), actor_id=current_person_id()
            )
    except RefusedError:
        return _refuse(event_id)
    forget_pages()
    flash(_("It is in the archive. Lists leave it out; you can bring it back."))
    return back_to(event_id)


@bp.post("/events/<int:event_id>/bring-back")
@event_staff_required()
def bring_event_back(event_id: int) -> ResponseReturnValue:
    with transaction() as session:
        event_service.bring_back(
            session, event_id, now=now(), actor_id=current_person_id()
        )
    forget_pages()
    flash(_("It is back in the lists."))
    return back_to(event_id)


def _refuse(event_id: int) -> ResponseReturnValue:
    words = _("Only what is over, called off or not published leaves the lists.")
    flash(words, "error")
    return back_to(event_id)
