"""Why a line of a file of people is left out: every reason at once."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class LineFlaw(StrEnum):
    """Why a line is left out."""

    NO_NAME = "no_name"
    NO_EMAIL = "no_email"
    EMAIL = "email"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    FORMULA = "formula"
    US_STATE = "us_state"
    STANDING = "standing"
    CANCELLED = "cancelled"
    OFFER = "offer"
    ANSWER = "answer"
    TWICE = "twice"
    BEYOND = "beyond"
    OVER = "over"  # the event, when it was to be written


class FlawError(Exception):
    """A line that is left out, and what of it is wrong."""

    def __init__(self, flaw: LineFlaw, value: str = "", *, line: int | None = None):
        super().__init__(flaw.value)
        self.facts: dict[str, object] = {"flaw": flaw.value, "value": value[:200]}
        if line is not None:
            self.facts["line"] = line


class Flaws:
    """Gathers what is wrong with a line, so that all of it is told at once."""

    def __init__(self) -> None:
        self._found: list[FlawError] = []

    def read(self, read: Callable[[], T], otherwise: T) -> T:
        """Return what is read, or something else where that has a flaw."""
        try:
            return read()
        except FlawError as error:
            self._found.append(error)
            return otherwise

    def refuse(self) -> None:
        """Refuse the line if there is anything against it.

        Raises:
            FlawError: The first flaw; its facts name the others under ``more``.
        """
        if self._found:
            first, *others = self._found
            if others:
                first.facts["more"] = [each.facts for each in others]
            raise first
