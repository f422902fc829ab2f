"""The loop: it wakes, does chores, survives what it meets, and stops."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.db import db, transaction
from csd_events.outbox import queries, rules, service
from csd_events.outbox.delivery import Loop, loop, running, start_loop, stop_loop
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.outbox.transport import Envelope, MemoryTransport, UnreachableError
from tests.mailing import KIND, MovingClock, compose, queue

PATIENCE = 20  # seconds after which a test is stuck


class Watched(MemoryTransport):
    """Tells the test of each mail, and waits for its leave to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: Queue[str] = Queue()
        self.may_go_on = Event()
        self.may_go_on.set()
        self.down = 0

    def send(self, mail: EmailMessage, envelope: Envelope) -> str:
        if self.down:
            self.down -= 1
            raise UnreachableError("down")
        self.arrived.put(envelope.recipient)
        assert self.may_go_on.wait(PATIENCE)
        return super().send(mail, envelope)


@pytest.fixture
def transport() -> Watched:
    return Watched()


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def looping(
    app: Flask,
    session: Session,
    transport: Watched,
    clock: MovingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    """The application with everything its loop works with; the loop ends with it."""
    given: dict[str, Any] = {
        "csd_transport": transport,
        "csd_composers": {KIND: compose},
        "csd_chores": [],
        "csd_errands": [],
    }
    for name, value in given.items():
        monkeypatch.setitem(app.extensions, name, value)
    monkeypatch.setitem(app.config, "DELIVERY_LOOP", True)
    monkeypatch.setitem(app.config, "CLOCK", clock)
    # Looks and rests are as long as they are; here nobody waits for them.
    monkeypatch.setattr(loop, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(loop, "GATHER_FOR", 0.0)
    monkeypatch.setattr(rules, "pause_after", lambda _failures: timedelta(0))
    yield app
    transport.may_go_on.set()
    stop_loop()


@pytest.fixture
def looking(looping: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every turn look, however soon after the last one it comes."""
    monkeypatch.setattr(loop, "LOOK_EVERY", 0)


def states(session: Session) -> list[State]:
    session.expire_all()
    query = select(OutboxMessage.state).order_by(OutboxMessage.id)
    found = list(session.scalars(query))
    session.rollback()
    return found


def test_mail_committed_in_this_process_wakes_the_loop(
    looping: Flask,
    transport: Watched,
    clock: MovingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "LOOK_EVERY", PATIENCE * 10)  # only the bell wakes it
    start_loop(looping)
    with looping.app_context(), transaction() as own:
        service.enqueue(
            own,
            key=f"{KIND}:1",
            kind=KIND,
            subject_id=1,
            to_address="ada@example.org",
            due_at=clock.now,
            now=clock.now,
        )
    assert transport.arrived.get(timeout=PATIENCE) == "ada@example.org"


def test_a_bell_wakes_it_for_the_mail_alone(
    looping: Flask,
    session: Session,
    transport: Watched,
    clock: MovingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A rush does not look for chores with every registration."""
    monkeypatch.setattr(loop, "LOOK_EVERY", PATIENCE * 10)
    looked: list[datetime] = []
    looping.extensions["csd_chores"] = [("count", timedelta(0), looked.append)]
    one = Loop(looping)
    for number in range(3):
        queue(session, f"ada{number}@example.org")
        one._turn()  # noqa: SLF001
    assert len(transport.sent) == 3
    assert len(looked) == 1


def test_mail_committed_elsewhere_is_found_at_the_next_look(
    looping: Flask, session: Session, transport: Watched
) -> None:
    start_loop(looping)
    queue(session, "ada@example.org")
    assert transport.arrived.get(timeout=PATIENCE) == "ada@example.org"


def test_a_loop_looks_every_second_so_that_any_mail_leaves_within_two() -> None:
    """Whichever process queued it. Nothing is measured: the others set it anew."""
    assert loop.LOOK_EVERY + loop.GATHER_FOR < 2


def test_a_loop_that_stops_finishes_the_mail_in_hand_and_gives_back_the_rest(
    looping: Flask, session: Session, transport: Watched
) -> None:
    transport.may_go_on.clear()
    queue(session, "a@example.org", "b@example.org", "c@example.org")
    start_loop(looping)
    transport.arrived.get(timeout=PATIENCE)
    stopping = Thread(target=stop_loop)
    stopping.start()
    one = running._Running.loop  # noqa: SLF001 - the moment it knows that it must stop
    while one and not one.is_stopping():
        pass
    transport.may_go_on.set()
    stopping.join(PATIENCE)
    assert states(session) == [State.SENT, State.QUEUED, State.QUEUED]


def test_there_is_one_loop_in_a_process_and_stopping_twice_does_no_harm(
    looping: Flask,
) -> None:
    start_loop(looping)
    first = running._Running.thread  # noqa: SLF001
    start_loop(looping)
    assert running._Running.thread is first  # noqa: SLF001
    stop_loop()
    stop_loop()
    assert first is not None
    assert first.is_alive() is False


def test_a_loop_that_is_switched_off_does_not_start(
    looping: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(looping.config, "DELIVERY_LOOP", False)
    start_loop(looping)
    assert running._Running.thread is None  # noqa: SLF001


def test_mail_goes_once_the_server_is_back(
    looping: Flask, session: Session, transport: Watched
) -> None:
    transport.down = 3
    queue(session, "ada@example.org")
    start_loop(looping)
    assert transport.arrived.get(timeout=PATIENCE) == "ada@example.org"


def test_nothing_a_turn_meets_ends_the_loop(
    looping: Flask,
    session: Session,
    transport: Watched,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stumbles = iter([RuntimeError("a bug"), OSError("no disk")])
    has_due = queries.has_due

    def stumble(*args: Any, **given: Any) -> bool:
        for error in stumbles:
            raise error
        return has_due(*args, **given)

    monkeypatch.setattr(queries, "has_due", stumble)
    queue(session, "ada@example.org")
    start_loop(looping)
    assert transport.arrived.get(timeout=PATIENCE) == "ada@example.org"


@pytest.mark.usefixtures("looking")
def test_a_chore_is_done_in_its_time_by_one_loop_of_two(
    looping: Flask, session: Session, clock: MovingClock
) -> None:
    done: list[datetime] = []
    every = timedelta(minutes=1)
    looping.extensions["csd_chores"] = [("remind", every, done.append)]
    loops = [Loop(looping), Loop(looping)]
    for seconds in (0, 30, 60, 90, 120):
        clock.now = datetime.fromisoformat("2030-05-01T12:00Z")
        clock.move(timedelta(seconds=seconds))
        for each in loops:
            assert each._turn() is loop.Turn.IDLE  # noqa: SLF001
    minutes = [at.minute for at in done]
    assert minutes == [0, 1, 2]


@pytest.mark.usefixtures("looking")
def test_a_chore_that_fails_comes_again_and_holds_up_nothing(
    looping: Flask, session: Session, transport: Watched, clock: MovingClock
) -> None:
    done: list[str] = []

    def fail(_now: datetime) -> None:
        db.session.execute(select(OutboxMessage))
        done.append("failed")
        raise RuntimeError("a bug")

    minute = timedelta(minutes=1)
    looping.extensions["csd_chores"] = [
        ("fail", minute, fail),
        ("tidy", minute, lambda _now: done.append("tidied")),
    ]
    queue(session, "ada@example.org")
    one = Loop(looping)
    one._turn()  # noqa: SLF001
    clock.move(minute)
    one._turn()  # noqa: SLF001
    assert done == ["failed", "tidied"] * 2
    assert transport.subjects == ["You are registered"]


@pytest.mark.usefixtures("looking")
def test_the_loop_says_that_it_lives_every_ten_seconds(
    looping: Flask, session: Session, clock: MovingClock
) -> None:
    one = Loop(looping)
    ages = []
    for _ in range(4):
        one._turn()  # noqa: SLF001
        clock.move(timedelta(seconds=4))
        age = queries.health(session, now=clock.now).loop_age
        ages.append(age and age.total_seconds())
        session.rollback()
    assert ages == [4, 8, 12, 4]


@pytest.mark.usefixtures("looking")
def test_while_the_server_is_away_the_loop_lives_and_does_its_chores(
    looping: Flask,
    session: Session,
    transport: Watched,
    clock: MovingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mail server that does not answer is no dead loop."""
    monkeypatch.setattr(rules, "pause_after", lambda _failures: timedelta(hours=1))
    done: list[datetime] = []
    looping.extensions["csd_chores"] = [("remind", timedelta(minutes=1), done.append)]
    transport.down = 1
    queue(session, "ada@example.org")
    one = Loop(looping)
    turns = []
    for _ in range(3):
        turns.append(one._turn())  # noqa: SLF001
        clock.move(timedelta(minutes=1))
    assert turns == [loop.Turn.IDLE] * 3
    assert len(done) == 3
    assert transport.sent == []
    age = queries.health(session, now=clock.now).loop_age
    assert age == timedelta(minutes=1)
