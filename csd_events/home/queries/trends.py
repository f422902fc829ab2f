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

#: By what events are comparable: a column, what it holds, and the kind of event.
Like = tuple[str, int | None, Kind]


def list_trends(
    session: Session, events: Iterable[Event], *, now: datetime
) -> dict[int, Trend]:
    """Compare events that are to come, each with the last one like it that is over.

    That is one of its own series, else of its program, else any of its kind. What is
    counted is who has a place by now, and had registered as long before the start.
    Where that is nobody, all of the other's registered later: nothing is compared.
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
        if then
    }


def _likes(event: Event) -> list[Like]:
    """Say what an event is comparable by, what is most like it first."""
    ids = (("series_id", event.series_id), ("program_id", event.program_id))
    own: list[Like] = [(name, value, event.kind) for name, value in ids if value]
    return [*own, ("kind", None, event.kind)]


def _like(event: Event, last: Mapping[Like, Event]) -> Event | None:
    return next((last[each] for each in _likes(event) if each in last), None)


def _last_of_each(
    session: Session, events: Sequence[Event], now: datetime
) -> dict[Like, Event]:
    """Find the last event that is over by each thing that events are comparable by."""
    wanted = {like for each in events for like in _likes(each)}
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
                Event.series_id,
                Event.starts_at,
                Event.confirmed,
            )
        )
    ).all()
    # In order, so that the latest stays.
    return {like: each for each in found for like in _likes(each)}


def _last(like: Like, now: datetime) -> ScalarSelect[int]:
    name, value, kind = like
    over = select(Event.id).where(
        Event.kind == kind,
        Event.state == EventState.PUBLISHED,
        Event.over_at <= now,
        Event.starts_at.is_not(None),
    )
    if value is not None:
        over = over.where(getattr(Event, name) == value)
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
