"""Taking an event's date away for now, and giving it another."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.core.errors import RefusedError, StaleError
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event, EventChange
from csd_events.events.queries import before_change, heard
from csd_events.events.rules import ChangeKind, EventDraft, State
from csd_events.events.service import standing_before
from csd_events.registrations import queries, rules
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Effect, NotPostponed, ReminderShift
from csd_events.registrations.rules import State as Place
from csd_events.registrations.service.changing import (
    UnforeseenError,
    count_entries,
    count_told,
    planned_reminders,
    refuse_what_nobody_can_use,
)
from csd_events.registrations.service.noticing import tell_of


def refuse_postponing(
    session: Session, event: Event, *, now: datetime
) -> NotPostponed | None:
    """Say why an event cannot be postponed; None if it can."""
    if event.state is not State.PUBLISHED:
        return NotPostponed.NOT_PUBLISHED
    if event.on_demand or not event.sessions:
        return NotPostponed.NO_DATE
    if event.is_over(now):
        return NotPostponed.OVER
    if queries.find_untold(session, event.id, ChangeKind.REDATED) is not None:
        return NotPostponed.JUST_REDATED
    return None


def foresee_postponing(session: Session, event: Event, *, now: datetime) -> Effect:
    """Say what postponing an event would cause. Changes nothing."""
    starts = [each.starts_at for each in event.sessions]
    told = count_told(session, event.id)
    return Effect(
        told=told,
        on_stage=events.count_reached(session, event.id),
        entries=count_entries(session, event.id) if told else 0,
        leaves_at=rules.notice_leaves_at(starts, now),
        reminders=ReminderShift(missed=len(planned_reminders(event, now))),
    )


def postpone_event(
    session: Session,
    event_id: int,
    *,
    note: str,
    now: datetime,
    actor_id: int | None = None,
) -> Effect:
    """Say of an event that its date holds no more; its people keep their places.

    Registration closes, its reminders stop, and everyone who holds a place or waits
    for one is told, in a while unless it would begin within the hour.

    Raises:
        RefusedError: It has no date that could be put off.
    """
    events.lock(session, event_id)
    event = events.get(session, event_id)
    why = refuse_postponing(session, event, now=now)
    if why is not None:
        raise RefusedError(why)
    effect = foresee_postponing(session, event, now=now)
    before = before_change(event) | standing_before(event)
    event_service.mark_postponed(
        session, event_id, note=note, now=now, actor_id=actor_id
    )
    change = EventChange(
        event_id=event_id,
        kind=ChangeKind.POSTPONED,
        changed_at=now,
        before=before,
        leaves_at=effect.leaves_at or now,
    )
    _tell(session, change, effect, now)
    return effect


def redate_event(  # noqa: PLR0913 - which event, how, when, by whom, and what they saw
    session: Session,
    event_id: int,
    draft: EventDraft,
    *,
    version: int,
    now: datetime,
    actor_id: int | None = None,
    foreseen: str | None = None,
) -> Effect:
    """Give a postponed event a date, and tell everybody who kept a place or waits.

    Args:
        draft: The event with its new times.
        foreseen: As of `save_event`.

    Raises:
        ProblemsError: Its times do not hold, or people would lack what they need.
        StaleError: It is not postponed any more, or was saved meanwhile.
        UnforeseenError: It reaches people, and staff have not seen that it does.
    """
    events.lock(session, event_id)
    was = events.get(session, event_id)
    if was.state is not State.POSTPONED:
        raise StaleError(str(event_id))
    before = before_change(was) | standing_before(was)
    event = event_service.update(
        session, event_id, draft, version=version, now=now, actor_id=actor_id
    )
    refuse_what_nobody_can_use(event, None, now)
    leaves_at = rules.notice_leaves_at([each.starts_at for each in event.sessions], now)
    event_service.mark_redated(
        session, event, told_at=leaves_at or now, now=now, actor_id=actor_id
    )
    is_as_told = queries.is_as_told(session, event, now=now)
    told = 0 if is_as_told else count_told(session, event_id)
    effect = Effect(
        change=rules.compare(before, heard(event)),
        told=told,
        on_stage=0 if is_as_told else events.count_reached(session, event_id),
        entries=count_entries(session, event_id) if told else 0,
        leaves_at=leaves_at,
        reminders=ReminderShift(moved=len(planned_reminders(event, now))),
    )
    if foreseen is not None and effect.reaches_people and foreseen != effect.digest:
        raise UnforeseenError(effect)
    change = EventChange(
        event_id=event_id,
        kind=ChangeKind.REDATED,
        changed_at=now,
        before=before,
        leaves_at=leaves_at or now,
    )
    _give_time_to_answer(session, event_id, change.leaves_at)
    _tell(session, change, effect, now)
    return effect


def _tell(session: Session, change: EventChange, effect: Effect, now: datetime) -> None:
    """Keep what is to be told; where nothing can be undone, tell it at once."""
    session.add(change)
    session.flush()
    if effect.leaves_at is None:
        tell_of(session, change, now)


def _give_time_to_answer(session: Session, event_id: int, since: datetime) -> None:
    """Let who was to take a place while there was no date have time for it again."""
    session.execute(
        update(Registration)
        .where(
            Registration.event_id == event_id,
            Registration.state == Place.HELD,
            ~Registration.is_pending,
            Registration.held_until < since + rules.ANSWER_KEPT,
        )
        .values(held_until=since + rules.ANSWER_KEPT)
        .execution_options(synchronize_session=False)
    )
