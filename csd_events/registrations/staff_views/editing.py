"""Writing an event: a new one, a change, publishing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from csd_events.accounts import service as accounts
from csd_events.accounts.queries import Unsaved
from csd_events.core.access import (
    current_person_id,
    desk_required,
    event_staff_required,
)
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError, ProblemsError, StaleError
from csd_events.core.inputs import overtaken
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import read_day
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import EventDraft, Format, State
from csd_events.registrations import service
from csd_events.registrations.forms import (
    EventForm,
    draft_of,
    problem_words,
    show_lacking,
    show_problems,
    typed_of,
    zone_is_asked,
)
from csd_events.registrations.rules import Effect
from csd_events.registrations.staff_views.blueprint import (
    ask_what_stays,
    back_to,
    bp,
    count_told,
    name_what_stays,
    unsaved_here,
)
from csd_events.registrations.staff_views.clashing import (
    Clashes,
    clashes_part,
    clashes_typed,
    wants_clashes,
)
from csd_events.registrations.staff_views.event_forms import (
    begun,
    form_for,
    form_of,
    may_write_events,
)
from csd_events.registrations.words import (
    FORMAT_WORDS,
    Foresight,
    foresight_of,
    leaving_words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is shown around a form that is not sent for the first time.

    Attributes:
        open: Whether its folded parts are unfolded.
        saved: What somebody else saved meanwhile, where it differs.
        unsaved: What was typed some time ago, and not saved.
    """

    open: bool = False
    saved: list[tuple[str, str]] | None = None
    foresight: Foresight | None = None
    unsaved: Unsaved | None = None
    clashes: Clashes | None = None


NOTHING = Beside()


@bp.get("/events/new")
@desk_required
def new_event() -> ResponseReturnValue:
    """Ask what it is to be, before its form is shown."""
    _refuse_who_may_not_write()
    return render_template(
        "registrations/staff/new_event.html",
        formats=[(each.value, *FORMAT_WORDS[each]) for each in Format],
        on=read_day(request.args.get("on")),
    )


@bp.route("/events/new/<wanted>", methods=["GET", "POST"])
@guards_itself
@desk_required
def write_event(wanted: str) -> ResponseReturnValue:
    _refuse_who_may_not_write()
    if wanted not in set(Format):
        raise NotFoundError(wanted)
    chosen = Format(wanted)
    if request.method != "POST":
        return _open(partial(form_for, chosen), None, begun(chosen))
    return _answer(form_for(chosen), None)


@bp.route("/events/<int:event_id>/edit", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def edit_event(event_id: int) -> ResponseReturnValue:
    event = events.get(db.session(), event_id)
    if event.state is State.CANCELLED:
        flash(_("This event is cancelled. It cannot be changed any more."), "error")
        return back_to(event_id)
    if request.method != "POST":
        return _open(partial(form_of, event), event, typed_of(event))
    form = form_of(event)
    name_what_stays(form, event)
    return _answer(form, event)


@bp.post("/events/<int:event_id>/publish")
@event_staff_required()
def publish_event(event_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            event_service.publish(
                session, event_id, now=now(), actor_id=current_person_id()
            )
    except ProblemsError as error:
        for name, problem in error.problems.items():
            flash(problem_words(name, problem), "error")
        return back_to(event_id)
    forget_pages()
    flash(_("Published: everybody can see it."))
    return back_to(event_id)


def _refuse_who_may_not_write() -> None:
    """Stop who schedules nowhere."""
    if not may_write_events():
        abort(403)


def _open(
    make: Callable[..., EventForm], event: Event | None, given: dict[str, Any]
) -> str:
    """Show the form, or what somebody typed into it and did not save."""
    unsaved = unsaved_here(event.version if event else 0)
    if unsaved is None or not unsaved.is_shown:
        return _page(make(data=given), event, Beside(unsaved=unsaved))
    form, saved = make(formdata=MultiDict(unsaved.fields)), None
    if event:
        name_what_stays(form, event)
        if unsaved.is_stale:
            saved = overtaken(form, make(data=given, formdata=None))
    return _page(form, event, Beside(open=True, saved=saved, unsaved=unsaved))


def _page(form: EventForm, event: Event | None, beside: Beside = NOTHING) -> str:
    return render_template(
        "registrations/staff/edit_event.html",
        form=form,
        event=event,
        format_words=FORMAT_WORDS[form.wanted][0],
        told=count_told(event) if event else 0,
        open=beside.open,
        saved=beside.saved,
        foresight=beside.foresight,
        unsaved=beside.unsaved,
        clashes=beside.clashes,
    )


def _answer(form: EventForm, event: Event | None) -> ResponseReturnValue:
    """Save what was typed, or show it again with what is to be put right."""
    more = request.form.get("more")
    if more is not None:
        if not form.another(more):
            abort(400)
        return _page(form, event, Beside(open=True))
    if wants_clashes():
        clashes = clashes_typed(form, event)
        return clashes_part(clashes) or _page(form, event, Beside(clashes=clashes))
    action = request.form.get("action", "save")
    in_order = form.validate()
    if action == "publish" and not show_lacking(form):
        in_order = False
    if not in_order:
        return _page(form, event), 422
    if event and zone_is_asked(form, event) and not form.zone_change.data:
        ask_what_stays(form, event)
        return _page(form, event), 422
    try:
        return _saved(form, event, action)
    except ProblemsError as error:
        show_problems(form, error.problems)
        return _page(form, event), 422


def _saved(form: EventForm, event: Event | None, action: str) -> ResponseReturnValue:
    """Save, publish if that was asked, and go on to the page that shows it."""
    event_id = event.id if event else None
    draft, publish, effect = draft_of(form, event), action == "publish", Effect()
    try:
        with transaction() as session:
            if event_id is None:
                event_id = event_service.create_once(
                    session,
                    draft,
                    form.nonce.data,
                    now=now(),
                    actor_id=current_person_id(),
                )
            else:
                effect = _update(session, event_id, draft, form.seen_version)
            if publish:
                event_service.publish(
                    session, event_id, now=now(), actor_id=current_person_id()
                )
            accounts.forget_typed(session, current_person_id(), request.path)
    except StaleError:
        return _show_both(form, event_id or 0)
    except service.UnforeseenError as error:
        seen = events.get(db.session(), event_id or 0)
        foresight = foresight_of(error.effect, draft.zone)
        return _page(form, seen, Beside(foresight=foresight))
    forget_pages()
    flash(_done_words(effect, draft.zone, published=publish))
    if crowded := _crowded_words(events.get_row(db.session(), event_id)):
        flash(crowded)
    if action == "preview":
        return redirect(url_for("home_staff.preview", event_id=event_id), code=303)
    return back_to(event_id)


def _update(session: Session, event_id: int, draft: EventDraft, version: int) -> Effect:
    return service.save_event(
        session,
        event_id,
        draft,
        version=version,
        now=now(),
        actor_id=current_person_id(),
        foreseen=request.form.get("foreseen", ""),
    )


def _done_words(effect: Effect, zone: str, *, published: bool) -> str:
    if published:
        return str(_("Published: everybody can see it."))
    words = leaving_words(effect, zone) if effect.all_told else ""
    return f"{_('Saved.')} {words}".strip()


def _crowded_words(event: Event) -> str | None:
    """Say that more people are in than there are places, as after a slip."""
    if event.capacity is None or event.confirmed <= event.capacity:
        return None
    return ngettext(
        "%(registered)s people hold %(num)s place. Nobody loses theirs, and nobody "
        "else gets one until fewer are held.",
        "%(registered)s people hold %(num)s places. Nobody loses theirs, and nobody "
        "else gets one until fewer are held.",
        event.capacity,
        registered=f"{event.confirmed:,}",
    )


def _show_both(form: EventForm, event_id: int) -> ResponseReturnValue:
    """Show what somebody else saved beside what was typed; neither is lost."""
    fresh = events.get(db.session(), event_id)
    saved = form_of(fresh, data=typed_of(fresh), formdata=None)
    return _page(form, fresh, Beside(saved=overtaken(form, saved))), 409
