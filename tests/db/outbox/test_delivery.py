"""Delivery, from the claimed row to what became of it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from dataclasses import replace as changed
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from csd_events.core.db import db
from csd_events.outbox import queries, service
from csd_events.outbox.delivery import Means, Report, batch, deliver_due
from csd_events.outbox.message import Due, Message, Skip
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.queries import Filters
from csd_events.outbox.rules import State
from csd_events.outbox.transport import (
    DroppedError,
    Envelope,
    MemoryTransport,
    NotTakenError,
    UnreachableError,
)
from tests.mailing import MESSAGE, MovingClock, compose, make_means, people, queue

Answer = Callable[[int, EmailMessage], str | BaseException]


@dataclass
class Scripted:
    """A way out that answers as it is told, by how often it was asked."""

    answer: Answer
    sent: list[EmailMessage] = field(default_factory=list)
    asked: int = 0
    in_transaction: list[bool] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator["Scripted"]:
        yield self

    def send(self, mail: EmailMessage, _envelope: Envelope) -> str:
        self.asked += 1
        self.in_transaction.append(db.session().in_transaction())
        answer = self.answer(self.asked, mail)
        if isinstance(answer, BaseException):
            raise answer
        self.sent.append(mail)
        return answer

    @property
    def to(self) -> list[str]:
        return [mail["To"].partition("<")[2].rstrip(">") for mail in self.sent]


class Killed(BaseException):
    """The kernel ends the process: nothing of ours runs after it."""


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect what delivery logs, wherever else its lines go."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    delivery = logging.getLogger("csd_events.outbox.delivery")
    delivery.addHandler(handler)
    yield said
    delivery.removeHandler(handler)


def always(error: BaseException) -> Answer:
    return lambda _asked, _mail: error


def rows(session: Session) -> list[OutboxMessage]:
    session.expire_all()
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def states(session: Session) -> list[State]:
    return [row.state for row in rows(session)]


def deliver(app: Flask, means: Means) -> Report:
    with app.app_context():
        return deliver_due(means)


def deliver_all(app: Flask, means: Means) -> None:
    while deliver(app, means).claimed == service.BATCH:
        pass


def test_mail_goes_out_and_its_words_are_kept(
    app: Flask, session: Session, now: datetime
) -> None:
    queue(session, "ada@example.org")
    transport = MemoryTransport()
    report = deliver(app, make_means(transport))
    assert report == Report(claimed=1, sent=1)
    (row,) = rows(session)
    assert (row.state, row.sent_at, row.note) == (State.SENT, now, "250 remembered")
    (mail,) = transport.sent
    assert mail["Message-ID"] == f"<{row.message_id}@csd.test>"
    assert transport.envelopes == [Envelope("events@csd.test", "ada@example.org")]
    body = queries.find_body(session, row.id)
    assert body is not None
    assert (body.subject, body.text) == (MESSAGE.subject, MESSAGE.text)
    assert body.headers == dict(mail.items())


def test_words_with_a_private_link_are_not_kept(
    app: Flask, session: Session, now: datetime
) -> None:
    queue(session, "ada@example.org", kind="accounts.sign_in_link")
    deliver(app, make_means())
    assert states(session) == [State.SENT]
    assert queries.find_body(session, rows(session)[0].id) is None


def test_no_transaction_is_open_while_the_server_thinks(
    app: Flask, session: Session, now: datetime
) -> None:
    def look_and_compose(own: Session, due: Due, at: datetime) -> Message:
        own.scalars(select(OutboxMessage)).all()
        return compose(own, due, at)

    queue(session, *people(3))
    transport = Scripted(lambda *_: "250 taken")
    deliver(app, make_means(transport, composer=look_and_compose))
    assert transport.in_transaction == [False] * 3


def test_one_bad_address_among_five_hundred_leaves_499_delivered_and_one_reported(
    app: Flask, session: Session, now: datetime
) -> None:
    def answer(_asked: int, mail: EmailMessage) -> str | BaseException:
        bad = "person250@" in mail["To"]
        return NotTakenError(550, "5.1.1 no such user") if bad else "250 taken"

    everyone = list(people(500))
    queue(session, *everyone)
    transport = Scripted(answer)
    deliver_all(app, make_means(transport))
    assert sorted(transport.to) == sorted(set(everyone) - {"person250@example.org"})
    reported = queries.page_messages(session, Filters(attention=True))
    assert [(row.to_address, row.state, row.note) for row in reported.items] == [
        ("person250@example.org", State.FAILED, "550 5.1.1 no such user")
    ]


def test_mail_server_down_for_three_hours_delays_mail_which_is_then_sent_once(
    app: Flask, session: Session, now: datetime
) -> None:
    clock = MovingClock()
    up_again = now + timedelta(hours=3)

    def answer(*_: object) -> str | BaseException:
        down = clock.now < up_again
        return UnreachableError("ConnectionRefusedError") if down else "250 taken"

    queue(session, *people(3))
    transport = Scripted(answer)
    means = make_means(transport, clock=clock)
    while clock.now < up_again:
        assert deliver(app, means) == Report(
            claimed=3, trouble="ConnectionRefusedError"
        )
        clock.move(timedelta(minutes=1))
    health = queries.health(session, now=clock.now)
    assert (health.waiting, health.since) == (3, now)
    assert [(row.state, row.attempts) for row in rows(session)] == [
        (State.QUEUED, 0)
    ] * 3
    session.rollback()
    deliver(app, means)
    deliver(app, means)
    assert sorted(transport.to) == sorted(people(3))
    assert states(session) == [State.SENT] * 3


def test_a_mail_refused_for_now_climbs_the_ladder_and_fails_after_a_day(
    app: Flask, session: Session, now: datetime
) -> None:
    clock = MovingClock()
    queue(session, "ada@example.org")
    transport = Scripted(always(NotTakenError(450, "4.2.0 later")))
    means = make_means(transport, clock=clock)
    waits = []
    while states(session) == [State.QUEUED]:
        (row,) = rows(session)
        waits.append(row.due_at - clock.now)
        clock.move(row.due_at - clock.now)
        session.rollback()
        deliver(app, means)
    assert timedelta(seconds=30) <= waits[1] <= timedelta(seconds=37.5)
    assert transport.asked == len(waits) == 13
    (row,) = rows(session)
    assert (row.state, row.note) == (State.FAILED, "450 4.2.0 later")
    assert timedelta(days=0.95) < clock.now - now < timedelta(days=1.25)


def test_microsoft_answers_432_and_the_mail_is_retried_more_slowly_and_not_lost(
    app: Flask, session: Session, now: datetime
) -> None:
    clock = MovingClock()
    queue(session, "ada@example.org")
    no = NotTakenError(432, "4.3.2 STOREDRV.ClientSubmit; limit exceeded")
    transport = Scripted(lambda asked, _mail: no if asked == 1 else "250 taken")
    means = make_means(transport, clock=clock)
    deliver(app, means)
    (row,) = rows(session)
    assert row.state is State.QUEUED
    assert timedelta(minutes=5) <= row.due_at - now <= timedelta(minutes=6.25)
    clock.move(row.due_at - now)
    session.rollback()
    deliver(app, means)
    assert states(session) == [State.SENT]


@pytest.mark.parametrize(
    "error",
    [NotTakenError(421, "4.7.0 slow down"), DroppedError("SMTPServerDisconnected")],
    ids=["slow down", "cut off"],
)
def test_a_server_that_is_unwell_twice_in_a_row_is_left_alone(
    app: Flask, session: Session, now: datetime, error: Exception
) -> None:
    queue(session, *people(5))
    transport = Scripted(always(error))
    report = deliver(app, make_means(transport))
    assert report == Report(claimed=5, trouble=str(error))
    assert transport.asked == 2
    assert [(row.state, row.attempts) for row in rows(session)] == [
        *[(State.QUEUED, 1)] * 2,
        *[(State.QUEUED, 0)] * 3,
    ]


def test_a_server_that_is_unwell_now_and_then_gets_the_rest(
    app: Flask, session: Session, now: datetime
) -> None:
    queue(session, *people(6))
    transport = Scripted(lambda n, _: DroppedError("cut") if n % 2 else "250 taken")
    report = deliver(app, make_means(transport))
    assert report == Report(claimed=6, sent=3)


def test_a_worker_killed_between_sent_and_marked_repeats_one_mail_and_says_so(
    app: Flask, session: Session, now: datetime
) -> None:
    """The server has said 250; we have not written it down."""
    heard: list[EmailMessage] = []

    def kill_at_the_second(asked: int, mail: EmailMessage) -> str | BaseException:
        heard.append(mail)
        return Killed() if asked == 2 else "250 taken"

    queue(session, *people(4))
    with pytest.raises(Killed):
        deliver(app, make_means(Scripted(kill_at_the_second)))
    held = [row for row in rows(session) if row.state is State.SENDING]
    assert [row.to_address for row in held] == ["person2@example.org"]
    held[0].due_at = now - timedelta(days=9999)  # its lease ends
    session.commit()
    restarted = Scripted(lambda *_: "250 taken")
    with listening() as said:
        deliver(app, make_means(restarted))
    everything = [*heard, *restarted.sent]
    ids = [mail["Message-ID"] for mail in everything]
    assert (len(ids), len(set(ids))) == (5, 4)
    assert sorted(restarted.to) == [f"person{n}@example.org" for n in (2, 3, 4)]
    assert said == [
        f"mail {held[0].id} may go a second time: whoever held it ended without a word;"
        " the Message-ID is the same"
    ]
    assert states(session) == [State.SENT] * 4


def test_an_outcome_that_comes_too_late_changes_nothing(
    app: Flask, session: Session, now: datetime
) -> None:
    """Another process has taken the mail over while ours was in the server's hands."""

    def taken_over(*_: object) -> str:
        row = session.scalars(select(OutboxMessage)).one()
        row.claim = "another"
        session.commit()
        return "250 taken"

    queue(session, "ada@example.org")
    deliver(app, make_means(Scripted(taken_over)))
    (row,) = rows(session)
    assert (row.state, row.claim) == (State.SENDING, "another")
    assert queries.find_body(session, row.id) is None


def test_a_slow_batch_keeps_its_lease_and_lets_go_of_what_others_took(
    app: Flask, session: Session, now: datetime
) -> None:
    clock = MovingClock()

    def slow(asked: int, _mail: EmailMessage) -> str:
        clock.move(timedelta(minutes=1))
        if asked == 1:
            session.get_one(OutboxMessage, last).claim = "another"
            session.commit()
        return "250 taken"

    queue(session, *people(3))
    last = rows(session)[-1].id
    session.rollback()
    transport = Scripted(slow)
    deliver(app, make_means(transport, clock=clock))
    assert transport.to == ["person1@example.org", "person2@example.org"]
    beat = queries.health(session, now=clock.now).loop_age
    assert beat == timedelta(0)


def test_a_mail_that_cannot_be_composed_fails_at_once_and_alone(
    app: Flask, session: Session, now: datetime
) -> None:
    def stumble(own: Session, due: Due, at: datetime) -> Message:
        if due.to_address.startswith("person2"):
            raise KeyError("title")
        return compose(own, due, at)

    queue(session, *people(3))
    report = deliver(app, make_means(composer=stumble))
    assert report == Report(claimed=3, sent=2, failed=1)
    assert [(row.state, row.note) for row in rows(session)] == [
        (State.SENT, "250 remembered"),
        (State.FAILED, "KeyError: 'title'"),
        (State.SENT, "250 remembered"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Hello\r\nBcc: everyone@example.org"},
        {"to_address": "no address"},
        {"from_address": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_mail_that_cannot_be_written_fails_at_once_and_goes_nowhere(
    app: Flask, session: Session, now: datetime, change: dict[str, str]
) -> None:
    queue(session, "ada@example.org")
    transport = MemoryTransport()
    message = changed(MESSAGE, **change)  # type: ignore[arg-type]
    deliver(app, make_means(transport, composer=lambda *_: message))
    assert (states(session), transport.sent) == ([State.FAILED], [])


def test_a_kind_that_nobody_composes_fails_and_names_it(
    app: Flask, session: Session, now: datetime
) -> None:
    queue(session, "ada@example.org", kind="registration.unheard_of")
    deliver(app, make_means())
    (row,) = rows(session)
    assert (row.state, row.note) == (
        State.FAILED,
        "KeyError: 'registration.unheard_of'",
    )


def test_a_database_that_is_busy_is_no_fault_of_the_mail(
    app: Flask, session: Session, now: datetime
) -> None:
    def busy(*_: object) -> Message:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    queue(session, "ada@example.org")
    deliver(app, make_means(composer=busy))
    (row,) = rows(session)
    assert (row.state, row.note) == (State.QUEUED, "Exception: database is locked")
    assert timedelta(seconds=30) <= row.due_at - now <= timedelta(seconds=37.5)


def test_a_mail_that_no_longer_applies_is_kept_with_the_reason(
    app: Flask, session: Session, now: datetime
) -> None:
    queue(session, "ada@example.org")
    transport = MemoryTransport()
    means = make_means(transport, composer=lambda *_: Skip("The event is over."))
    assert deliver(app, means) == Report(claimed=1)
    (row,) = rows(session)
    assert (row.state, row.note) == (State.SKIPPED, "The event is over.")
    assert transport.sent == []


def test_nothing_is_sent_to_nobody(app: Flask, session: Session, now: datetime) -> None:
    queue(session, "a@example.org", "b@bulk.invalid", "c@town.gov")
    transport = MemoryTransport()
    deliver(app, make_means(transport, to_nobody=False))
    assert [envelope.recipient for envelope in transport.envelopes] == ["c@town.gov"]
    nobody = (State.SKIPPED, "This address belongs to nobody.")
    assert [(row.state, row.note) for row in rows(session)][:2] == [nobody] * 2


def test_who_is_told_to_stop_finishes_the_mail_in_hand_and_gives_back_the_rest(
    app: Flask, session: Session, now: datetime
) -> None:
    queue(session, *people(4))
    transport = MemoryTransport()
    means = make_means(transport, is_stopping=lambda: len(transport.sent) == 1)
    assert deliver(app, means) == Report(claimed=4, sent=1)
    assert [(row.state, row.attempts) for row in rows(session)] == [
        (State.SENT, 1),
        *[(State.QUEUED, 0)] * 3,
    ]


def test_means_come_from_the_settings(app: Flask) -> None:
    means = Means.of(app)
    assert (means.domain, means.to_nobody, means.is_stopping()) == (
        "csd.test",
        True,
        False,
    )
    assert means.transport is app.extensions["csd_transport"]


class WaitingClock(MovingClock):
    """A clock on which a second passes whenever somebody looks."""

    def __call__(self) -> datetime:
        self.move(timedelta(seconds=1))
        return self.now


def test_mail_waits_while_a_visitor_waits_but_not_for_ever(
    app: Flask, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LOOK_AGAIN_AFTER", 0.01)
    queue(session, *people(1))
    clock = WaitingClock(now)
    left_at: list[datetime] = []

    def answer(_asked: int, _mail: EmailMessage) -> str:
        left_at.append(clock.now)
        return "250 OK"

    with app.test_request_context():  # a page that somebody waits for
        app.preprocess_request()
        deliver(app, make_means(Scripted(answer), clock=clock))
    assert [at >= now + batch.MAKES_WAY_FOR for at in left_at] == [True]
    queue(session, *people(1), due_at=clock.now)
    queued_at = clock.now
    deliver(app, make_means(Scripted(answer), clock=clock))
    assert left_at[1] < queued_at + batch.MAKES_WAY_FOR
