"""What is to be read with something else, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from csd_events.library.models import (
    Citation,
    CitationCase,
    Publication,
    PublicationCase,
)
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
