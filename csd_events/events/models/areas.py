"""What events are about."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id


class EventArea(Base):
    """A service area the event is about, the main one first."""

    __tablename__ = "event_areas"
    __table_args__ = (Index(None, "area", "event_id"),)

    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str]
