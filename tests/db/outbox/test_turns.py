"""Several workers take turns: after days away, at one moment, on a clock set back."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.outbox.delivery import Loop, loop
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.outbox.transport import MemoryTransport
from tests.factories import DAY, HOUR, make_event, make_registration
from tests.mailing import MovingClock
from tests.together import together

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> MovingClock:
    clock = MovingClock()
    monkeypatch.setitem(app.config, "CLOCK", clock)
    monkeypatch.setattr(loop, "LOOK_EVERY", 0)  # nobody waits between two turns
    return clock


@pytest.fixture
def transport(app: Flask, monkeypatch: pytest.MonkeyPatch) -> MemoryTransport:
    transport = MemoryTransport()
    monkeypatch.setitem(app.extensions, "csd_transport", transport)
    return transport


def take_turns(app: Flask, clock: MovingClock, workers: list[Loop]) -> None:
    """Let all look at one moment, and once more when what they queued is there."""
    for _ in range(2):
        assert together(app, *[each.catch_up for each in workers]) == []
        clock.move(timedelta(seconds=1))


def received(transport: MemoryTransport) -> Counter[str]:
    """Count the mails that came to each address since this was asked last."""
    to = Counter(mail["To"].rpartition("<")[2].rstrip(">") for mail in transport.sent)
    transport.sent.clear()
    return to


def test_scheduler_down_for_two_days_sends_what_still_holds_once_and_nothing_stale(
    app: Flask, session: Session, clock: MovingClock, transport: MemoryTransport
) -> None:
    """Two workers come back at once; nobody is reminded of what has begun."""
    start = clock.now + 10 * DAY
    over = make_event(session, slug="over", starts_at=start - DAY)
    coming = make_event(session, slug="coming", starts_at=start)
    make_registration(session, over, email="over@example.org")
    make_registration(session, coming, email="coming@example.org")
    workers = [Loop(app), Loop(app)]
    clock.now = start - 3 * DAY
    take_turns(app, clock, workers)
    received(transport)
    clock.now = start - DAY + HOUR
    take_turns(app, clock, workers)
    take_turns(app, clock, workers)
    assert received(transport) == {"coming@example.org": 1}
    waiting = select(OutboxMessage.id).where(OutboxMessage.state == State.QUEUED)
    session.rollback()
    assert session.scalars(waiting).all() == []


def test_a_clock_set_back_an_hour_repeats_no_reminder_and_holds_up_none(
    app: Flask, session: Session, clock: MovingClock, transport: MemoryTransport
) -> None:
    start = clock.now + 10 * DAY
    event = make_event(session, starts_at=start)
    make_registration(session, event, email="ada@example.org")
    workers = [Loop(app), Loop(app)]
    clock.now = start - DAY + MINUTE
    take_turns(app, clock, workers)
    assert received(transport) == {"ada@example.org": 2}  # and the confirmation
    clock.move(-HOUR)
    make_registration(session, event, at=clock.now, email="bo@example.org")
    take_turns(app, clock, workers)
    assert received(transport) == {"bo@example.org": 1}
    clock.now = start - DAY + 2 * MINUTE  # which it passes a second time
    take_turns(app, clock, workers)
    assert received(transport) == {"bo@example.org": 1}
    clock.now = start - HOUR + MINUTE
    take_turns(app, clock, workers)
    assert received(transport) == {"ada@example.org": 1, "bo@example.org": 1}
