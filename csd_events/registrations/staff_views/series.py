"""The events of a series: all of them on one page, and one change of several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError, ProblemsError
from csd_events.core.forms import SessionForm
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import read_id
from csd_events.core.time import local_time
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import State
from csd_events.registrations import service
from csd_events.registrations.forms import SeveralForm, problem_words, typed_of
from csd_events.registrations.rules import Effect
from csd_events.registrations.service import Chosen, Done
from csd_events.registrations.staff_views.blueprint import bp
from csd_events.registrations.words import (
    EffectLine,
    effect_line,
    left_out_words,
    several_button,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLine:
    """An event of a series."""

    id: int
    title: str
    state: str
    when: str
    registered: int
    capacity: int | None
    waiting: int
    version: int
    why_not: str
    ticked: bool


@bp.get("/series/<int:series_id>")
@event_staff_required()
def series(series_id: int) -> ResponseReturnValue:
    found = _events(series_id)
    return render_template(
        "registrations/staff/series.html",
        series_id=series_id,
        title=found[0].title,
        lines=[_line(each, now()) for each in found],
        drafts=sum(_is_to_publish(each) for each in found),
        form=SessionForm(),
    )


@bp.post("/series/<int:series_id>/publish")
@event_staff_required()
def publish_series(series_id: int) -> ResponseReturnValue:
    """Publish each draft of a series that lacks nothing, and name the others."""
    at, lacking, published = now(), [], 0
    with transaction() as session:
        drafts = [each for each in _events(series_id) if _is_to_publish(each)]
        for event_id, name in sorted((e.id, f"{e.title}, {_when(e)}") for e in drafts):
            try:
                event_service.publish(
                    session, event_id, now=at, actor_id=current_person_id()
                )
            except ProblemsError as error:
                lacking.append(f"{name}: {'. '.join(_problems(error))}")
            else:
                published += 1
    forget_pages()
    if published:
        flash(
            ngettext(
                "%(num)s event is published: everybody can see it.",
                "%(num)s events are published: everybody can see them.",
                published,
            )
        )
    for words in lacking:
        flash(words, "error")
    return redirect(url_for(".series", series_id=series_id), code=303)


def _is_to_publish(event: Event) -> bool:
    """Tell whether an event is a draft in use that is not planned to be published."""
    is_put_off = event.archived_at is not None or event.publish_at is not None
    return event.state is State.DRAFT and not is_put_off


@bp.route("/series/<int:series_id>/change", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def change_series(series_id: int) -> ResponseReturnValue:
    found = _events(series_id)
    first = next((e for e in found if service.why_left_out(e, now=now()) is None), None)
    if first is None:
        flash(_("None of these events can be changed any more."), "error")
        return redirect(url_for(".series", series_id=series_id), code=303)
    form = SeveralForm(data=_typed(first))
    form.which.choices = {str(each.id): each.title for each in found}
    if not form.is_submitted():
        return _page(form, series_id, found)
    if "more" in request.form:
        form.presenters.another()
        return _page(form, series_id, found)
    if not form.validate():
        return _page(form, series_id, found), 422
    return _change(form, series_id, found)


def _change(
    form: SeveralForm, series_id: int, found: Sequence[Event]
) -> ResponseReturnValue:
    ids = {each.id for each in found}
    chosen = [
        Chosen(
            event_id=number,
            version=read_id(request.form.get(f"version-{number}")) or 0,
            foreseen=request.form.get(f"foreseen-{number}", ""),
        )
        for number in sorted({int(each) for each in form.which.chosen} & ids)
    ]
    try:
        with transaction() as session:
            done = service.change_several(
                session,
                chosen,
                form.change,
                now=now(),
                actor_id=current_person_id(),
            )
    except service.UnforeseenSeriesError as error:
        return _page(form, series_id, _events(series_id), error.done)
    if not done.effects:
        form.form_errors.append(_("Nothing was changed"))
        return _page(form, series_id, _events(series_id), done), 409
    forget_pages()
    for words in _done_words(done, found):
        flash(words)
    return redirect(url_for(".series", series_id=series_id), code=303)


def _done_words(done: Done, found: Sequence[Event]) -> list[str]:
    told = sum(effect.all_told for effect in done.effects.values())
    words = ngettext(
        "%(num)s event is changed.", "%(num)s events are changed.", len(done.effects)
    )
    if told:
        more = ngettext(
            "%(num)s person is told; the page of each event says when, and undoes it.",
            "%(num)s people are told; the page of each event says when, and undoes it.",
            told,
        )
        words = f"{words} {more}"
    named = {each.id: each for each in found}
    lines = [_left_out(named[number], done) for number in done.left_out]
    return [words, *lines]


def _left_out(event: Event, done: Done) -> str:
    """Say of an event why it stays as it is."""
    why = done.left_out[event.id]
    words = left_out_words(why)
    error = done.problems.get(event.id)
    if error is not None:
        words = ". ".join(_problems(error))
    return f"{event.title}, {_when(event)}: {words}"


def _problems(error: ProblemsError) -> list[str]:
    return list(dict.fromkeys(problem_words(*each) for each in error.problems.items()))


def _page(
    form: SeveralForm,
    series_id: int,
    found: Sequence[Event],
    done: Done | None = None,
) -> str:
    at, named = now(), {each.id: each for each in found}
    ticked = form.which.data
    if done:
        ticked = [str(number) for number in done.effects]
    effects: Mapping[int, Effect] = done.effects if done else {}
    lines: list[tuple[SeriesLine, EffectLine]] = [
        (_line(named[number], at), effect_line(effect, named[number]))
        for number, effect in effects.items()
    ]
    return render_template(
        "registrations/staff/change_series.html",
        form=form,
        series_id=series_id,
        title=found[0].title,
        lines=[_line(each, at, ticked) for each in found],
        effects=lines,
        left_out=[_left_out(named[number], done) for number in done.left_out]
        if done
        else [],
        button=several_button(list(effects.values())) if effects else None,
    )


def _line(
    event: Event, at: datetime, ticked: Sequence[str] | None = None
) -> SeriesLine:
    why = service.why_left_out(event, now=at)
    return SeriesLine(
        id=event.id,
        title=event.title,
        state=event.state.value,
        when=_when(event),
        registered=event.confirmed,
        capacity=event.capacity,
        waiting=event.waiting,
        version=event.version,
        why_not=left_out_words(why) if why else "",
        ticked=why is None and (ticked is None or str(event.id) in ticked),
    )


def _when(event: Event) -> str:
    if event.is_postponed or event.starts_at is None:
        return str(_("No date yet"))
    return local_time(event.starts_at, event.zone)


def _typed(event: Event) -> dict[str, object]:
    """Return what the fields hold at first: what the first of the events says."""
    typed = typed_of(event)
    names = (
        "title", "description", "start_time", "end_time", "place", "platform_url",
        "capacity",
    )  # fmt: skip
    presenters = [each for each in typed["presenters"] if not (each["sitting"] or "")]
    return {name: typed.get(name, "") for name in names} | {"presenters": presenters}


def _events(series_id: int) -> list[Event]:
    """Return the events of a series in the order of their dates.

    Raises:
        NotFoundError: There is no such series.
    """
    found = events.list_of_series(db.session(), series_id)
    if not found:
        raise NotFoundError(str(series_id))
    return list(found)
