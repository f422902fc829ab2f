"""What every import keeps of a file and of its lines, whatever they are about."""

from datetime import datetime
from typing import Any, ClassVar, cast

from sqlalchemy import ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id, JsonList
from csd_events.imports.rules import Outcome, RunState

#: What `Run.counts` holds beside numbers of lines: how often they were compared, and
#: whether they are forgotten.
COMPARED, FORGOTTEN = "compared", "forgotten"


def table_of(model: type[Base]) -> Table:
    return cast("Table", model.__table__)


class LineOfRun(Base):
    """One line of a file, and what taking it in would do."""

    __abstract__ = True
    #: What pages and reports show of it.
    SHOWN: ClassVar[tuple[str, ...]] = ("number", "outcome", "facts", "cells")

    #: Each kind of import says of which of its runs.
    run_id: Mapped[Id] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[JsonList]
    outcome: Mapped[Outcome | None]  # None until it was compared
    #: A problem and what it is about, or what would change: see ``words``.
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Run(Base):
    """One file that somebody wants taken in, and how far that is."""

    __abstract__ = True
    LINE: ClassVar[type[LineOfRun]]
    #: Tables of what is kept of a file until it is forgotten, all with a ``run_id``.
    PARTS: ClassVar[tuple[Table, ...]]

    id: Mapped[Id] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    #: Who began it, or said last what becomes of it; None for the command.
    actor_id: Mapped[Id | None] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    #: When it was confirmed; None until then.
    confirmed_at: Mapped[datetime | None]
    state: Mapped[RunState] = mapped_column(index=True)
    headings: Mapped[JsonList]
    #: Which column of the file holds what, as each kind of import writes it down.
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Of the present work: how much there is, how much is done, what was done last.
    known: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[Id] = mapped_column(default=0)
    #: Lines by outcome; later also what was written.
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: What kept it from being undone, or ended it.
    note: Mapped[str] = mapped_column(default="")

    @property
    def compared(self) -> int:
        """Which comparison its lines show, the first being 1."""
        return int(self.counts.get(COMPARED, 0))

    @property
    def is_forgotten(self) -> bool:
        return FORGOTTEN in self.counts

    @property
    def used(self) -> set[int]:
        """The places of the columns that are taken in; kept by what they hold."""
        return set(self.columns.values())

    def begin(self, state: RunState, known: int, done: int = 0) -> None:
        """Begin another work, of which so much is known and done."""
        self.state, self.known, self.done, self.cursor = state, known, done, 0
