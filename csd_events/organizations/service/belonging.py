"""Record who belongs to an organization, and whom staff name as its contact."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.audit.rules import what_changed
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.organizations.models import Affiliation, Organization
from csd_events.organizations.rules import Refusal, Term


def affiliate(  # noqa: PLR0913 - all that its row holds
    session: Session,
    *,
    person_id: int,
    organization_id: int,
    term: Term,
    now: datetime,
    actor_id: int | None = None,
    position: str = "",
    is_contact: bool = False,
) -> int:
    """Record that a person belongs to an organization; return the affiliation's id.

    Raises:
        NotFoundError: There is no such organization.
        RefusedError: They are on record there from the same day.
    """
    _lock_organization(session, organization_id)
    _refuse_the_same_day(session, person_id, organization_id, term)
    owner = {"person_id": person_id, "organization_id": organization_id}
    values = {"position": position, "is_contact": is_contact}
    created = session.scalars(
        insert(Affiliation)
        .values(from_on=term.first_on, until_on=term.last_on, **owner, **values)
        .returning(Affiliation.id)
    ).one()
    audit.record(
        session,
        "affiliation.recorded",
        subject_id=created,
        now=now,
        actor_id=actor_id,
        changes=owner
        | {name: [None, value] for name, value in values.items() if value}
        | dates_of(term),
    )
    return created


def save_affiliation(  # noqa: PLR0913 - all that its row holds
    session: Session,
    affiliation_id: int,
    *,
    term: Term,
    position: str,
    is_contact: bool,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Correct since when and as what somebody belongs to an organization, or end it.

    Raises:
        NotFoundError: There is no such affiliation.
        RefusedError: They are on record there from the same day already.
    """
    known = select(Affiliation).where(Affiliation.id == affiliation_id)
    found = session.scalar(known)
    if found is None:
        raise NotFoundError("affiliation")
    _lock_organization(session, found.organization_id)
    session.refresh(found)
    after: dict[str, Any] = {
        "position": position,
        "is_contact": is_contact,
        "from_on": term.first_on,
        "until_on": term.last_on,
    }
    changes = changed(found, after)
    if not changes:
        return
    if "from_on" in changes:
        _refuse_the_same_day(session, found.person_id, found.organization_id, term)
    session.execute(
        update(Affiliation).where(Affiliation.id == affiliation_id).values(after)
    )
    audit.record(
        session,
        "affiliation.saved",
        subject_id=affiliation_id,
        now=now,
        actor_id=actor_id,
        changes=changes,
    )


def dates_of(term: Term) -> dict[str, Any]:
    return {
        "from_on": term.first_on.isoformat(),
        "until_on": term.last_on.isoformat() if term.last_on else None,
    }


def changed(row: object, after: dict[str, Any]) -> dict[str, Any]:
    """Return what of a row is to be another, before and after."""
    return what_changed({name: getattr(row, name) for name in after}, after)


def _lock_organization(session: Session, organization_id: int) -> None:
    mine = select(Organization.id).where(Organization.id == organization_id)
    if session.scalar(mine.with_for_update()) is None:
        raise NotFoundError("organization")


def _refuse_the_same_day(
    session: Session, person_id: int, organization_id: int, term: Term
) -> None:
    known = select(Affiliation.id).where(
        Affiliation.person_id == person_id,
        Affiliation.organization_id == organization_id,
        Affiliation.from_on == term.first_on,
    )
    if session.scalar(known) is not None:
        raise RefusedError(Refusal.ALREADY_THERE)
