"""One person as staff see them: who they are, where they belong, what they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, Person
from csd_events.core.access import Role
from csd_events.core.errors import NotFoundError
from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.organizations.models import Affiliation, Organization
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """Who somebody is; what belongs to an account is None for who has none."""

    id: int
    full_name: str
    email: str
    email_confirmed_at: datetime | None
    created_at: datetime
    account_id: int | None
    role: Role | None
    account_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An organization somebody belongs to, or did."""

    organization: str
    position: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A registration of somebody, with what its event is."""

    id: int
    event_id: int
    title: str
    event_state: EventState
    on_demand: bool
    starts_at: datetime | None
    over_at: datetime | None
    cancelled_at: datetime | None
    zone: str
    state: State
    organization: str
    reference: str
    registered_at: datetime

    def is_upcoming(self, now: datetime) -> bool:
        return self.over_at is None or self.over_at > now


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """A mail to somebody: which kind, how far, when."""

    id: int
    kind: str
    to_address: str
    state: MailState
    due_at: datetime
    sent_at: datetime | None
    note: str | None


def get_person(session: Session, person_id: int) -> PersonFacts:
    """Return who somebody is.

    Raises:
        NotFoundError: There is nobody by this id.
    """
    row = session.execute(
        select(
            Person.id,
            Person.full_name,
            Person.email,
            Person.email_confirmed_at,
            Person.created_at,
            Account.id.label("account_id"),
            Account.role,
            Account.created_at.label("account_since"),
        )
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id == person_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"no person {person_id}")
    return PersonFacts(**row._mapping)  # noqa: SLF001 - public in SQLAlchemy


def list_places(session: Session, person_id: int) -> Sequence[Place]:
    """List where a person belongs or did, the latest first."""
    rows = session.execute(
        select(
            Organization.name.label("organization"),
            Affiliation.position,
            Affiliation.from_on,
            Affiliation.until_on,
        )
        .join(Organization, Organization.id == Affiliation.organization_id)
        .where(Affiliation.person_id == person_id)
        .order_by(Affiliation.from_on.desc(), Affiliation.id.desc())
    )
    return [Place(**row._mapping) for row in rows]  # noqa: SLF001 - as above


def list_registrations(
    session: Session, person_id: int, *, limit: int
) -> Sequence[Registered]:
    """List what a person registered for, the latest event first."""
    rows = session.execute(
        select(
            Registration.id,
            Registration.event_id,
            Event.title,
            Event.state.label("event_state"),
            Event.on_demand,
            Event.starts_at,
            Event.over_at,
            Event.cancelled_at,
            Event.zone,
            Registration.state,
            Registration.organization,
            Registration.reference,
            Registration.registered_at,
        )
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.person_id == person_id)
        .order_by(Event.listed_at.desc(), Registration.id.desc())
        .limit(limit)
    )
    return [Registered(**row._mapping) for row in rows]  # noqa: SLF001 - as above


def list_mails_to(session: Session, address: str, *, limit: int) -> Sequence[Mailed]:
    """List the mails to an address, the latest first; their words are elsewhere."""
    rows = session.execute(
        select(
            OutboxMessage.id,
            OutboxMessage.kind,
            OutboxMessage.to_address,
            OutboxMessage.state,
            OutboxMessage.due_at,
            OutboxMessage.sent_at,
            OutboxMessage.note,
        )
        .where(OutboxMessage.to_address == address)
        .order_by(OutboxMessage.due_at.desc(), OutboxMessage.id.desc())
        .limit(limit)
    )
    return [Mailed(**row._mapping) for row in rows]  # noqa: SLF001 - as above
