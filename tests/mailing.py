"""Mail to test with: a message, a queue, and the means to deliver it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.outbox import service
from csd_events.outbox.delivery import Composer, Means
from csd_events.outbox.message import Due, Message
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.outbox.transport import MemoryTransport
from tests.factories import NOON

KIND = "registration.confirmed"
_serial = count(1)

MESSAGE = Message(
    to_address="ada@example.org",
    to_name="Ada Byron",
    from_address="events@csd.test",
    from_name="Sample Association",
    reply_to="help@csd.test",
    subject="You are registered",
    text="See you there.",
    html="<p>See you there.</p>",
)


class MovingClock:
    """A clock that moves when it is told to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


def compose(_session: Session, due: Due, _now: datetime) -> Message:
    """Write the plainest mail there is, to the address of its row."""
    return replace(MESSAGE, to_address=due.to_address)


def make_means(
    transport: Any = None,
    *,
    clock: Callable[[], datetime] | None = None,
    composer: Composer = compose,
    **others: Any,
) -> Means:
    given: dict[str, Any] = {"to_nobody": True, "domain": "csd.test"} | others
    return Means(
        transport=transport or MemoryTransport(),
        composers={KIND: composer, "accounts.sign_in_link": composer},
        clock=clock or MovingClock(),
        **given,
    )


def queue(
    session: Session, *addresses: str, kind: str = KIND, due_at: datetime = NOON
) -> list[str]:
    """Queue a mail for each address, committed. Return the keys."""
    keys = [f"{kind}:{next(_serial)}" for _ in addresses]
    for key, address in zip(keys, addresses, strict=True):
        service.enqueue(
            session,
            key=key,
            kind=kind,
            subject_id=int(key.rpartition(":")[2]),
            to_address=address,
            due_at=due_at,
            now=due_at,
        )
    session.commit()
    return keys


def people(number: int) -> Iterable[str]:
    return [f"person{n}@example.org" for n in range(1, number + 1)]


def queue_sent(
    session: Session, *addresses: str, kind: str = KIND, sent_at: datetime = NOON
) -> list[OutboxMessage]:
    """Queue a mail for each address, as gone by the book, committed."""
    keys = queue(session, *addresses, kind=kind)
    rows = select(OutboxMessage).where(OutboxMessage.key.in_(keys))
    mails = list(session.scalars(rows.order_by(OutboxMessage.id)))
    for mail in mails:
        mail.state, mail.sent_at, mail.note = State.SENT, sent_at, "250 taken"
    session.commit()
    return mails
