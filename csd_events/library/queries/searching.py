"""Searching the library: all of it together, or one kind for a list of its own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, raiseload

from csd_events.core.db import among
from csd_events.core.search import asked_words, narrow
from csd_events.library.models import ENTRIES, LibraryEntry, LibraryEntryArea
from csd_events.library.rules.searching import EntryKind, SearchFilters

PAGE = 25
#: Nobody reads further: whoever has not found it by then asks for something else.
MOST = 1000
#: A word that more entries hold tells them apart by nothing: the rest is not ranked.
RANKED = 5000
_FACETS = ("kind", "form", "state", "size", "outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what was found, and how much of each sort there is.

    Attributes:
        total: At most `MOST`, of which `there_is_more` tells that it is not all.
        number: Of the page, from 1.
        facets: How many by property, then by value.
    """

    items: Sequence[LibraryEntry] = ()
    total: int = 0
    there_is_more: bool = False
    number: int = 1
    has_next: bool = False
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def search(session: Session, filters: SearchFilters, *, number: int = 1) -> Found:
    """Return one page of what everybody may find, what fits best first."""
    words = asked_words(filters.words)
    if not filters.asks or (filters.words and not words):
        return Found()
    rows = session.execute(best(session, filters)).all()
    there_is_more, rows = len(rows) > MOST, rows[:MOST]
    if not words:
        rows = sorted(rows, key=lambda row: (row.title_words, row.id))
    number = min(max(number, 1), MOST // PAGE)
    end = number * PAGE
    return Found(
        items=_load(session, [row.id for row in rows[end - PAGE : end]]),
        total=len(rows),
        there_is_more=there_is_more,
        number=number,
        has_next=len(rows) > end,
        facets=_count(session, rows),
    )


def best(session: Session, filters: SearchFilters) -> Select[Any]:
    """Select the rows that fit best and what they are counted by, and one more."""
    facets = [getattr(LibraryEntry, name) for name in _FACETS]
    fits = select(LibraryEntry.id, LibraryEntry.title_words, *facets)
    fits = fits.where(*_conditions(filters))
    words = asked_words(filters.words)
    if not words:
        return fits.order_by(LibraryEntry.id).limit(MOST + 1)
    fits, place = narrow(session, fits, ENTRIES, words)
    ranked = fits.add_columns(place.label("place")).limit(RANKED).subquery()
    return select(ranked).order_by(ranked.c.place, ranked.c.id).limit(MOST + 1)


def has_words(
    session: Session, kind: EntryKind, key: InstrumentedAttribute[str], question: str
) -> list[ColumnElement[bool]]:
    """Narrow a list of one kind to what a search finds; no question narrows nothing."""
    if not question:
        return []
    words = asked_words(question)
    if not words:
        return [false()]
    keys = select(LibraryEntry.key).where(LibraryEntry.kind == kind)
    return [key.in_(narrow(session, keys, ENTRIES, words)[0])]


def _conditions(filters: SearchFilters) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = [LibraryEntry.shown.is_(True)]
    for name in _FACETS:
        value = getattr(filters, name)
        if value is not None:
            fits.append(getattr(LibraryEntry, name) == value)
    if filters.area:
        about = select(LibraryEntryArea.entry_id)
        about = about.where(LibraryEntryArea.area == filters.area)
        fits.append(LibraryEntry.id.in_(about))
    return fits


def _load(session: Session, ids: Sequence[int]) -> Sequence[LibraryEntry]:
    """Load the rows of a page, in its order."""
    page = select(LibraryEntry).options(raiseload(LibraryEntry.areas))
    rows = session.scalars(page.where(LibraryEntry.id.in_(ids)))
    return sorted(rows, key=lambda row: ids.index(row.id))


def _count(
    session: Session, rows: Sequence[Row[Any]]
) -> Mapping[str, Mapping[str, int]]:
    counts: dict[str, Mapping[str, int]] = {}
    for name in _FACETS:
        values = (getattr(row, name) for row in rows)
        counts[name] = Counter(value for value in values if value is not None)
    area, of = LibraryEntryArea.area, LibraryEntryArea.entry_id
    about = select(area, func.count()).group_by(area)
    about = about.where(among(session, of, [row.id for row in rows]))
    counts["area"] = dict(session.execute(about).all())
    return counts
