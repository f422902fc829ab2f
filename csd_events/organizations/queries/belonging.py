"""Who belongs to an organization, and who is a member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.errors import NotFoundError
from csd_events.organizations.models import (
    Affiliation,
    Membership,
    MembershipType,
    Organization,
)

#: Memberships of one owner that are shown.
SHOWN = 200


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

    def belongs_on(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


def list_memberships(
    session: Session,
    *,
    organization_id: int | None = None,
    person_id: int | None = None,
) -> list[MembershipLine]:
    """List the memberships of an organization or a person, the latest first."""
    owner = (
        Membership.organization_id == organization_id
        if person_id is None
        else Membership.person_id == person_id
    )
    rows = session.execute(
        select(
            Membership.id, MembershipType.name, Membership.from_on, Membership.until_on
        )
        .outerjoin(MembershipType, MembershipType.id == Membership.type_id)
        .where(owner)
        .order_by(Membership.until_on.desc(), Membership.id.desc())
        .limit(SHOWN)
    )
    return [MembershipLine(*row) for row in rows]


def list_people(
    session: Session, organization_id: int, *, on: date | None = None
) -> list[PersonLine]:
    """List who belongs or belonged to an organization, by name.

    Args:
        on: Only who belongs to it on this day.
    """
    query = (
        _people()
        .where(Affiliation.organization_id == organization_id)
        .order_by(Affiliation.until_on.is_not(None), Person.full_name, Affiliation.id)
    )
    if on is not None:
        query = query.where(belongs_on(on))
    return [PersonLine(*row) for row in session.execute(query)]


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
    ).join(Person, Person.id == Affiliation.person_id)
