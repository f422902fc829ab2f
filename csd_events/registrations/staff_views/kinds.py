"""Making one kind of event into another, and what is dropped by that."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import ProblemsError, StaleError
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import read_id
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import (
    EventDraft,
    Format,
    State,
    dropped,
    lost_sessions,
    reshaped,
)
from csd_events.registrations import service
from csd_events.registrations.forms import problem_words
from csd_events.registrations.staff_views.blueprint import back_to, bp, count_told
from csd_events.registrations.words import DROPPED_WORDS, FORMAT_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Another format for an event: what it means, and what it would cost."""

    value: str
    name: str
    meaning: str
    losses: list[str]
    refusal: str | None


@bp.get("/events/<int:event_id>/kind")
@event_staff_required()
def change_kind(event_id: int) -> ResponseReturnValue:
    event = events.get(db.session(), event_id)
    if event.state is State.CANCELLED:
        flash(_("This event is cancelled. It cannot be changed any more."), "error")
        return back_to(event_id)
    draft = events.as_saved(event)
    others = [each for each in Format if each is not event.format]
    return render_template(
        "registrations/staff/change_kind.html",
        event=event,
        format_words=FORMAT_WORDS[event.format][0],
        choices=[_choice(event, draft, each) for each in others],
        told=count_told(event),
        form=FlaskForm(),
    )


@bp.post("/events/<int:event_id>/kind")
@event_staff_required()
def save_kind(event_id: int) -> ResponseReturnValue:
    asked = request.form.get("wanted", "")
    if asked not in set(Format):
        abort(400)
    wanted = Format(asked)
    try:
        with transaction() as session:
            events.lock(session, event_id)  # nobody registers while we look
            event = events.get(session, event_id)
            refusal = _refusal(event, events.as_saved(event), wanted)
            if refusal is None:
                service.save_event(
                    session,
                    event_id,
                    reshaped(events.as_saved(event), wanted),
                    version=read_id(request.form.get("version")) or 0,
                    now=now(),
                    actor_id=current_person_id(),
                )
    except ProblemsError as error:
        refusal = _lacking_words(error)
    except StaleError:
        refusal = _("Somebody saved this event meanwhile. Look again, and choose.")
    if refusal:
        flash(refusal, "error")
        return redirect(url_for(".change_kind", event_id=event_id), code=303)
    forget_pages()
    name = FORMAT_WORDS[wanted][0]
    flash(_("Saved as: %(kind)s. Look over what its form asks now.", kind=name))
    return redirect(url_for(".edit_event", event_id=event_id), code=303)


def _choice(event: Event, draft: EventDraft, wanted: Format) -> Choice:
    name, meaning = FORMAT_WORDS[wanted]
    return Choice(
        value=wanted.value,
        name=name,
        meaning=meaning,
        losses=_losses(draft, wanted),
        refusal=_refusal(event, draft, wanted),
    )


def _losses(draft: EventDraft, wanted: Format) -> list[str]:
    """Say what another format has no room for."""
    losses = [str(DROPPED_WORDS[name]) for name in dropped(draft, wanted)]
    if number := lost_sessions(draft, wanted):
        words = ngettext(
            "%(num)s session with its time",
            "%(num)s sessions with their times",
            number,
        )
        losses.insert(0, words)
    return losses


def _refusal(event: Event, draft: EventDraft, wanted: Format) -> str | None:
    """Say why an event cannot be of another format now; None if it can."""
    people = event.confirmed + event.held + event.waiting
    if not (people and lost_sessions(draft, wanted)):
        return _lack(draft, wanted) if event.state is State.PUBLISHED else None
    words = ngettext(
        "%(num)s person holds a place or waits for one, and would lose a session. "
        "Cancel this event instead, and make a new one.",
        "%(num)s people hold a place or wait for one, and would lose a session. "
        "Cancel this event instead, and make a new one.",
        people,
    )
    return str(words)


def _lack(draft: EventDraft, wanted: Format) -> str | None:
    """Say what another format needs that the present form does not ask for."""
    lack = None
    if wanted is Format.FORUM and draft.conference_id is None:
        lack = _(
            "It is published, and its form does not ask for the conference that a "
            "forum needs. Cancel this event instead, and make a new one."
        )
    elif wanted is not Format.ON_DEMAND and not draft.sessions:
        lack = _(
            "It is published, and its form does not ask for the time at which it "
            "would start. Cancel this event instead, and make a new one."
        )
    return lack


def _lacking_words(error: ProblemsError) -> str:
    """Say what a published event would lack as another kind."""
    lacks = [problem_words(name, problem) for name, problem in error.problems.items()]
    words = _("It is published, and people would miss something. Enter it first:")
    return f"{words} {'. '.join(lacks)}."
