"""What each kind of file has to say of its lines, and do with them."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from csd_events.events.rules import Question
from csd_events.imports.rules import Flaws, Outcome
from csd_events.registrations.models import ListImport
from csd_events.registrations.rules import FileLine


@dataclass(frozen=True, slots=True)
class Judged:
    """What taking in a line would do, and what there is to say of it."""

    outcome: Outcome
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """The row that was made or changed; before is None for a new one."""

    row_id: int
    before: dict[str, Any] | None
    after: dict[str, Any]


class Maker(ABC):
    """Compares lines with what is there, writes them, and takes them back."""

    def __init__(self, session: Session, row: ListImport, now: datetime) -> None:
        self.session, self.row, self.now = session, row, now
        self.questions: Sequence[Question] = ()

    @abstractmethod
    def key_of(self, line: FileLine) -> str:
        """Name whom a line is about."""

    @abstractmethod
    def load(self, lines: Collection[FileLine]) -> None:
        """Read what is there of those whom some lines are about."""

    @abstractmethod
    def judge(self, line: FileLine, flaws: Flaws) -> Judged:
        """Say what a line would do; flaws gets why it cannot be taken in."""

    @abstractmethod
    def begin(self) -> None:
        """Lock what all lines of a piece are about."""

    @abstractmethod
    def undone_first(self) -> ColumnElement[bool]:
        """Match the lines that are taken back before the others."""

    @abstractmethod
    def write(self, line: FileLine) -> Written:
        """Write a line.

        Raises:
            FlawError: That is not possible by now.
        """

    def count_waiting(self) -> int:
        """Count whose lines put them on a waiting list; only people can be on one."""
        return 0

    @abstractmethod
    def take_back(
        self,
        row_id: int,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any],
    ) -> str:
        """Take a row back, and return nothing; or why it stays."""
