"""Deliver a batch: claim, commit, and for each mail compose, send, commit.

No transaction is open while the mail server thinks, and each outcome is committed as
soon as the server has answered: a process that is killed repeats one mail at most.
"""

import logging
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from secrets import SystemRandom
from typing import cast
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from csd_events.core.db import db, transaction
from csd_events.core.visitors import make_way
from csd_events.core.words import gettext as _
from csd_events.outbox import rules, service
from csd_events.outbox.mail import Kept, readings_kept
from csd_events.outbox.message import Body, Due, Later, Message, Skip
from csd_events.outbox.queries import HEARTBEAT
from csd_events.outbox.rules import Outcome, State, Verdict
from csd_events.outbox.transport import (
    DroppedError,
    Envelope,
    Line,
    NotTakenError,
    Transport,
    UnreachableError,
    wire_address,
    write,
)

log = logging.getLogger(__name__)

#: Writes a mail that is due, or says why it no longer applies, or not yet.
Composer = Callable[[Session, Due, datetime], Message | Later | Skip]

#: How often a loop says that it lives, and a batch renews its lease.
HEARTBEAT_EVERY = timedelta(seconds=10)
#: For so long mails of a batch share what was read: others may change it meanwhile.
READS_AGAIN_AFTER = timedelta(seconds=1)
#: In a rush mail waits while visitors do, but no longer than this.
MAKES_WAY_FOR = timedelta(seconds=10)
LOOK_AGAIN_AFTER = 0.5  # seconds
#: So many in a row that were cut off or told to slow down: the server is unwell.
UNWELL = 2
LONGEST_NOTE = 500  # characters
HOLDER_GONE = "whoever held it ended without a word; the Message-ID is the same"

#: What a server's answer may name, and a log shall not.
ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")

_random = SystemRandom()


def never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What delivery works with.

    Attributes:
        composers: By kind.
        domain: What stands right of the @ in every Message-ID.
        to_nobody: Whether addresses kept for examples are written to.
        is_stopping: Asked before each mail.
    """

    transport: Transport
    composers: Mapping[str, Composer]
    clock: Callable[[], datetime]
    domain: str
    to_nobody: bool
    is_stopping: Callable[[], bool] = never

    @classmethod
    def of(cls, app: Flask, *, is_stopping: Callable[[], bool] = never) -> "Means":
        return cls(
            transport=app.extensions["csd_transport"],
            composers=app.extensions["csd_composers"],
            clock=app.config["CLOCK"],
            domain=cast("str", urlsplit(app.config["BASE_URL"]).hostname),
            to_nobody=app.config["DEVELOPMENT"] or app.testing,
            is_stopping=is_stopping,
        )


@dataclass(slots=True)
class Report:
    """What became of a batch.

    Attributes:
        claimed: How many mails were taken.
        trouble: Why the rest was given back; None when all went as it should.
    """

    claimed: int
    sent: int = 0
    failed: int = 0
    trouble: str | None = None


def deliver_due(means: Means, *, limit: int = service.BATCH) -> Report:
    """Deliver one batch of what is due, inside an application context."""
    claim = uuid4().hex
    with transaction() as session:
        now = means.clock()
        mails = service.claim_due(session, claim=claim, now=now, limit=limit)
    report = Report(claimed=len(mails))
    if mails:
        _Batch(means, report, mails, claim=claim).deliver()
    if report.trouble:
        log.warning("mail waits: %s", ADDRESS.sub("<address>", report.trouble))
    return report


@dataclass(frozen=True, slots=True)
class _Written:
    """A mail that is ready to go, and what is kept of it."""

    mail: EmailMessage
    envelope: Envelope
    body: Body


class _Batch:
    """Some mails under one claim, on their way through one connection."""

    def __init__(
        self, means: Means, report: Report, mails: list[Due], *, claim: str
    ) -> None:
        self._means = means
        self._report = report
        self._waiting = deque(mails)
        self._claim = claim
        self._renewed_at = self._read_at = means.clock()
        self._unwell = 0
        self._kept: Kept = {}

    def deliver(self) -> None:
        try:
            with readings_kept() as self._kept, self._means.transport.open() as line:
                while self._goes_on():
                    self._deliver_next(line)
        except UnreachableError as error:
            self._report.trouble = str(error)
        finally:
            self._give_back()

    def _goes_on(self) -> bool:
        if self._means.is_stopping() or self._report.trouble:
            return False
        self._renew()
        return bool(self._waiting)

    def _deliver_next(self, line: Line) -> None:
        due = self._waiting.popleft()
        self._make_way(due)
        self._forget()  # what was true before that wait
        if due.repeat:
            log.warning("mail %s may go a second time: %s", due.id, HOLDER_GONE)
        written = self._write(due)
        if isinstance(written, Outcome):
            return self._record(due, written)
        try:
            outcome = self._send(due, written, line)
        except UnreachableError:
            self._waiting.appendleft(due)
            raise
        return self._record(due, outcome, written.body)

    def _make_way(self, due: Due) -> None:
        """Let visitors of this process have their pages first, for a little while."""
        until = due.due_at + MAKES_WAY_FOR
        while (
            self._means.clock() < until
            and not self._means.is_stopping()
            and not make_way(LOOK_AGAIN_AFTER)
        ):
            pass

    def _write(self, due: Due) -> _Written | Outcome:
        """Compose a mail, or say what becomes of one that cannot or need not go."""
        try:
            message = self._compose(due)
            if isinstance(message, Skip):
                return Outcome(State.SKIPPED, message.reason)
            if isinstance(message, Later):
                return Outcome(
                    State.QUEUED, message.reason, again_at=message.at, was_tried=False
                )
            recipient = wire_address(message.to_address)
            nobody = rules.is_nobody(recipient) and not self._means.to_nobody
            if nobody or rules.is_bulk(recipient):
                return Outcome(State.SKIPPED, _("This address belongs to nobody."))
            message_id = f"{due.message_id}@{self._means.domain}"
            mail = write(message, message_id=message_id, now=self._means.clock())
            envelope = Envelope(wire_address(message.from_address), recipient)
        except OperationalError as error:  # the database's trouble, not the mail's
            log.warning("mail %s cannot be composed now: %s", due.id, error.orig)
            return self._refused(due, Verdict.TEMPORARY, _in_short(error.orig))
        except Exception as error:
            log.exception("mail %s cannot be composed", due.id)
            return Outcome(State.FAILED, _in_short(error))
        headers = {name: str(value) for name, value in mail.items()}
        body = Body(subject=message.subject, text=message.text, headers=headers)
        return _Written(mail, envelope, body)

    def _compose(self, due: Due) -> Message | Later | Skip:
        session = db.session()
        try:
            composer = self._means.composers[due.kind]
            return composer(session, due, self._means.clock())
        finally:
            session.rollback()  # nothing is open while the server thinks

    def _send(self, due: Due, written: _Written, line: Line) -> Outcome:
        try:
            answer = line.send(written.mail, written.envelope)
        except NotTakenError as error:
            verdict = rules.verdict(error.code, error.answer)
            self._watch(str(error), unwell=verdict is Verdict.SLOW_DOWN)
            return self._refused(due, verdict, str(error))
        except DroppedError as error:
            self._watch(str(error), unwell=True)
            return self._refused(due, Verdict.TEMPORARY, str(error))
        self._watch(answer, unwell=False)
        return Outcome(State.SENT, answer)

    def _watch(self, answer: str, *, unwell: bool) -> None:
        """Leave a server alone that cuts us off, or asks for rest, twice in a row."""
        self._unwell = self._unwell + 1 if unwell else 0
        if self._unwell >= UNWELL:
            self._report.trouble = answer

    def _refused(self, due: Due, verdict: Verdict, answer: str) -> Outcome:
        wait = rules.wait_before_next(
            verdict, attempts=due.attempts, jitter=_random.random()
        )
        if wait is None:
            return Outcome(State.FAILED, answer)
        return Outcome(State.QUEUED, answer, again_at=self._means.clock() + wait)

    def _record(self, due: Due, outcome: Outcome, body: Body | None = None) -> None:
        now = self._means.clock()
        sent = outcome.state is State.SENT
        with transaction() as session:
            held = service.settle(session, due.id, outcome, claim=self._claim, now=now)
            if held and sent and body and not rules.is_private(due.kind):
                service.keep_body(session, due.id, body, now=now)
        if not held:
            log.warning("mail %s: %s came too late", due.id, outcome.state)
        self._report.sent += sent
        self._report.failed += outcome.state is State.FAILED

    def _renew(self) -> None:
        """Hold what waits for longer, and let go of what others hold by now."""
        now = self._means.clock()
        if timedelta() <= now - self._renewed_at < HEARTBEAT_EVERY:
            return
        with transaction() as session:
            service.take_chore(session, HEARTBEAT, every=HEARTBEAT_EVERY, now=now)
            ids = [due.id for due in self._waiting]
            ours = service.renew(session, ids, claim=self._claim, now=now)
        self._waiting = deque(due for due in self._waiting if due.id in ours)
        self._renewed_at = now

    def _forget(self) -> None:
        now = self._means.clock()
        if not timedelta() <= now - self._read_at < READS_AGAIN_AFTER:
            self._kept.clear()
            self._read_at = now

    def _give_back(self) -> None:
        ids = [due.id for due in self._waiting]
        if ids:
            with transaction() as session:
                service.give_back(
                    session,
                    ids,
                    claim=self._claim,
                    now=self._means.clock(),
                    why=self._report.trouble,
                )


def _in_short(error: BaseException | None) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_NOTE]
