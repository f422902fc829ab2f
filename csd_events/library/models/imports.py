"""Files of the library that staff sent, compared with it and not yet taken in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id


class LibraryImport(Base):
    """A file, what it would do, and when it was done."""

    __tablename__ = "library_imports"
    __table_args__ = (
        Index(None, "made_at"),
        {"sqlite_autoincrement": True},  # the audit trail names them
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[Id | None] = mapped_column(ForeignKey("people.id"), index=True)
    #: What the file said; empty once that is done.
    document: Mapped[dict[str, Any]]
    #: What it would do, and once it is done what it did: see `service.taking`.
    report: Mapped[dict[str, Any]]
    done_at: Mapped[datetime | None]
