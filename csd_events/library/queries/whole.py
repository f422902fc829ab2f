"""Reading all of the library, some at a time, to hand it out."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from csd_events.library.models import CaseStudy, Citation, Publication, PublicationCase

AT_ONCE = 500
Row = TypeVar("Row")


def each_case(session: Session) -> Iterator[CaseStudy]:
    """Return every case in any state with its areas and sources, by id."""
    whole = select(CaseStudy).options(selectinload(CaseStudy.citations))
    return _each(session, whole, CaseStudy.id, lambda row: row.id)


def each_citation(session: Session) -> Iterator[Citation]:
    """Return every entry in any state with what it is tied to."""
    whole = select(Citation).options(selectinload(Citation.cases))
    return _each(session, whole, Citation.id, lambda row: row.id)


def each_publication(session: Session) -> Iterator[Publication]:
    """Return every publication in any state with its files and what it is tied to."""
    whole = select(Publication).options(
        selectinload(Publication.cases).raiseload(PublicationCase.case),
        joinedload(Publication.successor),
    )
    return _each(session, whole, Publication.id, lambda row: row.id)


def _each(
    session: Session,
    whole: Select[Row],
    key: InstrumentedAttribute[Any],
    key_of: Callable[[Row], object],
) -> Iterator[Row]:
    """Return rows in the order of a key, by statements that each read some."""
    last: object = None
    while True:
        further = whole if last is None else whole.where(key > last)
        rows: Iterable[Row] = session.scalars(further.order_by(key).limit(AT_ONCE))
        found = list(rows)
        yield from found
        if len(found) < AT_ONCE:
            return
        last = key_of(found[-1])
