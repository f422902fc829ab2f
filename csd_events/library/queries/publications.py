"""Reading publications and their files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from csd_events.core.errors import NotFoundError
from csd_events.core.pages import CountedPage, read_id
from csd_events.library.models import (
    File,
    Publication,
    PublicationArea,
    PublicationCase,
    PublicationVersion,
)
from csd_events.library.queries.searching import has_words
from csd_events.library.rules import is_case_id
from csd_events.library.rules.publishing import PublicationFilters, PublicationKind
from csd_events.library.rules.searching import EntryKind

PAGE = 25


class Shown(StrEnum):
    """Which publications the staff's list shows."""

    ALL = "all"
    DRAFTS = "drafts"
    DUE = "due"  # to be looked at again by now
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFilters:
    """What the staff's list is narrowed to."""

    shown: Shown = Shown.ALL
    words: str = ""


@dataclass(frozen=True, slots=True)
class PublicationFacets:
    """What the list can be narrowed to: only what some publication has."""

    kinds: frozenset[PublicationKind]
    areas: frozenset[str]


def count_publications(
    session: Session, filters: PublicationFilters | None = None
) -> int:
    """Count what is published, and fits."""
    fits = _conditions(filters or PublicationFilters())
    return session.scalars(select(func.count(Publication.id)).where(*fits)).one()


def list_publication_facets(session: Session) -> PublicationFacets:
    kinds = select(Publication.kind).where(is_published()).distinct()
    areas = (
        select(PublicationArea.area).join(Publication).where(is_published()).distinct()
    )
    return PublicationFacets(
        frozenset(session.scalars(kinds)), frozenset(session.scalars(areas))
    )


def list_publications(
    session: Session, filters: PublicationFilters, *, limit: int, after: str | None
) -> tuple[Sequence[Publication], str | None]:
    """Return a page of published ones, the latest first, and where it goes on.

    Raises:
        NotFoundError: No page begins there.
    """
    page = select(Publication).where(*_conditions(filters)).limit(limit + 1)
    if after is not None:
        page = page.where(_later_in_list(session, after))
    latest = Publication.published_on.desc(), Publication.id.desc()
    found = session.scalars(page.order_by(*latest)).all()
    more = len(found) > limit
    return found[:limit], found[limit - 1].slug if more else None


def get_publication(session: Session, slug: str) -> Publication:
    """Return a publication in any state, with all that its page shows.

    Raises:
        NotFoundError: There is none by that slug.
    """
    if not is_case_id(slug):
        raise NotFoundError(slug)
    return _found(session.scalar(_whole().where(Publication.slug == slug)))


def get_publication_by_id(session: Session, publication_id: int) -> Publication:
    """Return a publication in any state, with all that its page shows.

    Raises:
        NotFoundError: There is none by that id.
    """
    return _found(session.scalar(_whole().where(Publication.id == publication_id)))


def lock_publication(session: Session, publication_id: int) -> Publication:
    """Return a publication, locked until the transaction ends.

    Raises:
        NotFoundError: There is none by that id.
    """
    only = select(Publication.id).where(Publication.id == publication_id)
    session.execute(only.with_for_update())
    whole = _whole().where(Publication.id == publication_id)
    return _found(session.scalar(whole.execution_options(populate_existing=True)))


def get_file(session: Session, file_id: int) -> tuple[File, Publication]:
    """Return a file and whose it is.

    Raises:
        NotFoundError: There is none by that id.
    """
    row = session.execute(
        select(File, Publication)
        .join(PublicationVersion, PublicationVersion.file_id == File.id)
        .join(Publication, Publication.id == PublicationVersion.publication_id)
        .where(File.id == file_id)
        .options(joinedload(Publication.successor))
    ).one_or_none()
    if row is None:
        raise NotFoundError("file")
    return row[0], row[1]


def page_publications(
    session: Session, filters: DeskFilters, *, today: date, cursor: str | None
) -> CountedPage[Publication, str]:
    """Return a page of what staff see, A to Z by title."""
    fits = _for_staff(session, filters, today)
    total = session.scalars(select(func.count(Publication.id)).where(*fits)).one()
    page = select(Publication).where(*fits).limit(PAGE + 1)
    after = read_id(cursor)
    if after is not None:
        edge = select(Publication.title_key).where(Publication.id == after)
        title = edge.correlate(None).scalar_subquery()
        key = Publication.title_key
        page = page.where(or_(key > title, and_(key == title, Publication.id > after)))
    by_title = Publication.title_key, Publication.id
    found = session.scalars(page.order_by(*by_title)).all()
    more = str(found[PAGE - 1].id) if len(found) > PAGE else None
    return CountedPage(items=found[:PAGE], total=total, after=more)


def list_slugs(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(Publication.slug)))


def list_publication_titles(session: Session) -> Mapping[int, str]:
    """Return the titles of what is published by id, A to Z."""
    rows = session.execute(
        select(Publication.id, Publication.title)
        .where(is_published())
        .order_by(Publication.title_key, Publication.id)
    )
    return dict(rows.all())


def list_file_paths(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(File.path)))


def is_published() -> ColumnElement[bool]:
    """Say in SQL what `rules.publishing.standing` calls published."""
    return and_(Publication.published_on.is_not(None), Publication.retired_at.is_(None))


def _conditions(filters: PublicationFilters) -> list[ColumnElement[bool]]:
    conditions = [is_published()]
    if filters.kind:
        conditions.append(Publication.kind == filters.kind)
    if filters.area:
        about = select(PublicationArea.publication_id).where(
            PublicationArea.area == filters.area
        )
        conditions.append(Publication.id.in_(about))
    return conditions


def _whole() -> Select[Publication]:
    cases = selectinload(Publication.cases)
    return select(Publication).options(
        cases.joinedload(PublicationCase.case, innerjoin=True),
        joinedload(Publication.successor),
    )


def _found(publication: Publication | None) -> Publication:
    if publication is None:
        raise NotFoundError("publication")
    return publication


def _later_in_list(session: Session, slug: str) -> ColumnElement[bool]:
    edge = get_publication(session, slug)
    day = Publication.published_on
    if edge.published_on is None:
        raise NotFoundError(slug)
    return or_(
        day < edge.published_on,
        and_(day == edge.published_on, Publication.id < edge.id),
    )


def _for_staff(
    session: Session, filters: DeskFilters, today: date
) -> list[ColumnElement[bool]]:
    shown = {
        Shown.ALL: Publication.retired_at.is_(None),
        Shown.DRAFTS: and_(
            Publication.published_on.is_(None), Publication.retired_at.is_(None)
        ),
        Shown.DUE: and_(
            Publication.look_again_on <= today, Publication.retired_at.is_(None)
        ),
        Shown.RETIRED: Publication.retired_at.is_not(None),
    }
    return [
        shown[filters.shown],
        *has_words(session, EntryKind.PUBLICATION, Publication.slug, filters.words),
    ]
