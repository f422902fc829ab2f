"""Events that were made by repeating one."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id, JsonList


class EventSeries(Base):
    """Ordinary events that belong together because one was repeated.

    It holds nothing of theirs: each is changed, moved and called off by itself.
    """

    __tablename__ = "event_series"
    __table_args__ = ({"sqlite_autoincrement": True},)  # open pages name it

    id: Mapped[Id] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    #: The nonces of the forms that made events of it: each makes them once.
    made_by: Mapped[JsonList] = mapped_column(default=list)
