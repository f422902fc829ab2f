"""What people save of the library for themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.library.rules.searching import EntryKind


class SavedItem(Base):
    """Something that somebody saved, with a note; it goes with their account.

    It names what was saved as a search does, and keeps its title: what is no longer in
    the library can still be told.
    """

    __tablename__ = "saved_items"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "key"),  # saved once
        {"sqlite_autoincrement": True},  # an open form names it
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    account_id: Mapped[Id] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE")
    )
    kind: Mapped[EntryKind]
    key: Mapped[str]
    title: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
