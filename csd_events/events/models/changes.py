"""What people had been told of an event before it changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.events.rules import ChangeKind

#: In these very words, so that the partial index serves the question.
NOT_YET_TOLD = text("told_at IS NULL AND undone_at IS NULL")


class EventChange(Base):
    """A change that people are told of, and what they had been told before it.

    The event itself has changed at once; only the notices wait, until `leaves_at`,
    and until then it can be undone.
    """

    __tablename__ = "event_changes"
    __table_args__ = (
        Index(
            "ix_event_changes_leaves_at",
            "leaves_at",
            postgresql_where=NOT_YET_TOLD,
            sqlite_where=NOT_YET_TOLD,
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(default=ChangeKind.MOVED)
    changed_at: Mapped[datetime]
    #: What people had heard, and what puts it back; see `queries.before_change`.
    before: Mapped[dict[str, Any]]
    leaves_at: Mapped[datetime]
    #: When its notices were queued; None while nobody is told of it yet.
    told_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
