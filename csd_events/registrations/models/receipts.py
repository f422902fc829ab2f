"""Receipts of forms sent without signing in, and which reminders ran."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id


class Receipt(Base):
    """What the sender of a form without sign-in may see again for a day.

    The nonce of the form is what makes a repeat do nothing.
    """

    __tablename__ = "receipts"

    id: Mapped[Id] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(unique=True)
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), index=True)
    registration_id: Mapped[Id] = mapped_column(
        ForeignKey("registrations.id"), index=True
    )
    #: True if this form made the registration: only then may it mend the address.
    made_it: Mapped[bool]
    #: All places were taken when the form was sent, whoever sent it.
    was_full: Mapped[bool]
    #: Staff looked at every request when it was sent, whoever sent it.
    needed_approval: Mapped[bool] = mapped_column(default=False)
    #: The address was compared with a conference's list when it was sent, whosever.
    needed_conference: Mapped[bool] = mapped_column(default=False)
    full_name: Mapped[str]
    email: Mapped[str]
    organization: Mapped[str]
    service_area: Mapped[str | None]
    price_cents: Mapped[int]
    currency: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(index=True)


class ReminderRun(Base):
    """A reminder of a session whose people have all been found."""

    __tablename__ = "reminder_runs"

    session_id: Mapped[Id] = mapped_column(
        ForeignKey("event_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    lead: Mapped[str] = mapped_column(primary_key=True)  # such as "7d"
    ran_at: Mapped[datetime]
