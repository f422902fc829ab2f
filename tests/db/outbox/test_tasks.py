"""The task and the bell: what Celery is asked to do, and what it may not do."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from celery import signals
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.outbox import tasks
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.outbox.tasks import TICK_EVERY, TURN, Doorbell, Ticker
from tests.mailing import KIND, MovingClock, compose, people, queue
from tests.smtp import no_server, server_tls


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What the bell says in the log."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    bell = logging.getLogger("csd_events.outbox.tasks")
    bell.addHandler(handler)
    yield said
    bell.removeHandler(handler)


def test_a_worker_that_is_rung_for_sends_all_that_is_due(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CLOCK", MovingClock())
    monkeypatch.setitem(app.extensions, "csd_composers", {KIND: compose})
    queue(session, *people(120))
    celery = tasks.make_celery("memory://")
    tasks.give_work(celery, app)
    celery.tasks[TURN].apply().get()
    session.rollback()
    assert set(session.scalars(select(OutboxMessage.state))) == {State.SENT}


def test_a_worker_that_is_told_to_stop_begins_no_other_mail(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CLOCK", MovingClock())
    queue(session, *people(2))
    celery = tasks.make_celery("memory://")
    tasks.give_work(celery, app)
    signals.worker_shutting_down.send(sender=None)
    celery.tasks[TURN].apply().get()
    assert session.scalars(select(OutboxMessage.state)).all() == [State.QUEUED] * 2


def test_celery_takes_over_neither_the_log_nor_what_is_printed() -> None:
    celery = tasks.make_celery("memory://")
    root = logging.getLogger()
    before = list(root.handlers), root.level
    celery.log.setup_logging_subsystem(loglevel=logging.DEBUG)
    assert (list(root.handlers), root.level) == before
    assert celery.conf.worker_redirect_stdouts is False


def test_a_broker_that_is_away_is_said_once_and_never_an_error(
    said: list[str],
) -> None:
    with no_server() as port:
        bell = Doorbell(f"redis://127.0.0.1:{port}/0")
        assert [bell.ring() for _ in range(2)] == [False, False]
    (line,) = said
    assert line.startswith("the broker is away: ConnectionError: ")


@pytest.mark.parametrize("scheme", ["rediss", "amqps"])
def test_a_broker_whose_certificate_nobody_vouches_for_is_not_spoken_to(
    said: list[str], scheme: str
) -> None:
    with tls_server() as (port, heard):
        bell = Doorbell(f"{scheme}://user:password@localhost:{port}//")
        assert bell.ring() is False
    assert heard == []
    assert ["certificate verify failed" in line for line in said] == [True]


def test_beat_asks_for_a_turn_every_second_whatever_the_clock_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A clock that is set back has stopped beats; this one has none to look at."""
    celery = tasks.make_celery("redis://127.0.0.1:1/0")
    rung: list[Doorbell] = []

    def ring(bell: Doorbell) -> bool:
        rung.append(bell)
        return True

    def no_clock(*_given: object) -> None:
        raise AssertionError("it looked at the clock")

    monkeypatch.setattr(Doorbell, "ring", ring)
    monkeypatch.setattr(type(celery), "now", no_clock)
    beat = Ticker(celery)
    assert [beat.tick() for _ in range(3)] == [TICK_EVERY] * 3
    assert len(rung) == 3


@contextmanager
def tls_server() -> Iterator[tuple[int, list[bytes]]]:
    """Run a server whose certificate only our tests know; keep what it is told."""
    heard: list[bytes] = []
    context = server_tls()

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as line:
                    heard.append(line.recv(100))
            except OSError:
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, args=[listener], daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
