"""What is to be read with something else, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, String, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session, raiseload

from csd_events.library.models import (
    CaseStudy,
    Citation,
    CitationCase,
    Publication,
    PublicationCase,
)
from csd_events.library.queries.cases import is_kept
from csd_events.library.queries.publications import is_published


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A publication of ours, or an entry of the bibliography.

    Attributes:
        slug: Of a publication; None for an entry.
        key: Of an entry; None for a publication.
        kind: Of a publication.
    """

    slug: str | None
    key: str | None
    title: str
    kind: str | None
    authors: str | None
    year: int | None
    publication: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkToName:
    """A publication or an entry that an event can name, in whatever state it is."""

    id: int
    is_publication: bool
    words: str
    is_draft: bool
    is_retired: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """How much there is in the library."""

    cases: int
    citations: int
    publications: int


def count_all(session: Session) -> Counted:
    """Count what everybody can read of each part, in one statement."""
    cases = select(func.count(CaseStudy.id)).where(is_kept())
    citations = select(func.count(Citation.id)).where(Citation.retired_at.is_(None))
    publications = select(func.count(Publication.id)).where(is_published())
    parts = (cases, citations, publications)
    row = session.execute(select(*(part.scalar_subquery() for part in parts))).one()
    return Counted(*row)


def list_latest(session: Session, *, limit: int) -> Sequence[Publication]:
    """List what was published last, without its areas and files."""
    latest = select(Publication).where(is_published()).limit(limit)
    newest = Publication.published_on.desc(), Publication.id.desc()
    return session.scalars(latest.order_by(*newest).options(raiseload("*"))).all()


def list_works(session: Session) -> Sequence[WorkToName]:
    """List what an event can name: publications, then entries, each A to Z."""
    publications = session.execute(
        select(
            Publication.id,
            Publication.title,
            Publication.published_on,
            Publication.retired_at,
        ).order_by(Publication.title_key, Publication.id)
    )
    entries = session.execute(
        select(
            Citation.id, Citation.authors, Citation.title, Citation.retired_at
        ).order_by(Citation.list_key, Citation.id)
    )
    return [
        *(
            WorkToName(
                id=key,
                is_publication=True,
                words=title,
                is_draft=published_on is None,
                is_retired=retired_at is not None,
            )
            for key, title, published_on, retired_at in publications
        ),
        *(
            WorkToName(
                id=key,
                is_publication=False,
                words=f"{authors}: {title}".lstrip(": "),
                is_draft=False,
                is_retired=retired_at is not None,
            )
            for key, authors, title, retired_at in entries
        ),
    ]


def list_related_to_case(session: Session, case_id: str) -> Sequence[Related]:
    """List what is tied to a case study: ours first, then the bibliography."""
    ours = (
        select(
            literal(0).label("place"),
            Publication.title_key.label("sorted"),
            Publication.slug,
            cast(null(), String).label("key"),
            Publication.title,
            cast(Publication.kind, String).label("kind"),
            cast(null(), String).label("authors"),
            cast(null(), Integer).label("year"),
            cast(null(), String).label("publication"),
        )
        .join(PublicationCase)
        .where(PublicationCase.case_id == case_id, is_published())
    )
    others = (
        select(
            literal(1),
            Citation.list_key,
            cast(null(), String),
            Citation.key,
            Citation.title,
            cast(null(), String),
            Citation.authors,
            Citation.year,
            Citation.publication,
        )
        .join(CitationCase)
        .where(CitationCase.case_id == case_id, Citation.retired_at.is_(None))
    )
    both = union_all(ours, others).subquery()
    rows = session.execute(select(both).order_by(both.c.place, both.c.sorted))
    names = Related.__dataclass_fields__
    return [
        Related(**{name: getattr(row, name) for name in names})  # as columns name them
        for row in rows
    ]
