"""What a mailbox is, whoever keeps it.

People may read it, too: what is no report of ours stays as it is, unread as well.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from csd_events.outbox.queries import Seen

#: On the first visit to a mailbox older mail is left alone. Servers give up after
#: a week at most.
FIRST_LOOKS_BACK = timedelta(days=14)


class MailboxError(Exception):
    """A mailbox cannot be read. Says why in one line, for the operator."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in a mailbox.

    Attributes:
        raw: It, or as much of it as is read.
        mark: Shows to whoever reads the mailbox that it was seen to.
        uid: Its number, where mails have one; they come in this order.
    """

    raw: bytes
    mark: Callable[[], None]
    uid: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A mailbox that is open.

    Attributes:
        letters: What has come since the last visit, and maybe some of before.
        seen: How far it had been read, in the numbering it has now.
    """

    letters: Iterator[Letter]
    seen: Seen


class Mailbox(Protocol):
    """A mailbox in which reports arrive."""

    @property
    def name(self) -> str:
        """Its address, without a password."""
        ...

    def open(self, seen: Seen, *, now: datetime) -> AbstractContextManager[Visit]:
        """Open it.

        Raises:
            MailboxError: It cannot be read; at any moment until it is closed.
        """
        ...
