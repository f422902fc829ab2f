"""Where workers deliver, pages only ring a bell; nobody waits for who hears it."""

from collections.abc import Iterator
from datetime import timedelta
from queue import Queue
from threading import Event

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.outbox import rules, service
from csd_events.outbox.delivery import Ringer, running, start_loop, stop_loop
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from tests.factories import make_event
from tests.mailing import people
from tests.visitors import send_form

PATIENCE = 20  # seconds after which a test is stuck


class Broker:
    """Takes as long as the test wants for an answer, which is given beforehand."""

    def __init__(self, *, answer: bool) -> None:
        self.asked: Queue[int] = Queue()
        self.answers = Event()
        self._answer = answer

    def ring(self) -> bool:
        self.asked.put(1)
        assert self.answers.wait(PATIENCE)
        return self._answer


@pytest.fixture
def broker(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A broker that has not answered yet, and the application that rings at it."""
    broker = Broker(answer=True)
    service.BELL.clear()
    monkeypatch.setitem(app.config, "DELIVERY_LOOP", True)
    monkeypatch.setitem(app.extensions, "csd_ring", broker.ring)
    yield broker
    broker.answers.set()
    stop_loop()


@pytest.mark.usefixtures("now")
def test_a_broker_that_does_not_answer_holds_up_no_registration(
    app: Flask, session: Session, client: FlaskClient, broker: Broker
) -> None:
    """Counted: twenty are answered while the first ring still is not."""
    make_event(session, slug="talk")
    start_loop(app)
    first, *others = people(21)
    answers = [send_form(client, "talk", email=first).status_code]
    broker.asked.get(timeout=PATIENCE)
    answers += [send_form(client, "talk", email=each).status_code for each in others]
    assert answers == [303] * 21
    assert broker.asked.empty()
    session.rollback()
    assert session.scalar(select(func.count(OutboxMessage.id))) == 21


@pytest.mark.usefixtures("now")
def test_what_came_while_a_ring_was_on_its_way_is_rung_for_once_more(
    app: Flask, session: Session, client: FlaskClient, broker: Broker
) -> None:
    make_event(session, slug="talk")
    start_loop(app)
    first, *others = people(5)
    send_form(client, "talk", email=first)
    broker.asked.get(timeout=PATIENCE)
    for each in others:
        send_form(client, "talk", email=each)
    broker.answers.set()
    broker.asked.get(timeout=PATIENCE)
    stop_loop()
    assert broker.asked.empty()


@pytest.mark.usefixtures("now")
def test_where_workers_deliver_a_server_process_sends_nothing(
    app: Flask, session: Session, client: FlaskClient, broker: Broker
) -> None:
    make_event(session, slug="talk")
    broker.answers.set()
    start_loop(app)
    send_form(client, "talk")
    broker.asked.get(timeout=PATIENCE)
    assert isinstance(running._Running.loop, Ringer)  # noqa: SLF001
    stop_loop()
    session.rollback()
    assert session.scalars(select(OutboxMessage.state)).all() == [State.QUEUED]


def test_a_broker_that_is_away_is_left_alone_for_longer_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rested: list[int] = []
    away = Broker(answer=False)
    away.answers.set()
    ringer = Ringer(away.ring)

    def pause(failures: int) -> timedelta:
        """Ring again, as a page does; the third time is the last."""
        rested.append(failures)
        service.BELL.set()
        if failures == 3:
            ringer.stop()
        return timedelta(0)

    monkeypatch.setattr(rules, "pause_after", pause)
    service.BELL.set()
    ringer.run()
    assert rested == [1, 2, 3]
