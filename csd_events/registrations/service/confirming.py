"""What the sender of a form for colleagues says of it: it is mine, take one back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from csd_events.accounts import service as accounts
from csd_events.audit import service as audit
from csd_events.audit.service import Entry
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.registrations import rules
from csd_events.registrations.models import (
    GroupEntry,
    Registration,
    RegistrationGroup,
)
from csd_events.registrations.rules import Hold, NotPlaced, Refusal, State
from csd_events.registrations.service.cancelling import give_up
from csd_events.registrations.service.charging import charge
from csd_events.registrations.service.comparing import holds_for
from csd_events.registrations.service.informing import Told, tell_colleagues
from csd_events.registrations.service.locking import lock
from csd_events.registrations.service.pending import hand_to_next_sender
from csd_events.registrations.service.placing import leave, put
from csd_events.registrations.service.telling import IN, tell_sender


def confirm_group(
    session: Session, group_id: int, *, link_version: int, now: datetime
) -> None:
    """Register for good whom a form kept places for: its sender reads mail there.

    Everybody is told now. Pressing again changes nothing.

    Args:
        session: To write in.
        group_id: Of the form.
        link_version: Of the link, which came by mail.
        now: When this is done.

    Raises:
        NotFoundError: No such group, or its link has ended.
        RefusedError: The places have lapsed, or the event is over or called off.
    """
    event, group = lock_group(session, group_id, link_version)
    if group.confirmed_at is not None:
        return
    if group.held_until is None or group.held_until <= now:
        raise RefusedError(NotPlaced.LAPSED)
    if not rules.may_cancel(event.over_at, event.cancelled_at, now):
        raise RefusedError(NotPlaced.OVER)
    group.confirmed_at = now
    accounts.confirm_address(session, group.sender_id, now=now)
    found = _registrations(session, group)
    pending = [each for each in found if each.is_pending]
    whose = [r.person_id for r in pending if r.hold is Hold.SENDER]
    holds = holds_for(session, event, whose)
    entries = [
        _settle(event, group, each, holds.get(each.person_id), now) for each in pending
    ]
    session.flush()
    audit.record_all(session, entries, now=now, actor_id=group.sender_id)
    there = [each for each in found if each.state in IN]
    told = [_told(each, is_known=each not in pending) for each in there]
    tell_colleagues(session, group, told, now=now)
    charge(session, event, *pending, now=now)
    of_form = select(func.count()).where(GroupEntry.group_id == group.id)
    people = session.scalars(of_form).one()
    tell_sender(session, group, "group.summary", occasion=people, now=now)


def lock_group(
    session: Session, group_id: int, link_version: int | None
) -> tuple[Event, RegistrationGroup]:
    """Lock the event of a group; return both.

    Raises:
        NotFoundError: No such group, or its link has ended.
    """
    of_event = select(RegistrationGroup.event_id).where(
        RegistrationGroup.id == group_id
    )
    event_id = session.scalar(of_event)
    if event_id is None:
        raise NotFoundError("group")
    event = events.lock(session, event_id)
    group = session.get_one(RegistrationGroup, group_id, populate_existing=True)
    if group.link_version != link_version:
        raise NotFoundError("group")
    return event, group


def _registrations(
    session: Session, group: RegistrationGroup
) -> Sequence[Registration]:
    """Load what the rows of a form are about, in their order, with its people."""
    of_rows = (
        select(Registration)
        .join(GroupEntry, GroupEntry.registration_id == Registration.id)
        .where(GroupEntry.group_id == group.id, GroupEntry.cancelled_at.is_(None))
        .options(joinedload(Registration.person))
        .order_by(GroupEntry.number)
        .execution_options(populate_existing=True)
    )
    return session.scalars(of_rows).unique().all()


def _settle(
    event: Event,
    group: RegistrationGroup,
    registration: Registration,
    hold: Hold | None,
    now: datetime,
) -> Entry:
    """Let somebody have what was kept for them: a place, a request, a number."""
    was = registration.state
    registration.group_id, registration.held_until = group.id, None
    if registration.hold is Hold.SENDER:
        registration.hold = hold
        if hold is None:
            leave(event, registration)
            put(event, registration, State.CONFIRMED, now=now)
    changes = {"state": [was.value, registration.state.value]}
    return Entry("registration.vouched_for", registration.id, changes)


def _told(registration: Registration, *, is_known: bool) -> Told:
    person = registration.person
    return Told(
        registration_id=registration.id,
        life=registration.life,
        state=registration.state,
        hold=registration.hold,
        is_known=is_known,
        email=person.email,
        confirmed=person.email_confirmed_at is not None,
    )


def withdraw(
    session: Session, group_id: int, number: int, *, link_version: int, now: datetime
) -> None:
    """Take somebody back out of a form: their place goes to the next in line.

    Of who was registered by another form, nothing changes. Again changes nothing.

    Args:
        session: To write in.
        group_id: Of the form.
        number: Of the row.
        link_version: Of the link, which came by mail.
        now: When this is done.

    Raises:
        NotFoundError: No such group or row, or the link has ended.
        RefusedError: The event is over or cancelled: there is nothing to give back.
    """
    event, group = lock_group(session, group_id, link_version)
    entry = session.get(GroupEntry, (group_id, number), populate_existing=True)
    if entry is None:
        raise NotFoundError("row of a group")
    if entry.cancelled_at is not None:
        return
    if not rules.may_cancel(event.over_at, event.cancelled_at, now):
        raise RefusedError(Refusal.CLOSED)
    entry.cancelled_at = now
    _event, registration = lock(session, entry.registration_id)
    if registration.group_id != group.id or registration.state is State.CANCELLED:
        return
    if registration.is_pending and hand_to_next_sender(session, registration, now=now):
        return
    give_up(
        session,
        event,
        registration,
        kind="registration.withdrawn",
        actor_id=group.sender_id if group.confirmed_at else None,
        now=now,
    )
