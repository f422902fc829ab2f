"""Locking the event of a registration, before anything is done with that."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from csd_events.core.errors import NotFoundError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.registrations.models import Registration


def lock(session: Session, registration_id: int) -> tuple[Event, Registration]:
    """Lock an event; return it with one of its registrations and that one's person.

    Raises:
        NotFoundError: No such registration.
    """
    of_event = select(Registration.event_id).where(Registration.id == registration_id)
    event_id = session.scalar(of_event)
    if event_id is None:
        raise NotFoundError(str(registration_id))
    event = events.lock(session, event_id)
    registration = session.scalars(
        select(Registration)
        .options(joinedload(Registration.person))
        .where(Registration.id == registration_id)
        .execution_options(populate_existing=True)
    ).one()
    return event, registration
