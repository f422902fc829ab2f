"""Changes of an event that reach its people."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from csd_events.billing import service as billing
from csd_events.core.errors import ProblemsError
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event, EventChange
from csd_events.events.rules import EventDraft, Problem, State
from csd_events.registrations.queries import heard
from csd_events.registrations.rules import compare
from csd_events.registrations.service.reminding import pass_over
from csd_events.registrations.service.telling import tell_everybody
from csd_events.registrations.service.waiting import promote


def save_event(
    session: Session,
    event_id: int,
    draft: EventDraft,
    *,
    version: int,
    now: datetime,
    actor_id: int | None = None,
) -> int:
    """Save an event; tell its people if its time or place changed.

    More places than before go to who waits. Return how many people are told.

    Raises:
        ProblemsError: Times or offers do not fit together, or a published event
            would lack what people need of it.
        StaleError: Somebody saved it after the form was opened.
    """
    events.lock(session, event_id)
    was = events.get(session, event_id)
    before, started_at, reminded = heard(was), was.starts_at, set(was.reminders)
    event = event_service.update(
        session, event_id, draft, version=version, now=now, actor_id=actor_id
    )
    if event.state is State.PUBLISHED:
        _refuse_what_nobody_can_use(event, started_at, now)
    told = 0
    change = compare(before, heard(event))
    if event.state is State.PUBLISHED and change:
        moved = {after.id for _before, after in change.moved}
        event_service.touch_calendar(event, moved, now=now)
        told = _tell_of_change(session, event, before, now)
    pass_over(session, event, set(event.reminders) - reminded, now=now)
    promote(session, event, now=now)
    return told


def cancel_event(
    session: Session,
    event_id: int,
    *,
    note: str,
    now: datetime,
    actor_id: int | None = None,
) -> int:
    """Call an event off and tell everyone who holds a place or waits for one.

    Mail still planned for it does not go: a composer finds it cancelled.
    What they were charged is credited. Return how many people are told. Calling it
    off again tells nobody.
    """
    was = events.lock(session, event_id).state
    event_service.mark_cancelled(
        session, event_id, note=note, now=now, actor_id=actor_id
    )
    if was is not State.PUBLISHED:
        return 0
    told = tell_everybody(
        session,
        kind="registration.event_cancelled",
        event_id=event_id,
        occasion="1",
        due_at=now,
        now=now,
    )
    billing.take_back_all(session, event_id, now=now)
    return told


def _refuse_what_nobody_can_use(
    event: Event, started_at: datetime | None, now: datetime
) -> None:
    """Keep a published event whole, and keep it from moving into the past."""
    problems: dict[str, StrEnum] = dict(event_service.missing(event, now))
    if problems.get("offers") is Problem.NEVER_OPEN:
        del problems["offers"]  # registration has ended, as it will for every event
    if problems.get("starts") is Problem.STARTS_IN_THE_PAST:
        del problems["starts"]
        if event.starts_at != started_at:
            problems["sessions-0"] = Problem.STARTS_IN_THE_PAST
    if problems:
        raise ProblemsError(problems)


def _tell_of_change(
    session: Session, event: Event, before: dict[str, Any], now: datetime
) -> int:
    change = EventChange(event_id=event.id, changed_at=now, before=before)
    session.add(change)
    session.flush()
    return tell_everybody(
        session,
        kind="registration.moved",
        event_id=event.id,
        occasion=str(change.id),
        due_at=now,
        now=now,
    )
