"""Organizations, who belongs where, memberships, and imports of all three."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.imports.models import LineOfRun, Run, table_of
from csd_events.imports.rules import RunState

#: What an import added it can take away again; the audit trail knows it by its id.
NEVER_TWICE = {"sqlite_autoincrement": True}


class Organization(Base):
    """A jurisdiction or another body that people work for."""

    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        NEVER_TWICE,
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str]
    #: Ids of the shared vocabulary: see ``topics.catalogue``.
    kind: Mapped[str | None]
    population_class: Mapped[str | None]
    state: Mapped[str | None]  # two letters
    #: Folded name and state: two Springfields in two states are two organizations.
    key: Mapped[str] = mapped_column(unique=True)
    name_key: Mapped[str] = mapped_column(index=True)
    #: The member number in the association's own books.
    external_id: Mapped[str | None] = mapped_column(unique=True)
    parent_id: Mapped[Id | None] = mapped_column(
        ForeignKey("organizations.id"), index=True
    )
    #: Raised by every save, so that nobody saves over what they have not seen.
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Affiliation(Base):
    """A person belongs to an organization, from a day to a day."""

    __tablename__ = "affiliations"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="until_not_before_from"),
        UniqueConstraint("person_id", "organization_id", "from_on"),
        NEVER_TWICE,
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    organization_id: Mapped[Id] = mapped_column(
        ForeignKey("organizations.id"), index=True
    )
    position: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]  # the last day; None while it goes on
    #: Named by staff: sees the organization's roster.
    is_contact: Mapped[bool] = mapped_column(default=False)


class MembershipType(Base):
    """A kind of membership, as the association offers it."""

    __tablename__ = "membership_types"

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    for_organizations: Mapped[bool]
    for_people: Mapped[bool]
    months: Mapped[int]  # of a term; proposes its last day
    is_active: Mapped[bool]


class Membership(Base):
    """A person or an organization is a member, from a day to a day."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="until_not_before_from"),
        CheckConstraint(
            "(person_id IS NULL) <> (organization_id IS NULL)", name="one_owner"
        ),
        NEVER_TWICE,
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("people.id"), index=True)
    organization_id: Mapped[Id | None] = mapped_column(
        ForeignKey("organizations.id"), index=True
    )
    from_on: Mapped[date]
    until_on: Mapped[date]  # the last day of it
    type_id: Mapped[Id | None] = mapped_column(
        ForeignKey("membership_types.id"), index=True
    )


class ImportLine(LineOfRun):
    """One line of a file of organizations."""

    __tablename__ = "import_lines"
    __table_args__ = (Index(None, "run_id", "outcome", "number"),)

    run_id: Mapped[Id] = mapped_column(
        ForeignKey("import_runs.id"), primary_key=True, autoincrement=False
    )


class ImportThing(Base):
    """What a file says of one thing, on all its lines; then what was made of it."""

    __tablename__ = "import_things"
    __table_args__ = (
        # In this order a search for keys uses it, whatever a planner knows of runs.
        UniqueConstraint("key", "run_id"),
        Index(None, "step", "run_id", "id"),
        NEVER_TWICE,
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    run_id: Mapped[Id] = mapped_column(ForeignKey("import_runs.id"))
    #: Organizations before their parents, people before where they belong.
    step: Mapped[int]
    key: Mapped[str]
    line: Mapped[int]  # that names it first
    said: Mapped[dict[str, Any]]
    #: Whether it is to be written: it is new, or some of it differs.
    is_news: Mapped[bool]
    #: Once applied: the row, how it was before (None: it was not there), how it is.
    row_id: Mapped[Id | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]


class ImportRun(Run):
    """One file of organizations; its columns are kept by their positions."""

    __tablename__ = "import_runs"
    __table_args__ = (NEVER_TWICE,)
    LINE = ImportLine
    PARTS = table_of(ImportThing), table_of(ImportLine)

    known: Mapped[int] = mapped_column("rows_known", default=0)
    done: Mapped[int] = mapped_column("rows_done", default=0)
    #: The step of its present work, whose last line or thing the cursor is.
    step: Mapped[int] = mapped_column(default=0)

    @property
    def used(self) -> set[int]:
        """The places of the columns that are taken in."""
        return {int(place) for place in self.columns}

    def begin(self, state: RunState, known: int, done: int = 0) -> None:
        """Begin another work, at its first step."""
        super().begin(state, known, done)
        self.step = 0
