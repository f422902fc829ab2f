"""Queueing mail: once for its key, in the transaction of what it reports."""

from datetime import datetime
from threading import Event
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, func, literal, select, true, update
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.db import INSERTS, after_commit, engine_name
from csd_events.core.errors import RefusedError
from csd_events.core.types import UtcDateTime
from csd_events.outbox import queries
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.queries import MAILS
from csd_events.outbox.rules import Refusal, State, key_sent_again, refuse_sending_again

#: Set when mail that may go now has been committed in this process.
BELL = Event()
_QUEUE_ONE = {
    engine: insert(MAILS)
    .on_conflict_do_nothing(index_elements=["key"])
    .returning(MAILS.c.id)
    for engine, insert in INSERTS.items()
}
#: The same sixteen random bytes as uuid4().hex, drawn for each row.
_DRAWN: dict[str, ColumnElement[str]] = {
    "postgresql": func.replace(func.gen_random_uuid().concat(""), "-", ""),
    "sqlite": func.lower(func.hex(func.randomblob(16))),
}


def enqueue(  # noqa: PLR0913 - each is a column, all by name
    session: Session,
    *,
    key: str,
    kind: str,
    subject_id: int,
    to_address: str,
    due_at: datetime,
    now: datetime,
    event_id: int | None = None,
) -> bool:
    """Queue a mail, once for its key. Return False if it was queued before.

    Args:
        key: What it is about, such as "registration.confirmed:42".
        kind: Which composer writes it when it goes.
        due_at: Not before this instant.
        event_id: Whose mail it belongs to.
    """
    row = {
        "key": key,
        "kind": kind,
        "subject_id": subject_id,
        "event_id": event_id,
        "to_address": to_address,
        "message_id": uuid4().hex,
        "due_at": due_at,
        "queued_at": now,
    }
    if session.scalar(_QUEUE_ONE[engine_name(session)], row) is None:
        return False
    if due_at <= now:
        after_commit(session, BELL.set)
    return True


def enqueue_all(  # noqa: PLR0913 - as above
    session: Session,
    who: Select[str, int, str],
    *,
    kind: str,
    due_at: datetime,
    now: datetime,
    event_id: int | None = None,
    skipped: str | None = None,
) -> int:
    """Queue a mail for each row of a question, in one statement. Return how many.

    They go in the order of what they are about.

    Args:
        who: Gives `key`, `subject_id` and `to_address`. Keys queued before are
            passed over.
        event_id: Whose mail they belong to.
        skipped: Why these mails will not go; staff read it. Unset, they will.
    """
    each = who.subquery()
    engine = engine_name(session)
    given: dict[str, ColumnElement[Any]] = {
        "key": each.c.key,
        "kind": literal(kind),
        "subject_id": each.c.subject_id,
        "event_id": literal(event_id, MAILS.c.event_id.type),
        "to_address": each.c.to_address,
        "message_id": _DRAWN[engine],
        "state": literal(
            State.SKIPPED if skipped else State.QUEUED, MAILS.c.state.type
        ),
        "attempts": literal(0),
        "due_at": literal(due_at, UtcDateTime()),
        "queued_at": literal(now, UtcDateTime()),
        "note": literal(skipped, MAILS.c.note.type),
    }
    # SQLite reads ON CONFLICT after a SELECT only when there is a WHERE.
    rows = select(*given.values()).where(true()).order_by(each.c.subject_id)
    statement = INSERTS[engine](MAILS).from_select(list(given), rows)
    once = statement.on_conflict_do_nothing(index_elements=["key"])
    queued = session.execute(once.returning(MAILS.c.id)).all()
    if queued and not skipped and due_at <= now:
        after_commit(session, BELL.set)
    return len(queued)


def send_again(
    session: Session,
    message_id: int,
    *,
    now: datetime,
    actor_id: int | None = None,
) -> int:
    """Send a mail once more. Return the id of the row that goes.

    That is a new one, with a Message-ID of its own: mail programs hide a second
    message that has a known one. A mail that was skipped has not gone, and waits once
    more as it is: what takes it up by itself finds no second one.

    Raises:
        NotFoundError: There is no such mail.
        RefusedError: It is private, still on its way, or was sent again before.
    """
    message = queries.get_message(session, message_id)
    if refusal := refuse_sending_again(message.kind, message.state):
        raise RefusedError(refusal)
    if message.state is State.SKIPPED:
        new_id = _unskip(session, message_id, now)
    else:
        new_id = _queue_anew(session, message, now)
    audit.record(
        session,
        "mail.sent_again",
        subject_id=message_id,
        actor_id=actor_id,
        now=now,
        changes={"as_mail": [None, new_id]},
    )
    return new_id


def _unskip(session: Session, message_id: int, now: datetime) -> int:
    again = update(MAILS).where(MAILS.c.id == message_id)
    taken = session.scalar(
        again.where(MAILS.c.state == State.SKIPPED)
        .values(state=State.QUEUED, note=None, due_at=now)
        .returning(MAILS.c.id)
    )
    if taken is None:  # somebody was quicker
        raise RefusedError(Refusal.ON_ITS_WAY)
    after_commit(session, BELL.set)
    return message_id


def _queue_anew(session: Session, message: OutboxMessage, now: datetime) -> int:
    queued = enqueue(
        session,
        key=key_sent_again(message.key, message.id),
        kind=message.kind,
        subject_id=message.subject_id,
        event_id=message.event_id,
        to_address=message.to_address,
        due_at=now,
        now=now,
    )
    new_id = queries.find_sent_again(session, message)
    if not queued or new_id is None:
        raise RefusedError(Refusal.SENT_AGAIN_BEFORE)
    return new_id
