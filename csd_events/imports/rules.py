"""How far an import is, and what became of each line."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from csd_events.core.text import UNREADABLE, has_control_characters

T = TypeVar("T")
#: A file that nobody confirmed is kept for a day, as the one that was for 30.
UNCONFIRMED_KEPT, CONFIRMED_KEPT = timedelta(days=1), timedelta(days=30)


#: What spreadsheets write in place of a value that their formula does not find.
FORMULA_ERRORS = frozenset(
    {
        "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!",
        "#CALC!", "#GETTING_DATA", "Err:502", "Err:504", "Err:508", "Err:509",
    }
)  # fmt: skip


def is_unreadable(cell: str, *, allow: str = "") -> bool:
    """Tell whether a cell holds what nobody has typed: broken letters, a NUL."""
    return UNREADABLE in cell or has_control_characters(cell, allow=allow)


class RunState(StrEnum):
    """How far an import is."""

    MATCHING = "matching"  # somebody must say what its columns hold
    COMPARING = "comparing"
    READY = "ready"  # the differences are shown; nothing is changed yet
    APPLYING = "applying"
    DONE = "done"
    CHECKING = "checking"  # whether it can be undone
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


#: What the program works on by itself, a piece at a time.
AT_WORK = frozenset(
    {RunState.COMPARING, RunState.APPLYING, RunState.CHECKING, RunState.UNDOING}
)


class Outcome(StrEnum):
    """What taking in a line does."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    PROBLEM = "problem"


class UnsoundLineError(Exception):
    """A line that is left out."""

    facts: dict[str, Any]  # what of it is wrong, as each kind of import writes it down


class Flaws:
    """Gathers what is wrong with a line, so that all of it is told at once."""

    def __init__(self) -> None:
        self._found: list[UnsoundLineError] = []

    def __bool__(self) -> bool:
        """Tell whether there is anything against the line so far."""
        return bool(self._found)

    def add(self, error: UnsoundLineError) -> None:
        self._found.append(error)

    def read(self, read: Callable[[], T], otherwise: T) -> T:
        """Return what is read, or something else where that has a flaw."""
        try:
            return read()
        except UnsoundLineError as error:
            self.add(error)
            return otherwise

    def all(self) -> UnsoundLineError:
        """Return the first flaw, whose facts hold those of the others as ``more``."""
        first, *others = self._found
        if others:
            first.facts["more"] = [each.facts for each in others]
        return first
