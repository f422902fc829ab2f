"""Record organizations: who they are, and under which other one they stand."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.audit.rules import what_changed
from csd_events.core.db import INSERTS, engine_name
from csd_events.core.errors import NotFoundError, RefusedError, StaleError
from csd_events.organizations import queries
from csd_events.organizations.models import Organization
from csd_events.organizations.rules import Refusal, name_key, organization_key


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """What is known of an organization."""

    name: str
    kind: str | None = None
    population_class: str | None = None
    state: str | None = None
    external_id: str | None = None
    parent_id: int | None = None

    def columns(self) -> dict[str, Any]:
        """Return it as its row holds it, with what it is found by."""
        return asdict(self) | keys_of(self.name, self.state)


def keys_of(name: str, state: str | None) -> dict[str, str]:
    return {"key": organization_key(name, state), "name_key": name_key(name)}


def create_organization(
    session: Session,
    given: NewOrganization,
    *,
    now: datetime,
    actor_id: int | None = None,
) -> int:
    """Record an organization and return its id.

    Raises:
        RefusedError: There is one of that name in its state, or with its number.
    """
    if given.parent_id is not None and not _lock(session, given.parent_id):
        raise RefusedError(Refusal.PARENT_UNKNOWN)
    created: int | None = session.scalar(
        INSERTS[engine_name(session)](Organization)
        .values(given.columns())
        .on_conflict_do_nothing()
        .returning(Organization.id)
    )
    if created is None:
        raise RefusedError(_what_is_taken(session, given))
    audit.record(
        session,
        "organization.created",
        subject_id=created,
        now=now,
        actor_id=actor_id,
        changes=what_changed({}, asdict(given)),
    )
    return created


def save_organization(
    session: Session,
    organization_id: int,
    given: NewOrganization,
    *,
    version: int,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Replace what is known of an organization.

    Raises:
        NotFoundError: There is none by this id.
        RefusedError: Another one has its name or number, or stands below it and
            above it at once.
        StaleError: Somebody saved it after the form was opened.
    """
    locked = _lock(session, organization_id, given.parent_id)
    before = locked.get(organization_id)
    if before is None:
        raise NotFoundError("organization")
    if before.version != version:
        raise StaleError(str(organization_id))
    if given.parent_id is not None:
        _refuse_a_cycle(session, organization_id, given.parent_id, known=set(locked))
    changes = what_changed(before._asdict(), asdict(given))
    if not changes:
        return
    try:
        with session.begin_nested():
            session.execute(
                update(Organization)
                .where(Organization.id == organization_id)
                .values(given.columns() | {"version": version + 1})
            )
    except IntegrityError as error:
        taken = _what_is_taken(session, given, besides=organization_id)
        raise RefusedError(taken) from error
    audit.record(
        session,
        "organization.saved",
        subject_id=organization_id,
        now=now,
        actor_id=actor_id,
        changes=changes,
    )


def _lock(session: Session, *ids: int | None) -> dict[int, Any]:
    """Lock some organizations, in an order everybody keeps, and return their rows."""
    wanted = {each for each in ids if each is not None}
    rows = session.execute(
        select(
            Organization.id,
            Organization.name,
            Organization.kind,
            Organization.population_class,
            Organization.state,
            Organization.external_id,
            Organization.parent_id,
            Organization.version,
        )
        .where(Organization.id.in_(wanted))
        .order_by(Organization.id)
        .with_for_update()
    )
    return {row.id: row for row in rows}


def _refuse_a_cycle(
    session: Session, organization_id: int, parent_id: int, *, known: set[int]
) -> None:
    if parent_id not in known:
        raise RefusedError(Refusal.PARENT_UNKNOWN)
    above = queries.list_above(session, parent_id)
    if organization_id in {parent_id, *above}:
        raise RefusedError(Refusal.PARENT_IS_BELOW)


def _what_is_taken(
    session: Session, given: NewOrganization, *, besides: int | None = None
) -> Refusal:
    same = select(Organization.id).where(
        Organization.key == organization_key(given.name, given.state),
        Organization.id != (besides or 0),
    )
    taken = session.scalar(same) is not None
    return Refusal.NAME_TAKEN if taken else Refusal.NUMBER_TAKEN
