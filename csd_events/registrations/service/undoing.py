"""Undoing a change of an event before its people hear of it."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal, or_, select, update
from sqlalchemy.orm import Session

from csd_events.core.errors import RefusedError
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event, EventChange
from csd_events.events.queries import before_change
from csd_events.events.rules import MOVED_MAIL, ChangeKind
from csd_events.outbox import service as outbox
from csd_events.outbox.queries import MAILS
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import queries
from csd_events.registrations.models import Registration
from csd_events.registrations.queries import Undoable
from csd_events.registrations.rules import (
    CALLED_OFF,
    ELSEWHERE,
    PUT_OFF,
    TOLD_LATER,
    UNDONE,
    NotUndone,
)
from csd_events.registrations.service.changing import reaches_anybody
from csd_events.registrations.service.noticing import KINDS
from csd_events.registrations.service.staging import correct_stage, tell_stage_again
from csd_events.registrations.service.telling import IN, about

MOVED = "registration.moved"


def undo(
    session: Session,
    event_id: int,
    change_id: int,
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Put an event back to what its people have heard of it, and tell them nothing.

    Whoever has heard of the change meanwhile, as by a confirmation, is told that it
    does not hold; nobody else is.

    Args:
        change_id: The latest change, as staff saw it.

    Raises:
        RefusedError: It is undone already, its notices have begun to leave, or it is
            not the latest.
    """
    events.lock(session, event_id)
    if queries.is_undone(session, event_id, change_id):
        raise RefusedError(NotUndone.UNDONE)
    found = queries.find_undoable(session, event_id, now=now)
    if found is None or found.last.id != change_id:
        raise RefusedError(NotUndone.TOLD)
    event = events.get(session, event_id)
    if found.kind is ChangeKind.MOVED:
        _move_back(session, event, found, now, actor_id)
    else:
        if found.last.told_at is not None and reaches_anybody(session, event):
            raise RefusedError(NotUndone.TOLD)  # by a process whose clock is ahead
        _stand_back(session, event, found, now, actor_id)
    for each in found.changes:
        each.undone_at = now


def _stand_back(
    session: Session,
    event: Event,
    found: Undoable,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Let an event stand as it did, of which nobody has heard otherwise.

    But for who was mailed its new date, as by a confirmation: they are told.
    """
    heard_meanwhile, on_stage = [], []
    said_meanwhile = before_change(event)
    if found.kind is ChangeKind.REDATED:
        heard_meanwhile = _who_has_heard(session, event.id, found.since)
        on_stage = correct_stage(session, event.id, since=found.since, rise=2)
        event_service.put_back(session, event, found.before, now=now, actor_id=actor_id)
    event_service.put_standing_back(
        session, event, found.before, now=now, actor_id=actor_id
    )
    for why in (CALLED_OFF, PUT_OFF):
        _let_go(session, event.id, why, found, now)
    if heard_meanwhile or on_stage:
        correction = EventChange(
            event_id=event.id,
            kind=ChangeKind.POSTPONED,
            changed_at=now,
            before=said_meanwhile,
            leaves_at=now,
            told_at=now,
        )
        _correct(session, correction, heard_meanwhile, rise=2)
        tell_stage_again(session, correction, on_stage)


def _move_back(
    session: Session,
    event: Event,
    found: Undoable,
    now: datetime,
    actor_id: int | None,
) -> None:
    # A notice that was late may have left the telling to one that goes no more.
    _let_go(session, event.id, TOLD_LATER, found, now)
    for each in found.changes:
        if not outbox.withdraw(session, _notices_of(each), why=UNDONE, now=now):
            raise RefusedError(NotUndone.TOLD)
    heard_meanwhile = _who_has_heard(session, event.id, found.since)
    said_meanwhile = before_change(event)
    event_service.put_back(session, event, found.before, now=now, actor_id=actor_id)
    _let_go(session, event.id, ELSEWHERE, found, now)
    rise = len(found.changes) + 1
    on_stage = correct_stage(session, event.id, since=found.since, rise=rise)
    if heard_meanwhile or on_stage:
        correction = EventChange(
            event_id=event.id,
            changed_at=now,
            before=said_meanwhile,
            leaves_at=now,
            told_at=now,
        )
        _correct(session, correction, heard_meanwhile, rise=rise)
        tell_stage_again(session, correction, on_stage)


def _let_go(
    session: Session, event_id: int, note: str, found: Undoable, now: datetime
) -> None:
    """Let mails of an event go that were skipped for a reason that holds no more."""
    skipped_since = (MAILS.c.event_id == event_id) & (MAILS.c.due_at >= found.since)
    outbox.take_up(session, skipped_since, why=note, now=now)


def _notices_of(change: EventChange) -> ColumnElement[bool]:
    return and_(
        MAILS.c.event_id == change.event_id,
        MAILS.c.kind.in_((MOVED, MOVED_MAIL)),
        MAILS.c.key.endswith(f":{change.id}", autoescape=True),
    )


def _who_has_heard(session: Session, event_id: int, since: datetime) -> list[int]:
    """List the registrations whose mail may have named the times that go back."""
    gone = or_(
        MAILS.c.state == MailState.SENDING,
        (MAILS.c.state == MailState.SENT) & (MAILS.c.sent_at > since),
    )
    heard = (
        select(Registration.id)
        .join(MAILS, MAILS.c.subject_id == Registration.id)
        .where(
            MAILS.c.event_id == event_id,
            MAILS.c.kind.startswith("registration.", autoescape=True),
            MAILS.c.kind.not_in(queries.WITHOUT_TIMES),
            gone,
        )
        .distinct()
    )
    return list(session.scalars(heard))


def _correct(
    session: Session, change: EventChange, ids: list[int], *, rise: int
) -> None:
    """Tell some people that what they heard holds no more; their entries follow.

    Who has given their place back is not told, but their entry's number rises, too: the
    mail that takes it out of their calendar may be still to go.

    Args:
        rise: By how much the numbers of their entries have to rise, for those of the
            sessions fall back to what they were.
    """
    session.add(change)
    session.flush()
    kind = KINDS.get(change.kind, MOVED)
    theirs = Registration.id.in_(ids)
    session.execute(
        update(Registration)
        .where(theirs)
        .values(sequence=Registration.sequence + rise)
        .execution_options(synchronize_session=False)
    )
    outbox.enqueue_all(
        session,
        about(literal(kind), str(change.id)).where(theirs, Registration.state.in_(IN)),
        kind=kind,
        due_at=change.leaves_at,
        now=change.changed_at,
        event_id=change.event_id,
    )
