"""Finding where a place went, and how it can go back."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from csd_events.accounts.models import Person
from csd_events.core.errors import NotFoundError
from csd_events.core.time import start_of_day
from csd_events.core.tokens import Links, Purpose, row_id
from csd_events.events.models import Event
from csd_events.registrations.models import Handover, Registration
from csd_events.registrations.queries.grouping import GroupLine
from csd_events.registrations.rules import HandoverKind, Standing, State


def get_handover(session: Session, handover_id: int) -> Handover:
    """Return what is kept of a place that went, with who had it.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.get(
        Handover,
        handover_id,
        options=[joinedload(Handover.from_person)],
        populate_existing=True,
    )
    if found is None:
        raise NotFoundError("handover")
    return found


def get_handover_by_link(session: Session, links: Links, token: str) -> Handover:
    """Return what the link *This was not me* is about.

    Raises:
        NotFoundError: The link is not ours.
    """
    found = get_handover(session, row_id(token) or 0)
    if not links.matches(token, Purpose.HANDOVER, found.version):
        raise NotFoundError("handover")
    return found


def find_handover(session: Session, registration_id: int) -> Handover | None:
    """Find what last became of the place of a registration, if it went on."""
    last = (
        select(Handover)
        .where(
            Handover.registration_id == registration_id, Handover.undone_at.is_(None)
        )
        .order_by(Handover.id.desc())
        .limit(1)
    )
    return session.scalar(last)


def find_received(session: Session, registration_id: int) -> Handover | None:
    """Find by what a registration came to the place it has, and who had that."""
    last = (
        select(Handover)
        .options(joinedload(Handover.from_person))
        .where(
            Handover.received_id == registration_id,
            Handover.kind == HandoverKind.REPLACED,
            Handover.undone_at.is_(None),
        )
        .order_by(Handover.id.desc())
        .limit(1)
    )
    return session.scalar(last)


def has_gone_from(session: Session, registration_id: int, address: str) -> bool:
    """Tell whether a registration was that of another person, at this address."""
    gone = exists().where(
        Handover.registration_id == registration_id,
        Handover.kind != HandoverKind.READDRESSED,
        Handover.from_person_id == Person.id,
        Person.email == address,
    )
    return bool(session.scalar(select(gone)))


def standing_of(event: Event, registration: Registration) -> Standing:
    """Read how a registration stands for such a change; its person is loaded."""
    return Standing(
        state=registration.state,
        until=replace_until(event),
        over_at=event.over_at,
        cancelled_at=event.cancelled_at,
        on_demand=event.on_demand,
        price_cents=registration.price_cents,
        confirmed=registration.person.email_confirmed_at is not None,
    )


def standing_of_line(event: Event, line: GroupLine) -> Standing:
    """Read how a row of a form for colleagues stands for it, as its sender reads it.

    Of who came instead of somebody they read nothing, and may name another. Who they
    are was proved when the form was.
    """
    return Standing(
        state=line.state or State.CONFIRMED,
        until=replace_until(event),
        over_at=event.over_at,
        cancelled_at=event.cancelled_at,
        on_demand=event.on_demand,
        price_cents=line.price_cents,
        confirmed=True,
    )


def replace_until(event: Event) -> datetime | None:
    """Say until when a place can be given to somebody else; None for without end."""
    ends = [event.starts_at] if event.starts_at else []
    if event.replace_on is not None:
        ends.append(start_of_day(event.replace_on + timedelta(days=1), event.zone))
    return min(ends, default=None)
