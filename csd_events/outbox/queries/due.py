"""What may go now, and how delivery fares."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast as taken_as

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    case,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Session

from csd_events.core.db import engine_name
from csd_events.core.types import UtcDateTime
from csd_events.outbox.models import (
    ON_THE_WAY,
    Chore,
    DeliverySettings,
    OutboxMessage,
)
from csd_events.outbox.rules import GOES_LAST, LOOP_DEAD_AFTER, NOT_HELD, State

MAILS = taken_as("Table", OutboxMessage.__table__)
#: By its name alone, as the foreign key has it: people stand above this package.
PEOPLE = table("people", column("id"), column("full_name"))
HEARTBEAT = "delivery"
#: Mail that should have gone is worth a word from here on.
LATE_AFTER = timedelta(minutes=5)


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


@dataclass(frozen=True, slots=True)
class Settings:
    """What staff have said of all mail.

    Attributes:
        held_at: Since when it is held back; None while it goes.
        held_by: The name of who holds it.
        per_minute: How much goes in a minute at most; None for no limit.
    """

    held_at: datetime | None = None
    held_by: str | None = None
    per_minute: int | None = None


def is_postgres(session: Session) -> bool:
    return engine_name(session) == "postgresql"


def is_due(session: Session, now: datetime) -> ColumnElement[bool]:
    """The condition under which a row is due, or what held it is gone.

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


def may_go(session: Session, now: datetime) -> ColumnElement[bool]:
    """The condition under which a row may be claimed, while staff hold mail or not.

    What somebody asks for to sign in goes in any case: they wait before the screen.
    """
    due = is_due(session, now)
    if find_held(session) is None:
        return due
    return and_(due, MAILS.c.kind.startswith(f"{NOT_HELD}.", autoescape=True))


def goes_last() -> ColumnElement[bool]:
    """The condition under which a row goes when nothing else is due."""
    return MAILS.c.kind.in_(sorted(GOES_LAST))


def count_last(session: Session, *, now: datetime) -> int:
    """Count the mails that go last and are on their way, or may be."""
    now_or_taken = or_(MAILS.c.state == State.SENDING, MAILS.c.due_at <= now)
    waiting = select(func.count()).where(ON_THE_WAY, goes_last(), now_or_taken)
    return session.scalars(waiting).one()


def is_any_sending(session: Session, which: ColumnElement[bool]) -> bool:
    """Tell whether somebody has any of some mails in hand."""
    held = select(exists().where(which, MAILS.c.state == State.SENDING))
    return session.scalar(held) or False


def find_held(session: Session) -> datetime | None:
    """Return since when staff hold mail back; None while they do not."""
    return session.scalar(select(DeliverySettings.held_at))


def has_due(session: Session, *, now: datetime) -> bool:
    return session.scalar(select(exists().where(may_go(session, now)))) or False


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


def find_silence(session: Session, *, now: datetime) -> datetime | None:
    """Find since when nothing delivers mail; None where something does, or never did.

    Of a loop as of workers: who delivers writes into the database that it lives.
    """
    beat = session.scalar(select(Chore.done_at).where(Chore.name == HEARTBEAT))
    return beat if beat is not None and now - beat >= LOOP_DEAD_AFTER else None


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


def read_settings(session: Session) -> Settings:
    """Return what staff have said of all mail."""
    row = session.execute(
        select(
            DeliverySettings.held_at, PEOPLE.c.full_name, DeliverySettings.per_minute
        ).outerjoin(PEOPLE, PEOPLE.c.id == DeliverySettings.held_by)
    ).one_or_none()
    return Settings(*row) if row else Settings()
