"""Who belongs to an organization, and who is a member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.errors import NotFoundError
from csd_events.core.pages import CountedPage
from csd_events.organizations.models import (
    Affiliation,
    Membership,
    MembershipType,
    Organization,
)
from csd_events.organizations.queries.paging import FIRST, Edge, page_by
from csd_events.organizations.rules import Term


@dataclass(frozen=True, slots=True)
class MembershipLine:
    """A membership as staff see it."""

    id: int
    type_name: str | None
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where somebody belongs, and as what."""

    organization: str
    position: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who belongs, or belonged, to an organization."""

    affiliation_id: int
    person_id: int
    full_name: str
    email: str
    position: str
    from_on: date
    until_on: date | None
    is_contact: bool


def page_memberships(
    session: Session,
    *,
    organization_id: int | None = None,
    person_id: int | None = None,
    edge: Edge = FIRST,
) -> CountedPage[MembershipLine, int]:
    """Return a page of the memberships of one owner, the latest first.

    Args:
        edge: The id after which the page begins, or else before which it ends.
    """
    known = (
        select(
            Membership.id, MembershipType.name, Membership.from_on, Membership.until_on
        )
        .select_from(Membership)
        .outerjoin(MembershipType, MembershipType.id == Membership.type_id)
        .where(_is_of(organization_id, person_id))
    )
    order = Membership.until_on, Membership.id
    return page_by(
        session, order, known, line=MembershipLine, edge=edge, descending=True
    )


def overlaps_another(
    session: Session,
    term: Term,
    membership_id: int,
    *,
    organization_id: int | None = None,
    person_id: int | None = None,
) -> bool:
    """Tell whether a membership shares a day with another of its owner."""
    other = select(Membership.id).where(
        _is_of(organization_id, person_id),
        Membership.id != membership_id,
        Membership.from_on <= term.last_on,
        Membership.until_on >= term.first_on,
    )
    return session.scalar(other.limit(1)) is not None


def page_people(
    session: Session,
    organization_id: int,
    day: date,
    *,
    others: bool = False,
    edge: Edge = FIRST,
) -> CountedPage[PersonLine, int]:
    """Return a page of who belongs to an organization on a day, by name.

    Args:
        others: Who belonged to it before, or will later, in place of them.
        edge: The id after which the page begins, or else before which it ends.
    """
    there = ~belongs_on(day) if others else belongs_on(day)
    fitting = _people().where(Affiliation.organization_id == organization_id, there)
    order = Person.name_key, Affiliation.id
    return page_by(session, order, fitting, line=PersonLine, edge=edge)


def get_person_line(
    session: Session, organization_id: int, affiliation_id: int
) -> PersonLine:
    """Return one of them.

    Raises:
        NotFoundError: There is nobody by this id in that organization.
    """
    row = session.execute(
        _people().where(
            Affiliation.id == affiliation_id,
            Affiliation.organization_id == organization_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("affiliation")
    return PersonLine(*row)


def get_membership(session: Session, membership_id: int) -> Membership:
    """Return a membership.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.get(Membership, membership_id)
    if found is None:
        raise NotFoundError("membership")
    return found


def list_belonging(session: Session, person_id: int, on: date) -> Sequence[Belonging]:
    """List the organizations a person belongs to on a day, the latest first."""
    present = (
        select(Organization.name, Affiliation.position)
        .join(Affiliation, Affiliation.organization_id == Organization.id)
        .where(Affiliation.person_id == person_id, belongs_on(on))
        .order_by(Affiliation.from_on.desc(), Affiliation.id.desc())
    )
    return [Belonging(*row) for row in session.execute(present)]


def list_types(session: Session) -> Sequence[MembershipType]:
    """List the kinds of membership, those that are offered first."""
    known = select(MembershipType).order_by(
        MembershipType.is_active.desc(), MembershipType.name_key
    )
    return session.scalars(known).all()


def get_type(session: Session, type_id: int) -> MembershipType:
    """Return a kind of membership.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.get(MembershipType, type_id)
    if found is None:
        raise NotFoundError("membership type")
    return found


def list_contact_of(
    session: Session, person_id: int, on: date
) -> Sequence[Organization]:
    """List the organizations whose contact a person is on a day.

    Nobody is who has not shown that the address is theirs.
    """
    mine = (
        select(Organization)
        .join(Affiliation, Affiliation.organization_id == Organization.id)
        .join(Person, Person.id == Affiliation.person_id)
        .where(
            Person.id == person_id,
            Person.email_confirmed_at.is_not(None),
            Affiliation.is_contact,
            belongs_on(on),
        )
        .order_by(Organization.key)
        .distinct()
    )
    return session.scalars(mine).all()


def belongs_on(day: date) -> Any:
    """Match who belongs to an organization on a day."""
    goes_on = or_(Affiliation.until_on.is_(None), Affiliation.until_on >= day)
    return (Affiliation.from_on <= day) & goes_on


def _is_of(organization_id: int | None, person_id: int | None) -> ColumnElement[bool]:
    """Match the memberships of an organization or of a person."""
    if person_id is None:
        return Membership.organization_id == organization_id
    return Membership.person_id == person_id


def _people() -> Select[*tuple[Any, ...]]:
    return select(
        Affiliation.id,
        Person.id,
        Person.full_name,
        Person.email,
        Affiliation.position,
        Affiliation.from_on,
        Affiliation.until_on,
        Affiliation.is_contact,
    ).join_from(Affiliation, Person, Person.id == Affiliation.person_id)
