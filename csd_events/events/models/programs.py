"""What events belong to, and who stands behind that."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.core import access
from csd_events.core.db import Base
from csd_events.core.types import Id, JsonList
from csd_events.events.models.people import Partner
from csd_events.events.rules import Role


class Program(Base):
    """A theme that groups events and resources, such as sharing services."""

    __tablename__ = "programs"

    id: Mapped[Id] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    summary: Mapped[str]
    description: Mapped[str] = mapped_column(default="")  # Markdown
    areas: Mapped[JsonList] = mapped_column(default=list)  # services it is about
    reading: Mapped[JsonList] = mapped_column(default=list)  # pinned case studies
    #: Raised by every save, so that nobody saves over what they have not seen.
    version: Mapped[int] = mapped_column(default=1)

    partners: Mapped[list["ProgramPartner"]] = relationship(
        order_by="ProgramPartner.position", cascade="all, delete-orphan", lazy="raise"
    )


class ProgramRole(Base):
    """What an account may do in the events of one program, and nowhere else."""

    __tablename__ = "program_roles"

    account_id: Mapped[Id] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    program_id: Mapped[Id] = mapped_column(
        ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[access.Role]


class Conference(Base):
    """A meeting of some days that holds forums."""

    __tablename__ = "conferences"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="days_in_order"),
        CheckConstraint("website LIKE 'https://%'", name="is_https"),
        UniqueConstraint("name", "first_on"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    first_on: Mapped[date]
    last_on: Mapped[date]
    place: Mapped[str]
    zone: Mapped[str]  # IANA name: where the days and times of its page are read
    booth: Mapped[str]
    website: Mapped[str | None]  # where people register for the conference itself
    published: Mapped[bool] = mapped_column(default=False)
    #: Raised by every save, so that nobody saves over what they have not seen.
    version: Mapped[int] = mapped_column(default=1)

    partners: Mapped[list["ConferencePartner"]] = relationship(
        order_by="ConferencePartner.position",
        cascade="all, delete-orphan",
        lazy="raise",
    )


class ProgramPartner(Base):
    """What a partner does for a program, in the order shown."""

    __tablename__ = "program_partners"

    program_id: Mapped[Id] = mapped_column(ForeignKey("programs.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[Role]
    partner_id: Mapped[Id] = mapped_column(ForeignKey("partners.id"), index=True)

    partner: Mapped[Partner] = relationship(lazy="joined", innerjoin=True)


class ConferencePartner(Base):
    """What a partner does for a conference, in the order shown."""

    __tablename__ = "conference_partners"

    conference_id: Mapped[Id] = mapped_column(
        ForeignKey("conferences.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[Role]
    partner_id: Mapped[Id] = mapped_column(ForeignKey("partners.id"), index=True)

    partner: Mapped[Partner] = relationship(lazy="joined", innerjoin=True)


class ConferenceAddress(Base):
    """Somebody registered for a conference, as its organizer's list says.

    For staff alone: nobody else is told who is on the list.
    """

    __tablename__ = "conference_addresses"

    conference_id: Mapped[Id] = mapped_column(
        ForeignKey("conferences.id"), primary_key=True
    )
    email_key: Mapped[str] = mapped_column(primary_key=True)
    added_at: Mapped[datetime]
