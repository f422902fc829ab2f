"""A process that delivers mail is killed: what it held arrives, and hardly twice."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from enum import Enum, auto
from pathlib import Path
from random import Random
from secrets import randbits
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.core.clock import utc_now
from csd_events.core.db import db
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.outbox.service import BATCH, LEASE
from tests.factories import make_event, make_registration, writing
from tests.mailing import people
from tests.smtp import Script, mail_server
from tests.system.world import build, leave

ROOT = Path(__file__).parents[3]
DELIVER = [sys.executable, "-m", "flask", "--app", "wsgi", "outbox", "deliver"]
SETTINGS = ("CSD_", "MAIL_", "DATABASE_URL", "BASE_URL", "SECRET_KEY", "PORT", "FLASK_")
MAILS = 40  # so that one claim takes hold of all of them
KILLS = 3
FARTHEST = 5  # no kill is later than at the fifth mail of a process
LONGEST = 0.005  # seconds from an answer to the kill: a commit, and a mail after it
SEED = "CSD_KILL_SEED"  # set it to what a failure has printed
NOTHING_SENT = "0 sent, 0 failed"
REPEAT = re.compile(r"mail ([0-9]+) may go a second time")


class Moment(Enum):
    """When in the handing over of a mail the process is killed."""

    AT_SENDER = auto()
    AT_RECIPIENT = auto()
    BEFORE_ANSWER = auto()
    AFTER_ANSWER = auto()


def _nothing() -> None:
    """Do nothing before the answer."""


@dataclass(frozen=True)
class Blow:
    """At which mail of a process, when, and how long after the answer."""

    mail: int
    moment: Moment
    delay: float
    first: Callable[[], None] = _nothing


@dataclass
class Assassin(Script):
    """A mail server that kills whoever hands it a mail, at a moment that was drawn."""

    blow: Blow | None = None
    victim: int = 0
    told: int = 0
    struck: list[str] = field(default_factory=list)

    async def handle_MAIL(self, *given: Any) -> str:  # noqa: N802 - aiosmtpd's name
        answer = await super().handle_MAIL(*given)
        self.told += 1
        self._strike(Moment.AT_SENDER)
        return answer

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802
        answer = await super().handle_RCPT(*given)
        self._strike(Moment.AT_RECIPIENT)
        return answer

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(*given)
        self._strike(Moment.BEFORE_ANSWER)
        if self.blow and self._falls(Moment.AFTER_ANSWER):
            self.blow.first()
            self.struck.append(self.recipients[-1])
            # The answer leaves before the loop comes to its timers.
            asyncio.get_running_loop().call_later(self.blow.delay, self._kill)
        return answer

    def _strike(self, moment: Moment) -> None:
        if self._falls(moment):
            self._kill()

    def _falls(self, moment: Moment) -> bool:
        blow = self.blow
        return bool(blow and (blow.mail, blow.moment) == (self.told, moment))

    def _kill(self) -> None:
        os.kill(self.victim, signal.SIGKILL)

    @property
    def copies(self) -> dict[str, list[str]]:
        """The Message-IDs that came to each address."""
        found: dict[str, list[str]] = {}
        for address, content in zip(self.recipients, self.contents, strict=True):
            message_id = message_from_bytes(content)["Message-ID"]
            found.setdefault(address, []).append(message_id)
        return found


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
    settings: dict[str, str]

    def deliver(self, blow: Blow | None = None) -> Ended:
        """Let a process deliver what is due; kill it if that was asked."""
        self.server.blow, self.server.told = blow, 0
        with subprocess.Popen(
            DELIVER,
            cwd=ROOT,
            env=self.settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            self.server.victim = process.pid  # long before it has read itself in
            out, errors = process.communicate()
        lines = [json.loads(at) for at in errors.splitlines() if at.startswith("{")]
        warned = {int(m[1]) for line in lines if (m := REPEAT.match(line["what"]))}
        return Ended(process.returncode, out.strip(), warned)


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
        event = make_event(session)
        for address in people(MAILS):
            make_registration(session, event, at=utc_now(), email=address)
        assert session.scalar(select(func.count(OutboxMessage.id))) == MAILS <= BATCH
        session.rollback()
        yield session


@pytest.fixture
def post(own_url: str, session: Session) -> Iterator[Post]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(SETTINGS)}
    server = Assassin()
    with mail_server(server) as port:
        settings = {
            "CSD_ENV": "development",
            "CSD_SAMPLE_PASSWORD": "not used",
            "DATABASE_URL": own_url,
            "MAIL_PORT": str(port),
            "MAIL_SERVER": "127.0.0.1",
            "SECRET_KEY": "testing only",
        }
        yield Post(server, clean | settings)


@pytest.fixture
def draw() -> Random:
    """What the instants are drawn with. A failed test shows the seed it printed."""
    seed = int(os.environ.get(SEED) or randbits(32))
    print(f"{SEED}={seed}")  # noqa: T201 - so that the same can be drawn again
    return Random(seed)  # noqa: S311 - instants, no secrets


def test_a_process_killed_between_the_answer_and_the_commit_repeats_one_mail(
    post: Post, session: Session, draw: Random
) -> None:
    """The server keeps the outcome from being committed until the process is dead."""

    def hold_rows() -> None:
        session.connection(execution_options={"writes": True})
        session.execute(select(OutboxMessage.id).with_for_update())

    warned: set[int] = set()
    for _ in range(KILLS):
        ended = post.deliver(_blow(draw, Moment.AFTER_ANSWER, first=hold_rows))
        session.rollback()
        assert ended.code == -signal.SIGKILL
        warned |= ended.warned
        _let_leases_end(session)
    last = post.deliver()

    copies = post.server.copies
    repeats = Counter(post.server.struck)
    assert len(post.server.struck) == KILLS
    assert {who: len(ids) - 1 for who, ids in copies.items()} == {
        who: repeats[who] for who in people(MAILS)
    }
    assert _all_alike(copies)
    assert _ids(session, repeats) <= warned | last.warned
    assert _states(session) == {State.SENT}


def test_a_process_killed_at_any_moment_loses_no_mail_and_repeats_one_at_most(
    post: Post, session: Session, draw: Random
) -> None:
    moments = draw.sample(list(Moment), k=len(Moment))
    warned: set[int] = set()
    for number, moment in enumerate(moments, start=1):
        ended = post.deliver(_blow(draw, moment))
        assert ended.code == -signal.SIGKILL
        assert _repeats(post) <= number
        warned |= ended.warned
        _let_leases_end(session)
    last = post.deliver()

    copies = post.server.copies
    assert set(copies) == set(people(MAILS))
    assert _repeats(post) <= len(moments)
    assert _all_alike(copies)
    twice = {who for who, ids in copies.items() if len(ids) > 1}
    assert _ids(session, twice) <= warned | last.warned
    assert _states(session) == {State.SENT}


def test_a_start_right_after_a_kill_sends_nothing_before_the_lease_has_ended(
    post: Post, session: Session, draw: Random
) -> None:
    blow = _blow(draw, draw.choice(list(Moment)))
    post.deliver(blow)
    came = len(post.server.contents)
    again = post.deliver()
    assert (again.said, len(post.server.contents)) == (NOTHING_SENT, came)
    _let_leases_end(session)
    post.deliver()
    assert set(post.server.copies) == set(people(MAILS))
    assert _repeats(post) <= 1


def _blow(
    draw: Random, moment: Moment, *, first: Callable[[], None] = _nothing
) -> Blow:
    mail, delay = draw.randint(1, FARTHEST), draw.uniform(0, LONGEST)
    return Blow(mail, moment, delay, first)


def _let_leases_end(session: Session) -> None:
    """Put the end of each lease that is running into the past."""
    with writing(session):
        held = select(OutboxMessage).where(OutboxMessage.state == State.SENDING)
        for mail in session.scalars(held.execution_options(populate_existing=True)):
            mail.due_at -= LEASE


def _repeats(post: Post) -> int:
    return len(post.server.contents) - len(post.server.copies)


def _all_alike(copies: dict[str, list[str]]) -> bool:
    """Tell whether every copy of a mail has one Message-ID, and no other mail has."""
    each = [set(ids) for ids in copies.values()]
    return all(len(ids) == 1 for ids in each) and len(set().union(*each)) == len(each)


def _ids(session: Session, addresses: Any) -> set[int]:
    wanted = OutboxMessage.to_address.in_(list(addresses))
    return set(session.scalars(select(OutboxMessage.id).where(wanted)))


def _states(session: Session) -> set[State]:
    session.rollback()
    return set(session.scalars(select(OutboxMessage.state)))
