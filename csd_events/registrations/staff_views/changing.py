"""Calling an event off, undoing what nobody has heard of, and opening it again."""

from dataclasses import replace

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import ProblemsError, RefusedError, StaleError
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import read_id
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import State
from csd_events.registrations import rules, service
from csd_events.registrations.forms import (
    CancelForm,
    problem_words,
    reopened,
)
from csd_events.registrations.rules import Effect, NotUndone, notice_leaves_at
from csd_events.registrations.staff_views.blueprint import (
    back_to,
    bp,
    count_told,
)
from csd_events.registrations.words import (
    NOT_UNDONE_WORDS,
    leaving_words,
)


@bp.route("/events/<int:event_id>/cancel", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def cancel_event(event_id: int) -> ResponseReturnValue:
    event = events.get(db.session(), event_id)
    if why := _why_not_cancelled(event):
        flash(why, "error")
        return back_to(event_id)
    form = CancelForm()
    if not form.validate_on_submit():
        page = render_template(
            "registrations/staff/cancel_event.html",
            event=event,
            told=count_told(event),
            waits=_waits(event),
            form=form,
        )
        return page, 422 if form.is_submitted() else 200
    told = count_told(event)
    with transaction() as session:
        leaves_at = service.cancel_event(
            session,
            event_id,
            note=form.note.data,
            now=now(),
            actor_id=current_person_id(),
        )
    forget_pages()
    effect = Effect(told=told, leaves_at=leaves_at)
    flash(f"{_('The event is cancelled.')} {leaving_words(effect, event.zone)}")
    return back_to(event_id)


@bp.post("/events/<int:event_id>/undo")
@event_staff_required()
def undo_change(event_id: int) -> ResponseReturnValue:
    """Take the last change back, of which nobody has heard yet."""
    change_id = read_id(request.form.get("change")) or 0
    try:
        with transaction() as session:
            service.undo(
                session, event_id, change_id, now=now(), actor_id=current_person_id()
            )
    except RefusedError as error:
        flash(NOT_UNDONE_WORDS[NotUndone(error.reason)], "error")
    else:
        forget_pages()
        flash(_("Undone. Everything is again as people have heard it."))
    return back_to(event_id)


@bp.post("/events/<int:event_id>/reopen")
@event_staff_required()
def reopen_event(event_id: int) -> ResponseReturnValue:
    """Let the offer that is closed by its days alone be open from now on."""
    event = events.get(db.session(), event_id)
    kept = events.as_saved(event)
    offers = [reopened(event, each, now=now()) for each in kept.offers]
    draft = replace(kept, offers=offers)
    version = read_id(request.form.get("version")) or 0
    try:
        with transaction() as session:
            service.save_event(
                session,
                event_id,
                draft,
                version=version,
                now=now(),
                actor_id=current_person_id(),
            )
    except StaleError:
        flash(_("Somebody saved this event meanwhile. See how it stands."), "error")
    except ProblemsError as error:
        words = [problem_words(*each) for each in error.problems.items()]
        flash(f"{_('Nothing was changed.')} {'. '.join(words)}.", "error")
    else:
        forget_pages()
        flash(_("Registration is open."))
    return back_to(event_id)


def _why_not_cancelled(event: Event) -> str | None:
    """Say why there is nothing to call off; None if there is."""
    if event.state is State.CANCELLED:
        return str(_("This event is cancelled already."))
    if event.state is State.DRAFT:
        return str(_("This is a draft: nobody sees it, and nobody has registered."))
    if not rules.may_cancel(event.over_at, event.cancelled_at, now()):
        return str(_("This event is over."))
    return None


def _waits(event: Event) -> bool:
    """Tell whether nobody would be told at once that an event is off."""
    starts = [each.starts_at for each in event.sessions]
    return notice_leaves_at(starts, now()) is not None
