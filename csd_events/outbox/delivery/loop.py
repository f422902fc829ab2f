"""The delivery loop: one thread in each server process, or in each worker.

It wakes when mail has been committed in its process and otherwise looks every second,
so mail queued by another process leaves within two. It also begins the chores of the
program, each in one process at a time, and runs its errands. Nothing it meets ends it.
A worker is rung for instead, and then takes the very same turns.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from threading import Event
from time import monotonic

from flask import Flask

from csd_events.core.db import db, transaction
from csd_events.outbox import queries, rules, service
from csd_events.outbox.delivery.batch import (
    HEARTBEAT_EVERY,
    Means,
    Report,
    deliver_due,
)
from csd_events.outbox.queries import HEARTBEAT

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds
#: Mail that is committed within so long leaves together, by one connection.
GATHER_FOR = 0.2  # seconds

#: Its name, how often it is due, and what does it.
Chore = tuple[str, timedelta, Callable[[datetime], None]]
#: Its name, and what looks for work at every turn, and does a second's worth of it.
Errand = tuple[str, Callable[[datetime], None]]


class Turn(Enum):
    """How a look at the outbox ended."""

    IDLE = auto()
    MORE = auto()
    STUMBLED = auto()


class Loop:
    """Delivers mail and begins chores until it is told to stop."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._means = Means.of(app, is_stopping=self.is_stopping)
        self._chores: Sequence[Chore] = app.extensions["csd_chores"]
        self._errands: Sequence[Errand] = app.extensions["csd_errands"]
        self._stop = Event()
        self._refusals = 0
        self._stumbles = 0
        self._mail_rests_until = 0.0
        self._rests_until = 0.0
        self._looks_at = 0.0

    def is_stopping(self) -> bool:
        return self._stop.is_set()

    def stop(self) -> None:
        """Let the message in hand be the last."""
        self._stop.set()
        service.BELL.set()

    def run(self) -> None:
        while not self.is_stopping():
            self.catch_up()
            if not self.is_stopping():
                self._wait()

    def catch_up(self) -> None:
        """Take turns until nothing is left to do. After one that stumbled, rest."""
        while not self.is_stopping() and monotonic() >= self._rests_until:
            service.BELL.clear()
            turn = self._turn()
            self._stumbles = self._stumbles + 1 if turn is Turn.STUMBLED else 0
            if turn is Turn.STUMBLED:
                rest = rules.pause_after(self._stumbles).total_seconds()
                self._rests_until = monotonic() + rest
            elif turn is Turn.IDLE:
                break

    def _wait(self) -> None:
        """Wait for mail of this process, or until it is time to look for other."""
        if (rest := self._rests_until - monotonic()) > 0:
            self._stop.wait(rest)
            return
        waits_for = self._stop if self._mail_rests() else service.BELL
        if waits_for.wait(max(0.0, self._looks_at - monotonic())):
            self._stop.wait(GATHER_FOR)

    def _turn(self) -> Turn:
        try:
            with self._app.app_context():
                is_due = self._look() if monotonic() >= self._looks_at else True
                return self._deliver() if is_due else Turn.IDLE
        except Exception:
            log.exception("the delivery loop stumbled, and goes on")
            return Turn.STUMBLED

    def _look(self) -> bool:
        """Begin the chores that are due. Tell whether any mail is."""
        self._looks_at = monotonic() + LOOK_EVERY
        now = self._means.clock()
        session = db.session()
        begun = queries.list_chores(session)
        is_due = queries.has_due(session, now=now)
        session.rollback()
        if self._takes(HEARTBEAT, HEARTBEAT_EVERY, begun, now):
            log.debug("the delivery loop turns")
        for name, every, do in self._chores:
            if not self.is_stopping() and self._takes(name, every, begun, now):
                self._do(name, do, now)
        for name, do in self._errands:
            if not self.is_stopping():
                self._do(name, do, now)
        return is_due

    def _deliver(self) -> Turn:
        if self._mail_rests():
            return Turn.IDLE
        report = deliver_due(self._means)
        self._rest_after(report)
        return Turn.MORE if report.claimed == service.BATCH else Turn.IDLE

    def _mail_rests(self) -> bool:
        return monotonic() < self._mail_rests_until

    def _rest_after(self, report: Report) -> None:
        """Leave an unwell server alone for a while; chores and heartbeat go on."""
        self._refusals = self._refusals + 1 if report.trouble else 0
        if report.trouble:
            rest = rules.pause_after(self._refusals).total_seconds()
            self._mail_rests_until = monotonic() + rest

    def _takes(
        self, name: str, every: timedelta, begun: dict[str, datetime], now: datetime
    ) -> bool:
        """Take a chore that seems due. The row decides, not what was read before."""
        last = begun.get(name)
        if last is not None and timedelta() <= now - last < every:
            return False
        with transaction() as session:
            return service.take_chore(session, name, every=every, now=now)

    @staticmethod
    def _do(name: str, do: Callable[[datetime], None], now: datetime) -> None:
        try:
            do(now)
        except Exception:
            log.exception("the chore %s failed; it comes again", name)
        finally:
            db.session.rollback()
