"""Another time or place, and calling an event off: what its people are told of."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import ProblemsError, RefusedError, StaleError
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import read_id
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.zones import zone_words
from csd_events.events import queries as events
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import FITTING, State
from csd_events.registrations import rules, service
from csd_events.registrations.forms import (
    CancelForm,
    MoveForm,
    moved_draft,
    problem_words,
    reopened,
    sessions_of,
    show_problems,
    zone_is_asked,
)
from csd_events.registrations.rules import Effect, NotUndone, notice_leaves_at
from csd_events.registrations.staff_views.blueprint import (
    ask_what_stays,
    back_to,
    bp,
    count_told,
    name_what_stays,
    zone_first,
)
from csd_events.registrations.staff_views.clashing import (
    Clashes,
    clashes_moved,
    clashes_part,
    wants_clashes,
)
from csd_events.registrations.words import (
    NOT_UNDONE_WORDS,
    Foresight,
    foresight_of,
    leaving_words,
)


@bp.route("/events/<int:event_id>/move", methods=["GET", "POST"])
@guards_itself
@staff_required
def move_event(event_id: int) -> ResponseReturnValue:
    event = events.get(db.session(), event_id)
    if event.state is not State.PUBLISHED or event.on_demand:
        return redirect(url_for(".edit_event", event_id=event_id), code=303)
    form = MoveForm(
        zone_first=zone_first(),
        has_place=event.format in FITTING["place"] or bool(event.place),
        data={
            "version": str(event.version),
            "sessions": sessions_of(event),
            "zone": event.zone,
            "place": event.place,
        },
    )
    if not form.is_submitted():
        return _move_page(form, event)
    name_what_stays(form, event)
    if wants_clashes():
        clashes = clashes_moved(form, event)
        return clashes_part(clashes) or _move_page(form, event, clashes=clashes)
    if not form.validate():
        return _move_page(form, event), 422
    if zone_is_asked(form, event) and not form.zone_change.data:
        ask_what_stays(form, event)
        return _move_page(form, event), 422
    return _move(form, event)


@bp.route("/events/<int:event_id>/cancel", methods=["GET", "POST"])
@guards_itself
@staff_required
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
@staff_required
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
@staff_required
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


def _move_page(
    form: MoveForm,
    event: Event,
    foresight: Foresight | None = None,
    clashes: Clashes | None = None,
) -> str:
    return render_template(
        "registrations/staff/move_event.html",
        form=form,
        event=event,
        titles=[_title(each, event) for each in event.sessions],
        told=count_told(event),
        foresight=foresight,
        clashes=clashes,
    )


def _title(session: EventSession, event: Event) -> str:
    """Name a session; where it keeps a zone of its own, with that."""
    if session.zone == event.zone:
        return session.title
    name = session.title or _("Session %(number)s", number=session.position + 1)
    return f"{name}, {zone_words(session.zone)}"


def _move(form: MoveForm, event: Event) -> ResponseReturnValue:
    event_id = event.id
    draft, version = moved_draft(form, event), form.seen_version
    try:
        with transaction() as session:
            effect = service.save_event(
                session,
                event_id,
                draft,
                version=version,
                now=now(),
                actor_id=current_person_id(),
                foreseen=request.form.get("foreseen", ""),
            )
    except ProblemsError as error:
        show_problems(form, error.problems)
        return _move_page(form, events.get(db.session(), event_id)), 422
    except service.UnforeseenError as error:
        foresight = foresight_of(error.effect, draft.zone)
        return _move_page(form, events.get(db.session(), event_id), foresight)
    except StaleError:
        return _move_page_anew(form, event_id)
    forget_pages()
    flash(f"{_('Saved.')} {leaving_words(effect, draft.zone)}")
    return back_to(event_id)


def _move_page_anew(form: MoveForm, event_id: int) -> ResponseReturnValue:
    """Keep what was typed, above what somebody else saved meanwhile."""
    fresh = events.get(db.session(), event_id)
    form.version.data = str(fresh.version)
    form.form_errors.append(
        _(
            "Somebody saved this event after you opened this page. Below is what you "
            "typed; above it is what holds now. Send it again to put yours in its place"
        )
    )
    return _move_page(form, fresh), 409


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
