"""Mail to thousands, while people go on using the pages."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from threading import Thread

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.outbox.delivery import deliver_due
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.outbox.transport import Envelope
from csd_events.registrations.models import Registration
from tests.factories import make_event
from tests.mailing import KIND, make_means, people, queue
from tests.visitors import send_form

MAILS = 5000
#: At each so manieth, somebody registers before the server answers.
BETWEEN = 250


class Busy:
    """A mail server whose every so manieth answer waits for a visitor's."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.sent: Counter[str] = Counter()
        self.answered: list[int] = []

    @contextmanager
    def open(self) -> Iterator["Busy"]:
        yield self

    def send(self, _mail: EmailMessage, envelope: Envelope) -> str:
        self.sent[envelope.recipient] += 1
        if self.sent.total() % BETWEEN == 0:
            visitor = Thread(target=self._visit)
            visitor.start()
            visitor.join()
        return "250 taken"

    def _visit(self) -> None:
        client, number = self._app.test_client(), len(self.answered)
        status = client.get("/events/talk").status_code
        assert status == 200
        email = f"visitor{number}@example.org"
        self.answered.append(send_form(client, "talk", email=email).status_code)


def test_5000_recipients_finish_without_blocking_web_requests(
    app: Flask, session: Session, now: datetime
) -> None:
    """Counted, not timed: a page that had to wait for the mail would wait for ever."""
    make_event(session, slug="talk")
    everyone = list(people(MAILS))
    queue(session, *everyone)
    busy = Busy(app)
    means = make_means(busy)
    with app.app_context():
        while deliver_due(means).claimed:
            pass
    assert busy.answered == [303] * (MAILS // BETWEEN)
    assert set(everyone) <= set(busy.sent)
    assert set(busy.sent.values()) == {1}
    session.rollback()
    registered = session.scalar(select(func.count(Registration.id)))
    assert registered == len(busy.answered)
    sent = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.kind == KIND, OutboxMessage.state == State.SENT
    )
    assert session.scalar(sent) == MAILS + len(busy.answered)
