"""Handing a place from one registration of an event to another."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.events.models import Event
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service.answering import hand_said
from csd_events.registrations.service.charging import charge, take_back_charge
from csd_events.registrations.service.placing import give_back
from csd_events.registrations.service.waiting import promote

#: What a registration says of its place and of its form, whoever's it is.
GIVEN = (
    "offer_id", "state", "hold", "held_until", "position", "full_name",
    "organization", "name_key", "organization_key", "service_area", "us_state",
    "price_cents", "currency", "purchase_order", "bill_to", "registered_at",
    "confirmed_at",
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
    take_back_charge(session, registration, now=now)


def revive_with(
    session: Session,
    event: Event,
    theirs: Registration,
    given: Registration,
    *,
    life: int,
    now: datetime,
) -> None:
    """Give a cancelled registration the place, or the position, that another has.

    With what its form said. A person has one row at an event, and counters stay as
    they are. What was charged for the place is charged anew, to the row that has it
    from now on.

    Args:
        session: To write in.
        event: Of both; it is locked.
        theirs: The one that gets it.
        given: The one that had it.
        life: Of the entries in their calendar.
        now: When this is done.
    """
    place = {name: getattr(given, name) for name in GIVEN}
    given.state, given.position, given.cancelled_at = State.CANCELLED, None, now
    given.hold = given.held_until = None
    given.sequence += 1
    session.flush()  # before another row has the same position
    for name, value in place.items():
        setattr(theirs, name, value)
    theirs.cancelled_at = None
    hand_said(session, from_id=given.id, to_id=theirs.id)
    theirs.life = life
    theirs.link_version += 1
    session.flush()
    take_back_charge(session, given, now=now)
    charge(session, event, theirs, now=now)
