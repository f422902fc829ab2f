"""Making events out of one: a copy of it, or one for each day that it comes again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import ProblemsError, StaleError
from csd_events.core.pages import read_day
from csd_events.core.time import to_wall, weekday_words
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.core.zones import zone_words
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.queries import as_saved
from csd_events.events.rules import (
    MOST_AT_ONCE,
    EventDraft,
    copied,
    days_again,
)
from csd_events.events.service import Copy, Repeat, clock_problem
from csd_events.registrations.forms import (
    CopyForm,
    RepeatForm,
    problem_words,
    read_clock,
    show_problems,
    write_clock,
)
from csd_events.registrations.staff_views.blueprint import back_to, bp
from csd_events.registrations.staff_views.event_forms import back_to_series

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A day on which an event comes again, as staff look it over.

    Attributes:
        value: How the form names it.
        taken: Whether the series has an event on it already.
        note: What is to be known of it; empty for nothing.
        asks: Whether another time of day has to be entered for it.
        clock: Another time of day for it, as typed.
        problem: What is wrong with that.
    """

    value: str
    words: str
    ticked: bool
    taken: bool
    note: str
    asks: bool
    clock: str
    problem: str


@bp.route("/events/<int:event_id>/copy", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def copy_event(event_id: int) -> ResponseReturnValue:
    event = events.get(db.session(), event_id)
    form = CopyForm(
        dated=bool(event.sessions),
        timed=not event.on_demand,
        data={"title": event.title, "start_time": _clock_of(event)},
    )
    if not form.is_submitted():
        return _copy_page(form, event)
    if not form.validate():
        return _copy_page(form, event), 422
    try:
        with transaction() as session:
            made = event_service.copy_event(
                session,
                event_id,
                Copy(
                    title=form.title.data,
                    start=form.start,
                    way_in=form.way_in.data or None,
                    nonce=form.nonce.data,
                ),
                now=now(),
                actor_id=current_person_id(),
            )
    except ProblemsError as error:
        show_problems(form, _of_the_first(error))
        return _copy_page(form, events.get(db.session(), event_id)), 422
    flash(_("Copied as a draft. Nobody was mailed. Look it over, then publish it."))
    return back_to(made)


@bp.route("/events/<int:event_id>/repeat", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def repeat_event(event_id: int) -> ResponseReturnValue:
    event = events.get(db.session(), event_id)
    if not event.sessions or event.is_postponed:
        flash(_("It has no date from which it could come again."), "error")
        return back_to(event_id)
    form = RepeatForm.opened()
    if not form.is_submitted():
        return _repeat_page(form, event)
    if not form.validate():
        return _repeat_page(form, event), 422
    days = days_again(event.sessions[0].wall_start.date(), form.rhythm)
    if len(days) > MOST_AT_ONCE:
        form.say_too_many()
        return _repeat_page(form, event), 422
    return _look_over(form, event, _lines(event, days))


def _look_over(
    form: RepeatForm, event: Event, lines: Sequence[DayLine]
) -> ResponseReturnValue:
    """Show the days; once staff have looked them over, write what they ticked."""
    if request.form.get("action") != "make":
        return _repeat_page(form, event, lines)
    event_id, clock = event.id, event.sessions[0].wall_start.time()
    starts = [_start(each, clock) for each in lines if each.ticked]
    if not starts:
        form.form_errors.append(_("Tick at least one day"))
    if any(each.problem for each in lines):
        form.form_errors.append(_("A day needs another time, or no tick: see below"))
    if form.form_errors:
        return _repeat_page(form, event, lines), 422
    seen = _days_seen_taken()
    wanted = Repeat(
        starts=starts,
        way_in=form.way_in.data or None,
        nonce=form.nonce.data or "",
        taken=seen,
    )
    try:
        with transaction() as session:
            series_id = event_service.repeat(
                session, event_id, wanted, now=now(), actor_id=current_person_id()
            )
    except StaleError:
        return _taken_meanwhile(form, event_id, seen)
    flash(
        ngettext(
            "%(num)s draft is written. Nobody was mailed. Look it over, then "
            "publish it.",
            "%(num)s drafts are written. Nobody was mailed. Look them over, then "
            "publish them.",
            len(starts),
        )
    )
    return back_to_series(series_id, event_id)


def _taken_meanwhile(
    form: RepeatForm, event_id: int, seen: set[date]
) -> ResponseReturnValue:
    """Show the days again: the series came to have an event on some of them."""
    event = events.get(db.session(), event_id)
    days = days_again(event.sessions[0].wall_start.date(), form.rhythm)
    lines = [
        replace(each, ticked=False)
        if each.taken and date.fromisoformat(each.value) not in seen
        else each
        for each in _lines(event, days)
    ]
    form.form_errors.append(
        _("Somebody repeated it on some of these days meanwhile. Look them over again")
    )
    return _repeat_page(form, event, lines), 409


def _days_seen_taken() -> set[date]:
    """Return on which days staff saw that the series has an event already."""
    return {day for each in request.form.getlist("taken") if (day := read_day(each))}


def _copy_page(form: CopyForm, event: Event) -> str:
    return render_template(
        "registrations/staff/copy_event.html",
        form=form,
        event=event,
        zone_words=zone_words(_first_zone(event)),
    )


def _repeat_page(
    form: RepeatForm, event: Event, lines: Sequence[DayLine] | None = None
) -> str:
    first = event.sessions[0]
    return render_template(
        "registrations/staff/repeat_event.html",
        form=form,
        event=event,
        when=_words(first.wall_start.date(), first.wall_start.time()),
        zone_words=zone_words(first.zone),
        most=MOST_AT_ONCE,
        lines=lines,
        asks=any(each.asks for each in lines or ()),
    )


def _lines(event: Event, days: Sequence[date]) -> list[DayLine]:
    """Show each day: ticked at first unless it is past, or taken by the series."""
    draft, clock = as_saved(event), event.sessions[0].wall_start.time()
    there = _days_of_series(event)
    seen = request.form.getlist("shown")
    today = to_wall(now(), _first_zone(event)).date()
    return [_line(draft, clock, day, there, seen, today) for day in days]


def _line(
    draft: EventDraft,
    clock: time,
    day: date,
    there: set[date],
    seen: Sequence[str],
    today: date,
) -> DayLine:
    value = day.isoformat()
    typed = request.form.get(f"clock-{value}", "").strip()
    other = read_clock(typed) if typed else None
    at_first = copied(draft, datetime.combine(day, clock))
    wrong = clock_problem(at_first)
    note = ""
    if day in there:
        note = _("An event of this series is on that day already.")
    elif day < today:
        note = _("That day is past.")
    elif wrong:
        note = problem_words("starts", wrong)
    known = value in seen
    ticked = value in request.form.getlist("on") if known else not note or bool(wrong)
    if not known and (day in there or day < today):
        ticked = False
    problem = ""
    if known and ticked:
        problem = _problem_of(draft, day, typed, other) if wrong or typed else ""
    return DayLine(
        value=value,
        words=_words(day, other or clock),
        ticked=ticked,
        taken=day in there,
        note=note,
        asks=wrong is not None,
        clock=typed,
        problem=problem,
    )


def _problem_of(draft: EventDraft, day: date, typed: str, other: time | None) -> str:
    """Say what is wrong with another time of day; empty if nothing is."""
    if other is None:
        if typed:
            return str(_("Enter a time such as 2:00 pm"))
        return str(_("Enter another time for this day, or take its tick out"))
    wrong = clock_problem(copied(draft, datetime.combine(day, other)))
    return problem_words("starts", wrong) if wrong else ""


def _start(line: DayLine, clock: time) -> datetime:
    other = read_clock(line.clock) if line.clock else None
    return datetime.combine(date.fromisoformat(line.value), other or clock)


def _days_of_series(event: Event) -> set[date]:
    if event.series_id is None:
        return {event.sessions[0].wall_start.date()}
    return event_service.days_of_series(db.session(), event.series_id)


def _words(day: date, clock: time) -> str:
    return f"{weekday_words(day)}, {write_clock(clock)}"


def _clock_of(event: Event) -> str:
    return write_clock(event.sessions[0].wall_start.time()) if event.sessions else ""


def _first_zone(event: Event) -> str:
    return event.sessions[0].zone if event.sessions else event.zone


def _of_the_first(error: ProblemsError) -> dict[str, StrEnum]:
    """Put what is wrong with any session beside the time that moved them all."""
    return {
        "start_time" if name.startswith("sessions") else name: each
        for name, each in error.problems.items()
    }
