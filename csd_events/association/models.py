"""The association: one row that staff edit."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.association.rules import (
    ANNOUNCEMENTS_A_WEEK,
    DAYS_TO_PAY,
    INVOICE_PREFIX,
)
from csd_events.core.db import Base

ONLY_ID = 1


class Association(Base):
    """Whoever runs this site. There is one row, and it is always there."""

    __tablename__ = "association"
    __table_args__ = (
        CheckConstraint(f"id = {ONLY_ID}", name="only_one"),
        CheckConstraint("days_to_pay >= 0", name="days_to_pay"),
        CheckConstraint("announcements_a_week >= 1", name="announcements_a_week"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    short_name: Mapped[str]
    sender_address: Mapped[str]  # what mail comes from
    reply_address: Mapped[str]  # where answers to it go
    postal_address: Mapped[str]
    telephone: Mapped[str]
    zone: Mapped[str]  # IANA name offered first for a new event
    privacy_words: Mapped[str]  # Markdown
    accessibility_words: Mapped[str]  # Markdown
    #: What invoices say of it; empty for its name, and for its postal address.
    invoice_name: Mapped[str] = mapped_column(default="")
    invoice_address: Mapped[str] = mapped_column(default="")
    tax_id: Mapped[str] = mapped_column(default="")
    payment_words: Mapped[str] = mapped_column(default="")  # how to pay
    days_to_pay: Mapped[int] = mapped_column(default=DAYS_TO_PAY)
    invoice_prefix: Mapped[str] = mapped_column(default=INVOICE_PREFIX)
    #: How many announcements go to one person within seven days at most.
    announcements_a_week: Mapped[int] = mapped_column(
        default=ANNOUNCEMENTS_A_WEEK, server_default=str(ANNOUNCEMENTS_A_WEEK)
    )
    is_sample: Mapped[bool] = mapped_column(default=False)
