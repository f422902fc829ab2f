"""Ways that lead no further than this machine: a folder, and a list for tests."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from csd_events.outbox.transport.ways import Envelope

NEWEST = 200
_NAME = re.compile(r"[A-Za-z0-9-]{1,80}")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]+")


class FileTransport:
    """Writes each mail as a file, for trying things without a mail server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def open(self) -> Iterator["FileTransport"]:
        self.folder.mkdir(parents=True, exist_ok=True)
        yield self

    def send(self, mail: EmailMessage, envelope: Envelope) -> str:
        """Write a mail whole or not at all; the same mail again replaces itself."""
        at = parsedate_to_datetime(mail["Date"])
        left = _NOT_IN_A_NAME.sub("", mail["Message-ID"].partition("@")[0])[:40]
        path = self.folder / f"{at:%Y%m%dT%H%M%S}-{left}.eml"
        part = path.with_suffix(".part")
        part.write_bytes(mail.as_bytes())
        part.replace(path)
        return f"written to {path.name} for {envelope.recipient}"

    def names(self) -> list[str]:
        """Name the newest mails, newest first."""
        names = sorted((path.stem for path in self.folder.glob("*.eml")), reverse=True)
        return names[:NEWEST]

    def find(self, name: str) -> EmailMessage | None:
        """Read one mail back, by a name that stands for a file here or for none."""
        path = self.folder / f"{name}.eml"
        if not _NAME.fullmatch(name) or not path.is_file():
            return None
        return message_from_bytes(path.read_bytes(), policy=policy.default)


@dataclass(slots=True)
class MemoryTransport:
    """Remembers what it was given; for tests."""

    sent: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator["MemoryTransport"]:
        yield self

    def send(self, mail: EmailMessage, envelope: Envelope) -> str:
        self.sent.append(mail)
        self.envelopes.append(envelope)
        return "250 remembered"

    @property
    def subjects(self) -> Sequence[str]:
        return [str(mail["Subject"]) for mail in self.sent]
