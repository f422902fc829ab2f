"""Reading memberships and where people belong."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Executable,
    Select,
    String,
    bindparam,
    cast,
    func,
    null,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from csd_events.organizations import rules
from csd_events.organizations.models import (
    Affiliation,
    Membership,
    MembershipType,
    Organization,
)
from csd_events.organizations.queries.belonging import belongs_on
from csd_events.organizations.rules import (
    NO_MEMBER,
    MembershipFact,
    Standing,
    Term,
    is_member,
)
from csd_events.topics.catalogue import GOVERNMENT_TYPES


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of somebody through the organization they belong to."""

    organization: str
    kind: str | None
    population_class: str | None
    state: str | None


def standing(session: Session, person_id: int, on: date) -> Standing:
    """Say whether a person is a member on a day, and why. One statement."""
    return standings(session, [person_id], on).get(person_id, NO_MEMBER)


#: Of several people: each of their memberships, and those of their organizations.
#: Made once: every page and every form of somebody who is signed in asks it.
_FACTS: Executable = union_all(
    select(
        Membership.person_id,
        Membership.from_on,
        Membership.until_on,
        cast(null(), String).label("organization"),
        cast(null(), Date).label("joined_on"),
        cast(null(), Date).label("left_on"),
        MembershipType.name.label("membership_type"),
    )
    .outerjoin(MembershipType, MembershipType.id == Membership.type_id)
    .where(Membership.person_id.in_(bindparam("people", expanding=True))),
    select(
        Affiliation.person_id,
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
    .where(Affiliation.person_id.in_(bindparam("people", expanding=True))),
)


def standings(
    session: Session, person_ids: Collection[int], on: date
) -> Mapping[int, Standing]:
    """Say of several people whether they are members on a day, and why.

    Who has no membership at all is left out. One statement.
    """
    facts = _facts(session, person_ids)
    return {person_id: is_member(known, on) for person_id, known in facts.items()}


def members_on(day: date) -> CompoundSelect[Any]:
    """Select the ids of all who are members on a day, as `is_member` has it."""
    holds = (Membership.from_on <= day) & (Membership.until_on >= day)
    own = select(Membership.person_id).where(Membership.person_id.is_not(None), holds)
    through = (
        select(Affiliation.person_id)
        .join(Membership, Membership.organization_id == Affiliation.organization_id)
        .where(holds, belongs_on(day))
    )
    return union(own, through)


def last_ended(session: Session, person_id: int, on: date) -> MembershipFact | None:
    """Return the membership of a person that was the last to end before a day."""
    return rules.last_ended(_facts(session, [person_id]).get(person_id, ()), on)


def _facts(
    session: Session, person_ids: Collection[int]
) -> dict[int, list[MembershipFact]]:
    facts: dict[int, list[MembershipFact]] = defaultdict(list)
    rows: Any = session.execute(_FACTS, {"people": list(person_ids)})
    for person_id, first_on, last_on, name, joined_on, left_on, type_name in rows:
        fact = MembershipFact(
            term=Term(first_on, last_on),
            organization=name,
            affiliation=Term(joined_on, left_on) if name is not None else None,
            membership_type=type_name,
        )
        facts[person_id].append(fact)
    return facts


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


def community_of(session: Session, person_id: int, on: date) -> int | None:
    """Return the local government a person belongs to on a day, by its id."""
    theirs = _BELONGS.with_only_columns(Organization.id, Organization.kind)
    row = session.execute(theirs, {"person_id": person_id, "day": on}).one_or_none()
    return row.id if row and row.kind in GOVERNMENT_TYPES else None


def homes(on: date) -> Select[int, int]:
    """Select everybody who belongs to an organization on a day, with one of them.

    Columns ``person_id`` and ``organization_id``; each person stands there once.
    """
    return (
        select(
            Affiliation.person_id,
            func.max(Affiliation.organization_id).label("organization_id"),
        )
        .where(belongs_on(on))
        .group_by(Affiliation.person_id)
    )


def communities(on: date) -> Select[int, int]:
    """Select like `homes`, of local governments alone."""
    governments = select(Organization.id).where(Organization.kind.in_(GOVERNMENT_TYPES))
    return homes(on).where(Affiliation.organization_id.in_(governments))


def profile_of(session: Session, person_id: int, on: date) -> Profile | None:
    """Describe the organization a person belongs to on a day; the latest of several."""
    row = session.execute(_BELONGS, {"person_id": person_id, "day": on}).one_or_none()
    return Profile(*row) if row else None
