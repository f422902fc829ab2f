"""Reading events."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, joinedload, selectinload

from csd_events.core.errors import NotFoundError
from csd_events.core.pages import Page, instant_cursor, read_instant_cursor
from csd_events.core.text import fold
from csd_events.core.types import UtcDateTime
from csd_events.events.models import (
    Conference,
    Event,
    EventArea,
    EventOffer,
    EventSession,
    EventSlug,
    Program,
)
from csd_events.events.rules import Audience, Kind, State

Found = TypeVar("Found")

PER_PAGE = 25
#: Longer questions are cut: nobody types them, and each word is a comparison.
WORDS_OF_A_SEARCH = 8


class Shown(StrEnum):
    """Which events staff list."""

    COMING = "coming"
    PAST = "past"
    DRAFTS = "drafts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a visitor asks of the catalog. None and False ask for nothing."""

    kind: Kind | None = None
    area: str | None = None
    month: str | None = None  # "2026-12"
    free: bool = False
    past: bool = False
    words: str = ""


def get_by_slug(session: Session, slug: str) -> Event:
    """Return a published or cancelled event with all that its page shows.

    Raises:
        NotFoundError: No event has this slug, or it is still a draft.
    """
    found = session.scalars(_BY_SLUG, {"slug": slug})
    return _found(found.unique().one_or_none())


def get_with_offers(session: Session, slug: str) -> Event:
    """Return a public event with no more than registering needs.

    Raises:
        NotFoundError: No event has this slug, or it is still a draft.
    """
    found = session.scalars(_OFFERS_BY_SLUG, {"slug": slug})
    return _found(found.unique().one_or_none())


def get_with_areas(session: Session, event_id: int) -> Event:
    """Return an event with its service areas, and nothing else that belongs to it.

    Raises:
        NotFoundError: No event has this id.
    """
    found = session.scalars(_AREAS_BY_ID, {"id": event_id})
    return _found(found.unique().one_or_none())


def get_id(session: Session, slug: str) -> int:
    """Return the id of a public event.

    Raises:
        NotFoundError: No event has this slug, or it is still a draft.
    """
    return _found(session.scalar(_ID_BY_SLUG, {"slug": slug}))


def get(session: Session, event_id: int) -> Event:
    """Return an event in any state with all that its page shows.

    Raises:
        NotFoundError: No event has this id.
    """
    found = session.scalars(_BY_ID, {"id": event_id})
    return _found(found.unique().one_or_none())


def get_row(session: Session, event_id: int) -> Event:
    """Return an event in any state with its offers and sessions alone.

    Raises:
        NotFoundError: No event has this id.
    """
    parts = selectinload(Event.offers), selectinload(Event.sessions)
    query = select(Event).where(Event.id == event_id)
    return _found(session.scalar(query.options(*parts)))


def lock(session: Session, event_id: int) -> Event:
    """Return an event, locked until the transaction ends, with its offers.

    Raises:
        NotFoundError: No event has this id.
    """
    return _found(session.scalar(_LOCK_BY_ID, {"id": event_id}))


def lock_by_slug(session: Session, slug: str) -> Event:
    """Return a public event by its slug, locked, with its offers.

    Raises:
        NotFoundError: No event has this slug, or it is still a draft.
    """
    return _found(session.scalar(_LOCK_BY_SLUG, {"slug": slug}))


def find_current_slug(session: Session, slug: str) -> str | None:
    """Return the slug of the event that an older or newer title leads to."""
    known = select(Event.slug).join(EventSlug, EventSlug.event_id == Event.id)
    return session.scalar(known.where(EventSlug.slug == slug, _is_public()))


def page_catalog(
    session: Session, filters: Filters, *, now: datetime, cursor: str | None = None
) -> Page[Event]:
    """List public events, the next one first, or the latest first of the past ones.

    Args:
        cursor: Where the page before ended, as it said itself.
    """
    matching = _matching(filters, now)
    total = session.scalar(select(func.count()).select_from(Event).where(*matching))
    query = select(Event).options(selectinload(Event.offers)).where(*matching)
    return _page(session, query, total=total or 0, past=filters.past, cursor=cursor)


def list_coming(session: Session, *, now: datetime, limit: int) -> list[Event]:
    """List the next public events."""
    query = select(Event).options(selectinload(Event.offers))
    coming = query.where(*_matching(Filters(), now), Event.on_demand.is_(False))
    return list(
        session.scalars(coming.order_by(Event.listed_at, Event.id).limit(limit))
    )


def list_related(session: Session, event: Event, *, now: datetime) -> list[Event]:
    """List up to three coming events that share a service area with this one."""
    areas = [each.area for each in event.areas]
    if not areas:
        return []
    shares = exists().where(EventArea.event_id == Event.id, EventArea.area.in_(areas))
    query = select(Event).options(joinedload(Event.offers))
    coming = query.where(*_matching(Filters(), now), shares, Event.id != event.id)
    nearest = coming.order_by(Event.listed_at, Event.id).limit(3)
    return list(session.scalars(nearest).unique())


def list_months(session: Session, *, now: datetime, past: bool) -> list[str]:
    """List the months that have events to show, in order."""
    shown = _matching(Filters(past=past), now)
    months = select(Event.month).where(*shown, Event.month.is_not(None)).distinct()
    return sorted(month for month in session.scalars(months) if month)


def page_for_staff(
    session: Session, shown: Shown, *, now: datetime, cursor: str | None = None
) -> Page[Event]:
    """List events as staff see them: those to come and past ones in every state."""
    which = {
        Shown.COMING: ~_over(now),
        Shown.PAST: _over(now),
        Shown.DRAFTS: Event.state == State.DRAFT,
    }
    where = which[shown]
    total = session.scalar(select(func.count()).select_from(Event).where(where))
    query = select(Event).where(where)
    past = shown is Shown.PAST
    return _page(session, query, total=total or 0, past=past, cursor=cursor)


def list_starting(session: Session, *, since: datetime, until: datetime) -> list[Event]:
    """List published events with a session that starts from an instant to another."""
    query = select(Event).where(
        Event.state == State.PUBLISHED, _has_session(since, until)
    )
    parts = selectinload(Event.offers), selectinload(Event.sessions)
    return list(session.scalars(query.options(*parts).order_by(Event.listed_at)))


def list_waiting_for_staff(
    session: Session, *, now: datetime, until: datetime, limit: int
) -> list[Event]:
    """List coming events that staff should look at.

    Those with people on the waiting list, and drafts that would start until `until`.
    """
    queued = and_(Event.state == State.PUBLISHED, Event.waiting > 0)
    unready = and_(Event.state == State.DRAFT, _has_session(now, until))
    found = select(Event).where(or_(queued, unready), ~_over(now))
    return list(session.scalars(found.order_by(Event.listed_at).limit(limit)))


def list_programs(session: Session) -> dict[int, str]:
    """Return the names of all programs by id, A to Z."""
    rows = session.execute(select(Program.id, Program.name).order_by(Program.name))
    return dict(rows.all())


def list_conferences(session: Session) -> dict[int, str]:
    """Return the names of all conferences by id, the latest first."""
    names = select(Conference.id, Conference.name)
    rows = session.execute(names.order_by(Conference.first_on.desc(), Conference.id))
    return dict(rows.all())


def _page(
    session: Session,
    query: Select[Event],
    *,
    total: int,
    past: bool,
    cursor: str | None,
) -> Page[Event]:
    ahead = [Event.listed_at, Event.id]
    order = [column.desc() for column in ahead] if past else ahead
    query = query.where(*_after(cursor, past=past)).order_by(*order)
    events = session.scalars(query.limit(PER_PAGE + 1)).all()
    shown, more = events[:PER_PAGE], len(events) > PER_PAGE
    return Page(shown, total, _cursor(shown[-1]) if more else None)


def _whole() -> Select[Event]:
    # Three statements: sessions and areas are few, and joined.
    return select(Event).options(
        joinedload(Event.program),
        joinedload(Event.conference),
        joinedload(Event.sessions),
        joinedload(Event.areas),
        selectinload(Event.offers),
        selectinload(Event.contributions),
    )


def _lock(which: ColumnElement[bool]) -> Select[Event]:
    # The offers in a statement of their own: joined, PostgreSQL would show them as
    # they were before it waited for the lock.
    return (
        select(Event)
        .where(which)
        .options(selectinload(Event.offers))
        .with_for_update(of=Event)
        .execution_options(populate_existing=True)
    )


def _found(event: Found | None) -> Found:
    if event is None:
        raise NotFoundError("event")
    return event


def _is_public() -> ColumnElement[bool]:
    return Event.state.in_([State.PUBLISHED, State.CANCELLED])


def _has_session(since: datetime, until: datetime) -> ColumnElement[bool]:
    starts = EventSession.starts_at
    return exists().where(
        EventSession.event_id == Event.id, starts >= since, starts < until
    )


def _over(now: datetime) -> ColumnElement[bool]:
    return and_(Event.over_at.is_not(None), Event.over_at <= now)


def _matching(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    found = [_is_public(), _over(now) if filters.past else ~_over(now)]
    if filters.kind:
        found.append(Event.kind == filters.kind)
    if filters.area:
        has_it = EventArea.event_id == Event.id, EventArea.area == filters.area
        found.append(exists().where(*has_it))
    if filters.month:
        found.append(Event.month == filters.month)
    if filters.free:
        found.append(_is_free_at(now))
    words = fold(filters.words).split()[:WORDS_OF_A_SEARCH]
    has_word = (Event.search_text.contains(word, autoescape=True) for word in words)
    return [*found, *has_word]


def _is_free_at(now: datetime) -> ColumnElement[bool]:
    opened = or_(EventOffer.opens_at.is_(None), EventOffer.opens_at <= now)
    still = or_(EventOffer.closes_at.is_(None), EventOffer.closes_at > now)
    free = EventOffer.price_cents == 0, EventOffer.event_id == Event.id
    for_visitors = EventOffer.audience != Audience.MEMBERS
    not_begun = or_(Event.starts_at.is_(None), Event.starts_at > now)
    offered = exists().where(*free, for_visitors, opened, still)
    return and_(offered, not_begun, Event.state == State.PUBLISHED)


def _cursor(event: Event) -> str:
    return instant_cursor(event.listed_at, event.id)


def _after(cursor: str | None, *, past: bool) -> list[ColumnElement[bool]]:
    place = read_instant_cursor(cursor)
    if place is None:
        return []
    here = tuple_(Event.listed_at, Event.id)
    there = tuple_(literal(place[0], UtcDateTime()), literal(place[1]))
    return [here < there if past else here > there]


# Made once: writing a statement down costs more than asking it.
_HAS_ID, _HAS_SLUG = Event.id == bindparam("id"), Event.slug == bindparam("slug")
_BY_ID = _whole().where(_HAS_ID)
_BY_SLUG = _whole().where(_HAS_SLUG, _is_public())
_ID_BY_SLUG = select(Event.id).where(_HAS_SLUG, _is_public())
_OFFERS_BY_SLUG = (
    select(Event).options(joinedload(Event.offers)).where(_HAS_SLUG, _is_public())
)
_AREAS_BY_ID = select(Event).options(joinedload(Event.areas)).where(_HAS_ID)
_LOCK_BY_ID = _lock(_HAS_ID)
_LOCK_BY_SLUG = _lock(and_(_HAS_SLUG, _is_public()))
