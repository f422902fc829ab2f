"""Events as those who run them list them: in every state."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from csd_events.core.pages import CountedPage
from csd_events.events.models import (
    TO_BE_PUBLISHED,
    Conference,
    Event,
    EventSession,
    Program,
)
from csd_events.events.queries.finding import get_all
from csd_events.events.queries.listing import is_over, page_of
from csd_events.events.rules import State


class Shown(StrEnum):
    """Which events staff list."""

    COMING = "coming"
    PAST = "past"
    DRAFTS = "drafts"
    ARCHIVED = "archived"


def page_for_staff(
    session: Session,
    shown: Shown,
    *,
    now: datetime,
    programs: Collection[int] | None = None,
    cursor: str | None = None,
) -> CountedPage[Event, str]:
    """List events as staff see them: those to come and past ones in every state.

    What is in the archive is listed by itself alone.

    Args:
        programs: Whose events are listed and no others; None for all events.
    """
    put_away = Event.archived_at.is_not(None)
    which = {
        Shown.COMING: and_(~is_over(now), ~put_away),
        Shown.PAST: and_(is_over(now), ~put_away),
        Shown.DRAFTS: and_(Event.state == State.DRAFT, ~put_away),
        Shown.ARCHIVED: put_away,
    }
    where = which[shown]
    if programs is not None:
        where = and_(where, Event.program_id.in_(programs))
    total = session.scalar(select(func.count()).select_from(Event).where(where))
    query = select(Event).where(where)
    past = shown is Shown.PAST
    return page_of(session, query, total=total or 0, past=past, cursor=cursor)


def list_starting(
    session: Session, *, since: datetime, until: datetime, limit: int | None = None
) -> list[Event]:
    """List published events with a session that starts from an instant to another."""
    query = select(Event).where(
        Event.state == State.PUBLISHED, _has_session(since, until)
    )
    parts = selectinload(Event.offers), selectinload(Event.sessions)
    in_order = query.options(*parts).order_by(Event.listed_at, Event.id).limit(limit)
    return list(session.scalars(in_order))


def list_coming_whole(
    session: Session, *, since: datetime, until: datetime, limit: int
) -> list[Event]:
    """List events that begin in some time, with all that a look over them needs.

    Neither what is called off nor what is in the archive; the next one first.
    """
    query = select(Event).where(
        Event.state != State.CANCELLED,
        Event.archived_at.is_(None),
        Event.starts_at >= since,
        Event.starts_at < until,
    )
    parts = (
        selectinload(Event.offers),
        selectinload(Event.sessions),
        selectinload(Event.areas),
        selectinload(Event.contributions),
        selectinload(Event.resources),
        joinedload(Event.conference),
        joinedload(Event.program),
    )
    order = query.order_by(Event.listed_at, Event.id).options(*parts)
    return list(session.scalars(order.limit(limit)))


def list_waiting_for_staff(
    session: Session, *, now: datetime, until: datetime, limit: int
) -> list[Event]:
    """List coming events that staff should look at.

    Those where places are held or people wait for one, those whose people wait for a
    date, and drafts that would start until `until`.
    """
    waits = or_(Event.held > 0, Event.waiting > 0)
    queued = and_(Event.state == State.PUBLISHED, waits)
    has_people = or_(waits, Event.confirmed > 0)
    undated = and_(Event.state == State.POSTPONED, has_people)
    soon = _has_session(now, until), Event.publish_at.is_(None)
    unready = and_(Event.state == State.DRAFT, *soon)
    found = select(Event).where(
        or_(queued, unready, undated),
        Event.archived_at.is_(None),
        Event.not_published_at.is_(None),
        ~is_over(now),
    )
    return list(session.scalars(found.order_by(Event.listed_at).limit(limit)))


def is_any_due(session: Session, *, now: datetime) -> bool:
    """Tell whether any draft is to be published by itself by now."""
    due = exists().where(TO_BE_PUBLISHED, Event.publish_at <= now)
    return session.scalar(select(due)) or False


def list_not_published(session: Session, *, limit: int) -> Sequence[Event]:
    """List drafts that were to be published by themselves and lacked something."""
    found = select(Event).where(Event.not_published_at.is_not(None))
    return session.scalars(
        found.order_by(Event.not_published_at, Event.id)
        .limit(limit)
        .options(
            selectinload(Event.offers),
            selectinload(Event.sessions),
            joinedload(Event.conference),
        )
    ).all()


def list_of_series(session: Session, series_id: int) -> Sequence[Event]:
    """List the events of a series with all they have, in the order of their dates."""
    found = select(Event.id).where(Event.series_id == series_id)
    ids = session.scalars(found).all()
    return get_all(session, ids)


def list_titles(session: Session, event_ids: Collection[int]) -> dict[int, str]:
    """Return the titles of some events by id."""
    rows = session.execute(select(Event.id, Event.title).where(Event.id.in_(event_ids)))
    return dict(rows.all())


def list_programs(session: Session) -> dict[int, str]:
    """Return the names of all programs by id, A to Z."""
    rows = session.execute(select(Program.id, Program.name).order_by(Program.name))
    return dict(rows.all())


def list_conferences(session: Session) -> dict[int, str]:
    """Return the names of all conferences by id, the latest first."""
    names = select(Conference.id, Conference.name)
    rows = session.execute(names.order_by(Conference.first_on.desc(), Conference.id))
    return dict(rows.all())


def find_zone_of_conference(session: Session, conference_id: int | None) -> str | None:
    """Return whose clocks a conference goes by; None if there is none of that id."""
    zone = select(Conference.zone).where(Conference.id == conference_id)
    return session.scalar(zone) if conference_id else None


def _has_session(since: datetime, until: datetime) -> ColumnElement[bool]:
    starts = EventSession.starts_at
    return exists().where(
        EventSession.event_id == Event.id, starts >= since, starts < until
    )
