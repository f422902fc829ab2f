"""The mail on the morning after an event."""

from datetime import datetime, timedelta

from sqlalchemy import literal, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.outbox import service as outbox
from csd_events.registrations import rules
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service.telling import about

KIND = "registration.follow_up"
#: Longer than from the end of an event to when nobody is written to any more.
LOOKS_BACK = rules.FOLLOWS_WITHIN + timedelta(days=3)


def queue_follow_ups(session: Session, *, now: datetime) -> int:
    """Queue the mails after events that are over; return how many go.

    Once for each event, in however many processes: who marks the event queues them.
    """
    queued = 0
    for event_id, over_at, zone in _over(session, now):
        if now < rules.follow_up_at(over_at, zone):
            continue
        if not _mark(session, event_id, now):
            continue
        if not rules.is_too_late_to_follow(over_at, zone, now):
            queued += _queue(session, event_id, now)
    return queued


def _over(session: Session, now: datetime) -> list[tuple[int, datetime, str]]:
    """List the events whose people have not been written to since they ended."""
    over = select(Event.id, Event.over_at, Event.zone).where(
        Event.state == EventState.PUBLISHED,
        Event.starts_at.is_not(None),
        Event.over_at <= now,
        Event.over_at > now - LOOKS_BACK,
        Event.follows_up,
        Event.followed_up_at.is_(None),
        Event.confirmed > 0,
    )
    return [
        (event_id, over_at, zone)
        for event_id, over_at, zone in session.execute(over.order_by(Event.id))
        if over_at is not None
    ]


def _mark(session: Session, event_id: int, now: datetime) -> bool:
    marked = session.execute(
        update(Event)
        .where(Event.id == event_id, Event.followed_up_at.is_(None))
        .values(followed_up_at=now)
        .returning(Event.id)
        .execution_options(synchronize_session=False)
    )
    return marked.first() is not None


def _queue(session: Session, event_id: int, now: datetime) -> int:
    people = about(literal(KIND), "1").where(
        Registration.event_id == event_id,
        Registration.state == State.CONFIRMED,
        Person.wants_reminders,
        ~Registration.reminders_off,
    )
    return outbox.enqueue_all(
        session, people, kind=KIND, due_at=now, now=now, event_id=event_id
    )
