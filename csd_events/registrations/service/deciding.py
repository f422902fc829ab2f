"""Answering the question about a held place: by staff, by the person, by the clock."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.registrations import rules
from csd_events.registrations.models import Registration, RegistrationGroup
from csd_events.registrations.rules import Hold, NotPlaced, State
from csd_events.registrations.service.charging import charge
from csd_events.registrations.service.comparing import hold_for, is_unlisted
from csd_events.registrations.service.locking import lock
from csd_events.registrations.service.pending import hand_to_next_sender
from csd_events.registrations.service.placing import give_back, leave, put
from csd_events.registrations.service.telling import HELD, tell_of, tell_sender
from csd_events.registrations.service.waiting import promote


def approve(
    session: Session, registration_id: int, *, now: datetime, actor_id: int | None
) -> None:
    """Let somebody have the place that is held for staff to decide.

    Raises:
        NotFoundError: No such registration.
        RefusedError: It is decided already, or the event is over or called off.
    """
    event, registration = _asked(session, registration_id, now)
    _confirm(event, registration, now)
    tell_of(session, registration, "registration.approved", now=now)
    _note(session, registration, "registration.approved", now, actor_id)
    charge(session, event, registration, now=now)


def decline(
    session: Session,
    registration_id: int,
    *,
    note: str,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Say no to a request; the next in line gets the place.

    Args:
        session: To write in.
        registration_id: Whose request it is.
        note: What the person is told, in the words of staff; may be empty.
        now: When this is done.
        actor_id: Who of the staff decides.

    Raises:
        NotFoundError: No such registration.
        RefusedError: It is decided already, or the event is over or called off.
    """
    event, registration = _asked(session, registration_id, now)
    give_back(event, registration, now=now)
    registration.declined_at, registration.decline_note = now, note
    session.flush()
    tell_of(session, registration, "registration.declined", at_once=True, now=now)
    _note(session, registration, "registration.declined", now, actor_id)
    promote(session, event, now=now)


def take(
    session: Session, registration_id: int, *, link_version: int | None, now: datetime
) -> None:
    """Take the priced place that came free, at its price.

    Where staff look at every request, they look at it now; where the event requires a
    conference, its list is looked at. Taking it again changes nothing.

    Args:
        session: To write in.
        registration_id: Whose it is.
        link_version: Of the link by which it is asked for; None without a link.
        now: When this is done.

    Raises:
        NotFoundError: No such registration, or its link has ended.
        RefusedError: The 48 hours are over, or the event is over or called off.
    """
    event, registration = lock(session, registration_id)
    if link_version not in {None, registration.link_version}:
        raise NotFoundError(str(registration_id))
    if registration.hold is not Hold.ANSWER:
        if registration.state is State.CONFIRMED or registration.hold:
            return
        raise RefusedError(NotPlaced.LAPSED)
    _refuse_what_is_over(event, now)
    until = registration.held_until
    if until is not None and until <= now:
        raise RefusedError(NotPlaced.LAPSED)
    hold = hold_for(session, event, registration.person_id)
    if hold:
        registration.hold, registration.held_until = hold, None
    else:
        _confirm(event, registration, now)
    kind = HELD[hold] if hold else "registration.confirmed"
    tell_of(session, registration, kind, now=now)
    _note(session, registration, "registration.taken", now, registration.person_id)
    charge(session, event, registration, now=now)


def let_in(session: Session, *, now: datetime) -> int:
    """Give places held for a conference's list to who is on it by now.

    Or who need not be any more. Return how many. Once the event has begun, or where
    staff look at every request by now, it is for them to say.
    """
    found = (
        select(Registration.id)
        .join(Registration.event)
        .where(
            Registration.hold == Hold.CONFERENCE,
            ~Registration.is_unlisted,
            ~Event.needs_approval,
            Event.state == EventState.PUBLISHED,
            Event.starts_at > now,
        )
        .order_by(Registration.event_id, Registration.id)
    )
    ids = session.scalars(found).all()
    placed = [one for each in ids if (one := _let_in(session, each, now))]
    for event, registration in placed:  # once every event is locked: see `charging`
        charge(session, event, registration, now=now)
    return len(placed)


def let_lapse(session: Session, *, now: datetime) -> int:
    """Give held places whose time is over to the next in line. Return how many.

    Those of an event that was called off stay as they are.
    """
    ended = (
        select(Registration.id)
        .join(Registration.event)
        .where(Registration.held_until <= now, Event.state == EventState.PUBLISHED)
        .order_by(Registration.event_id, Registration.id)
    )
    ids = session.scalars(ended).all()
    return sum(_lapse(session, each, now) for each in ids)


def _lapse(session: Session, registration_id: int, now: datetime) -> bool:
    event, registration = lock(session, registration_id)
    until = registration.held_until
    if until is None or until > now or event.state is not EventState.PUBLISHED:
        return False  # somebody was quicker
    pending, group_id = registration.is_pending, registration.group_id
    if pending and hand_to_next_sender(session, registration, now=now):
        return False
    was = registration.state
    give_back(event, registration, now=now)
    session.flush()
    if pending and group_id is not None:
        group = session.get_one(RegistrationGroup, group_id)
        tell_sender(session, group, "group.lapsed", now=now)
    else:
        tell_of(session, registration, "registration.lapsed", now=now)
    _note(session, registration, "registration.lapsed", now, None, was=was)
    promote(session, event, now=now)
    return True


def _let_in(
    session: Session, registration_id: int, now: datetime
) -> tuple[Event, Registration] | None:
    event, registration = lock(session, registration_id)
    waits = registration.hold is Hold.CONFERENCE and not event.needs_approval
    begun = event.starts_at is None or event.starts_at <= now
    if not waits or begun or event.state is not EventState.PUBLISHED:
        return None  # somebody was quicker
    if is_unlisted(session, event, registration.person_id):
        return None
    _confirm(event, registration, now)
    session.flush()
    tell_of(session, registration, "registration.let_in", now=now)
    _note(session, registration, "registration.let_in", now, None)
    return event, registration


def _asked(
    session: Session, registration_id: int, now: datetime
) -> tuple[Event, Registration]:
    event, registration = lock(session, registration_id)
    if registration.hold not in rules.FOR_STAFF:
        raise RefusedError(NotPlaced.DECIDED)
    _refuse_what_is_over(event, now)
    return event, registration


def _refuse_what_is_over(event: Event, now: datetime) -> None:
    if not rules.may_cancel(event.over_at, event.cancelled_at, now):
        raise RefusedError(NotPlaced.OVER)


def _confirm(event: Event, registration: Registration, now: datetime) -> None:
    leave(event, registration)
    registration.hold = registration.held_until = None
    put(event, registration, State.CONFIRMED, now=now)


def _note(
    session: Session,
    registration: Registration,
    action: str,
    now: datetime,
    actor_id: int | None,
    *,
    was: State = State.HELD,
) -> None:
    audit.record(
        session,
        action,
        subject_id=registration.id,
        actor_id=actor_id,
        now=now,
        changes={"state": [was, registration.state]},
    )
