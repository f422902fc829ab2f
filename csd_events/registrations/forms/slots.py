"""The times of a form that is still being filled in, as clashes look at them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from csd_events.core.pages import read_id
from csd_events.core.time import ClockGapError, ClockOverlapError, to_utc
from csd_events.core.zones import is_zone
from csd_events.events.models import Event, EventSession
from csd_events.events.queries import slots_of
from csd_events.events.rules import (
    USUAL_LENGTH,
    OnStage,
    Problem,
    Slot,
    presenter_key,
    room_key,
)
from csd_events.registrations.forms.changing import MoveForm
from csd_events.registrations.forms.event import EventForm
from csd_events.registrations.forms.problems import problem_words
from csd_events.registrations.forms.reading import (
    areas_of,
    pairs_of,
    people_of,
    zone_is_asked,
    zone_of,
)

#: Finds in which zone presenters are at home, by their keys.
Homes = Callable[[Collection[str]], Mapping[str, str]]
#: From when to when; the usual length where no end was typed.
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Typed:
    """What of the times of a form can be read.

    Attributes:
        slots: The sessions that have a day and a start.
        wrong: What is to be asked about others, in words: a time that does not exist,
            or comes twice, is never guessed.
    """

    slots: Sequence[Slot]
    wrong: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Row:
    """A session of a form, with the one stored, its zone, and when it is."""

    form: Any
    session: EventSession | None
    zone: str
    span: Span


def slots_typed(form: EventForm, event: Event | None, find_homes: Homes) -> Typed:
    """Read the sessions of a form, whatever else of it is not in order yet.

    Args:
        event: Whose form it is; None for a new one.
        find_homes: Asked once.
    """
    rows, wrong = _read(form, event)
    conference_id = _conference(form)
    known = event.conference if event and event.conference_id == conference_id else None
    where = known.place if known else ""
    homes = find_homes(_keys(form)) if rows else {}
    slots = [
        Slot(
            event_id=event.id if event else None,
            title=form.title.data or "",
            starts_at=row.span[0],
            ends_at=row.span[1],
            zone=row.zone,
            on_stage=_on_stage(form, row.form, homes),
            conference_id=conference_id,
            room=room_key(_place(form, row, event), conference_id, where),
            areas=frozenset(areas_of(form)),
            program=_program(form),
            program_id=read_id(form.program_id.data) if "program_id" in form else None,
        )
        for row in rows
    ]
    return Typed(slots, wrong)


def slots_moved(form: MoveForm, event: Event) -> Typed:
    """Read the sessions of an event with the times and the place of a form."""
    stored = dict(zip((s.id for s in event.sessions), slots_of(event), strict=True))
    where = event.conference.place if event.conference else ""
    rows, wrong = _read(form, event)
    slots = [
        replace(
            stored[row.session.id],
            starts_at=row.span[0],
            ends_at=row.span[1],
            zone=row.zone,
            room=room_key(_place(form, row, event), event.conference_id, where),
        )
        for row in rows
        if row.session
    ]
    return Typed(slots, wrong)


def _read(
    form: EventForm | MoveForm, event: Event | None
) -> tuple[list[_Row], list[str]]:
    """Read each session that has a day and a start, and say what is wrong with them."""
    rows, wrong = [], []
    for row, session in _begun(form, event):
        zone = zone_of(row, session, form, event)
        span = _span(row, zone)
        if session and _keeps_moment(form, event):
            span = _stored_span(session)
        if isinstance(span, Problem):
            wrong.append(problem_words("sessions", span))
        else:
            rows.append(_Row(row, session, zone, span))
    return rows, list(dict.fromkeys(wrong))


def _begun(
    form: EventForm | MoveForm, event: Event | None
) -> Iterator[tuple[Any, EventSession | None]]:
    """Yield the sessions whose day and start can be read."""
    for row, session in pairs_of(form, event):
        zone = zone_of(row, session, form, event)
        if row.starts_on.form.on and row.start_time.clock and is_zone(zone):
            yield row, session


def _keeps_moment(form: EventForm | MoveForm, event: Event | None) -> bool:
    """Tell whether only the zone is another, and staff said that the moment stays."""
    if "zone_change" not in form:
        return False
    complete = len(list(_begun(form, event))) == len(list(pairs_of(form, event)))
    stays = form.zone_change.data == "instant"
    return bool(complete and stays and zone_is_asked(form, event))


def _stored_span(session: EventSession) -> Span:
    return session.starts_at, session.ends_at or session.starts_at + USUAL_LENGTH


def _span(row: Any, zone: str) -> Span | Problem:
    day = row.starts_on.form.on
    try:
        start = to_utc(datetime.combine(day, row.start_time.clock), zone)
        end = row.end_time.clock
        ends_at = to_utc(datetime.combine(day, end), zone) if end else None
    except ClockGapError:
        return Problem.TIME_SKIPPED
    except ClockOverlapError:
        return Problem.TIME_TWICE
    if ends_at and ends_at <= start:
        return Problem.ENDS_BEFORE_START
    return start, ends_at or start + USUAL_LENGTH


def _place(form: EventForm | MoveForm, row: _Row, event: Event | None) -> str:
    """Return where a session is: in its own place, or in the event's."""
    if isinstance(form, EventForm) and form.has_rows:
        own = row.form.place.data
    else:
        own = row.session.place if row.session else ""
    of_event = event.place if event else ""
    typed: str = form.place.data or "" if "place" in form else of_event
    # The place of the only session gives way to a new place of its event.
    if event and len(event.sessions) == 1 and typed != of_event:
        own = ""
    return own or typed


def _conference(form: EventForm) -> int | None:
    return read_id(form.conference_id.data) if "conference_id" in form else None


def _program(form: EventForm) -> str:
    """Return the name of the program that was chosen."""
    if "program_id" not in form or not form.program_id.data:
        return ""
    known = form.program_id.choices
    return str(known.get(form.program_id.data, "")) if isinstance(known, dict) else ""


def _keys(form: EventForm) -> set[str]:
    """Return the keys of everybody on stage."""
    named = [row.form for row in form.presenters if row.form.name.data]
    return {presenter_key(row.name.data, row.organization.data or "") for row in named}


def _on_stage(form: EventForm, row: Any, homes: Mapping[str, str]) -> list[OnStage]:
    """List who presents a session of a form, or the whole event."""
    people = people_of(form, None)
    if form.has_rows:
        number = [each.form for each in form.sessions].index(row) + 1
        people = [*people, *people_of(form, str(number))]
    found = {presenter_key(each.name, each.organization): each.name for each in people}
    return [OnStage(key, name, homes.get(key)) for key, name in found.items()]
