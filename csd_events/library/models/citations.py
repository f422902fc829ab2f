"""The bibliography: works that others published."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.library.models.cases import CaseStudy
from csd_events.library.rules.citing import Verification, Work


class Citation(Base):
    """A work that others published, and how sure we are of what is said of it."""

    __tablename__ = "citations"
    __table_args__ = (Index(None, "list_key", "id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # its address, such as "b16"
    authors: Mapped[str] = mapped_column(default="")
    year: Mapped[int | None]
    title: Mapped[str]
    publication: Mapped[str]
    verification: Mapped[Verification]
    address: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    #: Authors, year and title to sort by, see `core.text.sort_key`.
    list_key: Mapped[str]
    #: When staff last wrote it: an import leaves it as it is from then on.
    edited_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    look_again_on: Mapped[date | None] = mapped_column(index=True)
    #: Raised by every save, so that nobody saves over what they have not seen.
    version: Mapped[int] = mapped_column(default=1)

    topics: Mapped[list["CitationTopic"]] = relationship(
        order_by="CitationTopic.position", cascade="all, delete-orphan", lazy="selectin"
    )
    cases: Mapped[list["CitationCase"]] = relationship(
        order_by="CitationCase.position", cascade="all, delete-orphan", lazy="raise"
    )

    @property
    def work(self) -> Work:
        return Work(
            authors=self.authors,
            year=self.year,
            title=self.title,
            publication=self.publication,
        )

    @property
    def topic_ids(self) -> list[str]:
        return [each.topic for each in self.topics]


class CitationTopic(Base):
    """What a work is about."""

    __tablename__ = "citation_topics"
    __table_args__ = (Index(None, "topic", "citation_id"),)

    citation_id: Mapped[Id] = mapped_column(
        ForeignKey("citations.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]


class CitationCase(Base):
    """A case study that a work is tied to."""

    __tablename__ = "citation_cases"

    citation_id: Mapped[Id] = mapped_column(
        ForeignKey("citations.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_studies.id"), index=True)

    case: Mapped[CaseStudy] = relationship(lazy="raise")
