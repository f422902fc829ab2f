"""Changes of an event that can still be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from csd_events.events.models import NOT_YET_TOLD, Event, EventChange
from csd_events.events.queries import count_reached, heard
from csd_events.events.rules import MOVED_MAIL, ChangeKind, State
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.rules import compare

#: Of one event, as many as anybody makes in five minutes.
MOST = 50


@dataclass(frozen=True, slots=True)
class Undoable:
    """What staff did to an event of which nobody has heard yet.

    Attributes:
        changes: One after the other, the latest first, each made before the notices
            of the one before had left.
    """

    changes: Sequence[EventChange]

    @property
    def last(self) -> EventChange:
        return self.changes[0]

    @property
    def kind(self) -> ChangeKind:
        return self.last.kind

    @property
    def leaves_at(self) -> datetime:
        return self.last.leaves_at

    @property
    def since(self) -> datetime:
        return self.changes[-1].changed_at

    @property
    def before(self) -> dict[str, Any]:
        """What people last heard of the event."""
        return self.changes[-1].before


def find_undoable(session: Session, event_id: int, *, now: datetime) -> Undoable | None:
    """Find what can be undone at an event; None if people are told, or nothing was."""
    latest_first = (
        select(EventChange)
        .where(EventChange.event_id == event_id, EventChange.undone_at.is_(None))
        .order_by(EventChange.id.desc())
        .limit(MOST)
        .execution_options(populate_existing=True)
    )
    changes = session.scalars(latest_first).all()
    if not changes or changes[0].leaves_at <= now:
        return None
    if changes[0].kind is not ChangeKind.MOVED:
        return Undoable(changes[:1])
    together = [changes[0]]
    for earlier in changes[1:]:
        told = earlier.leaves_at <= together[-1].changed_at
        if told or earlier.kind is not ChangeKind.MOVED:
            break
        together.append(earlier)
    return Undoable(together)


def is_as_told(session: Session, event: Event, *, now: datetime) -> bool:
    """Tell whether an event that was changed is again as its people last heard.

    Then nobody is mailed. Not asked of one that is off.

    Args:
        session: To read in.
        event: As it is to be.
        now: When it was changed last, or is.
    """
    latest_first = (
        select(EventChange.changed_at, EventChange.leaves_at, EventChange.before)
        .where(EventChange.event_id == event.id, EventChange.undone_at.is_(None))
        .order_by(EventChange.id.desc())
        .limit(MOST)
    )
    until, last_told = now, None
    for changed_at, leaves_at, before in session.execute(latest_first):
        if leaves_at <= until:
            break
        until, last_told = changed_at, before
    if last_told is None or event.state is not State.PUBLISHED:
        return False
    was_on = last_told.get("state", State.PUBLISHED) == State.PUBLISHED
    return was_on and not compare(last_told, heard(event))


def find_untold(
    session: Session, event_id: int, kind: ChangeKind
) -> EventChange | None:
    """Find a change of a kind of which the people of an event have yet to be told."""
    untold = select(EventChange).where(
        EventChange.event_id == event_id,
        EventChange.kind == kind,
        EventChange.told_at.is_(None),
        EventChange.undone_at.is_(None),
    )
    return session.scalar(untold.order_by(EventChange.id.desc()).limit(1))


def is_undone(session: Session, event_id: int, change_id: int) -> bool:
    """Tell whether a change of an event was undone."""
    undone = select(
        exists().where(
            EventChange.id == change_id,
            EventChange.event_id == event_id,
            EventChange.undone_at.is_not(None),
        )
    )
    return session.scalars(undone).one()


def is_redated_since(session: Session, event_id: int, change_id: int) -> bool:
    """Tell whether an event was given a date after some change, and it holds."""
    redated = select(
        exists().where(
            EventChange.event_id == event_id,
            EventChange.id > change_id,
            EventChange.kind == ChangeKind.REDATED,
            EventChange.undone_at.is_(None),
        )
    )
    return session.scalars(redated).one()


def find_undoable_until(
    session: Session, event_id: int, *, now: datetime
) -> datetime | None:
    """Find until when the latest change of an event can be undone; None if not."""
    leaves_at = session.scalar(
        select(EventChange.leaves_at)
        .where(EventChange.event_id == event_id, EventChange.undone_at.is_(None))
        .order_by(EventChange.id.desc())
        .limit(1)
    )
    return leaves_at if leaves_at is not None and leaves_at > now else None


def count_untold(session: Session, event: Event, found: Undoable) -> int:
    """Count who will be told of a change, unless it is undone."""
    if is_as_told(session, event, now=found.last.changed_at):
        return 0
    if found.kind is not ChangeKind.MOVED:
        people = event.confirmed + event.held + event.waiting
        return people + count_reached(session, event.id)
    notices = select(func.count()).where(
        OutboxMessage.event_id == event.id,
        OutboxMessage.kind.in_(("registration.moved", MOVED_MAIL)),
        OutboxMessage.key.endswith(f":{found.last.id}", autoescape=True),
    )
    return session.scalars(notices).one()


def has_untold_cancellation(session: Session, *, now: datetime) -> bool:
    """Tell whether there is anything of which people are to be told by now."""
    due = exists().where(NOT_YET_TOLD, EventChange.leaves_at <= now)
    return session.scalar(select(due)) or False


def list_untold_cancellations(
    session: Session, *, now: datetime
) -> Sequence[tuple[int, int]]:
    """List change and event of what people are to be told of by now."""
    due = (
        select(EventChange.id, EventChange.event_id)
        .where(NOT_YET_TOLD, EventChange.leaves_at <= now)
        .order_by(EventChange.leaves_at, EventChange.id)
    )
    return [(change_id, event_id) for change_id, event_id in session.execute(due)]
