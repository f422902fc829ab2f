"""Mail that came back, the addresses that it marks, and where it is reported."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select
from sqlalchemy.orm import Session

from csd_events.outbox.models import Bounce, BounceMailbox
from csd_events.outbox.rules import Reason, reason_of

#: In the words of the partial index, which serves it.
MARKS: ColumnElement[bool] = Bounce.settled_at.is_(None)


@dataclass(frozen=True, slots=True)
class Returned:
    """That a mail came back.

    Attributes:
        taken_at: When we read of it.
    """

    address: str
    reason: Reason
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a mailbox has been read.

    Attributes:
        looked_at: When it was last read to its end; None if it never was.
        validity: The numbering of its mails, where they have numbers.
        last_uid: The last that was read, in that numbering.
    """

    looked_at: datetime | None = None
    validity: int | None = None
    last_uid: int | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """That a mailbox cannot be read: since when, and what it said last."""

    since: datetime
    words: str


def find_returned(session: Session, message_id: int) -> Returned | None:
    """Find how a mail came back, if it did."""
    row = session.get(Bounce, message_id)
    return None if row is None else _returned(row)


def find_mark(session: Session, addresses: Collection[str]) -> Returned | None:
    """Find what came back last from an address, in any of its spellings.

    None once a later mail has proved to arrive.
    """
    marks = select(Bounce).where(Bounce.address.in_(addresses), MARKS)
    latest = marks.order_by(Bounce.taken_at.desc(), Bounce.message_id.desc())
    row = session.scalar(latest.limit(1))
    return None if row is None else _returned(row)


def is_marked(*addresses: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Tell of a row whether mail to its address, in any spelling, comes back."""
    return exists().where(Bounce.address.in_(addresses), MARKS)


def find_seen(session: Session, mailbox: str) -> Seen:
    """Find how far a mailbox has been read."""
    row = session.get(BounceMailbox, mailbox, populate_existing=True)
    return Seen() if row is None else Seen(row.looked_at, row.validity, row.last_uid)


def find_trouble(session: Session, mailbox: str) -> Trouble | None:
    """Find why a mailbox cannot be read; None if it can, or nobody has tried."""
    row = session.get(BounceMailbox, mailbox, populate_existing=True)
    if row is None or row.trouble is None or row.trouble_at is None:
        return None
    return Trouble(row.trouble_at, row.trouble)


def _returned(row: Bounce) -> Returned:
    return Returned(row.address, reason_of(row.status), row.taken_at)
