"""Changes of an event that reach its people."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.core.errors import DomainError, ProblemsError
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event, EventChange
from csd_events.events.queries import before_change, heard
from csd_events.events.rules import ChangeKind, EventDraft, Problem, State
from csd_events.events.service import standing_before
from csd_events.registrations import queries, rules
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Effect
from csd_events.registrations.service.noticing import tell_of
from csd_events.registrations.service.reminding import pass_over
from csd_events.registrations.service.staging import tell_stage_of_change
from csd_events.registrations.service.telling import IN, tell_everybody
from csd_events.registrations.service.waiting import promote


class UnforeseenError(DomainError):
    """Nobody has said yes to what this change causes; nothing was saved."""

    status = 409

    def __init__(self, effect: Effect) -> None:
        super().__init__(effect.digest)
        self.effect = effect


def save_event(  # noqa: PLR0913 - who saves what, when, and what they have seen
    session: Session,
    event_id: int,
    draft: EventDraft,
    *,
    version: int,
    now: datetime,
    actor_id: int | None = None,
    foreseen: str | None = None,
) -> Effect:
    """Save an event; tell its people, in a while, if its time or place changed.

    More places than before go to who waits. Return what this causes.

    Args:
        foreseen: The digest of the effect that staff have seen, empty if none; None
            where nobody has to see it first.

    Raises:
        ProblemsError: Times or offers do not fit together, or a published event
            would lack what people need of it.
        StaleError: Somebody saved it after the form was opened.
        UnforeseenError: It reaches people, and staff have not seen that it does.
    """
    events.lock(session, event_id)
    was = events.get(session, event_id)
    before, planned = before_change(was), planned_reminders(was, now)
    started_at, reminded = was.starts_at, set(was.reminders)
    event = event_service.update(
        session, event_id, draft, version=version, now=now, actor_id=actor_id
    )
    change = rules.compare(before, heard(event))
    if event.state is State.PUBLISHED:
        refuse_what_nobody_can_use(event, started_at, now)
    elif event.state is State.POSTPONED and rules.starts_of(change):
        _refuse_another_date(change)
    told, on_stage, leaves_at = 0, 0, None
    if event.state is State.PUBLISHED and change:
        leaves_at = rules.notice_leaves_at(rules.starts_of(change), now)
        moved = {after.id for _before, after in change.moved}
        event_service.touch_calendar(event, moved, now=leaves_at or now)
        told, on_stage = _tell_of_change(
            session,
            event,
            EventChange(
                event_id=event.id,
                changed_at=now,
                before=before,
                leaves_at=leaves_at or now,
                told_at=now,
            ),
            change,
        )
    pass_over(session, event, set(event.reminders) - reminded, now=now)
    effect = Effect(
        change=change,
        told=told,
        entries=count_entries(session, event_id) if told else 0,
        on_stage=on_stage,
        leaves_at=leaves_at,
        placed=promote(session, event, now=now),
        reminders=rules.shift_of(
            planned,
            planned_reminders(event, now),
            change,
            rules.leads_called(event.reminders),
        ),
    )
    if foreseen is not None and effect.reaches_people and foreseen != effect.digest:
        raise UnforeseenError(effect)
    return effect


def cancel_event(
    session: Session,
    event_id: int,
    *,
    note: str,
    now: datetime,
    actor_id: int | None = None,
) -> datetime | None:
    """Call an event off; everyone who holds a place or waits for one is told.

    Mail still planned for it does not go: a composer finds it cancelled. Return until
    when nobody is told and it can be undone; None if the notices go at once, or there
    are none. Calling it off again changes nothing.
    """
    events.lock(session, event_id)
    was = events.get(session, event_id)
    state, before = was.state, before_change(was) | standing_before(was)
    event_service.mark_cancelled(
        session, event_id, note=note, now=now, actor_id=actor_id
    )
    if state not in {State.PUBLISHED, State.POSTPONED}:
        return None
    starts = {each.starts_at for each in was.sessions}
    leaves_at = rules.notice_leaves_at(starts, now)
    change = EventChange(
        event_id=event_id,
        kind=ChangeKind.CANCELLED,
        changed_at=now,
        before=before,
        leaves_at=leaves_at or now,
    )
    session.add(change)
    session.flush()
    if leaves_at is None or not reaches_anybody(session, was):
        tell_of(session, change, now)
        return None
    return leaves_at


def reaches_anybody(session: Session, event: Event) -> bool:
    """Tell whether anybody is told when an event is called off, or postponed."""
    return event.has_people or bool(events.count_reached(session, event.id))


def refuse_what_nobody_can_use(
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


def _refuse_another_date(change: rules.Change) -> None:
    """Keep what is postponed from coming to a date by a form that tells nobody."""
    again = any(was.entry[:3] != now.entry[:3] for was, now in change.moved)
    if again or change.removed or change.added:
        raise ProblemsError({"sessions-0": Problem.IS_POSTPONED})


def _tell_of_change(
    session: Session, event: Event, noted: EventChange, change: rules.Change
) -> tuple[int, int]:
    """Queue the notices of a change, unless one that waits tells of it, too.

    Return how many of its people are told, and how many of those on stage.
    """
    untold = queries.find_untold(session, event.id, ChangeKind.REDATED)
    if untold is not None:
        at_once = noted.leaves_at == noted.changed_at
        # At once means to everybody, whenever they came: see `noticing._here_by`.
        untold.leaves_at = (
            untold.changed_at if at_once else max(untold.leaves_at, noted.leaves_at)
        )
        on_stage = events.count_reached(session, event.id)
        return count_told(session, event.id), on_stage
    session.add(noted)
    session.flush()
    on_stage = tell_stage_of_change(session, noted, change)
    told = tell_everybody(
        session,
        kind="registration.moved",
        event_id=noted.event_id,
        occasion=str(noted.id),
        due_at=noted.leaves_at,
        now=noted.changed_at,
    )
    return told, on_stage


def planned_reminders(
    event: Event, now: datetime
) -> dict[tuple[int, timedelta], datetime]:
    """Say when the reminders go that are still to come, if any do."""
    if event.state is not State.PUBLISHED:
        return {}
    starts = [(each.id, each.starts_at, each.announced_at) for each in event.sessions]
    return rules.plan_reminders(starts, rules.leads_called(event.reminders), now)


def count_told(session: Session, event_id: int) -> int:
    """Count who would hear of a change: everyone who knows of their place."""
    known = select(func.count()).where(
        Registration.event_id == event_id,
        Registration.state.in_(IN),
        ~Registration.is_pending,
    )
    return session.scalars(known).one()


def count_entries(session: Session, event_id: int) -> int:
    """Count who has, or had, a place, and so an entry in their calendar."""
    had_place = select(func.count()).where(
        Registration.event_id == event_id,
        Registration.state.in_(IN),
        Registration.confirmed_at.is_not(None),
        ~Registration.is_pending,
    )
    return session.scalars(had_place).one()
