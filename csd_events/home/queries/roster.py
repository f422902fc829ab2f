"""Where the people of an organization are registered."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.organizations.models import Affiliation
from csd_events.organizations.queries import belongs_on
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State as PlaceState


@dataclass(frozen=True, slots=True)
class RosterPlace:
    """Where somebody of a roster is registered: no answers, no needs, no prices."""

    person_id: int
    title: str
    slug: str
    starts_at: datetime | None
    zone: str
    state: PlaceState


def list_places_of(
    session: Session, organization_id: int, *, on: date, now: datetime
) -> list[RosterPlace]:
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
    return [RosterPlace(*row[:6]) for row in rows]
