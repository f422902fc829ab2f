"""Groups of colleagues: who registered whom by one form."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.registrations.rules import State


class RegistrationGroup(Base):
    """One form by which somebody registers colleagues.

    Of somebody not signed in, its places are kept until `held_until`: by then they
    have pressed the button in their own mail, or all of them are given back.
    """

    __tablename__ = "registration_groups"

    id: Mapped[Id] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(unique=True)  # of the form
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), index=True)
    sender_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    #: The sender, as typed or, signed in, as known.
    full_name: Mapped[str]
    email: Mapped[str]
    organization: Mapped[str]
    #: Raised to end every link made before.
    link_version: Mapped[int] = mapped_column(default=1)
    sent_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    #: When it was known whose form it is; at once of who is signed in.
    confirmed_at: Mapped[datetime | None]


class GroupEntry(Base):
    """One row of such a form.

    Its sender changes the registration as long as that names the group. Who was
    registered already has a row, too: it shows its sender what it would show of
    anybody new, and does nothing.
    """

    __tablename__ = "group_entries"
    __table_args__ = (UniqueConstraint("group_id", "email_key"),)

    group_id: Mapped[Id] = mapped_column(
        ForeignKey("registration_groups.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    registration_id: Mapped[Id] = mapped_column(
        ForeignKey("registrations.id"), index=True
    )
    #: How somebody new stood when the form was sent; None once its sender has named
    #: somebody else.
    told: Mapped[State | None]
    email_key: Mapped[str]  # of whom the form named first, whoever came instead
    full_name: Mapped[str]
    email: Mapped[str]
    organization: Mapped[str]
    offer_id: Mapped[Id | None] = mapped_column(
        ForeignKey("event_offers.id", ondelete="SET NULL"), index=True
    )
    price_cents: Mapped[int]
    currency: Mapped[str]
    cancelled_at: Mapped[datetime | None]  # by the sender
