"""Taking what is due, and writing down what became of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Interval,
    bindparam,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from csd_events.outbox import queries
from csd_events.outbox.message import Due
from csd_events.outbox.queries import MAILS, is_postgres
from csd_events.outbox.rules import Outcome, State, original_key
from csd_events.outbox.service.metering import may_take

BATCH = 50
#: Longer than one message can take; a batch renews it as it goes.
LEASE = timedelta(minutes=5)
_SETTLE = (
    update(MAILS)
    .where(
        MAILS.c.id == bindparam("of_id"),
        MAILS.c.claim == bindparam("of_claim"),
        MAILS.c.state == State.SENDING,
    )
    .values(
        state=bindparam("to_state"),
        due_at=bindparam("due_at"),
        sent_at=bindparam("sent_at"),
        note=bindparam("note"),
        attempts=MAILS.c.attempts - bindparam("untried"),
        claim=None,
    )
    .returning(MAILS.c.id)
)


def claim_due(
    session: Session,
    *,
    claim: str,
    now: datetime,
    limit: int = BATCH,
    lease: timedelta = LEASE,
) -> list[Due]:
    """Take some of what is due, oldest first, until the lease ends.

    What goes to many at once comes after everything else.

    Claiming ends with the commit. What a dead process held falls due when its
    lease ends, so delivery is at least once, and never twice at one time.
    """
    room = may_take(session, limit, now=now)
    may_go, goes_last = queries.may_go(session, now), queries.goes_last()
    rows = _oldest(session, may_go & ~goes_last, limit=room)
    if len(rows) < room:
        rows += _oldest(session, may_go & goes_last, limit=room - len(rows))
    if rows:
        session.execute(
            update(MAILS)
            .where(MAILS.c.id.in_([row.id for row in rows]))
            .values(
                state=State.SENDING,
                claim=claim,
                due_at=_lease_end(session, now, lease),
                attempts=MAILS.c.attempts + 1,
            )
        )
    return [
        Due(
            id=row.id,
            key=original_key(row.key),
            kind=row.kind,
            subject_id=row.subject_id,
            to_address=row.to_address,
            message_id=row.message_id,
            attempts=row.attempts + 1,
            due_at=row.due_at,
            repeat=row.state is State.SENDING,
        )
        for row in rows
    ]


def renew(
    session: Session,
    ids: Collection[int],
    *,
    claim: str,
    now: datetime,
    lease: timedelta = LEASE,
) -> set[int]:
    """Hold some rows for longer. Return those that are still this claim's."""
    held = (
        update(MAILS)
        .where(_held(ids, claim))
        .values(due_at=_lease_end(session, now, lease))
        .returning(MAILS.c.id)
    )
    return set(session.scalars(held))


def give_back(
    session: Session,
    ids: Collection[int],
    *,
    claim: str,
    now: datetime,
    why: str | None = None,
) -> None:
    """Let others take what this claim did not come to.

    Args:
        why: What kept it from that, for staff; None if it was only told to stop.
    """
    session.execute(
        update(MAILS)
        .where(_held(ids, claim))
        .values(
            state=State.QUEUED,
            claim=None,
            due_at=now,
            attempts=MAILS.c.attempts - 1,
            note=MAILS.c.note if why is None else why,
        )
    )


def settle(
    session: Session, message_id: int, outcome: Outcome, *, claim: str, now: datetime
) -> bool:
    """Write down what became of a mail. False if another holds it by now."""
    values = {
        "of_id": message_id,
        "of_claim": claim,
        "to_state": outcome.state,
        "due_at": outcome.again_at or now,
        "sent_at": now if outcome.state is State.SENT else None,
        "note": outcome.note,
        "untried": 0 if outcome.was_tried else 1,
    }
    return session.scalar(_SETTLE, values) is not None


def _oldest(session: Session, which: ColumnElement[bool], *, limit: int) -> list[Any]:
    """Lock the oldest of some mails; none that another has locked."""
    oldest = (
        select(MAILS)
        .where(which)
        .order_by(MAILS.c.due_at, MAILS.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite holds its write lock already
    )
    return list(session.execute(oldest))


def _lease_end(
    session: Session, now: datetime, lease: timedelta
) -> datetime | ColumnElement[datetime]:
    """See queries.is_due: leases go by the database's clock where it has one."""
    if is_postgres(session):
        return func.now() + literal(lease, Interval())
    return now + lease


def _held(ids: Collection[int], claim: str) -> ColumnElement[bool]:
    return (
        MAILS.c.id.in_(ids)
        & (MAILS.c.claim == claim)
        & (MAILS.c.state == State.SENDING)
    )
