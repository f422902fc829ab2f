"""A look into a mailbox, in a thread of its own: no mail waits for a silent server."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Thread

from flask import Flask

from csd_events.core.db import db, transaction
from csd_events.outbox import queries, service
from csd_events.outbox.bounces.imap import ImapMailbox
from csd_events.outbox.bounces.letters import Letter, Mailbox, MailboxError
from csd_events.outbox.bounces.maildir import MaildirMailbox
from csd_events.outbox.queries import Seen
from csd_events.outbox.reports import read_failure
from csd_events.outbox.service import Taken

log = logging.getLogger(__name__)


def mailbox_of(url: str, password: str) -> Mailbox:
    """Return the mailbox that the settings name."""
    kind, _, path = url.partition(":")
    if kind == "maildir":
        return MaildirMailbox(Path(path))
    return ImapMailbox(url, password)


def look(mailbox: Mailbox, *, clock: Callable[[], datetime]) -> int:
    """Take what came back since the last look. Return how many mails that were.

    Each is committed before its report is marked as seen to, and how far the mailbox
    was read at the end: who is killed reads some again, which changes nothing.

    Raises:
        MailboxError: It cannot be read, which staff see; what was taken is kept.
    """
    now = clock()
    seen = queries.find_seen(db.session(), mailbox.name)
    db.session.rollback()
    try:
        with mailbox.open(seen, now=now) as visit:
            number = 0
            seen = visit.seen
            for letter in visit.letters:
                taken = _take(letter, now)
                if taken is Taken.TOO_EARLY:
                    break
                number += taken is Taken.NOW
                if letter.uid is not None:
                    seen = replace(seen, last_uid=letter.uid)
    except MailboxError as error:
        with transaction() as session:
            service.note_trouble(session, mailbox.name, str(error), now=now)
        raise
    _note(mailbox, replace(seen, looked_at=now))
    return number


def _take(letter: Letter, now: datetime) -> Taken:
    failure = read_failure(letter.raw)
    if failure is None:
        return Taken.NOT_OURS
    with transaction() as session:
        taken = service.take(session, failure, now=now)
    if taken in {Taken.NOW, Taken.BEFORE}:
        letter.mark()
    return taken


def _note(mailbox: Mailbox, seen: Seen) -> None:
    with transaction() as session:
        service.note_look(session, mailbox.name, seen)


class Reader:
    """Looks into a mailbox whenever it is asked to, unless it is still at it."""

    def __init__(self, app: Flask, mailbox: Mailbox) -> None:
        self._app = app
        self._mailbox = mailbox
        self._thread: Thread | None = None

    def begin(self, _at: datetime) -> None:
        """Begin a look, and wait for nothing."""
        if not self.is_busy():
            self._thread = Thread(target=self._run, name="bounces", daemon=True)
            self._thread.start()

    def is_busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def join(self, timeout: float) -> None:
        """Wait for the look that was begun."""
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        with self._app.app_context():
            try:
                look(self._mailbox, clock=self._app.config["CLOCK"])
            except MailboxError as error:
                log.warning("mail that comes back cannot be read: %s", error)
            except Exception:
                log.exception("reading mail that came back failed; it comes again")
