"""A conference as people read it: its forums by day and time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from csd_events.core.time import days_words, start_of_day, to_wall, weekday_words
from csd_events.core.zones import zone_words
from csd_events.events.models import Conference, Event
from csd_events.events.words import EventRow, row_of
from csd_events.home.words.event import partner_view, presenters_of
from csd_events.registrations.rules import State as Place

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """One session of a forum in a conference's schedule.

    Attributes:
        title: Of the session, where it has one beside the forum's.
        state: Of the reader's registration, if they hold or await a place.
    """

    event: EventRow
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    capacity: int | None
    requires_conference: bool
    presenters: list[dict[str, str]]
    state: str | None


@dataclass(frozen=True, slots=True)
class ScheduleDay:
    """A day on which something takes place, in the conference's zone."""

    words: str
    lines: list[ScheduleLine]


def conference_facts(
    conference: Conference,
    forums: Sequence[Event],
    states: Mapping[int, Place],
    *,
    now: datetime,
) -> dict[str, object]:
    """Return what the page of a conference says, by the names its template uses."""
    return {
        "conference": conference,
        "days_words": days_words(conference.first_on, conference.last_on),
        "zone_words": zone_words(conference.zone),
        "is_over": conference_end(conference) <= now,
        "days": schedule_of(conference, forums, states, now=now),
        "at_any_time": [row_of(each, now=now) for each in forums if not each.sessions],
        "partners": [
            partner_view(each.role, each.partner) for each in conference.partners
        ],
    }


def conference_end(conference: Conference) -> datetime:
    """Return the instant at which the last day of a conference ends, where it is."""
    return start_of_day(conference.last_on + A_DAY, conference.zone)


def schedule_of(
    conference: Conference,
    forums: Iterable[Event],
    states: Mapping[int, Place],
    *,
    now: datetime,
) -> list[ScheduleDay]:
    """Sort the sessions of a conference's forums by day and time."""
    sittings = sorted(
        ((sitting, forum) for forum in forums for sitting in forum.sessions),
        key=lambda pair: (pair[0].starts_at, pair[1].id),
    )
    days: dict[date, list[ScheduleLine]] = {}
    for sitting, forum in sittings:
        people = presenters_of(forum)
        line = ScheduleLine(
            event=row_of(forum, now=now),
            title=sitting.title,
            starts_at=sitting.starts_at,
            ends_at=sitting.ends_at,
            place=sitting.place or forum.place,
            capacity=forum.capacity,
            requires_conference=forum.requires_conference,
            presenters=[*people.get(None, []), *people.get(sitting.id, [])],
            state=_own_state(states.get(forum.id)),
        )
        day = to_wall(sitting.starts_at, conference.zone).date()
        days.setdefault(day, []).append(line)
    return [ScheduleDay(weekday_words(day), lines) for day, lines in days.items()]


def _own_state(state: Place | None) -> str | None:
    """Name how somebody stands; a place given back is none."""
    return None if state in {None, Place.CANCELLED} else str(state)
