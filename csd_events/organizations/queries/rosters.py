"""Whom somebody may register from where they work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.search import holds
from csd_events.core.text import fold
from csd_events.organizations.models import Affiliation, Membership, Organization
from csd_events.organizations.queries.belonging import belongs_on


@dataclass(frozen=True, slots=True)
class RosterLine:
    """Somebody on a roster, as its contact picks them."""

    person_id: int
    full_name: str
    email: str
    organization: str


def find_on_rosters(
    session: Session,
    organization_ids: Collection[int],
    day: date,
    *,
    words: str = "",
    limit: int,
) -> Sequence[RosterLine]:
    """List who belongs to some organizations on a day, by name.

    Args:
        session: To read in.
        organization_ids: Whose rosters.
        day: On which.
        words: Parts of names or addresses, all of which match; empty for everybody.
        limit: How many at most.
    """
    parts = fold(words).split()
    match = [
        or_(
            holds(Person.name_key, part),
            holds(Person.email_key, part),
        )
        for part in parts
    ]
    there = _on_rosters(organization_ids, day).where(*match)
    rows = session.execute(there.order_by(Person.name_key, Person.id).limit(limit))
    return [RosterLine(*row) for row in rows]


def list_on_rosters(
    session: Session,
    organization_ids: Collection[int],
    day: date,
    person_ids: Collection[int],
) -> Sequence[RosterLine]:
    """List which of some people belong to some organizations on a day."""
    there = _on_rosters(organization_ids, day).where(Person.id.in_(person_ids))
    rows = session.execute(there.order_by(Person.name_key, Person.id))
    return [RosterLine(*row) for row in rows]


def _on_rosters(
    organization_ids: Collection[int], day: date
) -> Select[int, str, str, str]:
    """Find everybody on some rosters once, whatever number of them they are on."""
    return (
        select(Person.id, Person.full_name, Person.email, func.min(Organization.name))
        .join(Affiliation, Affiliation.person_id == Person.id)
        .join(Organization, Organization.id == Affiliation.organization_id)
        .where(Organization.id.in_(organization_ids), belongs_on(day))
        .group_by(Person.id)
    )


def colleagues_on(person_id: int, day: date) -> Select[int]:
    """Find everybody else on the rosters on which somebody is on a day."""
    own = select(Affiliation.organization_id).where(
        Affiliation.person_id == person_id, belongs_on(day)
    )
    return select(Affiliation.person_id).where(
        Affiliation.organization_id.in_(own),
        Affiliation.person_id != person_id,
        belongs_on(day),
    )


def list_members_through(session: Session, person_id: int, on: date) -> Sequence[str]:
    """Name the organizations through which somebody is a member on a day."""
    through = (
        select(Organization.name)
        .join(Affiliation, Affiliation.organization_id == Organization.id)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            Affiliation.person_id == person_id,
            belongs_on(on),
            Membership.from_on <= on,
            Membership.until_on >= on,
        )
        .distinct()
    )
    return session.scalars(through).all()
