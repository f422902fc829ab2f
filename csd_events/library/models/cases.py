"""Case studies, the works they rest on, and what they are about."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.core.db import Base
from csd_events.core.types import JsonList
from csd_events.library.rules import Confidence, Outcome


class Source(Base):
    """A page or paper that was read."""

    __tablename__ = "sources"

    id: Mapped[str] = mapped_column(primary_key=True)  # such as "heartland-slides"
    title: Mapped[str]
    address: Mapped[str]
    read: Mapped[str]  # how much of it: "whole page", "opening"
    #: When staff last wrote it: an import leaves it as it is from then on.
    edited_at: Mapped[datetime | None]


class LibraryState(Base):
    """One row that changes whenever a case does: what is in memory can be checked."""

    __tablename__ = "library_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stamp: Mapped[str]  # random
    #: By which recipe the rows that a search looks at were written; None for none yet.
    searched_as: Mapped[str | None]


class CaseStudy(Base):
    """What some governments did together, as told by the sources named."""

    __tablename__ = "case_studies"
    __table_args__ = (Index(None, "title_key", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)  # such as "heartland-fire"
    title: Mapped[str]
    title_key: Mapped[str]  # to sort by, see `core.text.sort_key`
    jurisdictions: Mapped[JsonList]
    country: Mapped[str]
    state: Mapped[str | None]
    lead_jurisdiction_type: Mapped[str | None]
    lead_population: Mapped[int | None]
    population_class: Mapped[str | None]
    population_basis: Mapped[str | None]
    partner_classes: Mapped[JsonList]
    form: Mapped[str]
    agreement: Mapped[str | None]
    year_started: Mapped[int | None]
    year_note: Mapped[str | None]
    facts: Mapped[JsonList]
    outcome: Mapped[Outcome]
    topics: Mapped[JsonList]
    costs_and_benefits_shared: Mapped[str | None]
    confidence: Mapped[Confidence]
    confidence_note: Mapped[str]
    icma_link: Mapped[str | None]
    own_knowledge: Mapped[JsonList]  # facts that no source read says
    vendor_is_underwriter: Mapped[bool]
    checked_on: Mapped[date | None]  # when staff last looked whether it still holds
    look_again_on: Mapped[date | None] = mapped_column(index=True)
    #: Named by the audit trail and by the pages of staff; no other case ever has it.
    number: Mapped[int] = mapped_column(unique=True)
    #: When staff last wrote it: an import leaves it as it is from then on.
    edited_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    #: Raised by every save, so that nobody saves over what they have not seen.
    version: Mapped[int] = mapped_column(default=1)

    areas: Mapped[list["CaseArea"]] = relationship(
        order_by="CaseArea.position", cascade="all, delete-orphan", lazy="selectin"
    )
    citations: Mapped[list["CaseSource"]] = relationship(
        order_by="CaseSource.position", cascade="all, delete-orphan", lazy="raise"
    )

    @property
    def area_ids(self) -> list[str]:
        """The service areas it is about, the main one first."""
        return [each.area for each in self.areas]

    @property
    def vendor_said(self) -> str:
        """What names its vendor, where that one paid for a program; else nothing."""
        if not self.vendor_is_underwriter:
            return ""
        return " ".join([self.confidence_note, *self.facts])

    @property
    def sources(self) -> list[Source]:
        return [each.source for each in self.citations]


class CaseArea(Base):
    """A service area of a case, the main one first."""

    __tablename__ = "case_areas"
    __table_args__ = (Index(None, "area", "case_id"),)

    case_id: Mapped[str] = mapped_column(
        ForeignKey("case_studies.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str]


class CaseSource(Base):
    """A source of a case, in the order given."""

    __tablename__ = "case_sources"

    case_id: Mapped[str] = mapped_column(
        ForeignKey("case_studies.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), index=True)

    source: Mapped[Source] = relationship(lazy="joined", innerjoin=True)
