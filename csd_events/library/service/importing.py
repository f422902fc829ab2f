"""Taking case studies and the bibliography in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from csd_events.library import queries
from csd_events.library.rules.document import InvalidDocumentError, check_document
from csd_events.library.rules.records import Document
from csd_events.library.rules.searching import EntryText
from csd_events.library.service.casework import change_stamp
from csd_events.library.service.indexing import (
    AT_ONCE,
    index,
    text_of_case,
    text_of_citation,
)
from csd_events.library.service.merging import (
    Became,
    merge_case,
    merge_citation,
    merge_source,
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
class Taken:
    """What became of one thing that a file names.

    Attributes:
        kind: ``sources``, ``cases`` or ``citations``.
        became: The name of its count.
        fields: That differ from what was there before.
    """

    kind: str
    key: str
    title: str
    became: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        lines: Thing by thing, but for what is as it was.
    """

    sources: Counts = field(default_factory=Counts)
    cases: Counts = field(default_factory=Counts)
    citations: Counts = field(default_factory=Counts)
    lines: list[Taken] = field(default_factory=list, compare=False)

    @property
    def is_news(self) -> bool:
        """Whether anything is another than before."""
        counts = (self.sources, self.cases, self.citations)
        return any(each.added or each.changed for each in counts)

    def note(self, kind: str, key: str, title: str, became: Became) -> None:
        """Count what became of a thing, and list it if it is another now."""
        counts = getattr(self, kind)
        setattr(counts, became.what, getattr(counts, became.what) + 1)
        if became.what != "unchanged":
            taken = Taken(kind, key, title, became.what, became.fields)
            self.lines.append(taken)


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

    What the document does not name stays, and so does what staff have written
    themselves. Taking in the same document again changes nothing.

    `rules.document` says what shape it has. `progress` is told after each case and
    each entry how many are done, and of how many.

    Raises:
        InvalidDocumentError: The document is not as it should be; nothing is taken.
    """
    records, problems = _read(session, document)
    if problems:
        raise InvalidDocumentError(problems)
    return _take(session, records, progress)


def try_import(
    session: Session, document: object, *, progress: Progress | None = None
) -> tuple[ImportReport, list[str]]:
    """Say what an import would do with what is in order, and what is not in order.

    The caller ends this unit of work without saving it.
    """
    records, problems = _read(session, document)
    return _take(session, records, progress), problems


def _read(session: Session, document: object) -> tuple[Document, list[str]]:
    return check_document(
        document,
        known_sources={source.id for source in queries.list_sources(session)},
        known_cases=queries.list_case_ids(session),
    )


def _take(
    session: Session, records: Document, progress: Progress | None
) -> ImportReport:
    report, known = ImportReport(), {s.id: s for s in queries.list_sources(session)}
    for source in records.sources:
        became = merge_source(session, known.get(source.id), source)
        report.note("sources", source.id, source.title, became)
    session.flush()
    to_index: list[Callable[[], EntryText]] = []
    saved = _save_all(session, records, report)
    for done, (became, text) in enumerate(saved, 1):
        if became.is_news:
            to_index.append(text)
        if progress:
            progress(done, len(records.cases) + len(records.citations))
    if report.cases.added or report.cases.changed:
        change_stamp(session)
    session.flush()
    for first in range(0, len(to_index), AT_ONCE):
        index(session, [text() for text in to_index[first : first + AT_ONCE]])
    return report


def _save_all(
    session: Session, records: Document, report: ImportReport
) -> Iterator[tuple[Became, Callable[[], EntryText]]]:
    """Save one case or entry after the other.

    Tell what became of each, and what makes the text by which it is found.
    """
    cases = {case.id: case for case in queries.list_with_citations(session)}
    number = max((case.number for case in cases.values()), default=0)
    for case in records.cases:
        there = cases.get(case.id)
        number += there is None
        case_row, became = merge_case(session, there, case, number=number)
        report.note("cases", case.id, case.title, became)
        yield became, partial(text_of_case, case_row)
    session.flush()  # what entries go with is there
    entries = {entry.key: entry for entry in queries.list_with_cases(session)}
    for entry in records.citations:
        row, became = merge_citation(session, entries.get(entry.id), entry)
        report.note("citations", entry.id, entry.title, became)
        yield became, partial(text_of_citation, row)
