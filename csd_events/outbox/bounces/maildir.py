"""A mailbox that is a folder of this machine, with a file for each mail."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from stat import S_ISREG

from csd_events.outbox.bounces.letters import (
    FIRST_LOOKS_BACK,
    Letter,
    MailboxError,
    Visit,
)
from csd_events.outbox.queries import Seen
from csd_events.outbox.reports import LONGEST

#: A file may be moved in a while after it was written. To read one again is no harm.
LOOKS_BACK = timedelta(hours=1)
FLAGS = ":2,"


class MaildirMailbox:
    """Reads what was written since the last visit.

    Args:
        folder: The one that holds ``new`` and ``cur``.
    """

    def __init__(self, folder: Path) -> None:
        self.name = f"maildir:{folder}"
        self._folder = folder

    @contextmanager
    def open(self, seen: Seen, *, now: datetime) -> Iterator[Visit]:
        since = (
            now - FIRST_LOOKS_BACK
            if seen.looked_at is None
            else seen.looked_at - LOOKS_BACK
        )
        try:
            yield Visit(self._letters(since), seen)
        except OSError as error:
            raise MailboxError(f"{type(error).__name__}: {error}") from error

    def _letters(self, since: datetime) -> Iterator[Letter]:
        for part in ("new", "cur"):
            for path in sorted((self._folder / part).iterdir()):
                with suppress(FileNotFoundError):  # somebody moved it meanwhile
                    about = path.stat()
                    if S_ISREG(about.st_mode) and about.st_mtime >= since.timestamp():
                        yield Letter(_read(path), partial(_mark, path))


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LONGEST)


def _mark(path: Path) -> None:
    """Show it as read, as mail programs do: in ``cur``, with a flag."""
    name, _, flags = path.name.partition(FLAGS)
    seen = "".join(sorted({*flags, "S"}))
    with suppress(FileNotFoundError):
        path.rename(path.parent.parent / "cur" / f"{name}{FLAGS}{seen}")
