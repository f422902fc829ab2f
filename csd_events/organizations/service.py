"""Record organizations, who belongs to them, and who is a member."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import RefusedError
from csd_events.organizations.models import Affiliation, Membership, Organization
from csd_events.organizations.rules import Refusal, Term


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """What is known of an organization when it is recorded."""

    name: str
    kind: str | None = None
    population_class: str | None = None
    state: str | None = None


def create_organization(
    session: Session,
    given: NewOrganization,
    *,
    now: datetime,
    actor_id: int | None = None,
) -> int:
    """Record an organization and return its id.

    Raises:
        RefusedError: There is one of that name.
    """
    known = select(Organization.id).where(Organization.name == given.name)
    if session.scalar(known) is not None:
        raise RefusedError(Refusal.NAME_TAKEN)
    values = {
        "name": given.name,
        "kind": given.kind,
        "population_class": given.population_class,
        "state": given.state,
    }
    created = session.scalars(
        insert(Organization).values(values).returning(Organization.id)
    ).one()
    audit.record(
        session,
        "organization.created",
        subject_id=created,
        now=now,
        actor_id=actor_id,
        changes={name: [None, value] for name, value in values.items()},
    )
    return created


def affiliate(
    session: Session,
    *,
    person_id: int,
    organization_id: int,
    term: Term,
    now: datetime,
    actor_id: int | None = None,
) -> int:
    """Record that a person belongs to an organization; return the affiliation's id."""
    values = {"person_id": person_id, "organization_id": organization_id}
    created = session.scalars(
        insert(Affiliation)
        .values(from_on=term.first_on, until_on=term.last_on, **values)
        .returning(Affiliation.id)
    ).one()
    audit.record(
        session,
        "affiliation.recorded",
        subject_id=created,
        now=now,
        actor_id=actor_id,
        changes=values | _dates(term.first_on, term.last_on),
    )
    return created


def record_person_membership(
    session: Session,
    person_id: int,
    *,
    first_on: date,
    last_on: date,
    now: datetime,
    actor_id: int | None = None,
) -> int:
    """Record that a person is a member from a day to a day; return its id."""
    return _record_membership(
        session,
        {"person_id": person_id},
        Term(first_on, last_on),
        now=now,
        actor_id=actor_id,
    )


def record_organization_membership(
    session: Session,
    organization_id: int,
    *,
    first_on: date,
    last_on: date,
    now: datetime,
    actor_id: int | None = None,
) -> int:
    """Record that an organization is a member, and with it whoever belongs to it."""
    return _record_membership(
        session,
        {"organization_id": organization_id},
        Term(first_on, last_on),
        now=now,
        actor_id=actor_id,
    )


def _record_membership(
    session: Session,
    owner: dict[str, int],
    term: Term,
    *,
    now: datetime,
    actor_id: int | None,
) -> int:
    created = session.scalars(
        insert(Membership)
        .values(from_on=term.first_on, until_on=term.last_on, **owner)
        .returning(Membership.id)
    ).one()
    audit.record(
        session,
        "membership.recorded",
        subject_id=created,
        now=now,
        actor_id=actor_id,
        changes=owner | _dates(term.first_on, term.last_on),
    )
    return created


def _dates(first_on: date, last_on: date | None) -> dict[str, Any]:
    return {
        "from_on": first_on.isoformat(),
        "until_on": last_on.isoformat() if last_on else None,
    }
