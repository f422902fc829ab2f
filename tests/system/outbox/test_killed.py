"""A process that delivers mail is killed: what it held arrives, and hardly twice."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.core.db import db
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.outbox.service import BATCH
from tests.killing import (
    ROOT,
    Assassin,
    Blow,
    Moment,
    all_alike,
    draw_blow,
    ids_to,
    let_leases_end,
    registered,
    seeded,
    settings_of,
    states,
    warned_in,
)
from tests.mailing import people
from tests.smtp import mail_server
from tests.system.world import build, leave

DELIVER = [sys.executable, "-m", "flask", "--app", "wsgi", "outbox", "deliver"]
MAILS = 40  # so that one claim takes hold of all of them
KILLS = 3
FARTHEST = 5  # no kill is later than at the fifth mail of a process
NOTHING_SENT = "0 sent, 0 failed"
ALL_SENT = {State.SENT: MAILS}


@dataclass(frozen=True)
class Ended:
    """How a process ended, what it said, and whose mail it warned might be a repeat."""

    code: int
    said: str
    warned: set[int]


@dataclass(frozen=True)
class Post:
    """A mail server that runs, and processes that deliver to it."""

    server: Assassin
    settings: Mapping[str, str]

    def deliver(self, blow: Blow | None = None) -> Ended:
        """Let a process deliver what is due; kill it if that was asked."""
        self.server.take_aim(blow)
        with subprocess.Popen(
            DELIVER,
            cwd=ROOT,
            env=self.settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        ) as process:
            self.server.victim = process.pid  # long before it has read itself in
            out, errors = process.communicate()
        return Ended(process.returncode, out.strip(), warned_in(errors))


@pytest.fixture
def app(own_url: str) -> Iterator[Flask]:
    app = build(own_url)
    with app.app_context():
        db.create_all()
        yield app
        leave()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """Forty people who have registered, each with a mail that is due."""
    with Session(db.engine, expire_on_commit=False) as session:
        registered(session, people(MAILS))
        assert session.scalar(select(func.count(OutboxMessage.id))) == MAILS <= BATCH
        session.rollback()
        yield session


@pytest.fixture
def post(own_url: str, session: Session) -> Iterator[Post]:
    server = Assassin()
    with mail_server(server) as port:
        yield Post(server, settings_of(own_url, mail_port=port))


@pytest.fixture
def draw() -> Random:
    return seeded()


def test_a_process_killed_between_the_answer_and_the_commit_repeats_one_mail(
    post: Post, session: Session, draw: Random
) -> None:
    """The server keeps the outcome from being committed until the process is dead."""

    def hold_rows() -> None:
        session.connection(execution_options={"writes": True})
        session.execute(select(OutboxMessage.id).with_for_update())

    warned: set[int] = set()
    for _ in range(KILLS):
        ended = post.deliver(
            draw_blow(draw, Moment.AFTER_ANSWER, farthest=FARTHEST, first=hold_rows)
        )
        session.rollback()
        assert ended.code == -signal.SIGKILL
        warned |= ended.warned
        let_leases_end(session)
    last = post.deliver()

    copies = post.server.copies()
    repeats = Counter(post.server.struck)
    assert len(post.server.struck) == KILLS
    assert {who: len(ids) - 1 for who, ids in copies.items()} == {
        who: repeats[who] for who in people(MAILS)
    }
    assert all_alike(copies)
    assert ids_to(session, repeats) <= warned | last.warned
    assert states(session) == ALL_SENT


def test_a_process_killed_at_any_moment_loses_no_mail_and_repeats_one_at_most(
    post: Post, session: Session, draw: Random
) -> None:
    moments = draw.sample(list(Moment), k=len(Moment))
    warned: set[int] = set()
    for number, moment in enumerate(moments, start=1):
        ended = post.deliver(draw_blow(draw, moment, farthest=FARTHEST))
        assert ended.code == -signal.SIGKILL
        assert post.server.repeats() <= number
        warned |= ended.warned
        let_leases_end(session)
    last = post.deliver()

    copies = post.server.copies()
    assert set(copies) == set(people(MAILS))
    assert post.server.repeats() <= len(moments)
    assert all_alike(copies)
    twice = {who for who, ids in copies.items() if len(ids) > 1}
    assert ids_to(session, twice) <= warned | last.warned
    assert states(session) == ALL_SENT


def test_a_start_right_after_a_kill_sends_nothing_before_the_lease_has_ended(
    post: Post, session: Session, draw: Random
) -> None:
    blow = draw_blow(draw, draw.choice(list(Moment)), farthest=FARTHEST)
    post.deliver(blow)
    came = len(post.server.contents)
    again = post.deliver()
    assert (again.said, len(post.server.contents)) == (NOTHING_SENT, came)
    let_leases_end(session)
    post.deliver()
    assert set(post.server.copies()) == set(people(MAILS))
    assert post.server.repeats() <= 1
