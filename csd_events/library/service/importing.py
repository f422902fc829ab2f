"""Taking case studies and the bibliography in."""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from csd_events.core.text import sort_key
from csd_events.library import queries
from csd_events.library.models import (
    CaseArea,
    CaseSource,
    CaseStudy,
    Citation,
    LibraryState,
    Source,
)
from csd_events.library.rules.document import (
    CaseRecord,
    CitationRecord,
    Document,
    SourceRecord,
    read_document,
)
from csd_events.library.rules.searching import EntryText
from csd_events.library.service.bibliography import list_key_of, write_topics
from csd_events.library.service.indexing import (
    AT_ONCE,
    index,
    text_of_case,
    text_of_citation,
)

_DATA = Path(__file__).parents[1] / "data"
_BUILT_IN = ("sources.json", "case_studies.json", "bibliography.json")

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Counts:
    """What became of the rows of one kind."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    #: What differs, and stays as staff wrote it.
    kept: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    sources: Counts = field(default_factory=Counts)
    cases: Counts = field(default_factory=Counts)
    citations: Counts = field(default_factory=Counts)


def built_in_document() -> dict[str, Any]:
    """Return what the program brings: case studies, their sources, a bibliography."""
    document: dict[str, Any] = {}
    for name in _BUILT_IN:
        document |= json.loads((_DATA / name).read_text(encoding="utf-8"))
    return document


def import_cases(
    session: Session, document: object, *, progress: Progress | None = None
) -> ImportReport:
    """Add what is new, change what differs, and leave the rest alone.

    What the document does not name stays, and so does an entry of the bibliography
    that staff have written themselves. Taking in the same document again changes
    nothing.

    `rules.document` says what shape it has. `progress` is told after each case and
    each entry how many are done, and of how many.

    Raises:
        InvalidDocumentError: The document is not as it should be; nothing is taken.
    """
    known = {source.id: source for source in queries.list_sources(session)}
    records = read_document(document, known_sources=known)
    report = ImportReport()
    for source in records.sources:
        _count(report.sources, _save_source(session, known.get(source.id), source))
    session.flush()
    to_index: list[Callable[[], EntryText]] = []
    saved = _save_all(session, records, report)
    for done, (counts, became, text) in enumerate(saved, 1):
        _count(counts, became)
        if became in {"added", "changed"}:
            to_index.append(text)
        if progress:
            progress(done, len(records.cases) + len(records.citations))
    if report.cases.added or report.cases.changed:
        session.merge(LibraryState(id=1, stamp=secrets.token_hex(8)))
    session.flush()
    for first in range(0, len(to_index), AT_ONCE):
        index(session, [text() for text in to_index[first : first + AT_ONCE]])
    return report


def _save_all(
    session: Session, records: Document, report: ImportReport
) -> Iterator[tuple[Counts, str, Callable[[], EntryText]]]:
    """Save one case or entry after the other.

    Tell where it counts, as what, and what makes the text by which it is found.
    """
    cases = {case.id: case for case in queries.list_with_citations(session)}
    for case in records.cases:
        case_row, became = _save_case(session, cases.get(case.id), case)
        yield report.cases, became, partial(text_of_case, case_row)
    entries = {entry.key: entry for entry in queries.list_citations(session)}
    for entry in records.citations:
        row, became = _save_citation(session, entries.get(entry.id), entry)
        yield report.citations, became, partial(text_of_citation, row)


def _count(counts: Counts, became: str) -> None:
    setattr(counts, became, getattr(counts, became) + 1)


def _save_source(session: Session, row: Source | None, given: SourceRecord) -> str:
    is_new = row is None
    if row is None:
        row = Source()
        session.add(row)
    return _became(is_new=is_new, differs=_set(row, asdict(given)))


def _save_case(
    session: Session, row: CaseStudy | None, given: CaseRecord
) -> tuple[CaseStudy, str]:
    values = asdict(given)
    areas, sources = values.pop("service_areas"), values.pop("sources")
    values["title_key"] = sort_key(given.title)
    is_new = row is None
    if row is None:
        row = CaseStudy(areas=[], citations=[])
        session.add(row)
    differs = _set(row, values)
    if [kept.area for kept in row.areas] != areas:
        row.areas = [CaseArea(position=n, area=area) for n, area in enumerate(areas)]
        differs = True
    if [kept.source_id for kept in row.citations] != sources:
        row.citations = [
            CaseSource(position=n, source_id=source) for n, source in enumerate(sources)
        ]
        differs = True
    return row, _became(is_new=is_new, differs=differs)


def _save_citation(
    session: Session, row: Citation | None, given: CitationRecord
) -> tuple[Citation, str]:
    values = asdict(given)
    topics = values.pop("topics")
    values["key"] = values.pop("id")
    if row is not None and row.edited_at is not None:
        same = all(getattr(row, name) == value for name, value in values.items())
        return row, "unchanged" if same and row.topic_ids == topics else "kept"
    is_new = row is None
    if row is None:
        row = Citation(topics=[], cases=[])
        session.add(row)
    differs = _set(row, values)
    differs = write_topics(row, topics) or differs
    if is_new or differs:
        row.list_key = list_key_of(row)
        row.version = 1 if is_new else row.version + 1
    return row, _became(is_new=is_new, differs=differs)


def _became(*, is_new: bool, differs: bool) -> str:
    if is_new:
        return "added"
    return "changed" if differs else "unchanged"


def _set(row: Source | CaseStudy | Citation, values: Mapping[str, object]) -> bool:
    """Give a row its values; tell whether any was another before."""
    differing = {
        name: value for name, value in values.items() if getattr(row, name) != value
    }
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)
