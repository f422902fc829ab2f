"""What is kept of mail that went, and the work that is done every so often."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, insert, or_
from sqlalchemy.orm import Session

from csd_events.core.db import INSERTS, engine_name
from csd_events.outbox.message import Body
from csd_events.outbox.models import Chore, OutboxBody

BODIES_KEPT = timedelta(days=90)
BODIES = cast("Table", OutboxBody.__table__)
CHORES = cast("Table", Chore.__table__)
_KEEP = insert(BODIES)


def keep_body(session: Session, message_id: int, body: Body, *, now: datetime) -> None:
    """Keep what was sent, for staff to read. Never call it for a private kind."""
    row = {"message_id": message_id, "sent_at": now, "content": body.packed()}
    session.execute(_KEEP, row)


def forget_old_bodies(session: Session, *, now: datetime) -> None:
    session.execute(delete(BODIES).where(BODIES.c.sent_at < now - BODIES_KEPT))


def take_chore(session: Session, name: str, *, every: timedelta, now: datetime) -> bool:
    """Take a piece of regular work, unless someone did so recently.

    One row, written only if it is old enough: of several processes one wins. An
    instant far in the future is a clock that was set back since; it holds up nothing.
    """
    first = INSERTS[engine_name(session)](CHORES).values(name=name, done_at=now)
    again = first.on_conflict_do_update(
        index_elements=["name"],
        set_={"done_at": now},
        where=or_(CHORES.c.done_at <= now - every, CHORES.c.done_at > now + every),
    )
    return session.scalar(again.returning(CHORES.c.name)) is not None
