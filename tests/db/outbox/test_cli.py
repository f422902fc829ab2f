"""``flask outbox deliver``: send what is due, and say how it went."""

import os
import signal
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from csd_events.outbox.transport import MemoryTransport, UnreachableError
from tests.mailing import KIND, compose, people, queue


class Down(MemoryTransport):
    """A mail server that is not there."""

    def send(self, *_: Any) -> str:
        raise UnreachableError("ConnectionRefusedError: nobody listens")


class Interrupting(MemoryTransport):
    """Somebody presses Ctrl-C while a mail is in hand."""

    def send(self, *given: Any) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        return super().send(*given)


@pytest.fixture
def outbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> MemoryTransport:
    transport = MemoryTransport()
    monkeypatch.setitem(app.extensions, "csd_transport", transport)
    monkeypatch.setitem(app.extensions, "csd_composers", {KIND: compose})
    return transport


def run(app: Flask, *words: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["outbox", "deliver", *words])
    return result.exit_code, result.stdout, result.stderr


def test_everything_due_is_sent_and_counted(
    app: Flask, session: Session, now: datetime, outbox: MemoryTransport
) -> None:
    queue(session, *people(60))
    queue(session, "a@example.org", kind="unheard.of")
    assert run(app) == (
        0,
        "60 sent, 1 failed\n",
        "50 sent, 0 failed\n60 sent, 1 failed\n",
    )
    assert len(outbox.sent) == 60


def test_an_empty_outbox_is_no_error(
    app: Flask, session: Session, now: datetime, outbox: MemoryTransport
) -> None:
    assert run(app) == (0, "0 sent, 0 failed\n", "")


def test_a_server_that_is_not_there_is_one_clear_line(
    app: Flask, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "csd_transport", Down())
    monkeypatch.setitem(app.extensions, "csd_composers", {KIND: compose})
    queue(session, "a@example.org")
    code, out, error = run(app)
    assert (code, out) == (1, "")
    assert error.splitlines()[-1] == (
        "Error: Mail waits: ConnectionRefusedError: nobody listens"
    )


def test_a_loop_that_is_interrupted_ends_after_the_mail_in_hand(
    app: Flask, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    transport = Interrupting()
    monkeypatch.setitem(app.extensions, "csd_transport", transport)
    monkeypatch.setitem(app.extensions, "csd_composers", {KIND: compose})
    queue(session, *people(3))
    code, out, _error = run(app, "--loop")
    signal.signal(signal.SIGINT, before[0])
    signal.signal(signal.SIGTERM, before[1])
    assert (code, out.splitlines()[-1]) == (0, "Stopped.")
    assert len(transport.sent) == 1
