"""*This was not me*: a place goes back to who had it before."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.audit import service as audit
from csd_events.core.errors import EndedError, RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.registrations import rules
from csd_events.registrations.models import Handover, Registration
from csd_events.registrations.queries import find, get_handover
from csd_events.registrations.rules import HandoverKind, Hold, Newcomer, Refusal, State
from csd_events.registrations.service.answering import forget_said
from csd_events.registrations.service.charging import charge
from csd_events.registrations.service.handing import (
    hand_to,
    handover_of,
    name,
    pass_on,
    show_in_group,
)
from csd_events.registrations.service.placing import leave, put
from csd_events.registrations.service.telling import (
    IN,
    Telling,
    queue_mail,
    tell_of_handover,
)
from csd_events.registrations.service.waiting import promote, seats_of


def take_place_back(session: Session, handover_id: int, *, now: datetime) -> int:
    """Give a place back to who had it before it went on. Return the registration.

    However often it went on since: it comes from whoever has it now, who is told. If
    it is nobody's any more, a free one takes its stead; where there is none, they are
    the first in line, or have the number again that they had.

    Raises:
        EndedError: It was done before, or the day for it is over.
        RefusedError: The event is over, or was called off.
    """
    whose = select(Registration.event_id).join(
        Handover, Handover.registration_id == Registration.id
    )
    event = events.lock(
        session, session.scalars(whose.where(Handover.id == handover_id)).one()
    )
    handover = get_handover(session, handover_id)
    if handover.undone_at is not None or handover.ends_at <= now:
        raise EndedError("handover")
    if not rules.may_cancel(event.over_at, event.cancelled_at, now):
        raise RefusedError(Refusal.CLOSED)
    holder = _follow(session, handover, now)
    if holder is not None and _has_it_still(holder, handover):
        row = _take_from(session, event, holder, handover, now)
    else:
        row = _come_again(session, event, handover, now)
    session.flush()
    promote(session, event, now=now)
    queue_mail(
        session,
        Telling("registration.details", event.id, row.id, f"back-{handover.id}"),
        to_address=handover.from_person.email,
        at_once=True,  # they have just come from their mail
        now=now,
    )
    audit.record(session, "registration.returned", subject_id=row.id, now=now)
    return row.id


def _follow(session: Session, handover: Handover, now: datetime) -> Registration | None:
    """Find whose a place is by now, and end all that could still move it back."""
    last: Handover | None = handover
    received = handover.received_id
    handover.undone_at = now
    while received is not None and last is not None:
        onward = (
            select(Handover)
            .where(
                Handover.registration_id == received,
                Handover.id > last.id,
                Handover.undone_at.is_(None),
                Handover.kind != HandoverKind.RETURNED,
            )
            .order_by(Handover.id)
            .limit(1)
        )
        last = session.scalar(onward)
        if last is not None:
            last.undone_at = now
            received = last.received_id
    session.flush()
    if received is None:
        return None
    return session.get_one(Registration, received, populate_existing=True)


def _has_it_still(holder: Registration, handover: Handover) -> bool:
    """Tell whether a registration has the place that went, and no later one."""
    return holder.state in IN and holder.registered_at <= handover.made_at


def _take_from(
    session: Session,
    event: Event,
    holder: Registration,
    handover: Handover,
    now: datetime,
) -> Registration:
    """Take a place from who has it now, and tell them."""
    session.refresh(holder, ["person"])
    lost = handover_of(holder, HandoverKind.RETURNED, now=now)
    lost.ends_at = now  # nobody takes it back from here
    address = holder.person.email
    returned = _who_had_it(handover)
    made_way = _made_way(session, holder)
    passed = pass_on(
        session, event, holder, handover.from_person_id, named=returned, now=now
    )
    row = passed.to
    if passed.moved:
        show_in_group(session, row, returned)
        if handover.state is State.CONFIRMED and row.hold is Hold.CONFERENCE:
            leave(event, row)  # it was theirs, whatever a list says of others
            row.hold = None
            put(event, row, State.CONFIRMED, now=now)
            charge(session, event, row, now=now)
        row.confirmed_at = now if row.confirmed_at else None
        forget_said(session, row.id)  # who had it meanwhile may have said it
    lost.received_id = row.id if passed.moved else None
    session.add(lost)
    session.flush()
    tell_of_handover(session, lost, address, event_id=event.id, now=now)
    if made_way and holder.state is State.CANCELLED:
        _wait_again(session, event, holder, made_way)
        what = f"again-{lost.id}"
        queue_mail(
            session,
            Telling("registration.details", event.id, holder.id, what),
            to_address=address,
            at_once=False,
            now=now,
        )
    return row


def _made_way(session: Session, holder: Registration) -> dict[str, Any] | None:
    """Find what somebody waited with before they were given the place they have."""
    received = select(Handover).where(Handover.received_id == holder.id)
    last = session.scalars(received.order_by(Handover.id.desc()).limit(1)).first()
    return last.made_way if last else None


def _wait_again(
    session: Session, event: Event, row: Registration, made_way: dict[str, Any]
) -> None:
    """Let somebody wait as before a place came to them that was not theirs to have."""
    for column, value in made_way.items():
        setattr(row, column, value)
    if row.position is None:  # something was held for them
        row.position = _before_all(session, event.id)
    row.state = State.WAITING
    row.cancelled_at = row.handed_on_at = row.confirmed_at = None
    row.life += 1
    row.link_version += 1
    event.waiting += 1
    session.flush()


def _who_had_it(handover: Handover) -> Newcomer:
    return Newcomer(
        full_name=handover.full_name,
        email=handover.from_person.email,
        organization=handover.organization,
    )


def _come_again(
    session: Session, event: Event, handover: Handover, now: datetime
) -> Registration:
    """Let somebody whose place is nobody's any more have one, or be first in line."""
    row = find(session, event_id=event.id, person_id=handover.from_person_id)
    if row is not None and row.state in IN:
        return row  # they have come again by themselves
    if row is None:  # it went to another person in this very row, who gave it back
        row = session.get_one(Registration, handover.registration_id)
        if row.state in IN:  # and has registered by a form of their own since
            raise EndedError("handover")
        hand_to(row, accounts.recognize(session, handover.from_person_id))
        session.flush()
        forget_said(session, row.id)
    offer = next((o for o in event.offers if o.id == row.offer_id), None)
    seats = seats_of(event, offer)
    name(row, handover.full_name, handover.organization)
    row.life += 1
    row.link_version += 1
    row.cancelled_at = row.handed_on_at = None
    row.decline_note = ""
    if handover.state is State.WAITING or rules.decide(seats) is not State.CONFIRMED:
        position = handover.position
        if position is None:
            position = _before_all(session, event.id)
        row.state, row.position = State.WAITING, position
        event.waiting += 1
        return row
    put(event, row, handover.state, now=now)
    row.hold = handover.hold
    row.held_until = rules.held_until(handover.hold, event.starts_at, now)
    charge(session, event, row, now=now)
    return row


def _before_all(session: Session, event_id: int) -> int:
    """Return a position ahead of all others; those taken in turn begin with 1."""
    least = select(func.min(Registration.position)).where(
        Registration.event_id == event_id
    )
    return min(session.scalar(least) or 1, 1) - 1
