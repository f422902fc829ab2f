"""Files of registrations and of presenters, and what became of their lines."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.types import Id
from csd_events.imports.models import LineOfRun, Run, table_of
from csd_events.imports.rules import RunState
from csd_events.registrations.rules import ImportKind


class ListImportLine(LineOfRun):
    """One line of such a file, and what was made of it."""

    __tablename__ = "list_import_lines"
    __table_args__ = (
        Index(None, "run_id", "outcome", "number"),
        Index(None, "run_id", "key"),
    )
    SHOWN = (*LineOfRun.SHOWN, "kept")

    run_id: Mapped[Id] = mapped_column(
        "import_id",
        ForeignKey("list_imports.id"),
        key="run_id",
        primary_key=True,
        autoincrement=False,
    )
    #: By what a second line of the same person is known.
    key: Mapped[str] = mapped_column(default="")
    #: Once written: the row, how it was before (None: it was not there), how it is.
    row_id: Mapped[Id | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    kept: Mapped[str] = mapped_column(default="")  # why it was not taken back


class ListImport(Run):
    """One file of people; its columns are kept by what they hold."""

    __tablename__ = "list_imports"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'registrations') = (event_id IS NOT NULL)", name="of_event"
        ),
        {"sqlite_autoincrement": True},  # the trail and open pages name it
    )
    LINE = ListImportLine
    PARTS = (table_of(ListImportLine),)

    kind: Mapped[ImportKind]
    event_id: Mapped[Id | None] = mapped_column(ForeignKey("events.id"), index=True)
    #: The last line that was worked on.
    cursor: Mapped[int] = mapped_column(default=0)
    #: The offer of those whose line names none; whether each is mailed.
    offer_id: Mapped[Id | None] = mapped_column(
        ForeignKey("event_offers.id", ondelete="SET NULL"), index=True
    )
    offers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by their words
    tell: Mapped[bool] = mapped_column(default=False)

    def begin(self, state: RunState, known: int, done: int = 0) -> None:
        """Begin another work; the trail says how much was to do."""
        super().begin(state, known, done)
        if state is not RunState.COMPARING:
            self.counts = self.counts | {"to_do": known}
