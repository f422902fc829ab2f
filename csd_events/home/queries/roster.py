"""Where the people of an organization are registered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
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
    session: Session, person_ids: Collection[int], *, now: datetime
) -> list[RosterPlace]:
    """List where some people are registered, of what is not over."""
    rows = session.execute(
        select(
            Registration.person_id,
            Event.title,
            Event.slug,
            Event.starts_at,
            Event.zone,
            Registration.state,
        )
        .join(Event, Event.id == Registration.event_id)
        .where(
            Registration.person_id.in_(person_ids),
            Event.state == EventState.PUBLISHED,
            or_(Event.over_at.is_(None), Event.over_at > now),
            Registration.state != PlaceState.CANCELLED,
        )
        .order_by(Event.listed_at, Registration.id)
    )
    return [RosterPlace(*row) for row in rows]
