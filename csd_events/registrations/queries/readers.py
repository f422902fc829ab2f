"""Whose mail staff look at when they change what it says."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.models import Handover, Registration
from csd_events.registrations.rules import State

#: Who gets a kind of mail; of those that are not named, who has a place.
_GET = {
    "registration.cancelled": State.CANCELLED,
    "registration.declined": State.CANCELLED,
    "registration.lapsed": State.CANCELLED,
    "registration.offered": State.HELD,
    "registration.requested": State.HELD,
    "registration.unlisted": State.HELD,
    "registration.waiting": State.WAITING,
    "registration.withdrawn": State.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whose mail it may be."""

    registration_id: int
    full_name: str
    state: State


def list_readers(session: Session, event: Event, kind: str) -> list[Reader]:
    """List the newest registration of each state, who would get the kind first."""
    found = []
    for state in State:
        newest = (
            select(Registration.id, Registration.full_name)
            .where(Registration.event_id == event.id, Registration.state == state)
            .order_by(Registration.registered_at.desc(), Registration.id.desc())
            .limit(1)
        )
        row = session.execute(newest).first()
        if row is not None:
            found.append(Reader(row.id, row.full_name, state))
    wanted = _GET.get(kind, State.CONFIRMED)
    return sorted(found, key=lambda reader: reader.state is not wanted)


def find_event_to_show(session: Session, kind: str) -> int | None:
    """Find the event by which the words of the whole site are shown.

    Whose people last had a mail of the kind; else the last somebody registered for;
    else the last that was published.
    """
    mailed = (
        select(OutboxMessage.event_id)
        .where(OutboxMessage.kind == kind, OutboxMessage.event_id.is_not(None))
        .order_by(OutboxMessage.id.desc())
    )
    registered = select(Registration.event_id).order_by(Registration.id.desc())
    published = (
        select(Event.id)
        .where(Event.state == EventState.PUBLISHED)
        .order_by(Event.id.desc())
    )
    found = (session.scalar(each.limit(1)) for each in (mailed, registered, published))
    return next((each for each in found if each is not None), None)


def find_last_handover(session: Session, event_id: int) -> Handover | None:
    """Return the last place at an event that went on, with who had it."""
    last = (
        select(Handover)
        .join(Registration, Registration.id == Handover.registration_id)
        .where(Registration.event_id == event_id)
        .options(joinedload(Handover.from_person))
        .order_by(Handover.id.desc())
    )
    return session.scalar(last.limit(1))
