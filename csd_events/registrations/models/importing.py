"""Files of registrations and of presenters, and what became of their lines."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id, JsonList
from csd_events.organizations.rules import Outcome, RunState
from csd_events.registrations.rules import ImportKind


class ListImport(Base):
    """One file that somebody wants taken in, and how far that is."""

    __tablename__ = "list_imports"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'registrations') = (event_id IS NOT NULL)", name="of_event"
        ),
        {"sqlite_autoincrement": True},  # the trail and open pages name it
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind]
    event_id: Mapped[Id | None] = mapped_column(ForeignKey("events.id"), index=True)
    file_name: Mapped[str]
    actor_id: Mapped[Id | None] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    state: Mapped[RunState] = mapped_column(index=True)
    #: The offer of those whose line names none; whether each is mailed.
    offer_id: Mapped[Id | None] = mapped_column(
        ForeignKey("event_offers.id", ondelete="SET NULL"), index=True
    )
    offers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by their words
    tell: Mapped[bool] = mapped_column(default=False)
    headings: Mapped[JsonList]
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)  # places, by name
    known: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[int] = mapped_column(default=0)  # the last line that was worked on
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(default="")


class ListImportLine(Base):
    """One line of such a file, and what was made of it."""

    __tablename__ = "list_import_lines"
    __table_args__ = (
        Index(None, "import_id", "outcome", "number"),
        Index(None, "import_id", "key"),
    )

    import_id: Mapped[Id] = mapped_column(
        ForeignKey("list_imports.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[JsonList]
    #: By what a second line of the same person is known.
    key: Mapped[str] = mapped_column(default="")
    outcome: Mapped[Outcome | None]  # None until it was compared
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Once written: the row, how it was before (None: it was not there), how it is.
    row_id: Mapped[Id | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    kept: Mapped[str] = mapped_column(default="")  # why it was not taken back
