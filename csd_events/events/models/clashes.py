"""Clashes that staff know of."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id


class SeenClash(Base):
    """That one clash of two events is known, and left as it is.

    It is named by what clashes and by the times of both, so it is of no account any
    more once either of them moves, and again if that is undone.
    """

    __tablename__ = "seen_clashes"
    __table_args__ = (CheckConstraint("first_id < second_id", name="in_order"),)

    #: See `rules.clash_key`.
    key: Mapped[str] = mapped_column(primary_key=True)
    first_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), index=True)
    second_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), index=True)
    seen_at: Mapped[datetime]
    seen_by: Mapped[Id | None] = mapped_column(ForeignKey("people.id"))
