"""Reading case studies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, raiseload, selectinload

from csd_events.core.errors import NotFoundError
from csd_events.core.pages import CountedPage
from csd_events.core.words import gettext as _
from csd_events.library.models import (
    CaseArea,
    CaseStudy,
    LibraryState,
    Source,
)
from csd_events.library.queries.searching import has_words
from csd_events.library.rules import (
    CaseLine,
    CaseView,
    Filters,
    SourceView,
    is_case_id,
    place_words,
    region_words,
)
from csd_events.library.rules.searching import EntryKind
from csd_events.topics.rules import area_name, form_name, topic_name

PAGE = 25
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Facets:
    """What a list can be narrowed to: only what some case has."""

    areas: frozenset[str]
    forms: frozenset[str]
    states: frozenset[str]
    outcomes: frozenset[str]


def find_stamp(session: Session) -> str | None:
    """Return a mark that changes with every change of a case; None before the first."""
    return session.scalar(select(LibraryState.stamp).where(LibraryState.id == 1))


def is_kept() -> ColumnElement[bool]:
    """Select what everybody may read: what staff have not retired."""
    return CaseStudy.retired_at.is_(None)


def count_cases(session: Session) -> int:
    return session.scalars(select(func.count(CaseStudy.id)).where(is_kept())).one()


def count_by_area(session: Session) -> Mapping[str, int]:
    """Count the cases of each service area that has any."""
    rows = session.execute(
        select(CaseArea.area, func.count(CaseArea.case_id))
        .join(CaseStudy)
        .where(is_kept())
        .group_by(CaseArea.area)
    )
    return dict(rows.all())


def count_by_state(session: Session) -> Mapping[str, int]:
    """Count the cases of each state or province that has any."""
    known = select(CaseStudy.state, func.count()).where(CaseStudy.state.is_not(None))
    rows = session.execute(known.where(is_kept()).group_by(CaseStudy.state))
    return {state: number for state, number in rows if state is not None}


def list_cases(session: Session) -> Sequence[CaseStudy]:
    """List every case that everybody may read, with its areas."""
    kept = select(CaseStudy).where(is_kept())
    return session.scalars(kept.order_by(CaseStudy.id)).all()


def list_newest(session: Session, *, limit: int) -> Sequence[CaseLine]:
    """List the cases that began last; those without a year come after them."""
    began = select(CaseStudy).where(is_kept())
    began = began.order_by(
        CaseStudy.year_started.desc().nulls_last(), CaseStudy.title_key, CaseStudy.id
    )
    return [line_of(case) for case in session.scalars(began.limit(limit))]


def list_titles(session: Session) -> Mapping[str, str]:
    """Return the titles of all cases by id, A to Z; of one that is retired it says so.

    What was tied to it before stays tied, and comes back with it.
    """
    titles = select(CaseStudy.id, CaseStudy.title, is_kept())
    rows = session.execute(titles.order_by(CaseStudy.title_key, CaseStudy.id))
    return {
        case_id: title if kept else str(_("%(title)s (retired)", title=title))
        for case_id, title, kept in rows
    }


def list_facets(session: Session) -> Facets:
    columns = {
        "areas": CaseArea.area,
        "forms": CaseStudy.form,
        "states": CaseStudy.state,
        "outcomes": CaseStudy.outcome,
    }
    found: dict[str, set[str]] = {name: set() for name in columns}
    every = union_all(
        *(
            select(literal(name), column.cast(CaseArea.area.type))
            .select_from(CaseStudy)
            .join(CaseArea)
            .where(is_kept())
            .distinct()
            for name, column in columns.items()
        )
    )
    for name, value in session.execute(every):
        if value is not None:
            found[name].add(value)
    return Facets(**{name: frozenset(values) for name, values in found.items()})


def page_cases(
    session: Session,
    filters: Filters,
    *,
    after: str | None = None,
    before: str | None = None,
) -> CountedPage[CaseLine, str]:
    """Return a page of the cases that fit, A to Z by title.

    The page begins after the case `after`, or ends before the case `before`, or is
    the first.

    Raises:
        NotFoundError: No page begins or ends there.
    """
    fits = [is_kept(), *_conditions(session, filters)]
    return read_page(session, fits, line_of, after=after, before=before)


def read_page(
    session: Session,
    fits: Sequence[ColumnElement[bool]],
    shown: Callable[[CaseStudy], Shown],
    *,
    after: str | None,
    before: str | None,
) -> CountedPage[Shown, str]:
    """Return a page of the cases that fit, each as it is shown.

    Raises:
        NotFoundError: No page begins or ends there.
    """
    edge = before or after
    if edge is not None and not is_case_id(edge):
        raise NotFoundError(edge)
    rows = session.execute(_page_of(fits, after=after, before=before)).all()
    if edge is not None and not rows:
        raise NotFoundError(edge)
    more = len(rows) > PAGE
    cases = [case for case, _total in rows[:PAGE]]
    if before:
        cases.reverse()
    return CountedPage(
        items=tuple(map(shown, cases)),
        total=rows[0][1] if rows else 0,
        before=cases[0].id if (more if before else after) else None,
        after=cases[-1].id if (before or more) else None,
    )


def list_matching_cases(session: Session, filters: Filters) -> Sequence[CaseStudy]:
    """List all cases that fit, without their areas, to hand them out in one file."""
    fits = select(CaseStudy).where(is_kept(), *_conditions(session, filters))
    by_title = fits.order_by(CaseStudy.title_key, CaseStudy.id)
    return session.scalars(by_title.options(raiseload("*"))).all()


def get_case(session: Session, case_id: str) -> CaseView:
    """Return a case in any state, with its sources.

    Raises:
        NotFoundError: There is none by that id.
    """
    if not is_case_id(case_id):
        raise NotFoundError(case_id)
    with_sources = selectinload(CaseStudy.citations)
    case = session.get(CaseStudy, case_id, options=[with_sources])
    if case is None:
        raise NotFoundError(case_id)
    return _view_of(case)


def list_with_citations(session: Session) -> Sequence[CaseStudy]:
    """List every case with its areas and sources, to compare or to hand out."""
    return session.scalars(
        select(CaseStudy).options(selectinload(CaseStudy.citations))
    ).all()


def list_sources(session: Session) -> Sequence[Source]:
    return session.scalars(select(Source).order_by(Source.id)).all()


def line_of(case: CaseStudy) -> CaseLine:
    return CaseLine(
        id=case.id,
        title=case.title,
        place_words=place_words(case.jurisdictions, case.country, case.state),
        form_name=form_name(case.form),
        area_names=tuple(area_name(row.area) for row in case.areas),
        outcome=case.outcome,
        confidence=case.confidence,
        confidence_note=case.confidence_note,
        vendor_is_underwriter=case.vendor_is_underwriter,
        vendor_said=case.vendor_said,
    )


def _view_of(case: CaseStudy) -> CaseView:
    sources = [citation.source for citation in case.citations]
    return CaseView(
        id=case.id,
        title=case.title,
        jurisdictions=tuple(case.jurisdictions),
        place_words=region_words(case.country, case.state),
        areas=tuple(row.area for row in case.areas),
        form=case.form,
        agreement=case.agreement,
        year_started=case.year_started,
        year_note=case.year_note,
        facts=tuple(case.facts),
        outcome=case.outcome,
        topic_names=tuple(topic_name(topic) for topic in case.topics),
        costs_and_benefits_shared=case.costs_and_benefits_shared,
        confidence=case.confidence,
        confidence_note=case.confidence_note,
        sources=tuple(SourceView(s.title, s.address, s.read) for s in sources),
        icma_link=case.icma_link,
        vendor_is_underwriter=case.vendor_is_underwriter,
        own_knowledge=tuple(case.own_knowledge),
        checked_on=case.checked_on,
        number=case.number,
        is_retired=case.retired_at is not None,
    )


def _page_of(
    fits: Sequence[ColumnElement[bool]], *, after: str | None, before: str | None
) -> Select[CaseStudy, int]:
    """Select one case more than a page holds, and beside each how many fit."""
    total = select(func.count(CaseStudy.id)).where(*fits).scalar_subquery()
    page = select(CaseStudy, total).where(*fits).limit(PAGE + 1)
    title, by_id = CaseStudy.title_key, CaseStudy.id
    edge_title = (
        select(title)
        .where(by_id == (before or after))
        .correlate(None)
        .scalar_subquery()
    )
    if before:
        nearer = and_(title == edge_title, by_id < before)
        page = page.where(or_(title < edge_title, nearer))
        return page.order_by(title.desc(), by_id.desc())
    if after:
        further = and_(title == edge_title, by_id > after)
        page = page.where(or_(title > edge_title, further))
    return page.order_by(title, by_id)


def _conditions(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    conditions = has_words(session, EntryKind.CASE_STUDY, CaseStudy.id, filters.words)
    if filters.area:
        has_area = select(CaseArea.case_id).where(CaseArea.area == filters.area)
        conditions.append(CaseStudy.id.in_(has_area))
    if filters.form:
        conditions.append(CaseStudy.form == filters.form)
    if filters.state:
        conditions.append(CaseStudy.state == filters.state)
    if filters.outcome:
        conditions.append(CaseStudy.outcome == filters.outcome)
    return conditions
