"""Record organizations, who belongs to them, and who is a member."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
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
    values = asdict(given)
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
        changes=values | _dates(term),
    )
    return created


def record_membership(
    session: Session,
    *,
    term: Term,
    person_id: int | None = None,
    organization_id: int | None = None,
    now: datetime,
    actor_id: int | None = None,
) -> int:
    """Record that a person or an organization is a member; return its id.

    An organization is one for whoever belongs to it. A membership has a last day.
    """
    owner = {"person_id": person_id, "organization_id": organization_id}
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
        changes={key: value for key, value in owner.items() if value is not None}
        | _dates(term),
    )
    return created


def hand_over(
    session: Session,
    *,
    from_id: int,
    to_id: int,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Let one person have the affiliations and memberships of another, who is them."""
    for table, action in (
        (Affiliation, "affiliation.handed_over"),
        (Membership, "membership.handed_over"),
    ):
        moved = session.scalars(
            update(table)
            .where(table.person_id == from_id)
            .values(person_id=to_id)
            .returning(table.id)
        ).all()
        for row_id in moved:
            audit.record(
                session,
                action,
                subject_id=row_id,
                now=now,
                actor_id=actor_id,
                changes={"person_id": [from_id, to_id]},
            )


def _dates(term: Term) -> dict[str, Any]:
    return {
        "from_on": term.first_on.isoformat(),
        "until_on": term.last_on.isoformat() if term.last_on else None,
    }
