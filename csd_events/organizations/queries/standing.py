"""Reading memberships and where people belong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, String, bindparam, cast, null, or_, select, union_all
from sqlalchemy.orm import Session

from csd_events.organizations.models import (
    Affiliation,
    Membership,
    MembershipType,
    Organization,
)
from csd_events.organizations.rules import MembershipFact, Standing, Term, is_member


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of somebody through the organization they belong to."""

    organization: str
    kind: str | None
    population_class: str | None
    state: str | None


def standing(session: Session, person_id: int, on: date) -> Standing:
    """Say whether a person is a member on a day, and why. One statement."""
    own = (
        select(
            Membership.from_on,
            Membership.until_on,
            cast(null(), String).label("organization"),
            cast(null(), Date).label("joined_on"),
            cast(null(), Date).label("left_on"),
            MembershipType.name.label("membership_type"),
        )
        .outerjoin(MembershipType, MembershipType.id == Membership.type_id)
        .where(Membership.person_id == person_id)
    )
    through_organizations = (
        select(
            Membership.from_on,
            Membership.until_on,
            Organization.name,
            Affiliation.from_on,
            Affiliation.until_on,
            MembershipType.name,
        )
        .join(Organization, Organization.id == Membership.organization_id)
        .outerjoin(MembershipType, MembershipType.id == Membership.type_id)
        .join(Affiliation, Affiliation.organization_id == Organization.id)
        .where(Affiliation.person_id == person_id)
    )
    rows: Any = session.execute(union_all(own, through_organizations))
    facts = [
        MembershipFact(
            term=Term(first_on, last_on),
            organization=name,
            affiliation=Term(joined_on, left_on) if name is not None else None,
            membership_type=type_name,
        )
        for first_on, last_on, name, joined_on, left_on, type_name in rows
    ]
    return is_member(facts, on)


#: Made once: every mail asks it.
_BELONGS = (
    select(
        Organization.name,
        Organization.kind,
        Organization.population_class,
        Organization.state,
    )
    .join(Affiliation, Affiliation.organization_id == Organization.id)
    .where(
        Affiliation.person_id == bindparam("person_id"),
        Affiliation.from_on <= bindparam("day"),
        or_(Affiliation.until_on.is_(None), Affiliation.until_on >= bindparam("day")),
    )
    .order_by(Affiliation.from_on.desc(), Affiliation.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where somebody belongs, and as what."""

    organization: str
    position: str


def list_belonging(session: Session, person_id: int, on: date) -> Sequence[Belonging]:
    """List the organizations a person belongs to on a day, the latest first."""
    present = (
        select(Organization.name, Affiliation.position)
        .join(Affiliation, Affiliation.organization_id == Organization.id)
        .where(
            Affiliation.person_id == person_id,
            Affiliation.from_on <= on,
            or_(Affiliation.until_on.is_(None), Affiliation.until_on >= on),
        )
        .order_by(Affiliation.from_on.desc(), Affiliation.id.desc())
    )
    return [Belonging(*row) for row in session.execute(present)]


def profile_of(session: Session, person_id: int, on: date) -> Profile | None:
    """Describe the organization a person belongs to on a day; the latest of several."""
    row = session.execute(_BELONGS, {"person_id": person_id, "day": on}).one_or_none()
    return Profile(*row) if row else None
