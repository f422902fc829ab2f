"""Processes that deliver mail, and a mail server that kills them as they do."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from enum import Enum, auto
from pathlib import Path
from random import Random
from secrets import randbits
from threading import Event
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from csd_events.core.clock import utc_now
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.outbox.service import LEASE
from csd_events.registrations.service import register
from tests.factories import make_event, make_wish, writing
from tests.smtp import Script

ROOT = Path(__file__).parents[1]
SETTINGS = (
    *("BASE_URL", "CELERY_", "CSD_", "DATABASE_URL", "FLASK_", "MAIL_", "PORT"),
    "SECRET_KEY",
)
LONGEST = 0.005  # seconds from an answer to the kill: a commit, and a mail after it
PATIENCE = 600  # seconds until a test gives up; nothing is measured
SEED = "CSD_KILL_SEED"  # set it to what a failure has printed
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
    """At which mail of its victim, when, and how long after the answer."""

    mail: int
    moment: Moment
    delay: float
    first: Callable[[], None] = _nothing


def draw_blow(
    draw: Random,
    moment: Moment,
    *,
    farthest: int,
    first: Callable[[], None] = _nothing,
) -> Blow:
    """Draw a blow that falls at the `farthest` mail at last."""
    mail, delay = draw.randint(1, farthest), draw.uniform(0, LONGEST)
    return Blow(mail, moment, delay, first)


def seeded() -> Random:
    """What instants are drawn with. A failed test shows the seed it printed."""
    seed = int(os.environ.get(SEED) or randbits(32))
    print(f"{SEED}={seed}", flush=True)  # noqa: T201 - to draw the same again
    return Random(seed)  # noqa: S311 - instants, no secrets


@dataclass
class Assassin(Script):
    """A mail server that kills whoever hands it a mail, at a moment that was drawn.

    Attributes:
        victim: The group of processes that dies, by the number of its first.
        told: How many mails that group has begun.
        struck: Whose mail was in hand when it died after the answer.
        fell: Set once it was told to die.
    """

    blow: Blow | None = None
    victim: int = 0
    told: int = 0
    struck: list[str] = field(default_factory=list)
    fell: Event = field(default_factory=Event)

    def take_aim(self, blow: Blow | None) -> None:
        self.blow, self.told = blow, 0
        self.fell.clear()

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
        if blow := self._falls(Moment.AFTER_ANSWER):
            blow.first()
            self.struck.append(self.recipients[-1])
            # The answer leaves before the loop comes to its timers.
            asyncio.get_running_loop().call_later(blow.delay, self._kill)
        return answer

    def _strike(self, moment: Moment) -> None:
        if self._falls(moment):
            self._kill()

    def _falls(self, moment: Moment) -> Blow | None:
        """Return the blow if it falls now, which it does once.

        Where several send at once, others may have begun a mail since.
        """
        blow = self.blow
        if blow is None or moment is not blow.moment or self.told < blow.mail:
            return None
        self.blow = None
        return blow

    def _kill(self) -> None:
        os.killpg(self.victim, signal.SIGKILL)
        self.fell.set()

    # No properties: aiosmtpd reads every attribute of its handler for each connection.
    def copies(self) -> dict[str, list[str]]:
        """The Message-IDs that came to each address."""
        found: dict[str, list[str]] = {}
        for address, content in zip(self.recipients, self.contents, strict=True):
            message_id = message_from_bytes(content)["Message-ID"]
            found.setdefault(address, []).append(message_id)
        return found

    def repeats(self) -> int:
        """How many mails came that had come before."""
        return len(self.recipients) - len(set(self.recipients))


def settings_of(
    database_url: str, *, mail_port: int, **others: str
) -> Mapping[str, str]:
    """Return the environment of processes that work on a test's own database."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(SETTINGS)}
    told = {
        "CSD_ENV": "development",
        "CSD_SAMPLE_PASSWORD": "not used",
        "DATABASE_URL": database_url,
        "MAIL_PORT": str(mail_port),
        "MAIL_SERVER": "127.0.0.1",
        "SECRET_KEY": "testing only",
    }
    return clean | told | others


@contextmanager
def group_of(
    *commands: Sequence[str], settings: Mapping[str, str], said: Path
) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Run processes that live and die together; none of them is left at the end.

    The number of the first is the number of the group.

    Args:
        commands: What Python runs in each.
        settings: Their environment.
        said: Where all they say is added.
    """
    processes: list[subprocess.Popen[bytes]] = []
    try:
        with said.open("ab") as log:
            for command in commands:
                process = subprocess.Popen(
                    [sys.executable, *command],
                    cwd=ROOT,
                    env=settings,
                    stdout=log,
                    stderr=log,
                    process_group=processes[0].pid if processes else 0,
                )
                processes.append(process)
        yield processes
    finally:
        if processes:
            with suppress(ProcessLookupError):
                os.killpg(processes[0].pid, signal.SIGKILL)
        for process in processes:
            process.wait()


def warned_in(errors: str) -> set[int]:
    """Return whose mail a process warned might be a repeat, from what it said."""
    lines = [json.loads(line) for line in errors.splitlines() if line.startswith("{")]
    return {int(m[1]) for line in lines if (m := REPEAT.match(line["what"]))}


def registered(session: Session, addresses: Iterable[str]) -> None:
    """Register people, each of whom has a mail that is due."""
    event = make_event(session)
    with writing(session):
        for address in addresses:
            register(session, make_wish(event, email=address), now=utc_now())


def let_leases_end(session: Session) -> None:
    """Put the end of each lease that is running far into the past."""
    held = update(OutboxMessage).where(OutboxMessage.state == State.SENDING)
    with writing(session):
        session.execute(held.values(due_at=utc_now() - 2 * LEASE))


def not_marked(session: Session, taken: Collection[str]) -> set[str]:
    """Return whose mail the server has, of which our database does not know it."""
    session.rollback()
    sent = select(OutboxMessage.to_address).where(
        OutboxMessage.state == State.SENT, OutboxMessage.to_address.in_(taken)
    )
    found = set(taken) - set(session.scalars(sent))
    session.rollback()
    return found


def all_alike(copies: Mapping[str, list[str]]) -> bool:
    """Tell whether every copy of a mail has one Message-ID, and no other mail has."""
    each = [set(ids) for ids in copies.values()]
    return all(len(ids) == 1 for ids in each) and len(set().union(*each)) == len(each)


def ids_to(session: Session, addresses: Collection[str]) -> set[int]:
    wanted = OutboxMessage.to_address.in_(addresses)
    return set(session.scalars(select(OutboxMessage.id).where(wanted)))


def states(session: Session) -> dict[State, int]:
    """Count the mails by how they stand."""
    session.rollback()
    each = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    found = dict(session.execute(each).all())
    session.rollback()
    return found
