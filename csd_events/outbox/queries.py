"""What waits, what went, and what somebody should look at."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast as taken_as

from sqlalchemy import (
    ColumnElement,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from csd_events.core.db import engine_name
from csd_events.core.errors import NotFoundError
from csd_events.core.pages import CountedPage
from csd_events.core.types import UtcDateTime
from csd_events.outbox.message import Body
from csd_events.outbox.models import ON_THE_WAY, Chore, OutboxBody, OutboxMessage
from csd_events.outbox.rules import AGAIN, MANY_ATTEMPTS, State, key_sent_again

MAILS = taken_as("Table", OutboxMessage.__table__)
PER_PAGE = 50
#: Counting stops here: beyond it, staff need to know that it is many.
COUNTED = 1000
HEARTBEAT = "delivery"
#: Mail that should have gone is worth a word from here on.
LATE_AFTER = timedelta(minutes=5)
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How delivery fares.

    Attributes:
        loop_age: Since a loop was last heard of; None if there never was one.
        waiting: How many mails should have gone by now.
        since: When the oldest of them was queued.
    """

    loop_age: timedelta | None
    waiting: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Late:
    """Mail that should have gone a while ago.

    Attributes:
        since: When the oldest of it was queued.
        note: What the mail server said last of any of it; None if it said nothing.
    """

    count: int
    since: datetime
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which mails staff want to see."""

    state: State | None = None
    kind: str | None = None
    attention: bool = False


def is_postgres(session: Session) -> bool:
    return engine_name(session) == "postgresql"


def is_due(session: Session, now: datetime) -> ColumnElement[bool]:
    """The condition under which a row may be claimed.

    What is planned falls due by the caller's clock. A lease ends by the database's
    own, which machines whose clocks differ have in common.
    """
    planned = MAILS.c.due_at <= now
    if not is_postgres(session):
        return and_(ON_THE_WAY, planned)
    later = func.greatest(literal(now, UtcDateTime()), func.now())
    lease_over = MAILS.c.due_at <= func.now()
    return and_(
        ON_THE_WAY,
        MAILS.c.due_at <= later,
        case((MAILS.c.state == State.SENDING, lease_over), else_=planned),
    )


def has_due(session: Session, *, now: datetime) -> bool:
    return session.scalar(select(exists().where(is_due(session, now)))) or False


def list_chores(session: Session) -> dict[str, datetime]:
    """When each chore was last begun."""
    return dict(session.execute(select(Chore.name, Chore.done_at)).all())


def health(session: Session, *, now: datetime) -> Health:
    """Say how delivery fares. A server that is down shows as mail that waits."""
    beat = session.scalar(select(Chore.done_at).where(Chore.name == HEARTBEAT))
    tried = or_(MAILS.c.attempts > 0, MAILS.c.due_at <= now)
    waiting, since = session.execute(
        select(func.count(), func.min(MAILS.c.queued_at)).where(ON_THE_WAY, tried)
    ).one()
    age = None if beat is None else now - beat
    return Health(loop_age=age, waiting=waiting, since=since)


def find_late(session: Session, *, now: datetime) -> Late | None:
    """Find the mail that has waited for too long, as when the server is away."""
    # What a server sent back has a note; what was planned for later is late by itself.
    late = (
        ON_THE_WAY,
        MAILS.c.queued_at <= now - LATE_AFTER,
        or_(
            and_(MAILS.c.note.is_not(None), MAILS.c.due_at <= now),
            MAILS.c.due_at <= now - LATE_AFTER,
        ),
    )
    count, since = session.execute(
        select(func.count(), func.min(MAILS.c.queued_at)).where(*late)
    ).one()
    if not count:
        return None
    noted = select(MAILS.c.note).where(*late, MAILS.c.note.is_not(None))
    return Late(count, since, session.scalar(noted.order_by(MAILS.c.id).limit(1)))


def get_message(session: Session, message_id: int) -> OutboxMessage:
    message = session.get(OutboxMessage, message_id)
    if message is None:
        raise NotFoundError(f"no mail {message_id}")
    return message


def find_body(session: Session, message_id: int) -> Body | None:
    content = session.scalar(
        select(OutboxBody.content).where(OutboxBody.message_id == message_id)
    )
    return None if content is None else Body.unpacked(content)


def find_sent_again(session: Session, message: OutboxMessage) -> int | None:
    """Return the id of the mail by which staff sent this one again."""
    again = key_sent_again(message.key, message.id)
    return session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == again))


def list_about(
    session: Session, *, feature: str, subject_ids: Collection[int]
) -> Sequence[OutboxMessage]:
    """What a feature has written about some of its rows, oldest first."""
    return session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.subject_id.in_(subject_ids),
            OutboxMessage.kind.startswith(f"{feature}.", autoescape=True),
        )
        .order_by(OutboxMessage.id)
    ).all()


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


def page_messages(
    session: Session,
    filters: Filters,
    *,
    before: int | None = None,
    after: int | None = None,
) -> CountedPage[OutboxMessage, int]:
    """One page of mails, newest first: from below a row's id, or from above it."""
    wanted = select(OutboxMessage).where(*_conditions(filters))
    some = wanted.with_only_columns(OutboxMessage.id).limit(COUNTED + 1).subquery()
    total = session.scalar(select(func.count()).select_from(some)) or 0
    if after is not None:
        above = wanted.where(OutboxMessage.id > after).order_by(OutboxMessage.id)
        rows = session.scalars(above.limit(PER_PAGE + 1)).all()
        shown = list(reversed(rows[:PER_PAGE]))
        newer, older = len(rows) > PER_PAGE, True
    else:
        if before is not None:
            wanted = wanted.where(OutboxMessage.id < before)
        below = wanted.order_by(OutboxMessage.id.desc()).limit(PER_PAGE + 1)
        rows = session.scalars(below).all()
        shown = list(rows[:PER_PAGE])
        newer, older = before is not None, len(rows) > PER_PAGE
    return CountedPage(
        items=shown,
        total=total,
        before=shown[0].id if shown and newer else None,
        after=shown[-1].id if shown and older else None,
    )


def count_attention(session: Session) -> int:
    """How many mails somebody should look at, counted no further than COUNTED."""
    some = select(OutboxMessage.id).where(_needs_attention()).limit(COUNTED + 1)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions = []
    if filters.state:
        conditions.append(OutboxMessage.state == filters.state)
    if filters.kind:
        conditions.append(OutboxMessage.kind == filters.kind)
    if filters.attention:
        conditions.append(_needs_attention())
    return conditions


def _needs_attention() -> ColumnElement[bool]:
    """Failed and not sent again since, or refused again and again."""
    later = aliased(OutboxMessage)
    key_again = OutboxMessage.key.concat(AGAIN).concat(cast(OutboxMessage.id, String))
    return or_(
        and_(
            OutboxMessage.state == State.FAILED,
            ~exists().where(later.key == key_again),
        ),
        and_(
            OutboxMessage.state == State.QUEUED,
            OutboxMessage.attempts >= MANY_ATTEMPTS,
        ),
    )
