"""What events belong to."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id


class Program(Base):
    """A theme that groups events, such as collaborative service delivery."""

    __tablename__ = "programs"

    id: Mapped[Id] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    summary: Mapped[str]


class Conference(Base):
    """A meeting of some days that holds forums."""

    __tablename__ = "conferences"
    __table_args__ = (CheckConstraint("last_on >= first_on", name="days_in_order"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    first_on: Mapped[date]
    last_on: Mapped[date]
    place: Mapped[str]
    zone: Mapped[str]
    booth: Mapped[str]
