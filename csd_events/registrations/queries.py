"""Reading registrations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session, contains_eager, selectinload

from csd_events.accounts.models import Person
from csd_events.core.errors import NotFoundError
from csd_events.core.pages import Page, instant_cursor, read_instant_cursor
from csd_events.core.tokens import Links, Purpose, row_id
from csd_events.core.types import UtcDateTime
from csd_events.events.models import Event
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.models import Receipt, Registration
from csd_events.registrations.rules import State

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ListLine:
    """One person in staff's list of an event."""

    id: int
    full_name: str
    organization: str
    email: str
    state: State
    position: int | None
    reference: str
    price_cents: int
    currency: str
    registered_at: datetime


def get(session: Session, registration_id: int) -> Registration:
    """Return a registration with its person, its event and the event's sessions.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.scalar(_whole().where(Registration.id == registration_id))
    if found is None:
        raise NotFoundError(str(registration_id))
    return found


def get_by_link(
    session: Session, links: Links, token: str, purpose: Purpose
) -> Registration:
    """Return the registration a lasting link opens.

    Raises:
        NotFoundError: The link is not ours, or has ended.
    """
    number = row_id(token)
    found = None
    if number is not None:
        found = session.scalar(_whole().where(Registration.id == number))
    if found is None or not links.matches(token, purpose, found.link_version):
        raise NotFoundError("registration")
    return found


def find_receipt(session: Session, links: Links, token: str) -> Receipt | None:
    """Return the receipt a link opens, if it is one."""
    number = row_id(token)
    if number is None or not links.matches(token, Purpose.RECEIPT, 1):
        return None
    return session.get(Receipt, number)


def find(session: Session, *, event_id: int, person_id: int) -> Registration | None:
    """Find what a person has at an event, cancelled or not."""
    pair = select(Registration).filter_by(event_id=event_id, person_id=person_id)
    return session.scalar(pair)


def list_own(session: Session, person_id: int) -> Sequence[Registration]:
    """List what belongs to a person, the latest event first."""
    mine = (
        select(Registration)
        .join(Registration.event)
        .options(contains_eager(Registration.event).selectinload(Event.offers))
        .where(Registration.person_id == person_id)
        .order_by(Event.listed_at.desc(), Registration.id.desc())
    )
    return session.scalars(mine).all()


def rank_waiting(session: Session, registration: Registration) -> int | None:
    """Return a person's place in the queue, from 1; None if they are not in it."""
    if registration.position is None:
        return None
    ahead = select(func.count()).where(
        Registration.event_id == registration.event_id,
        Registration.state == State.WAITING,
        Registration.position <= registration.position,
    )
    return session.scalar(ahead)


def page_of_event(
    session: Session, event_id: int, *, cursor: str | None = None
) -> Page[ListLine]:
    """List who registered for an event, in the order they did."""
    here = Registration.event_id == event_id
    total = session.scalar(select(func.count()).where(here))
    after = _after(cursor)
    rows = session.execute(
        select(
            Registration.id,
            Registration.full_name,
            Registration.organization,
            Person.email,
            Registration.state,
            Registration.position,
            Registration.reference,
            Registration.price_cents,
            Registration.currency,
            Registration.registered_at,
        )
        .join(Person, Person.id == Registration.person_id)
        .where(here, *after)
        .order_by(Registration.registered_at, Registration.id)
        .limit(PER_PAGE + 1)
    ).all()
    lines = [ListLine(**row._mapping) for row in rows[:PER_PAGE]]  # noqa: SLF001 - public in SQLAlchemy
    more = len(rows) > PER_PAGE
    last = instant_cursor(lines[-1].registered_at, lines[-1].id) if more else None
    return Page(lines, total or 0, last)


def list_mails(
    session: Session, registration_ids: Sequence[int]
) -> Sequence[OutboxMessage]:
    """List what was or will be mailed about some registrations, oldest first."""
    about = select(OutboxMessage).where(
        OutboxMessage.subject_id.in_(registration_ids),
        OutboxMessage.kind.startswith("registration."),
    )
    return session.scalars(about.order_by(OutboxMessage.id)).all()


def was_mailed(
    session: Session, registration_id: int, kind: str, *, since: datetime
) -> bool:
    """Tell whether a mail of a kind was queued about a registration after an instant."""
    mailed = select(OutboxMessage.id).where(
        OutboxMessage.subject_id == registration_id,
        OutboxMessage.kind == kind,
        OutboxMessage.queued_at > since,
    )
    return session.scalar(mailed.limit(1)) is not None


def _whole() -> Select[Registration]:
    event = contains_eager(Registration.event)
    return (
        select(Registration)
        .join(Registration.person)
        .join(Registration.event)
        .options(
            contains_eager(Registration.person),
            event,
            event.options(selectinload(Event.sessions), selectinload(Event.areas)),
        )
    )


def _after(cursor: str | None) -> list[ColumnElement[bool]]:
    place = read_instant_cursor(cursor)
    if place is None:
        return []
    here = tuple_(Registration.registered_at, Registration.id)
    return [here > tuple_(literal(place[0], UtcDateTime()), literal(place[1]))]
