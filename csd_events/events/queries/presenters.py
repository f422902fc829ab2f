"""Reading presenters and partners: a page of somebody's own, lists for staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, exists, func, literal, select, tuple_
from sqlalchemy.orm import Session, selectinload

from csd_events.core.errors import NotFoundError
from csd_events.core.pages import Page
from csd_events.core.search import holds
from csd_events.core.text import fold
from csd_events.events.models import (
    Contribution,
    Event,
    Partner,
    Presenter,
    PresenterSlug,
)
from csd_events.events.queries.finding import is_public
from csd_events.events.queries.listing import is_over
from csd_events.events.rules import Role

NAMES_A_PAGE = 50
#: So many events of one presenter are listed; the catalog's search finds the others.
MOST_OF_ONE = 50


#: Each event counts once, whatever somebody does for it and however often.
_EVENTS = func.count(Contribution.event_id.distinct())

Kind = TypeVar("Kind", Presenter, Partner)


@dataclass(frozen=True, slots=True)
class ContributorLine(Generic[Kind]):
    """A presenter or a partner as staff list them, with how many events name them."""

    row: Kind
    events: int


def get_public_presenter(session: Session, slug: str) -> Presenter:
    """Return somebody who contributes to a public event, by any address of theirs.

    Raises:
        NotFoundError: Nobody has this slug, or none of their events is public.
    """
    public = exists().where(
        Contribution.presenter_id == Presenter.id,
        Event.id == Contribution.event_id,
        is_public(),
    )
    query = (
        select(Presenter)
        .join(PresenterSlug, PresenterSlug.presenter_id == Presenter.id)
        .where(PresenterSlug.slug == slug, public)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFoundError("presenter")
    return found


def get_contributor(session: Session, kind: type[Kind], row_id: int) -> Kind:
    """Return a presenter or a partner, whether or not an event of theirs is public.

    Raises:
        NotFoundError: There is none of this id.
    """
    found = session.get(kind, row_id)
    if found is None:
        raise NotFoundError(kind.__tablename__)
    return found


def list_presented(
    session: Session, presenter_id: int, *, past: bool, now: datetime
) -> list[tuple[Event, Role]]:
    """List the public events of a presenter: those to come, or past ones first last.

    Each once, with all its sessions that they present; who also moderates, presents.
    """
    order = [Event.listed_at, Event.id]
    theirs = (
        select(Contribution.event_id, func.max(Contribution.role).label("role"))
        .where(Contribution.presenter_id == presenter_id)
        .group_by(Contribution.event_id)
        .subquery()
    )
    query = (
        select(Event, theirs.c.role)
        .join(theirs, theirs.c.event_id == Event.id)
        .where(
            is_public(),
            is_over(now) if past else ~is_over(now),
        )
        .options(selectinload(Event.offers))
        .order_by(*([column.desc() for column in order] if past else order))
        .limit(MOST_OF_ONE)
    )
    return [(event, role) for event, role in session.execute(query)]


def page_contributors(
    session: Session,
    kind: type[Kind],
    *,
    words: str,
    after: int | None = None,
    without: int | None = None,
) -> Page[ContributorLine[Kind], int]:
    """Return a page of presenters or of partners, A to Z.

    Args:
        after: The id of the one after whom the page begins.
        without: The id of one who is left out.
    """
    events = select(_EVENTS).where(Contribution.of(kind) == kind.id)
    query = (
        select(kind, events.scalar_subquery())
        .where(*_narrowed(kind, session, words, after, without))
        .order_by(kind.name_key, kind.id)
    )
    rows = session.execute(query.limit(NAMES_A_PAGE + 1)).all()
    lines = [ContributorLine(*row) for row in rows[:NAMES_A_PAGE]]
    after = lines[-1].row.id if len(rows) > NAMES_A_PAGE else None
    return Page(items=lines, after=after)


def _narrowed(
    kind: type[Kind],
    session: Session,
    words: str,
    after: int | None,
    without: int | None,
) -> list[ColumnElement[bool]]:
    found = [holds(kind.name_key, w) for w in fold(words).split()]
    if without is not None:
        found.append(kind.id != without)
    edge = session.get(kind, after) if after is not None else None
    if edge is not None:
        there = tuple_(literal(edge.name_key), literal(edge.id))
        found.append(tuple_(kind.name_key, kind.id) > there)
    return found
