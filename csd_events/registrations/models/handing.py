"""Where places went, and who wants to hear when registration opens."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.accounts.models import Person
from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.registrations.models.registration import Registration
from csd_events.registrations.rules import HandoverKind, Hold, State


class Handover(Base):
    """A place that went to another person, or to another address of the same one.

    Until it ends, whoever reads mail at the old address can have it back.
    """

    __tablename__ = "handovers"
    # An old link never meets a new row.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id] = mapped_column(primary_key=True)
    kind: Mapped[HandoverKind]
    #: Whose place went, which may be the one that has it now, under another person.
    registration_id: Mapped[Id] = mapped_column(
        ForeignKey("registrations.id"), index=True
    )
    #: Which one has it now; None where the other person had a place already.
    received_id: Mapped[Id | None] = mapped_column(
        ForeignKey("registrations.id"), index=True
    )
    from_person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    #: The form for colleagues whose sender passed it on; None if another did.
    group_id: Mapped[Id | None] = mapped_column(ForeignKey("registration_groups.id"))
    #: What the registration said before.
    full_name: Mapped[str]
    organization: Mapped[str]
    state: Mapped[State]
    hold: Mapped[Hold | None]
    position: Mapped[int | None]
    #: What who received it waited with until then; None if they did not.
    made_way: Mapped[dict[str, Any] | None]
    life: Mapped[int]  # of the entry in the calendar of who had it
    version: Mapped[int] = mapped_column(BigInteger)  # drawn; see `core.tokens`
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship(
        foreign_keys=registration_id, lazy="raise"
    )
    from_person: Mapped[Person] = relationship(lazy="raise")


class OpeningWish(Base):
    """An address that wants to hear when registration for an event opens."""

    __tablename__ = "opening_wishes"
    __table_args__ = (
        UniqueConstraint("event_id", "email_key"),
        {"sqlite_autoincrement": True},  # its mail is named by it
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"))
    email: Mapped[str]
    email_key: Mapped[str]
    version: Mapped[int] = mapped_column(BigInteger)  # drawn; see `core.tokens`
    asked_at: Mapped[datetime] = mapped_column(index=True)
    #: When its owner said that it is theirs; only then it hears anything.
    confirmed_at: Mapped[datetime | None]
