"""Taking mail back that has not gone, and queueing it after all."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from csd_events.core.db import after_commit
from csd_events.outbox.queries import MAILS
from csd_events.outbox.rules import State
from csd_events.outbox.service.queueing import BELL


def withdraw(
    session: Session, *, event_id: int, kind: str, occasion: str, why: str
) -> bool:
    """Let the mails of one occasion not go. False if one of them is on its way.

    Then the caller undoes what it did: some of the others are taken back by now.

    Args:
        occasion: What their keys end with.
        why: Staff read it.
    """
    these = _of_occasion(event_id, kind, occasion)
    session.execute(
        update(MAILS)
        .where(these, MAILS.c.state == State.QUEUED)
        .values(state=State.SKIPPED, note=why)
    )
    others = select(func.count()).where(these, MAILS.c.state != State.SKIPPED)
    return session.scalar(others) == 0


def queue_after_all(
    session: Session, *, event_id: int, note: str, since: datetime, now: datetime
) -> None:
    """Let mails of an event go that were skipped for a reason that holds no more."""
    session.execute(
        update(MAILS)
        .where(
            MAILS.c.event_id == event_id,
            MAILS.c.state == State.SKIPPED,
            MAILS.c.note == note,
            MAILS.c.due_at >= since,  # when it was skipped
        )
        .values(state=State.QUEUED, due_at=now, note=None)
    )
    after_commit(session, BELL.set)


def _of_occasion(event_id: int, kind: str, occasion: str) -> ColumnElement[bool]:
    return and_(
        MAILS.c.event_id == event_id,
        MAILS.c.kind == kind,
        MAILS.c.key.endswith(f":{occasion}", autoescape=True),
    )
