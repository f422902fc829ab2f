"""What readers tell of a case study: for staff, never published by itself."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.library.models.cases import CaseStudy


class CaseNote(Base):
    """What somebody says became of an arrangement."""

    __tablename__ = "case_notes"
    __table_args__ = (
        Index(None, "answered_at", "id"),
        {"sqlite_autoincrement": True},  # the audit trail names them
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_studies.id"), index=True)
    words: Mapped[str]
    email: Mapped[str]  # where they can be asked; empty where none was given
    written_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # when staff were done with it

    case: Mapped[CaseStudy] = relationship(lazy="raise")
