"""Mails that wait, set aside for a while or for good, and taken up again."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, update
from sqlalchemy.orm import Session

from csd_events.core.db import after_commit
from csd_events.outbox.queries import MAILS
from csd_events.outbox.rules import State
from csd_events.outbox.service.queueing import BELL


def set_aside(
    session: Session, which: ColumnElement[bool], *, why: str, now: datetime
) -> None:
    """Do not send those of some mails that wait to go, and keep since when.

    What is being sent is left alone: its composer says whether it still goes.

    Args:
        why: Staff read it, and `take_up` knows them by it.
    """
    session.execute(
        update(MAILS)
        .where(which, MAILS.c.state == State.QUEUED)
        .values(state=State.SKIPPED, note=why, due_at=now)
    )


def withdraw(
    session: Session, which: ColumnElement[bool], *, why: str, now: datetime
) -> bool:
    """Let none of some mails go. False if one of them is on its way, or has gone.

    Then the caller undoes what it did: the others are set aside by now.

    Args:
        why: Staff read it.
    """
    set_aside(session, which, why=why, now=now)
    left = exists().where(which, MAILS.c.state != State.SKIPPED).select()
    return not session.scalar(left)


def take_up(
    session: Session, which: ColumnElement[bool], *, why: str, now: datetime
) -> None:
    """Send those of some mails after all that were set aside or skipped for a reason.

    What was put off for it goes now.

    They are the same mails as before, with the Message-IDs that they had.
    """
    taken = session.execute(
        update(MAILS)
        .where(
            which,
            MAILS.c.state.in_([State.SKIPPED, State.QUEUED]),
            MAILS.c.note == why,
        )
        .values(state=State.QUEUED, note=None, due_at=now)
        .returning(MAILS.c.id)
    ).all()
    if taken:
        after_commit(session, BELL.set)
