"""What a search of the library looks at: a row for each thing that can be found."""

from typing import cast

from sqlalchemy import ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.core.db import Base
from csd_events.core.search import make_searchable
from csd_events.core.types import Id
from csd_events.library.rules.searching import EntryKind


class LibraryEntry(Base):
    """Something to find, written anew by whatever changes it: never the only copy."""

    __tablename__ = "library_entries"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind]
    key: Mapped[str]  # as its page is addressed
    title: Mapped[str]
    byline: Mapped[str]  # who and where, or when
    body: Mapped[str]
    shown: Mapped[bool]  # to everybody; staff find the rest in their own lists
    form: Mapped[str | None]
    state: Mapped[str | None]
    size: Mapped[str | None]  # a population class
    outcome: Mapped[str | None]
    title_words: Mapped[str]
    body_words: Mapped[str]

    areas: Mapped[list["LibraryEntryArea"]] = relationship(
        order_by="LibraryEntryArea.area", cascade="all, delete-orphan", lazy="selectin"
    )


class LibraryEntryArea(Base):
    """A service area that something to find is about."""

    __tablename__ = "library_entry_areas"
    __table_args__ = (Index(None, "area", "entry_id"),)

    entry_id: Mapped[Id] = mapped_column(
        ForeignKey("library_entries.id", ondelete="CASCADE"), primary_key=True
    )
    area: Mapped[str] = mapped_column(primary_key=True)


ENTRIES = cast("Table", LibraryEntry.__table__)
make_searchable(ENTRIES)
