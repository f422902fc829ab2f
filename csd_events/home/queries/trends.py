"""Registrations so far, beside those of the last event of the same kind."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import Session, load_only

from csd_events.events.models import Event
from csd_events.events.rules import Kind
from csd_events.events.rules import State as EventState
from csd_events.home.rules import Trend, same_time_before
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

#: By what events are comparable: the program where they have one, and the kind.
Like = tuple[int | None, Kind]


def list_trends(
    session: Session, events: Iterable[Event], *, now: datetime
) -> dict[int, Trend]:
    """Compare events that are to come, each with the last one like it that is over.

    That is one of its own program and kind, else one of its kind. What is counted is
    who has a place by now, and had registered as long before the start.
    """
    coming = [
        (each, each.starts_at)
        for each in events
        if each.state is EventState.PUBLISHED
        and each.starts_at
        and each.starts_at > now
    ]
    last = _last_of_each(session, [event for event, _start in coming], now)
    pairs = [
        (event, other, same_time_before(start, other.starts_at, now))
        for event, start in coming
        if (other := _like(event, last)) and other.starts_at
    ]
    counts = _count(session, [(other.id, until) for _event, other, until in pairs])
    return {
        event.id: Trend(
            registered=event.confirmed,
            event_id=other.id,
            title=other.title,
            then=then,
            in_the_end=other.confirmed,
        )
        for (event, other, _until), then in zip(pairs, counts, strict=True)
    }


def _like(event: Event, last: Mapping[Like, Event]) -> Event | None:
    of_program = last.get((event.program_id, event.kind)) if event.program_id else None
    return of_program or last.get((None, event.kind))


def _last_of_each(
    session: Session, events: Sequence[Event], now: datetime
) -> dict[Like, Event]:
    """Find the last event that is over of each kind, and of each program and kind."""
    wanted: set[Like] = {(None, each.kind) for each in events}
    wanted |= {(each.program_id, each.kind) for each in events if each.program_id}
    if not wanted:
        return {}
    ids = [_last(like, now) for like in sorted(wanted, key=str)]
    found = session.scalars(
        select(Event)
        .where(or_(*(Event.id == each for each in ids)))
        .order_by(Event.listed_at, Event.id)
        .options(
            load_only(
                Event.title,
                Event.kind,
                Event.program_id,
                Event.starts_at,
                Event.confirmed,
            )
        )
    ).all()
    # In order, so that the latest of a kind stays.
    last: dict[Like, Event] = {(None, each.kind): each for each in found}
    return last | {(e.program_id, e.kind): e for e in found if e.program_id}


def _last(like: Like, now: datetime) -> ScalarSelect[int]:
    program_id, kind = like
    over = select(Event.id).where(
        Event.kind == kind,
        Event.state == EventState.PUBLISHED,
        Event.over_at <= now,
        Event.starts_at.is_not(None),
    )
    if program_id is not None:
        over = over.where(Event.program_id == program_id)
    latest = over.order_by(Event.listed_at.desc(), Event.id.desc()).limit(1)
    return latest.scalar_subquery()


def _count(session: Session, of: Sequence[tuple[int, datetime]]) -> Sequence[int]:
    """Count who registered for events until some time and has a place, in one go."""
    if not of:
        return []
    counts = [
        select(func.count())
        .select_from(Registration)
        .where(
            Registration.event_id == event_id,
            Registration.state == State.CONFIRMED,
            Registration.registered_at <= until,
        )
        .scalar_subquery()
        for event_id, until in of
    ]
    return list(session.execute(select(*counts)).one())
