"""Sessions as clashes look at them: those of one event, and all that are near."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from csd_events.accounts.models import Person
from csd_events.events.models import Event, EventSession, Presenter, SeenClash
from csd_events.events.rules import (
    USUAL_LENGTH,
    Known,
    Meeting,
    OnStage,
    Slot,
    State,
    meetings,
    room_key,
    with_known,
)

A_DAY = timedelta(days=1)
#: What takes place at no time, or at one that nobody knows yet.
AT_NO_TIME = (State.CANCELLED, State.POSTPONED)
#: What `slots_of` looks at, of events that are loaded for it.
WITH_SLOTS = (
    load_only(
        Event.title,
        Event.state,
        Event.zone,
        Event.place,
        Event.conference_id,
        Event.program_id,
    ),
    selectinload(Event.sessions),
    selectinload(Event.areas),
    selectinload(Event.contributions),
    joinedload(Event.conference),
    joinedload(Event.program),
)


def slots_of(event: Event) -> list[Slot]:
    """Return the sessions of an event as clashes look at them."""
    conference = event.conference
    where = conference.place if conference else ""
    return [
        Slot(
            event_id=event.id,
            title=event.title,
            starts_at=each.starts_at,
            ends_at=each.ends_at or each.starts_at + USUAL_LENGTH,
            zone=each.zone,
            on_stage=_on_stage(event, each.id),
            conference_id=event.conference_id,
            room=room_key(each.place or event.place, event.conference_id, where),
            areas=frozenset(event.area_ids),
            program=event.program.name if event.program else "",
            program_id=event.program_id,
            is_draft=event.state is State.DRAFT,
        )
        for each in event.sessions
    ]


def slots_held(event: Event) -> list[Slot]:
    """Return the sessions of an event that keep their time.

    None of what is called off, postponed, or put away in the archive.
    """
    is_held = event.state not in AT_NO_TIME and event.archived_at is None
    return slots_of(event) if is_held else []


def list_meetings(session: Session, slots: Sequence[Slot]) -> list[Meeting]:
    """List what the sessions of one event clash with, as far as others keep their time.

    What staff know of and leave comes last.
    """
    if not slots:
        return []
    event_id = slots[0].event_id
    near = _load(session, _near(slots), without=event_id)
    found = meetings(slots, [slot for event in near for slot in slots_of(event)])
    if event_id is None:
        return found
    return with_known(found, list_known_clashes(session, [event_id]))


def list_known_clashes(
    session: Session, event_ids: Collection[int]
) -> dict[str, Known]:
    """Return which clashes of some events staff know of, by their keys."""
    known = (
        select(SeenClash.key, SeenClash.seen_at, Person.full_name)
        .outerjoin(Person, Person.id == SeenClash.seen_by)
        .where(
            or_(SeenClash.first_id.in_(event_ids), SeenClash.second_id.in_(event_ids))
        )
    )
    return {key: Known(name or "", at) for key, at, name in session.execute(known)}


def list_homes(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """Return in which zone presenters are at home, by key, where that is known."""
    known = select(Presenter.name_key, func.min(Presenter.zone))
    rows = session.execute(
        known.where(
            Presenter.name_key.in_(sorted(keys)), Presenter.zone.is_not(None)
        ).group_by(Presenter.name_key)
    )
    return {key: zone for key, zone in rows if zone}


def _on_stage(event: Event, session_id: int) -> list[OnStage]:
    """List who presents a session: its own presenters, and those of the whole event."""
    found = {
        each.presenter.name_key: OnStage(
            each.presenter.name_key, each.presenter.full_name, each.presenter.zone
        )
        for each in event.contributions
        if each.presenter and each.session_id in {None, session_id}
    }
    return list(found.values())


def _near(slots: Sequence[Slot]) -> list[tuple[datetime, datetime]]:
    """Return the times in which others can clash with some sessions, joined up."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted((s.starts_at - A_DAY, s.ends_at + A_DAY) for s in slots):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _load(
    session: Session,
    times: Sequence[tuple[datetime, datetime]],
    *,
    without: int | None,
) -> Sequence[Event]:
    """Load the events that have a session in some times, and keep them."""
    starts = EventSession.starts_at
    near = or_(*(and_(starts >= since, starts < until) for since, until in times))
    found = select(Event).where(
        Event.id.in_(select(EventSession.event_id).where(near)),
        Event.state.not_in(AT_NO_TIME),
        Event.archived_at.is_(None),
    )
    if without is not None:
        found = found.where(Event.id != without)
    return session.scalars(found.order_by(Event.id).options(*WITH_SLOTS)).all()
