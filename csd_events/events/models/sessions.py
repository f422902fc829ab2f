"""The sittings of an event."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id, WallClock


class EventSession(Base):
    """One sitting of an event: a webinar has one, a training program several.

    The wall clock and zone are what staff wrote and stay true when the rules of
    a zone change; the instant is what everything else uses.
    """

    __tablename__ = "event_sessions"
    __table_args__ = (
        UniqueConstraint("event_id", "position"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("platform_url LIKE 'https://%'", name="platform_is_https"),
        {"sqlite_autoincrement": True},  # a calendar's UID is never given twice
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    wall_start: Mapped[WallClock]
    zone: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    #: Calendar SEQUENCE: rises with time, zone, place and cancelling; never falls.
    sequence: Mapped[int] = mapped_column(default=0)
    #: When people were last told the present time; reminders look at it.
    announced_at: Mapped[datetime]
    #: Its own, given out on the join page only; None for the event's.
    platform_url: Mapped[str | None]
