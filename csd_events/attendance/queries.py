"""Reading who came in by the join page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session

from csd_events.attendance.models import Visit
from csd_events.core.pages import Page
from csd_events.registrations.models import Registration

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who was given the link.

    Attributes:
        sessions: How many sessions they were given it for.
        first_at: When they were given it first.
    """

    id: int
    full_name: str
    organization: str
    sessions: int
    first_at: datetime


def count_visitors(
    session: Session, event_id: int, session_ids: Collection[int]
) -> dict[int | None, int]:
    """Count the people who were given the link, by session.

    At None stands an event without sessions.
    """
    people = func.count(Visit.registration_id.distinct())
    if session_ids:
        counted = select(Visit.session_id, people).where(
            Visit.session_id.in_(session_ids)
        )
    else:
        counted = (
            select(Visit.session_id, people)
            .join(Registration, Registration.id == Visit.registration_id)
            .where(Registration.event_id == event_id)
        )
    rows = session.execute(counted.group_by(Visit.session_id))
    return dict(rows.all())


def count_people(session: Session, event_id: int) -> int:
    """Count who was given the link of an event at all, each person once."""
    people = (
        select(func.count(Visit.registration_id.distinct()))
        .join(Registration, Registration.id == Visit.registration_id)
        .where(Registration.event_id == event_id)
    )
    return session.scalar(people) or 0


def page_visitors(
    session: Session, event_id: int, *, after: int | None = None
) -> Page[Visitor, int]:
    """Return a page of those who were given the link, A to Z.

    Args:
        after: The id of the registration after which the page begins.
    """
    key = tuple_(Registration.name_key, Registration.id)
    visits = Visit.registration_id == Registration.id
    sessions = select(func.count(Visit.session_id.distinct())).where(visits)
    first_at = select(func.min(Visit.joined_at)).where(visits)
    query = (
        select(
            Registration.id,
            Registration.full_name,
            Registration.organization,
            sessions.correlate(Registration).scalar_subquery(),
            first_at.correlate(Registration).scalar_subquery(),
        )
        .where(
            Registration.event_id == event_id,
            select(Visit.id).where(visits).exists(),
        )
        .order_by(Registration.name_key, Registration.id)
    )
    edge = session.get(Registration, after) if after is not None else None
    if edge is not None and edge.event_id == event_id:
        query = query.where(key > tuple_(literal(edge.name_key), literal(edge.id)))
    rows = session.execute(query.limit(PER_PAGE + 1)).all()
    people = list(starmap(Visitor, rows[:PER_PAGE]))
    more = len(rows) > PER_PAGE
    return Page(items=people, after=people[-1].id if more else None)
