"""The catalog: public events, narrowed and page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BindParameter,
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
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from csd_events.core.pages import CountedPage, instant_cursor, read_instant_cursor
from csd_events.core.search import holds
from csd_events.core.text import fold
from csd_events.core.types import UtcDateTime
from csd_events.events.models import Event, EventArea, EventOffer, Program
from csd_events.events.queries.finding import is_public
from csd_events.events.rules import NEVER, Audience, Kind, State

PER_PAGE = 25
#: A calendar that follows us shows this much of what is over, and so many at most.
FEED_REACHES_BACK = timedelta(days=90)
MOST_IN_A_FEED = 500
#: Longer questions are cut: nobody types them, and each word is a comparison.
WORDS_OF_A_SEARCH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a visitor asks of the catalog. None and False ask for nothing."""

    kind: Kind | None = None
    area: str | None = None
    month: str | None = None  # "2026-12"
    free: bool = False
    past: bool = False
    words: str = ""
    program: str | None = None  # its slug


def page_catalog(
    session: Session,
    filters: Filters,
    *,
    now: datetime,
    cursor: str | None = None,
    total: int | None = None,
) -> CountedPage[Event, str]:
    """List public events, the next one first, or the latest first of the past ones.

    Args:
        cursor: Where the page before ended, as it said itself.
        total: How many there are, where the caller has counted them.
    """
    matching = _matching(filters, now)
    if total is None:
        counted = select(func.count()).select_from(Event).where(*matching)
        total = session.scalar(counted) or 0
    query = select(Event).options(selectinload(Event.offers)).where(*matching)
    return page_of(session, query, total=total, past=filters.past, cursor=cursor)


def list_for_feed(
    session: Session, filters: Filters, *, now: datetime
) -> Sequence[Event]:
    """List public events for calendars that follow them, with their sessions.

    What is over stays a while, so that nobody's calendar forgets where they were; what
    is cancelled leaves.
    """
    found = (
        select(Event)
        .options(selectinload(Event.sessions))
        .where(
            *_matching(filters, now - FEED_REACHES_BACK),
            Event.state == State.PUBLISHED,
            Event.starts_at.is_not(None),
        )
        .order_by(Event.listed_at.desc(), Event.id.desc())
        .limit(MOST_IN_A_FEED)
    )
    return session.scalars(found).all()


def list_coming(session: Session, *, now: datetime, limit: int) -> list[Event]:
    """List the next public events that somebody can register for, now or later."""
    query = select(Event).options(selectinload(Event.offers))
    takes_people = Event.state == State.PUBLISHED, _is_offered_from(now)
    coming = query.where(Event.starts_at > now, *takes_people)
    return list(
        session.scalars(coming.order_by(Event.listed_at, Event.id).limit(limit))
    )


def list_related(session: Session, event: Event, *, now: datetime) -> list[Event]:
    """List up to three coming events that share a service area with this one."""
    areas = event.area_ids
    if not areas:
        return []
    given = {"areas": areas, "event_id": event.id, "now": now}
    return list(session.scalars(_RELATED, given).unique())


def count_by_month(
    session: Session, *, now: datetime, past: bool
) -> dict[str | None, int]:
    """Count the events to show by month; None for those at no time."""
    shown = _matching(Filters(past=past), now)
    months = select(Event.month, func.count()).where(*shown).group_by(Event.month)
    return dict(session.execute(months).all())


def page_of(
    session: Session,
    query: Select[Event],
    *,
    total: int,
    past: bool,
    cursor: str | None,
) -> CountedPage[Event, str]:
    """Cut a page out of what a question finds, in the order of the catalog."""
    ahead = [Event.listed_at, Event.id]
    order = [column.desc() for column in ahead] if past else ahead
    query = query.where(*_after(cursor, past=past)).order_by(*order)
    events = session.scalars(query.limit(PER_PAGE + 1)).all()
    shown, more = events[:PER_PAGE], len(events) > PER_PAGE
    return CountedPage(
        items=shown, total=total, after=_cursor(shown[-1]) if more else None
    )


def is_over(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(Event.over_at.is_not(None), Event.over_at <= now)


def _is_ahead(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Tell what is not over, without a look at all that was listed before any of it.

    What is never over is listed at `NEVER`.
    """
    first = _FIRST_LISTED.where(_COMING.over_at > now).scalar_subquery()
    begins_at = func.coalesce(first, literal(NEVER, UtcDateTime()))
    return and_(Event.listed_at >= begins_at, ~is_over(now))


# Made once, as the next. The least of an expression: else SQLite looks for it in the
# order of the catalog, from the very first event.
_COMING = aliased(Event)
_FIRST_LISTED = select(func.min(func.coalesce(_COMING.listed_at, _COMING.over_at)))
# Made once: every page of an event that is written anew asks it.
_RELATED = (
    select(Event)
    .options(joinedload(Event.offers))
    .where(
        is_public(),
        _is_ahead(bindparam("now", type_=UtcDateTime())),
        exists().where(
            EventArea.event_id == Event.id,
            EventArea.area.in_(bindparam("areas", expanding=True)),
        ),
        Event.id != bindparam("event_id"),
    )
    .order_by(Event.listed_at, Event.id)
    .limit(3)
)


def _matching(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    found = [is_public(), is_over(now) if filters.past else _is_ahead(now)]
    found.append(Event.archived_at.is_(None))
    if filters.kind:
        found.append(Event.kind == filters.kind)
    if filters.area:
        has_it = EventArea.event_id == Event.id, EventArea.area == filters.area
        found.append(exists().where(*has_it))
    if filters.month:
        found.append(Event.month == filters.month)
    if filters.free:
        found.append(_is_free_at(now))
    if filters.program:
        of_it = select(Program.id).where(Program.slug == filters.program)
        found.append(Event.program_id.in_(of_it))
    words = fold(filters.words).split()[:WORDS_OF_A_SEARCH]
    has_word = (holds(Event.search_text, word) for word in words)
    return [*found, *has_word]


def _is_free_at(now: datetime) -> ColumnElement[bool]:
    opened = or_(EventOffer.opens_at.is_(None), EventOffer.opens_at <= now)
    still = or_(EventOffer.closes_at.is_(None), EventOffer.closes_at > now)
    free = EventOffer.price_cents == 0, EventOffer.event_id == Event.id
    for_visitors = EventOffer.audience.in_([Audience.EVERYONE, Audience.OTHERS])
    not_begun = or_(Event.starts_at.is_(None), Event.starts_at > now)
    offered = exists().where(*free, for_visitors, opened, still)
    return and_(offered, not_begun, Event.state == State.PUBLISHED)


def _is_offered_from(now: datetime) -> ColumnElement[bool]:
    """An offer is open or will open before the event starts."""
    in_time = EventOffer.opens_at.is_(None), EventOffer.opens_at < Event.starts_at
    lasts = EventOffer.closes_at.is_(None), EventOffer.closes_at > now
    return exists().where(EventOffer.event_id == Event.id, or_(*in_time), or_(*lasts))


def _cursor(event: Event) -> str:
    return instant_cursor(event.listed_at, event.id)


def _after(cursor: str | None, *, past: bool) -> list[ColumnElement[bool]]:
    place = read_instant_cursor(cursor)
    if place is None:
        return []
    here = tuple_(Event.listed_at, Event.id)
    there = tuple_(literal(place[0], UtcDateTime()), literal(place[1]))
    return [here < there if past else here > there]
