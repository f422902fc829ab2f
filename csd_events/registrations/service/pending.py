"""Places for people whose sender has yet to prove who they are."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.events import queries as events
from csd_events.registrations.models import (
    GroupEntry,
    Registration,
    RegistrationGroup,
)
from csd_events.registrations.rules import State
from csd_events.registrations.service.placing import give_back
from csd_events.registrations.service.waiting import promote


def make_way(
    session: Session, registration_ids: Collection[int], *, event_id: int, now: datetime
) -> None:
    """Give back what was kept for people who are proven to want a place themselves.

    As if it had never been asked for: the next in line goes before them. The event
    is locked, and what was read of it is stale afterwards.
    """
    event = events.lock(session, event_id)
    which = select(Registration).where(Registration.id.in_(registration_ids))
    pending = session.scalars(which.execution_options(populate_existing=True)).all()
    for registration in pending:
        was = registration.state
        give_back(event, registration, now=now)
        registration.group_id = None
        audit.record(
            session,
            "registration.lapsed",
            subject_id=registration.id,
            now=now,
            changes={"state": [was, State.CANCELLED]},
        )
    session.flush()
    promote(session, event, now=now)
    session.flush()


def hand_to_next_sender(
    session: Session, registration: Registration, *, now: datetime
) -> bool:
    """Keep a place whose sender said nothing for another who typed in the same person.

    Return whether there is one whose time is not over.
    """
    other = session.execute(
        select(RegistrationGroup.id, RegistrationGroup.held_until)
        .join(GroupEntry, GroupEntry.group_id == RegistrationGroup.id)
        .where(
            GroupEntry.registration_id == registration.id,
            GroupEntry.cancelled_at.is_(None),
            RegistrationGroup.confirmed_at.is_(None),
            RegistrationGroup.held_until > now,
        )
        .order_by(RegistrationGroup.id)
        .limit(1)
    ).one_or_none()
    if other is None:
        return False
    registration.group_id, registration.held_until = other
    return True
