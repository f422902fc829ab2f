"""The audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id


class AuditEntry(Base):
    """One thing that somebody, or the program itself, did."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(None, "subject_kind", "subject_id", "id"),
        Index(None, "at", "id"),
        Index(None, "actor_id", "at", "id"),
        Index(None, "subject_kind", "at", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    #: The person who did it; None for a visitor and for the program.
    actor_id: Mapped[Id | None] = mapped_column(ForeignKey("people.id"))
    action: Mapped[str]  # such as "registration.cancelled"
    subject_kind: Mapped[str]
    subject_id: Mapped[Id]
    #: What changed: ``{"title": ["before", "after"]}``, or other facts by name.
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
