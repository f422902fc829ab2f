"""Joining."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id


class Visit(Base):
    """One time a registered person pressed the button and was given the link.

    A second visit after a dropped connection is another row: the person counts
    once, their minutes are added up.
    """

    __tablename__ = "visits"
    __table_args__ = (Index(None, "registration_id", "session_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    registration_id: Mapped[Id] = mapped_column(ForeignKey("registrations.id"))
    session_id: Mapped[Id | None] = mapped_column(
        ForeignKey("event_sessions.id", ondelete="SET NULL"), index=True
    )
    joined_at: Mapped[datetime]
