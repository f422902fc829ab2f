"""A mailbox on another machine, by IMAP over TLS (RFC 3501, 8314)."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from csd_events.outbox.bounces.letters import (
    FIRST_LOOKS_BACK,
    Letter,
    MailboxError,
    Visit,
)
from csd_events.outbox.queries import Seen
from csd_events.outbox.reports import LONGEST

TIMEOUT = 20.0  # seconds for each answer
MOST_AT_ONCE = 200
PORT = 993
MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


class ImapMailbox:
    """Reads with a password, and only where the certificate is good.

    Args:
        url: ``imaps://user@host:port/folder``; port and folder may be left out.
    """

    def __init__(self, url: str, password: str, *, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        self.name = url
        self._host, self._port = (
            parts.hostname or "",
            parts.port or PORT,
        )
        self._user = unquote(parts.username or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self._password = password
        self._timeout = timeout

    @contextmanager
    def open(self, seen: Seen, *, now: datetime) -> Iterator[Visit]:
        try:
            with imaplib.IMAP4_SSL(
                self._host,
                self._port,
                ssl_context=ssl.create_default_context(),
                timeout=self._timeout,
            ) as server:
                server.authenticate("PLAIN", self._identity)
                yield self._visit(server, seen, now)
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError(f"{type(error).__name__}: {_words(error)}") from error

    def _identity(self, _asked: bytes) -> bytes:
        return f"\0{self._user}\0{self._password}".encode()

    def _visit(self, server: imaplib.IMAP4, seen: Seen, now: datetime) -> Visit:
        quoted = self._folder.replace("\\", "\\\\").replace('"', '\\"')
        _answer(server.select(f'"{quoted}"'))
        validity = int(server.response("UIDVALIDITY")[1][0])
        if seen.validity != validity:
            seen = replace(seen, validity=validity, last_uid=None)
        return Visit(_letters(server, _uids(server, seen, now)), seen)


def _uids(server: imaplib.IMAP4, seen: Seen, now: datetime) -> list[int]:
    """List the first of what is new. A range always names the last mail there is."""
    if seen.last_uid is None:
        day = now - FIRST_LOOKS_BACK
        wanted = f"SINCE {day.day}-{MONTHS[day.month - 1]}-{day.year}"
    else:
        wanted = f"UID {seen.last_uid + 1}:*"
    (found,) = _answer(server.uid("SEARCH", wanted))
    uids = sorted(map(int, (found or b"").split()))
    return [uid for uid in uids if uid > (seen.last_uid or 0)][:MOST_AT_ONCE]


def _letters(server: imaplib.IMAP4, uids: list[int]) -> Iterator[Letter]:
    for uid in uids:
        asked = f"(BODY.PEEK[]<0.{LONGEST}>)"  # which leaves it unread
        data = _answer(server.uid("FETCH", str(uid), asked))
        raw = next((part[1] for part in data if isinstance(part, tuple)), None)
        if raw is not None:  # somebody may have thrown it away meanwhile
            yield Letter(raw, partial(_mark, server, uid), uid)


def _mark(server: imaplib.IMAP4, uid: int) -> None:
    _answer(server.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))


def _answer(answered: tuple[str, list[Any]]) -> list[Any]:
    kind, data = answered
    if kind != "OK":
        raise MailboxError(_words(data[0]))
    return data


def _words(said: object) -> str:
    """Write an answer in one line; imaplib shows what a server said as bytes."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    text = re.sub(r"^b(['\"])(.*)\1$", r"\2", text)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
