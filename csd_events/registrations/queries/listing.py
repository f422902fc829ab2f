"""Staff's list of an event: narrowed, sorted, page by page."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from csd_events.accounts.models import Person
from csd_events.core.pages import Page
from csd_events.registrations.models import Registration
from csd_events.registrations.queries.filtering import (
    MISSES_LIST,
    ListFilters,
    Sort,
    select_ids,
)
from csd_events.registrations.rules import FOR_STAFF, Hold, State

PER_PAGE = 50
_ORDERS: Final[Mapping[Sort, tuple[InstrumentedAttribute[Any], ...]]] = {
    Sort.NEWEST: (Registration.registered_at, Registration.id),
    Sort.NAME: (Registration.name_key, Registration.id),
    Sort.ORGANIZATION: (
        Registration.organization_key,
        Registration.name_key,
        Registration.id,
    ),
    Sort.STATE: (Registration.state, Registration.registered_at, Registration.id),
}
#: From the end: the newest first; who waits, then held, confirmed, cancelled.
_FALLING = frozenset({Sort.NEWEST, Sort.STATE})


@dataclass(frozen=True, slots=True)
class ListLine:
    """One person in staff's list of an event."""

    id: int
    full_name: str
    organization: str
    email: str
    state: State
    hold: Hold | None
    held_until: datetime | None
    reference: str
    price_cents: int
    currency: str
    registered_at: datetime
    offer_id: int | None
    service_area: str | None
    us_state: str | None
    via: str | None
    is_unlisted: bool


def page_of_event(
    session: Session,
    event_id: int,
    filters: ListFilters,
    *,
    after: int | None = None,
    before: int | None = None,
    stood: State | None = None,
) -> Page[ListLine, int]:
    """Return a page of who registered for an event.

    The page begins after the registration `after`, or ends before the registration
    `before`, or is the first.

    Args:
        stood: How that one stood as it was read: in an order by state, the page goes
            on from there, whatever has become of it since.
    """
    order = _ORDERS[filters.sort]
    edge = before or after
    keys = _keys(order, event_id, edge, stood) if edge else None
    here = session.execute(keys).one_or_none() if keys is not None else None
    backward = bool(before and here)
    falling = (filters.sort in _FALLING) is not backward
    fits = ids_in_order(event_id, filters, falling=falling)
    if here is not None:
        fits = fits.where(_beyond(order, tuple(here), falling=falling))
    found = fits.limit(PER_PAGE + 1).subquery()
    whole = _lines().join(found, found.c.id == Registration.id)
    rows = session.execute(whole.order_by(*_directed(order, falling=falling))).all()
    lines = [ListLine(**row._mapping) for row in rows[:PER_PAGE]]  # noqa: SLF001 - public in SQLAlchemy
    more = len(rows) > PER_PAGE
    if backward:
        lines.reverse()
    return Page(
        items=lines,
        before=lines[0].id if lines and (more if backward else here) else None,
        after=lines[-1].id if lines and (backward or more) else None,
    )


def ids_in_order(event_id: int, filters: ListFilters, *, falling: bool) -> Select[int]:
    """Select the ids of who fits, in their order.

    What is asked most is found in the order's own index: see `Registration`.
    """
    fits = select_ids(event_id, filters)
    return fits.order_by(*_directed(_ORDERS[filters.sort], falling=falling))


def count_cancelled(session: Session, event_id: int) -> int:
    """Count who gave their place back: the one number an event does not keep."""
    gone = Registration.event_id == event_id, Registration.state == State.CANCELLED
    return session.scalar(select(func.count()).where(*gone)) or 0


def count_unlisted(session: Session, event_id: int) -> int:
    """Count who holds or awaits a place and is not on the required conference's list.

    Nobody, where the event requires none.
    """
    missing = Registration.event_id == event_id, MISSES_LIST
    return session.scalar(select(func.count()).where(*missing)) or 0


def count_for_staff(
    session: Session, event_ids: Collection[int]
) -> dict[int, Mapping[Hold, int]]:
    """Count the held places that staff decide, by what is awaited, at some events."""
    if not event_ids:
        return {}
    rows = session.execute(
        select(Registration.event_id, Registration.hold, func.count())
        .where(Registration.event_id.in_(event_ids), Registration.hold.in_(FOR_STAFF))
        .group_by(Registration.event_id, Registration.hold)
    )
    found: dict[int, Counter[Hold]] = defaultdict(Counter)
    for event_id, hold, number in rows:
        if hold is not None:
            found[event_id][hold] = number
    return dict(found)


def ranks_waiting(session: Session, event_id: int) -> dict[int, int]:
    """Return the place in the queue, from 1, of each registration that waits."""
    waiting = select(Registration.id).where(
        Registration.event_id == event_id,
        Registration.position.is_not(None),  # who waits has one, and nobody else
    )
    ids = session.scalars(waiting.order_by(Registration.position))
    return {registration_id: rank for rank, registration_id in enumerate(ids, 1)}


def _lines() -> Select[*tuple[Any, ...]]:
    return select(
        Registration.id,
        Registration.full_name,
        Registration.organization,
        Person.email,
        Registration.state,
        Registration.hold,
        Registration.held_until,
        Registration.reference,
        Registration.price_cents,
        Registration.currency,
        Registration.registered_at,
        Registration.offer_id,
        Registration.service_area,
        Registration.us_state,
        Registration.via,
        MISSES_LIST.label("is_unlisted"),
    ).join(Person, Person.id == Registration.person_id)


def _directed(
    order: Sequence[InstrumentedAttribute[Any]], *, falling: bool
) -> list[ColumnElement[Any]]:
    return [column.desc() if falling else column.asc() for column in order]


def _keys(
    order: Sequence[InstrumentedAttribute[Any]],
    event_id: int,
    row_id: int,
    stood: State | None,
) -> Select[Any]:
    """Select what a row is sorted by, or was as it stood."""
    own = Registration.id == row_id, Registration.event_id == event_id
    was = literal(stood, Registration.state.type)
    said = (was if stood and each is Registration.state else each for each in order)
    return select(*said).where(*own)


def _beyond(
    order: Sequence[InstrumentedAttribute[Any]],
    place: tuple[Any, ...],
    *,
    falling: bool,
) -> ColumnElement[bool]:
    """Match the rows that come after a place, as they are gone through."""
    here = tuple_(*order)
    there = tuple_(*(literal(v, c.type) for v, c in zip(place, order, strict=True)))
    return here < there if falling else here > there
