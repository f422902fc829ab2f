"""Handing a place from one registration of an event to another."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.events.models import Event
from csd_events.registrations.models import GroupEntry, Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service.answering import hand_said
from csd_events.registrations.service.placing import give_back
from csd_events.registrations.service.waiting import promote

#: What a registration says of its place and of its form, whoever's it is.
GIVEN = (
    "offer_id", "state", "hold", "held_until", "position", "full_name",
    "organization", "name_key", "organization_key", "service_area", "us_state",
    "price_cents", "currency", "registered_at", "confirmed_at", "group_id",
)  # fmt: skip


def take_back(
    session: Session, event: Event, registration: Registration, now: datetime
) -> None:
    """Free a place of somebody who has one already, under another address."""
    give_back(event, registration, now=now)
    registration.link_version += 1
    session.flush()
    audit.record(
        session, "registration.taken_back", subject_id=registration.id, now=now
    )
    promote(session, event, now=now)


def revive_with(
    session: Session, theirs: Registration, given: Registration, now: datetime
) -> None:
    """Give a cancelled registration the place, or the position, that another has.

    With what its form said. A person has one row at an event, and counters stay as
    they are.
    """
    place = {name: getattr(given, name) for name in GIVEN}
    given.state, given.position, given.cancelled_at = State.CANCELLED, None, now
    given.hold = given.held_until = None
    if given.group_id is not None:  # whose sender goes on looking after it
        entry = GroupEntry.group_id == given.group_id
        theirs_now = update(GroupEntry).where(
            entry, GroupEntry.registration_id == given.id
        )
        session.execute(theirs_now.values(registration_id=theirs.id))
        given.group_id = None
    given.sequence += 1
    session.flush()  # before another row has the same position
    for name, value in place.items():
        setattr(theirs, name, value)
    theirs.cancelled_at = None
    hand_said(session, from_id=given.id, to_id=theirs.id)
    theirs.life += 1
    theirs.link_version += 1
