"""Sending somebody the details of their registration again, because staff say so."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from csd_events.audit import service as audit
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events import queries as events
from csd_events.outbox.queries import AN_HOUR
from csd_events.registrations import queries
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import NotResent, refuse_resending
from csd_events.registrations.service.telling import tell_again

KIND = "registration.details"


def resend_details(
    session: Session, registration_id: int, *, now: datetime, actor_id: int | None
) -> int:
    """Queue the details once more, at most once an hour; return whose they are.

    Raises:
        NotFoundError: No such registration.
        RefusedError: They went within the hour, the registration is cancelled, or
            the event is cancelled or over.
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
    refusal = refuse_resending(
        registration.state,
        over_at=event.over_at,
        cancelled_at=event.cancelled_at,
        on_demand=event.on_demand,
        now=now,
    )
    if refusal:
        raise RefusedError(refusal)
    if queries.was_mailed(session, registration_id, KIND, since=now - AN_HOUR):
        raise RefusedError(NotResent.JUST_SENT)
    person = registration.person
    tell_again(
        session,
        registration_id,
        event_id=event_id,
        to_address=person.email,
        at_once=person.email_confirmed_at is not None,
        now=now,
    )
    audit.record(
        session,
        "registration.details_sent",
        subject_id=registration_id,
        actor_id=actor_id,
        now=now,
        changes={"to": [None, person.email]},
    )
    return person.id
