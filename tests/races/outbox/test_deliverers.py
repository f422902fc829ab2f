"""Several deliverers at once, on whichever database the suite runs."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.outbox import service
from csd_events.outbox.delivery import deliver_due
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.outbox.transport import Envelope
from tests.mailing import make_means, people, queue
from tests.together import together

DELIVERERS = 4
MAILS = 120


class Counting:
    """Counts what each address was sent, by everyone together."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()

    @contextmanager
    def open(self) -> Iterator["Counting"]:
        yield self

    def send(self, _mail: EmailMessage, envelope: Envelope) -> str:
        self.sent[envelope.recipient] += 1
        return "250 counted"


def test_two_deliverers_at_once_never_send_one_mail_twice(
    app: Flask, session: Session, now: datetime
) -> None:
    everyone = list(people(MAILS))
    queue(session, *everyone)
    counting = Counting()
    means = make_means(counting)

    def deliver_all() -> None:
        while deliver_due(means, limit=7).claimed:
            pass

    assert together(app, *[deliver_all] * DELIVERERS) == []
    assert counting.sent == Counter(everyone)
    found = session.execute(
        select(OutboxMessage.state, OutboxMessage.attempts).distinct()
    ).all()
    assert [tuple(row) for row in found] == [(State.SENT, 1)]


def test_a_mail_queued_by_two_at_once_is_queued_once(
    app: Flask, session: Session, now: datetime
) -> None:
    """The scheduler runs twice: one reminder each."""
    made: list[bool] = []

    def remind() -> None:
        for number in range(20):
            with transaction() as own:
                made.append(
                    service.enqueue(
                        own,
                        key=f"registration.reminder:1d:{number}",
                        kind="registration.reminder",
                        subject_id=number,
                        to_address="ada@example.org",
                        due_at=now,
                        now=now,
                    )
                )

    assert together(app, *[remind] * DELIVERERS) == []
    assert Counter(made) == {True: 20, False: 20 * (DELIVERERS - 1)}
