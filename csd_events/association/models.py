"""The association: one row that staff edit."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base

ONLY_ID = 1


class Association(Base):
    """Whoever runs this site. There is one row, and it is always there."""

    __tablename__ = "association"
    __table_args__ = (CheckConstraint(f"id = {ONLY_ID}", name="only_one"),)

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
    is_sample: Mapped[bool] = mapped_column(default=False)
