"""The addresses that lead to an event."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id


class EventSlug(Base):
    """An address that leads to an event: its own, or one a later title would have."""

    __tablename__ = "event_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), index=True)
