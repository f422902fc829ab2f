"""Writing an event: a new one, a change, publishing."""

from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError, ProblemsError, StaleError
from csd_events.core.inputs import overtaken
from csd_events.core.pagecache import forget_pages
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import EventDraft, Format, State
from csd_events.library import queries as library
from csd_events.library.words import work_choices
from csd_events.registrations import service
from csd_events.registrations.forms import (
    Choices,
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
    zone_first,
)
from csd_events.registrations.words import (
    FORMAT_WORDS,
    Foresight,
    foresight_of,
    leaving_words,
)


@bp.get("/events/new")
@staff_required
def new_event() -> ResponseReturnValue:
    """Ask what it is to be, before its form is shown."""
    return render_template(
        "registrations/staff/new_event.html",
        formats=[(each.value, *FORMAT_WORDS[each]) for each in Format],
    )


@bp.route("/events/new/<wanted>", methods=["GET", "POST"])
@guards_itself
@staff_required
def write_event(wanted: str) -> ResponseReturnValue:
    if wanted not in set(Format):
        raise NotFoundError(wanted)
    chosen = Format(wanted)
    if request.method != "POST":
        return _page(_form(chosen, data={"offers": [{"price": "0"}]}), None)
    return _answer(_form(chosen), None)


@bp.route("/events/<int:event_id>/edit", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit_event(event_id: int) -> ResponseReturnValue:
    event = events.get(db.session(), event_id)
    if event.state is State.CANCELLED:
        flash(_("This event is cancelled. It cannot be changed any more."), "error")
        return back_to(event_id)
    if request.method != "POST":
        return _page(_form_of(event, data=typed_of(event)), event)
    form = _form_of(event)
    name_what_stays(form, event)
    return _answer(form, event)


@bp.post("/events/<int:event_id>/publish")
@staff_required
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


def _form_of(event: Event, **given: Any) -> EventForm:
    """Make the form of an event that is there; of several sessions it shows all."""
    answered = [str(each.id) for each in event.questions if each.answered]
    several = len(event.sessions) > 1
    return _form(event.format, several=several, answered=answered, **given)


def _form(wanted: Format, *, several: bool = False, **given: Any) -> EventForm:
    session = db.session()
    programs, conferences = (
        {str(key): name for key, name in names.items()}
        for names in (events.list_programs(session), events.list_conferences(session))
    )
    choices = Choices(
        zone_first=zone_first(),
        cases=library.list_titles(session),
        works=work_choices(library.list_works(session)),
        programs=programs,
        conferences=conferences,
        find_event=partial(events.find_id, session),
    )
    several = several or wanted is Format.TRAINING
    return EventForm(wanted=wanted, several=several, choices=choices, **given)


def _page(
    form: EventForm,
    event: Event | None,
    *,
    unfolded: bool = False,
    saved: list[tuple[str, str]] | None = None,
    foresight: Foresight | None = None,
) -> str:
    return render_template(
        "registrations/staff/edit_event.html",
        form=form,
        event=event,
        format_words=FORMAT_WORDS[form.wanted][0],
        told=count_told(event) if event else 0,
        open=unfolded,
        saved=saved,
        foresight=foresight,
    )


def _answer(form: EventForm, event: Event | None) -> ResponseReturnValue:
    """Save what was typed, or show it again with what is to be put right."""
    more = request.form.get("more")
    if more is not None:
        return _page(form, event, unfolded=True) if form.another(more) else abort(400)
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
                event_id = _create(session, draft)
            else:
                effect = _update(session, event_id, draft, form.seen_version)
            if publish:
                event_service.publish(
                    session, event_id, now=now(), actor_id=current_person_id()
                )
    except StaleError:
        return _show_both(form, event_id or 0)
    except service.UnforeseenError as error:
        seen = events.get(db.session(), event_id or 0)
        return _page(form, seen, foresight=foresight_of(error.effect, draft.zone))
    forget_pages()
    flash(_done_words(effect, draft.zone, published=publish))
    if crowded := _crowded_words(events.get_row(db.session(), event_id)):
        flash(crowded)
    if action == "preview":
        return redirect(url_for("home_staff.preview", event_id=event_id), code=303)
    return back_to(event_id)


def _create(session: Session, draft: EventDraft) -> int:
    event = event_service.create(
        session, draft, now=now(), actor_id=current_person_id()
    )
    return event.id


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
    saved = _form_of(fresh, data=typed_of(fresh), formdata=None)
    return _page(form, fresh, saved=overtaken(form, saved)), 409
