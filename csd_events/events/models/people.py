"""Who stands on stage, and who stands behind an event."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id


class Presenter(Base):
    """Somebody on stage."""

    __tablename__ = "presenters"
    __table_args__ = (UniqueConstraint("full_name", "organization"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    full_name: Mapped[str]
    title: Mapped[str]
    organization: Mapped[str]


class Partner(Base):
    """An organization that makes an event with us, or pays for it."""

    __tablename__ = "partners"

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
