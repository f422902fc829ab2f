"""What the association brings out itself, and the files of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.core.db import Base
from csd_events.core.types import Id, JsonList
from csd_events.library.models.cases import CaseStudy
from csd_events.library.rules.publishing import PublicationKind, Standing, standing


class File(Base):
    """A file that somebody of the staff brought. What it is, its content says."""

    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        {"sqlite_autoincrement": True},  # its address is never given twice
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str]  # as it is saved on the reader's machine
    size: Mapped[int]  # bytes
    media_type: Mapped[str]
    sha256: Mapped[str]
    path: Mapped[str] = mapped_column(unique=True)  # in the folder of files


class Publication(Base):
    """An e-book, a summary, slides: something of ours, in one version or several."""

    __tablename__ = "publications"
    __table_args__ = (Index(None, "title_key", "id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[PublicationKind]
    title: Mapped[str]
    summary: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    form: Mapped[str | None]
    topics: Mapped[JsonList] = mapped_column(default=list)
    published_on: Mapped[date | None]  # None: a draft
    look_again_on: Mapped[date | None] = mapped_column(index=True)
    retired_at: Mapped[datetime | None]
    #: What to read instead, once it is retired.
    successor_id: Mapped[Id | None] = mapped_column(
        ForeignKey("publications.id"), index=True
    )
    title_key: Mapped[str]  # to sort by, see `core.text.sort_key`
    created_at: Mapped[datetime]
    #: Raised by every save, so that nobody saves over what they have not seen.
    version: Mapped[int] = mapped_column(default=1)

    successor: Mapped["Publication | None"] = relationship(
        remote_side="Publication.id", lazy="raise"
    )
    areas: Mapped[list["PublicationArea"]] = relationship(
        order_by="PublicationArea.position",
        cascade="all, delete-orphan",
        lazy="selectin",
    )
    cases: Mapped[list["PublicationCase"]] = relationship(
        order_by="PublicationCase.position", cascade="all, delete-orphan", lazy="raise"
    )
    #: The latest first: that is the current one.
    versions: Mapped[list["PublicationVersion"]] = relationship(
        order_by="PublicationVersion.number.desc()",
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    @property
    def standing(self) -> Standing:
        return standing(self.published_on, self.retired_at)

    @property
    def area_ids(self) -> list[str]:
        return [each.area for each in self.areas]

    @property
    def current(self) -> "PublicationVersion | None":
        return next(iter(self.versions), None)


class PublicationArea(Base):
    """A service area that a publication is about, the main one first."""

    __tablename__ = "publication_areas"
    __table_args__ = (Index(None, "area", "publication_id"),)

    publication_id: Mapped[Id] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str]


class PublicationCase(Base):
    """A case study that a publication is tied to."""

    __tablename__ = "publication_cases"

    publication_id: Mapped[Id] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_studies.id"), index=True)

    case: Mapped[CaseStudy] = relationship(lazy="raise")


class PublicationVersion(Base):
    """A file of a publication, and what is different in it. Never changed again."""

    __tablename__ = "publication_versions"
    __table_args__ = (CheckConstraint("number >= 1", name="number"),)

    publication_id: Mapped[Id] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[Id] = mapped_column(ForeignKey("files.id"), unique=True)
    note: Mapped[str] = mapped_column(default="")  # what changed
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[Id | None] = mapped_column(
        ForeignKey("people.id"), index=True
    )

    file: Mapped[File] = relationship(lazy="joined", innerjoin=True)
