"""Giving up a place."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from csd_events.audit import service as audit
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.registrations import rules
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Refusal, State
from csd_events.registrations.service.telling import Telling, queue_mail
from csd_events.registrations.service.waiting import promote


def cancel(
    session: Session,
    registration_id: int,
    *,
    now: datetime,
    link_version: int | None = None,
    actor_id: int | None = None,
) -> None:
    """Give a place, or a place in the queue, back; the next in line gets it.

    Cancelling again changes nothing.

    Args:
        link_version: Of the link by which it is asked for; None without a link.

    Raises:
        NotFoundError: No such registration, or its link has ended.
        RefusedError: The event is over or cancelled: there is nothing to give back.
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
    if link_version not in {None, registration.link_version}:
        raise NotFoundError(str(registration_id))
    if registration.state is State.CANCELLED:
        return
    if not rules.may_cancel(event.over_at, event.cancelled_at, now):
        raise RefusedError(Refusal.CLOSED)
    was = registration.state
    give_back(event, registration, now=now)
    session.flush()
    queue_mail(
        session,
        Telling(
            "registration.cancelled", event.id, registration.id, str(registration.life)
        ),
        to_address=registration.person.email,
        at_once=True,  # asked for by link, or by staff: nobody else can
        now=now,
    )
    audit.record(
        session,
        "registration.cancelled",
        subject_id=registration.id,
        actor_id=actor_id,
        now=now,
        changes={"state": [was, State.CANCELLED]},
    )
    promote(session, event, now=now)


def give_back(event: Event, registration: Registration, *, now: datetime) -> None:
    """Free the place, or the place in the queue, that a registration has at an event.

    The event is locked, with its offers. Nobody is told, and nobody promoted.
    """
    if registration.state is State.WAITING:
        event.waiting -= 1
    else:
        event.confirmed -= 1
        offer = next((o for o in event.offers if o.id == registration.offer_id), None)
        if offer is not None:
            offer.confirmed -= 1
    registration.state, registration.position = State.CANCELLED, None
    registration.cancelled_at = now
    registration.sequence += 1
