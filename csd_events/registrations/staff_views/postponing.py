"""Saying of an event that its date holds no more, and there is no other yet."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.pagecache import forget_pages
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.registrations import service
from csd_events.registrations.forms import CancelForm
from csd_events.registrations.rules import NotPostponed
from csd_events.registrations.staff_views.blueprint import back_to, bp
from csd_events.registrations.words import (
    leaving_words,
    not_postponed_words,
    postponed_lines,
)


@bp.route("/events/<int:event_id>/postpone", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def postpone_event(event_id: int) -> ResponseReturnValue:
    session, at = db.session(), now()
    event = events.get(session, event_id)
    if why := service.refuse_postponing(session, event, now=at):
        flash(not_postponed_words(why), "error")
        return back_to(event_id)
    form = CancelForm()
    if not form.validate_on_submit():
        effect = service.foresee_postponing(session, event, now=at)
        page = render_template(
            "registrations/staff/postpone_event.html",
            event=event,
            told=effect.all_told,
            lines=postponed_lines(effect, event.zone),
            form=form,
        )
        return page, 422 if form.is_submitted() else 200
    zone = event.zone
    try:
        with transaction() as writing:
            effect = service.postpone_event(
                writing,
                event_id,
                note=form.note.data,
                now=now(),
                actor_id=current_person_id(),
            )
    except RefusedError as error:
        flash(not_postponed_words(NotPostponed(error.reason)), "error")
        return back_to(event_id)
    forget_pages()
    flash(f"{_('The event is postponed.')} {leaving_words(effect, zone)}")
    return back_to(event_id)
