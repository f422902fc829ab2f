"""What a file tells of one thing, and what the library has of it, made one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from csd_events.core.text import sort_key
from csd_events.library.models import (
    CaseSource,
    CaseStudy,
    Citation,
    CitationCase,
    Source,
)
from csd_events.library.rules.records import (
    CaseRecord,
    CitationRecord,
    Keeping,
    SourceRecord,
)
from csd_events.library.service.bibliography import list_key_of, write_topics
from csd_events.library.service.casework import write_areas


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a thing: ``added``, ``changed``, ``unchanged`` or ``kept``.

    Attributes:
        fields: That differ from what was there before.
    """

    what: str
    fields: tuple[str, ...] = ()

    @property
    def is_news(self) -> bool:
        return self.what in {"added", "changed"}


@dataclass(frozen=True, slots=True)
class _Part:
    """Something of a row that lies in rows of its own."""

    name: str
    now: list[str]
    wanted: list[str]
    write: Callable[[], object]


def merge_source(session: Session, row: Source | None, given: SourceRecord) -> Became:
    there = row is not None
    if row is None:
        row = Source()
        session.add(row)
    values = _told(given)
    return _merge(row, values, [], given.keeping, there=there)


def merge_case(
    session: Session, row: CaseStudy | None, given: CaseRecord, *, number: int
) -> tuple[CaseStudy, Became]:
    """Write a case as a file tells of it, unless staff have written it.

    Args:
        number: Of a new one.
    """
    there = row is not None
    if row is None:
        row = CaseStudy(areas=[], citations=[], number=number)
        session.add(row)
    case, values = row, _told(given)
    areas, sources = values.pop("service_areas"), values.pop("sources")
    values["title_key"] = sort_key(given.title)
    parts = [
        _Part("service_areas", row.area_ids, areas, lambda: write_areas(case, areas)),
        _Part(
            "sources",
            [each.source_id for each in row.citations],
            sources,
            lambda: _write_sources(case, sources),
        ),
    ]
    became = _merge(row, values, parts, given.keeping, there=there)
    if became.what == "changed":
        row.version += 1
    return row, became


def merge_citation(
    session: Session, row: Citation | None, given: CitationRecord
) -> tuple[Citation, Became]:
    """Write an entry as a file tells of it, unless staff have written it."""
    there = row is not None
    if row is None:
        row = Citation(topics=[], cases=[])
        session.add(row)
    entry, values = row, _told(given)
    values["key"] = values.pop("id")
    topics, ties = values.pop("topics"), values.pop("case_studies")
    tied = [each.case_id for each in row.cases]
    ties = tied if ties is None else ties
    parts = [
        _Part("topics", row.topic_ids, topics, lambda: write_topics(entry, topics)),
        _Part("case_studies", tied, ties, lambda: _write_ties(entry, ties)),
    ]
    became = _merge(row, values, parts, given.keeping, there=there)
    if became.is_news:
        row.list_key = list_key_of(row)
    if became.what == "changed":
        row.version += 1
    return row, became


def _merge(
    row: Source | CaseStudy | Citation,
    values: Mapping[str, object],
    parts: list[_Part],
    keeping: Keeping,
    *,
    there: bool,
) -> Became:
    differing = [name for name in values if getattr(row, name) != values[name]]
    other_parts = [part for part in parts if part.now != part.wanted]
    found = [name for name in differing if not name.endswith("_key")]
    found += [part.name for part in other_parts]
    if there and row.edited_at is not None:
        return Became("kept" if found else "unchanged", tuple(found))
    for name in differing:
        setattr(row, name, values[name])
    for part in other_parts:
        part.write()
    found += _keep(row, keeping)
    if not there:
        return Became("added")
    return Became("changed" if found or differing else "unchanged", tuple(found))


def _keep(row: Source | CaseStudy | Citation, keeping: Keeping) -> list[str]:
    """Note how staff of another library keep a thing, where nobody has here.

    Of two days on which it was checked the later holds.
    """
    taken = []
    for name, value in keeping.items():
        there: date | None = getattr(row, name)
        later = name == "checked_on" and there is not None and value is not None
        if value is not None and (there is None or (later and value > there)):
            setattr(row, name, value)
            taken.append(name)
    return taken


def _told(record: SourceRecord | CaseRecord | CitationRecord) -> dict[str, Any]:
    """Return what a file tells of a thing, field by field."""
    names = [each.name for each in fields(record) if each.name != "keeping"]
    return {name: getattr(record, name) for name in names}


def _write_sources(row: CaseStudy, sources: list[str]) -> None:
    row.citations = [
        CaseSource(position=n, source_id=source) for n, source in enumerate(sources)
    ]


def _write_ties(row: Citation, cases: list[str]) -> None:
    row.cases = [CitationCase(position=n, case_id=case) for n, case in enumerate(cases)]
