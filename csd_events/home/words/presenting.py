"""What somebody presents, as their own page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from csd_events.core.text import markdown
from csd_events.events.models import Event
from csd_events.events.queries import sessions_of
from csd_events.events.words import EventRow, SessionLine, row_of, session_lines
from csd_events.home.queries.presenting import Coming
from csd_events.home.words.event import presenters_of
from csd_events.library.words import ReadingLine, reading_lines
from csd_events.topics.catalogue import POPULATION_CLASSES
from csd_events.topics.rules import place_name


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSession:
    """A session of an event.

    Attributes:
        is_theirs: Whether the reader presents or moderates it.
        link: The way in for who presents; None where all meet in a room.
        people: Who else is on stage.
    """

    line: SessionLine
    is_theirs: bool
    link: str | None
    people: Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEvent:
    """An event as those on stage need it.

    Attributes:
        people: Who is on stage for all of it, the reader left out.
        groups: What is said of who comes: (heading, [(name, number)]).
        asked: [(question, answers)], without names.
    """

    row: EventRow
    agenda_html: Markup
    is_cancelled: bool
    cancel_note: str
    is_postponed: bool
    postpone_note: str
    contact: str
    registered: int
    waiting: int
    joined: int
    sessions: list[StageSession]
    people: Sequence[dict[str, str]]
    states: list[tuple[str, int]]
    sizes: list[tuple[str, int]]
    asked: Sequence[tuple[str, list[str]]]
    reading: Sequence[ReadingLine]


def stage_event(
    event: Event,
    presenter_id: int,
    coming: Coming,
    asked: Sequence[tuple[str, list[str]]],
    *,
    now: datetime,
) -> StageEvent:
    """Show an event to one of those on stage; it was loaded with all of its parts."""
    people = presenters_of(event, but=presenter_id)
    theirs = {each.id for each in sessions_of(event, presenter_id)}
    lines = session_lines(event, now=now)
    return StageEvent(
        row=row_of(event, now=now),
        agenda_html=markdown(event.description),
        is_cancelled=event.cancelled_at is not None,
        cancel_note=event.cancel_note,
        is_postponed=event.is_postponed,
        postpone_note=event.postpone_note,
        contact=event.contact,
        registered=event.confirmed,
        waiting=event.waiting,
        joined=coming.joined,
        sessions=[
            StageSession(
                line=line,
                is_theirs=sitting.id in theirs,
                link=event.way_into(sitting) if sitting.id in theirs else None,
                people=people.get(sitting.id, []),
            )
            for line, sitting in zip(lines, event.sessions, strict=True)
        ],
        people=people.get(None, []),
        states=[(place_name(key), number) for key, number in coming.states.items()],
        sizes=[
            (POPULATION_CLASSES[key][0], number)
            for key, number in coming.sizes.items()
            if key in POPULATION_CLASSES
        ],
        asked=asked,
        reading=reading_lines(event.resources),
    )
