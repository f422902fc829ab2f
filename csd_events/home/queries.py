"""Reading across features."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.organizations.models import Affiliation
from csd_events.organizations.queries import belongs_on
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State as PlaceState


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody of a roster is registered: no answers, no needs, no prices."""

    person_id: int
    title: str
    slug: str
    starts_at: datetime | None
    zone: str
    state: PlaceState


def has_confirmed(session: Session, person_id: int) -> bool:
    """Tell whether a person has shown that their address is theirs."""
    confirmed = select(Person.email_confirmed_at).where(Person.id == person_id)
    return session.scalar(confirmed) is not None


def list_mails_of_event(
    session: Session, event_id: int, *, limit: int
) -> Sequence[OutboxMessage]:
    """List the newest mails of an event."""
    newest = select(OutboxMessage).where(OutboxMessage.event_id == event_id)
    return session.scalars(newest.order_by(OutboxMessage.id.desc()).limit(limit)).all()


def list_last_problems(session: Session, event_ids: Collection[int]) -> dict[int, str]:
    """Return what went wrong last with the mail of each event, where anything did."""
    latest = (
        select(func.max(OutboxMessage.id).label("id"), OutboxMessage.event_id)
        .where(
            OutboxMessage.state == State.FAILED,
            OutboxMessage.event_id.in_(event_ids),
        )
        .group_by(OutboxMessage.event_id)
        .subquery()
    )
    notes = select(latest.c.event_id, func.coalesce(OutboxMessage.note, "")).join(
        OutboxMessage, OutboxMessage.id == latest.c.id
    )
    return dict(session.execute(notes).all())


def list_places_of(
    session: Session, organization_id: int, *, on: date, now: datetime
) -> list[Place]:
    """List where people of an organization are registered, of what is not over."""
    rows = session.execute(
        select(
            Registration.person_id,
            Event.title,
            Event.slug,
            Event.starts_at,
            Event.zone,
            Registration.state,
            Event.listed_at,
            Registration.id,
        )
        .join(Event, Event.id == Registration.event_id)
        .join(Affiliation, Affiliation.person_id == Registration.person_id)
        .where(
            Affiliation.organization_id == organization_id,
            belongs_on(on),
            Event.state == EventState.PUBLISHED,
            or_(Event.over_at.is_(None), Event.over_at > now),
            Registration.state != PlaceState.CANCELLED,
        )
        .order_by(Event.listed_at, Registration.id)
        .distinct()
    )
    return [Place(*row[:6]) for row in rows]
