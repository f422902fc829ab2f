"""The days of a calendar with what is on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from csd_events.core.time import clock_span, short_span, to_wall, weekday_words
from csd_events.events.queries import SessionRow
from csd_events.events.rules import USUAL_LENGTH
from csd_events.events.words import name_of

#: A day of a month holds so many; the week shows all.
MOST_IN_A_DAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """A session on the day it begins.

    Attributes:
        clock_words: From when to when, on the clocks of the calendar.
        own_words: The same on those of its own zone, where they show something else.
        name: Which session of its event it is; empty for the only one.
    """

    event_id: int
    title: str
    name: str
    kind: str
    state: str
    starts_at: datetime
    clock_words: str
    own_words: str
    place: str
    program: str
    registered: int
    capacity: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day with what begins on it.

    Attributes:
        words: The day in full.
        is_near: Whether it is of the month that is shown.
        entries: What is shown of it.
        more: How many more there are.
    """

    day: date
    words: str
    is_today: bool
    is_past: bool
    is_near: bool
    entries: Sequence[CalendarEntry]
    more: int


def entries_by_day(
    rows: Sequence[SessionRow], zone: str
) -> Mapping[date, list[CalendarEntry]]:
    """Put sessions, in their order, on the days on which they begin in a zone."""

    def day(row: SessionRow) -> date:
        return to_wall(row.starts_at, zone).date()

    return {
        on: [_entry(row, zone) for row in there] for on, there in groupby(rows, day)
    }


def calendar_day(
    day: date,
    entries: Sequence[CalendarEntry],
    *,
    today: date,
    month: int | None = None,
) -> CalendarDay:
    """Show a day.

    Args:
        month: That is shown whole, where a day has little room; None for a week.
    """
    # One more takes no more room than to say that there is one more.
    most = len(entries) if month is None else MOST_IN_A_DAY
    shown = entries if len(entries) <= most + 1 else entries[:most]
    return CalendarDay(
        day=day,
        words=weekday_words(day),
        is_today=day == today,
        is_past=day < today,
        is_near=month is None or day.month == month,
        entries=shown,
        more=len(entries) - len(shown),
    )


def _entry(row: SessionRow, zone: str) -> CalendarEntry:
    here = to_wall(row.starts_at, zone)
    ends_at = row.ends_at or row.starts_at + USUAL_LENGTH
    differs = here != to_wall(row.starts_at, row.zone)
    return CalendarEntry(
        event_id=row.event_id,
        title=row.event_title,
        name=name_of(row.title, number=row.number, of=row.sessions)
        if row.sessions > 1
        else "",
        kind=row.kind.value,
        state=row.state.value,
        starts_at=row.starts_at,
        clock_words=clock_span(row.starts_at, row.ends_at, zone),
        own_words=short_span(row.starts_at, ends_at, row.zone) if differs else "",
        place=row.place or row.event_place,
        program=row.program or "",
        registered=row.confirmed,
        capacity=row.capacity,
    )
