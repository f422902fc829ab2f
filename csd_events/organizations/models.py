"""Organizations, memberships and who belongs where."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id


class Organization(Base):
    """A jurisdiction or another body that people work for."""

    __tablename__ = "organizations"

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    #: Ids of the shared vocabulary: see ``topics.catalogue``.
    kind: Mapped[str | None]
    population_class: Mapped[str | None]
    state: Mapped[str | None]  # two letters


class Affiliation(Base):
    """A person belongs to an organization, from a day to a day."""

    __tablename__ = "affiliations"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="until_not_before_from"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    organization_id: Mapped[Id] = mapped_column(
        ForeignKey("organizations.id"), index=True
    )
    position: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]  # the last day; None while it goes on


class Membership(Base):
    """A person or an organization is a member, from a day to a day."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="until_not_before_from"),
        CheckConstraint(
            "(person_id IS NULL) <> (organization_id IS NULL)", name="one_owner"
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("people.id"), index=True)
    organization_id: Mapped[Id | None] = mapped_column(
        ForeignKey("organizations.id"), index=True
    )
    from_on: Mapped[date]
    until_on: Mapped[date]  # the last day of it
