"""Sending somebody the details of their registration again, because staff say so."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import RefusedError
from csd_events.outbox.queries import AN_HOUR
from csd_events.registrations import queries
from csd_events.registrations.rules import NotResent, refuse_resending
from csd_events.registrations.service.locking import lock
from csd_events.registrations.service.telling import tell_again

KIND = "registration.details"


def resend_details(
    session: Session, registration_id: int, *, now: datetime, actor_id: int | None
) -> int:
    """Queue the details once more, at most once an hour; return whose they are.

    Raises:
        NotFoundError: No such registration.
        RefusedError: They went within the hour, nobody has heard of it yet, the
            registration is cancelled, or the event is cancelled or over.
    """
    event, registration = lock(session, registration_id)
    refusal = refuse_resending(
        registration.state,
        over_at=event.over_at,
        cancelled_at=event.cancelled_at,
        on_demand=event.on_demand,
        now=now,
    )
    if refusal:
        raise RefusedError(refusal)
    if registration.is_pending:
        raise RefusedError(NotResent.UNHEARD)
    if queries.was_mailed(session, registration_id, KIND, since=now - AN_HOUR):
        raise RefusedError(NotResent.JUST_SENT)
    person = registration.person
    tell_again(
        session,
        registration_id,
        event_id=event.id,
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
