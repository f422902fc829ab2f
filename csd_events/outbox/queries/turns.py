"""When an address may be written to again."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import (
    bindparam,
    select,
)
from sqlalchemy.orm import Session

from csd_events.outbox.queries.due import MAILS
from csd_events.outbox.rules import State

AN_HOUR = timedelta(hours=1)
_DUE_TO = (
    select(MAILS.c.due_at)
    .where(
        MAILS.c.to_address == bindparam("to_address"),
        MAILS.c.due_at > bindparam("since"),
        MAILS.c.state != State.SKIPPED,
    )
    .order_by(MAILS.c.due_at.desc())
    .limit(bindparam("most"))
)


def next_turn(
    session: Session, to_address: str, *, most: int, now: datetime
) -> datetime:
    """Find when an address may be written to again: now, or when an hour is full.

    Two requests at one moment may both find the last turn free, which sends one mail
    more; nobody waits for a lock on an address.

    Args:
        most: How many mails go within any hour.
    """
    asked = {"to_address": to_address, "since": now - AN_HOUR, "most": most}
    recent = session.scalars(_DUE_TO, asked).all()
    return now if len(recent) < most else recent[-1] + AN_HOUR


def next_turns(
    session: Session, addresses: Collection[str], *, most: int, now: datetime
) -> dict[str, datetime]:
    """Find of several addresses when each may be written to again: see `next_turn`."""
    recent: dict[str, list[datetime]] = {address: [] for address in addresses}
    rows = session.execute(
        select(MAILS.c.to_address, MAILS.c.due_at)
        .where(
            MAILS.c.to_address.in_(recent),
            MAILS.c.due_at > now - AN_HOUR,
            MAILS.c.state != State.SKIPPED,
        )
        .order_by(MAILS.c.due_at.desc())
    )
    for address, due_at in rows:
        recent[address].append(due_at)
    return {
        address: now if len(due) < most else due[most - 1] + AN_HOUR
        for address, due in recent.items()
    }
