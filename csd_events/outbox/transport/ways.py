"""What a way out is, and the errors by which it says that a mail did not go."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol


class NotTakenError(Exception):
    """The server answered, and the answer was no.

    Attributes:
        code: Of the reply, such as 451.
        answer: Its words, with the enhanced code they may begin with.
    """

    def __init__(self, code: int, answer: str) -> None:
        super().__init__(f"{code} {answer}".strip())
        self.code = code
        self.answer = answer


class DroppedError(Exception):
    """The connection ended in the middle of a mail: it may have gone or not."""


class UnreachableError(Exception):
    """No connection came about. This says nothing about any mail."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a mail is from and for, as mail servers see it."""

    sender: str
    recipient: str


class Line(Protocol):
    """A way out that is open for a batch of mails."""

    def send(self, mail: EmailMessage, envelope: Envelope) -> str:
        """Hand over one mail; return the server's answer.

        Raises:
            NotTakenError, DroppedError, UnreachableError: It did not go.
        """
        ...


class Transport(Protocol):
    """A way out."""

    def open(self) -> AbstractContextManager[Line]: ...
