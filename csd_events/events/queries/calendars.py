"""Sessions by their time, as the calendar of the staff shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.events.models import Event, EventSession, Program
from csd_events.events.rules import Kind, State


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with what a calendar says of its event.

    Attributes:
        number: Its own among the sessions of its event, from 1.
        sessions: How many those are.
    """

    event_id: int
    event_title: str
    kind: Kind
    state: State
    confirmed: int
    capacity: int | None
    program: str | None
    event_place: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime | None
    zone: str
    number: int
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFilters:
    """What a calendar is narrowed to; None asks for nothing."""

    kind: Kind | None = None
    program_id: int | None = None


def list_sessions(
    session: Session, filters: CalendarFilters, *, since: datetime, until: datetime
) -> Sequence[SessionRow]:
    """List the sessions of events in every state that start in a time, in order."""
    others = select(func.count()).where(EventSession.event_id == Event.id)
    query = (
        select(
            Event.id,
            Event.title,
            Event.kind,
            Event.state,
            Event.confirmed,
            Event.capacity,
            Program.name,
            Event.place,
            EventSession.title,
            EventSession.place,
            EventSession.starts_at,
            EventSession.ends_at,
            EventSession.zone,
            EventSession.position + 1,
            others.correlate(Event).scalar_subquery(),
        )
        .join(Event, Event.id == EventSession.event_id)
        .outerjoin(Program, Program.id == Event.program_id)
        .where(EventSession.starts_at >= since, EventSession.starts_at < until)
        .order_by(EventSession.starts_at, Event.id)
    )
    if filters.kind:
        query = query.where(Event.kind == filters.kind)
    if filters.program_id:
        query = query.where(Event.program_id == filters.program_id)
    return list(starmap(SessionRow, session.execute(query)))


def count_undated(session: Session) -> int:
    """Count the drafts that wait for their date: no calendar shows them."""
    undated = select(func.count()).where(
        Event.state == State.DRAFT, Event.starts_at.is_(None), ~Event.on_demand
    )
    return session.scalar(undated.select_from(Event)) or 0
