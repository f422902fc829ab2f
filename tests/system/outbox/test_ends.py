"""How a mail ends for each trouble a real mail server can make, and when it is over."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from email import message_from_bytes
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask_mail import Mail
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.outbox.delivery import deliver_due
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.outbox.transport import SmtpTransport
from tests.mailing import MovingClock, make_means, queue
from tests.smtp import HANG_UP, Script, mail_server, server_tls, silent_server

ADA = "ada@example.org"
Server = Callable[[Script], AbstractContextManager[int]]


class Trouble(NamedTuple):
    """What a server does, and how the mail stands after it.

    Attributes:
        tries: How many of those that count were made.
        words: What staff read of it.
        copies: How often it came, in the end.
    """

    server: Server
    state: State
    tries: int
    words: str
    copies: int
    tls: bool = False


def says(rcpt: str | None = None, data: str | None = None) -> Server:
    """Answer the first mail so, and take any later one."""

    @contextmanager
    def server(script: Script) -> Iterator[int]:
        if rcpt:
            script.rcpt[ADA] = rcpt
        if data:
            script.data[1] = data
        with mail_server(script) as port:
            yield port

    return server


def silent(_script: Script) -> AbstractContextManager[int]:
    return silent_server()


def unknown(script: Script) -> AbstractContextManager[int]:
    """Show a certificate that nobody vouches for."""
    return mail_server(script, tls_context=server_tls())


TROUBLES = {
    "4xx to the recipient": Trouble(
        says(rcpt="451 4.3.0 later"), State.QUEUED, 1, "451 4.3.0 later", 1
    ),
    "4xx to the content": Trouble(
        says(data="452 4.3.1 full"), State.QUEUED, 1, "452 4.3.1 full", 1
    ),
    "5xx to the recipient": Trouble(
        says(rcpt="550 5.1.1 nobody"), State.FAILED, 1, "550 5.1.1 nobody", 0
    ),
    "5xx to the content": Trouble(
        says(data="554 5.7.1 spam"), State.FAILED, 1, "554 5.7.1 spam", 0
    ),
    "dropping after DATA": Trouble(
        says(data=HANG_UP), State.QUEUED, 1, "SMTPServerDisconnected", 2
    ),
    "silent": Trouble(silent, State.QUEUED, 0, "timed out", 1),
    "a bad certificate": Trouble(
        unknown, State.QUEUED, 0, "CERTIFICATE_VERIFY_FAILED", 1, tls=True
    ),
}


def deliver(app: Flask, clock: MovingClock, port: int, **settings: Any) -> None:
    """Deliver what is due once, by the real client."""
    own = Flask(__name__)
    own.config.update({"MAIL_SERVER": "localhost", "MAIL_PORT": port} | settings)
    transport = SmtpTransport(Mail(own), timeout=timedelta(seconds=0.5))
    with app.app_context():
        deliver_due(make_means(transport, clock=clock))


@pytest.mark.parametrize("name", TROUBLES)
def test_each_trouble_of_a_mail_server_ends_as_it_should(
    app: Flask, session: Session, name: str
) -> None:
    """And a day later, when the server is well, what is not lost for good comes."""
    trouble, script, well = TROUBLES[name], Script(), Script()
    clock = MovingClock()
    queue(session, ADA)
    with trouble.server(script) as port:
        deliver(app, clock, port, MAIL_USE_TLS=trouble.tls)
    session.rollback()
    row = session.scalars(select(OutboxMessage)).one()
    assert (row.state, row.attempts) == (trouble.state, trouble.tries)
    assert row.note is not None
    assert trouble.words in row.note
    clock.move(timedelta(days=1))
    with mail_server(well) as port:
        deliver(app, clock, port)
    lost = trouble.state is State.FAILED
    session.rollback()
    end = session.scalars(select(OutboxMessage.state)).one()
    assert end is (State.FAILED if lost else State.SENT)
    assert len(well.contents) == (0 if lost else 1)
    ids = [
        message_from_bytes(content)["Message-ID"]
        for content in (*script.contents, *well.contents)
    ]
    assert len(ids) == trouble.copies
    assert len(set(ids)) == min(1, trouble.copies)
