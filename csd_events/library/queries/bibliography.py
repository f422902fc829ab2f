"""Reading the bibliography."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from csd_events.core.errors import NotFoundError
from csd_events.core.pages import CountedPage
from csd_events.library.models import Citation, CitationCase, CitationTopic
from csd_events.library.queries.searching import has_words
from csd_events.library.rules import is_case_id
from csd_events.library.rules.citing import UNDATED, CitationFilters, Verification
from csd_events.library.rules.searching import EntryKind

PAGE = 60


@dataclass(frozen=True, slots=True)
class CitationFacets:
    """What the bibliography can be narrowed to: only what some entry has."""

    topics: frozenset[str]
    years: frozenset[int | None]
    verifications: frozenset[Verification]


def list_citation_facets(session: Session) -> CitationFacets:
    rows = session.execute(
        select(Citation.year, Citation.verification).where(_is_shown()).distinct()
    ).all()
    about = select(CitationTopic.topic).join(Citation).where(_is_shown()).distinct()
    return CitationFacets(
        topics=frozenset(session.scalars(about)),
        years=frozenset(year for year, _ in rows),
        verifications=frozenset(verification for _, verification in rows),
    )


def page_citations(
    session: Session,
    filters: CitationFilters,
    *,
    after: str | None = None,
    before: str | None = None,
    retired: bool = False,
) -> CountedPage[Citation, str]:
    """Return a page of the entries that fit, A to Z by authors.

    The page begins after the entry `after`, or ends before the entry `before`, or is
    the first.

    Args:
        retired: Those that staff retired, in place of those everybody sees.

    Raises:
        NotFoundError: No page begins or ends there.
    """
    edge = before or after
    if edge is not None and not is_case_id(edge):
        raise NotFoundError(edge)
    fits = _conditions(session, filters, retired=retired)
    rows = session.execute(_page_of(fits, after=after, before=before)).all()
    if edge is not None and not rows:
        raise NotFoundError(edge)
    more = len(rows) > PAGE
    found = [citation for citation, _ in rows[:PAGE]]
    if before:
        found.reverse()
    return CountedPage(
        items=tuple(found),
        total=rows[0][1] if rows else 0,
        before=found[0].key if (more if before else after) else None,
        after=found[-1].key if (before or more) else None,
    )


def list_matching_citations(
    session: Session, filters: CitationFilters
) -> Sequence[Citation]:
    """List all entries that fit, to hand them out in one file."""
    matching = select(Citation).where(*_conditions(session, filters, retired=False))
    return session.scalars(matching.order_by(Citation.list_key, Citation.id)).all()


def get_citation(session: Session, key: str) -> Citation:
    """Return an entry in any state, with the case studies it is tied to.

    Raises:
        NotFoundError: There is none by that key.
    """
    if not is_case_id(key):
        raise NotFoundError(key)
    return _found(session.scalar(_whole().where(Citation.key == key)))


def get_citation_by_id(session: Session, citation_id: int) -> Citation:
    """Return an entry in any state, as staff see it.

    Raises:
        NotFoundError: There is none by that id.
    """
    return _found(session.scalar(_whole().where(Citation.id == citation_id)))


def lock_citation(session: Session, citation_id: int) -> Citation:
    """Return an entry, locked until the transaction ends.

    Raises:
        NotFoundError: There is none by that id.
    """
    only = select(Citation.id).where(Citation.id == citation_id)
    session.execute(only.with_for_update())
    whole = _whole().where(Citation.id == citation_id)
    return _found(session.scalar(whole.execution_options(populate_existing=True)))


def list_citations(session: Session) -> Sequence[Citation]:
    """List every entry in any state."""
    return session.scalars(select(Citation)).all()


def list_with_cases(session: Session) -> Sequence[Citation]:
    """List every entry with the case studies it goes with, to compare with a file."""
    ties = selectinload(Citation.cases)
    return session.scalars(select(Citation).options(ties)).all()


def list_citation_keys(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(Citation.key)))


def _whole() -> Select[Citation]:
    cases = selectinload(Citation.cases).joinedload(CitationCase.case, innerjoin=True)
    return select(Citation).options(cases)


def _found(citation: Citation | None) -> Citation:
    if citation is None:
        raise NotFoundError("citation")
    return citation


def _page_of(
    fits: Sequence[ColumnElement[bool]], *, after: str | None, before: str | None
) -> Select[Citation, int]:
    """Select one entry more than a page holds, and beside each how many fit."""
    total = select(func.count(Citation.id)).where(*fits).scalar_subquery()
    page = select(Citation, total).where(*fits).limit(PAGE + 1)
    place, by_id = Citation.list_key, Citation.id
    edge = select(place, by_id).where(Citation.key == (before or after)).subquery()
    if before or after:
        page = page.join(edge, onclause=edge.c.id.is_not(None))
    if before:
        nearer = and_(place == edge.c.list_key, by_id < edge.c.id)
        page = page.where(or_(place < edge.c.list_key, nearer))
        return page.order_by(place.desc(), by_id.desc())
    if after:
        further = and_(place == edge.c.list_key, by_id > edge.c.id)
        page = page.where(or_(place > edge.c.list_key, further))
    return page.order_by(place, by_id)


def _is_shown() -> ColumnElement[bool]:
    return Citation.retired_at.is_(None)


def _conditions(
    session: Session, filters: CitationFilters, *, retired: bool
) -> list[ColumnElement[bool]]:
    conditions = [
        Citation.retired_at.is_not(None) if retired else _is_shown(),
        *has_words(session, EntryKind.CITATION, Citation.key, filters.words),
    ]
    if filters.topic:
        about = select(CitationTopic.citation_id).where(
            CitationTopic.topic == filters.topic
        )
        conditions.append(Citation.id.in_(about))
    if filters.decade == UNDATED:
        conditions.append(Citation.year.is_(None))
    elif filters.decade is not None:
        conditions.append(Citation.year.between(filters.decade, filters.decade + 9))
    if filters.verification:
        conditions.append(Citation.verification == filters.verification)
    return conditions
