"""Mails set aside and taken up again, and mails that may not go yet."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.outbox import service
from csd_events.outbox.delivery import deliver_due
from csd_events.outbox.message import Due, Later, Message
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.queries import MAILS
from csd_events.outbox.rules import State
from tests.factories import HOUR, NOON
from tests.mailing import KIND, MovingClock, compose, make_means, queue

ALL = MAILS.c.kind == KIND


def found(session: Session) -> dict[str, tuple[State, str | None]]:
    session.rollback()
    rows = select(OutboxMessage.to_address, OutboxMessage.state, OutboxMessage.note)
    return {
        address: (state, note)
        for address, state, note in session.execute(rows.order_by(OutboxMessage.id))
    }


def test_mail_set_aside_is_taken_up_as_the_same_mail_and_what_is_in_hand_left_alone(
    app: Flask, session: Session
) -> None:
    queue(session, "a@example.org", "b@example.org")
    ids = select(OutboxMessage.message_id).order_by(OutboxMessage.id)
    before = session.scalars(ids).all()
    session.rollback()
    with app.app_context(), transaction() as inside:
        service.claim_due(inside, claim="one", now=NOON, limit=1)
        service.set_aside(inside, ALL, why="a pause", now=NOON)
    assert found(session) == {
        "a@example.org": (State.SENDING, None),
        "b@example.org": (State.SKIPPED, "a pause"),
    }
    rang = []
    for why in ("another pause", "a pause"):
        service.BELL.clear()
        with app.app_context(), transaction() as inside:
            service.take_up(inside, ALL, why=why, now=NOON)
        rang.append(service.BELL.is_set())
    assert rang == [False, True]
    assert found(session) == {
        "a@example.org": (State.SENDING, None),
        "b@example.org": (State.QUEUED, None),
    }
    assert session.scalars(ids).all() == before


def test_a_mail_that_may_not_go_yet_waits_with_the_reason_and_goes_then(
    app: Flask, session: Session
) -> None:
    clock = MovingClock()

    def by_day(inside: Session, due: Due, now: datetime) -> Message | Later:
        if now < NOON + HOUR:
            return Later("not before one", NOON + HOUR)
        return compose(inside, due, now)

    means = make_means(clock=clock, composer=by_day)
    queue(session, "a@example.org")
    with app.app_context():
        assert deliver_due(means).sent == 0
        assert found(session) == {"a@example.org": (State.QUEUED, "not before one")}
        assert deliver_due(means).claimed == 0
        clock.move(HOUR)
        assert deliver_due(means).sent == 1


def test_a_mail_that_was_put_off_ten_times_was_not_tried_once(
    app: Flask, session: Session
) -> None:
    clock = MovingClock()

    def never(_inside: Session, _due: Due, now: datetime) -> Later:
        return Later("not yet", now + HOUR)

    means = make_means(clock=clock, composer=never)
    queue(session, "a@example.org")
    with app.app_context():
        for _ in range(10):
            assert deliver_due(means).claimed == 1
            clock.move(HOUR)
    assert session.scalars(select(OutboxMessage.attempts)).one() == 0
