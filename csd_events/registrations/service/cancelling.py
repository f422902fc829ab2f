"""Giving up a place."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events.models import Event
from csd_events.registrations import rules
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Refusal, State
from csd_events.registrations.service.charging import take_back_charge
from csd_events.registrations.service.locking import lock
from csd_events.registrations.service.placing import give_back
from csd_events.registrations.service.telling import tell_of, untold
from csd_events.registrations.service.waiting import promote


def cancel(
    session: Session,
    registration_id: int,
    *,
    now: datetime,
    link_version: int | None = None,
    actor_id: int | None = None,
    tell: bool = True,
) -> None:
    """Give a place, or a place in the queue, back; the next in line gets it.

    Cancelling again changes nothing.

    Args:
        link_version: Of the link by which it is asked for; None without a link.
        actor_id: Who of the staff, if one of them does it.
        tell: Whether the person gets a mail, which takes the calendar's entry away.

    Raises:
        NotFoundError: No such registration, or its link has ended.
        RefusedError: The event is over or cancelled: there is nothing to give back.
    """
    event, registration = lock(session, registration_id)
    if link_version not in {None, registration.link_version}:
        raise NotFoundError(str(registration_id))
    if registration.state is State.CANCELLED:
        return
    if not rules.may_cancel(event.over_at, event.cancelled_at, now):
        raise RefusedError(Refusal.CLOSED)
    kind = "registration.cancelled" if tell else None
    give_up(session, event, registration, kind=kind, actor_id=actor_id, now=now)


def give_up(
    session: Session,
    event: Event,
    registration: Registration,
    *,
    kind: str | None,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Free what a registration has, at a locked event, for the next in line.

    Args:
        session: To write in.
        event: As it is locked, with its offers.
        registration: With its person.
        kind: Of the mail that says so; None for no mail. Who has not heard of the
            place hears nothing of its end either.
        actor_id: Who does it, if that is known and not the person.
        now: When this is done.
    """
    was, unheard = registration.state, registration.is_pending
    give_back(event, registration, now=now)
    session.flush()
    if kind and not unheard:
        # At once: asked for by the person's link, or by staff, for nobody else can.
        at_once = kind == "registration.cancelled"
        tell_of(session, registration, kind, at_once=at_once, now=now)
    audit.record(
        session,
        "registration.cancelled",
        subject_id=registration.id,
        actor_id=actor_id,
        now=now,
        changes={"state": [was, State.CANCELLED]} | untold(tell=kind is not None),
    )
    promote(session, event, now=now)
    take_back_charge(session, registration, now=now)
