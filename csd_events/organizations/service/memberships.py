"""Record who is a member from a day to a day, and which kinds of that there are."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.audit import service as audit
from csd_events.core.db import INSERTS, engine_name
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.organizations.models import Membership, MembershipType, Organization
from csd_events.organizations.rules import Refusal, Term, name_key
from csd_events.organizations.service.belonging import changed, dates_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFacts:
    """What is known of a kind of membership.

    Attributes:
        months: Of a term.
        is_active: Whether it is offered for new memberships.
    """

    name: str
    for_organizations: bool = True
    for_people: bool = True
    months: int = 12
    is_active: bool = True


def record_membership(  # noqa: PLR0913 - all that its row holds
    session: Session,
    *,
    term: Term,
    person_id: int | None = None,
    organization_id: int | None = None,
    type_id: int | None = None,
    now: datetime,
    actor_id: int | None = None,
) -> int:
    """Record that a person or an organization is a member; return its id.

    An organization is one for whoever belongs to it. A membership has a last day.
    Recording the very same once more does nothing.
    """
    owner = {"person_id": person_id, "organization_id": organization_id}
    _lock_owner(session, person_id, organization_id)
    row = {**owner, "type_id": type_id, "from_on": term.first_on}
    row["until_on"] = term.last_on
    known = session.scalar(select(Membership.id).filter_by(**row))
    if known is not None:
        return known
    created = session.scalars(
        insert(Membership).values(row).returning(Membership.id)
    ).one()
    given = owner | {"type_id": type_id}
    audit.record(
        session,
        "membership.recorded",
        subject_id=created,
        now=now,
        actor_id=actor_id,
        changes={key: value for key, value in given.items() if value is not None}
        | dates_of(term),
    )
    return created


def save_membership(
    session: Session,
    membership_id: int,
    *,
    term: Term,
    type_id: int | None,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Correct the days or the kind of a membership, or end it.

    Raises:
        NotFoundError: There is no such membership.
    """
    mine = select(Membership).where(Membership.id == membership_id)
    found = session.scalar(mine.with_for_update())
    if found is None:
        raise NotFoundError("membership")
    after: dict[str, Any] = {
        "type_id": type_id,
        "from_on": term.first_on,
        "until_on": term.last_on,
    }
    changes = changed(found, after)
    if not changes:
        return
    session.execute(
        update(Membership).where(Membership.id == membership_id).values(after)
    )
    audit.record(
        session,
        "membership.saved",
        subject_id=membership_id,
        now=now,
        actor_id=actor_id,
        changes=changes,
    )


def create_type(
    session: Session, given: TypeFacts, *, now: datetime, actor_id: int | None = None
) -> int:
    """Offer a kind of membership; return its id.

    Raises:
        RefusedError: There is one of that name.
    """
    created: int | None = session.scalar(
        INSERTS[engine_name(session)](MembershipType)
        .values(**asdict(given), name_key=name_key(given.name))
        .on_conflict_do_nothing()
        .returning(MembershipType.id)
    )
    if created is None:
        raise RefusedError(Refusal.TYPE_TAKEN)
    audit.record(
        session,
        "membership_type.created",
        subject_id=created,
        now=now,
        actor_id=actor_id,
        changes={name: [None, value] for name, value in asdict(given).items()},
    )
    return created


def save_type(
    session: Session,
    type_id: int,
    given: TypeFacts,
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Change a kind of membership; memberships on record keep their days.

    Raises:
        NotFoundError: There is no such kind.
        RefusedError: Another one has that name.
    """
    # Whoever changes one meets here: names are compared with all of them.
    known = session.scalars(
        select(MembershipType).order_by(MembershipType.id).with_for_update()
    ).all()
    found = next((each for each in known if each.id == type_id), None)
    if found is None:
        raise NotFoundError("membership type")
    key = name_key(given.name)
    if any(each.name_key == key and each.id != type_id for each in known):
        raise RefusedError(Refusal.TYPE_TAKEN)
    after = asdict(given)
    changes = changed(found, after)
    if not changes:
        return
    session.execute(
        update(MembershipType)
        .where(MembershipType.id == type_id)
        .values(**after, name_key=key)
    )
    audit.record(
        session,
        "membership_type.saved",
        subject_id=type_id,
        now=now,
        actor_id=actor_id,
        changes=changes,
    )


def _lock_owner(
    session: Session, person_id: int | None, organization_id: int | None
) -> None:
    """Lock whose membership it is: two clicks at once record it once."""
    mine = (
        select(Person.id).where(Person.id == person_id)
        if organization_id is None
        else select(Organization.id).where(Organization.id == organization_id)
    )
    if session.scalar(mine.with_for_update()) is None:
        raise NotFoundError("owner of the membership")
