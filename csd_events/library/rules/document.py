"""Reading a file of the library: every mistake found, each said in one line.

The file is an object with ``case_studies`` and ``bibliography`` (lists) and
``sources`` (by id); any may be left out, and what else it holds is not looked at.
Beside what is told of a thing it may hold how staff keep it: when it was written,
checked and retired, and when to look at it again.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from csd_events.core.errors import DomainError
from csd_events.library.rules import Confidence, Outcome
from csd_events.library.rules.citing import WRITTEN
from csd_events.library.rules.records import (
    CASE,
    CITATION,
    KEEPING_SHAPES,
    NAMED,
    SOURCE,
    CaseRecord,
    CitationRecord,
    Document,
    Kind,
    SourceRecord,
)
from csd_events.library.rules.shapes import CASE_ID, instant_of


class InvalidDocumentError(DomainError):
    """The file cannot be taken as it is.

    Args:
        problems: One line for each, naming the place.
    """

    def __init__(self, problems: Collection[str]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


def read_document(
    document: object,
    *,
    known_sources: Collection[str],
    known_cases: Collection[str] = (),
) -> Document:
    """Check what a file holds and turn it into records.

    Args:
        document: What the file said, as JSON gives it.
        known_sources: Ids of sources that need not be in the file.
        known_cases: Ids of case studies that need not be in the file.

    Raises:
        InvalidDocumentError: With every problem there is, in the order of the file.
    """
    found, problems = check_document(
        document, known_sources=known_sources, known_cases=known_cases
    )
    if problems:
        raise InvalidDocumentError(problems)
    return found


def check_document(
    document: object, *, known_sources: Collection[str], known_cases: Collection[str]
) -> tuple[Document, list[str]]:
    """Turn what is in order into records, and name every problem of the rest.

    The problems stand in the order of the file, each in one line with its place.
    """
    problems: list[str] = []
    sources, cases, entries = _parts(document, problems)
    source_rows = []
    for name, value in sources.items():
        place = getattr(value, "place", "source")
        given = _as_object(value, of=f"{place} {name!r}", problems=problems)
        row = {"id": name, **given}
        if not _check(row, SOURCE, of=f"{place} {name!r}", problems=problems):
            source_rows.append(row)
    known = {*known_sources, *sources}
    case_rows = _read_rows(cases, CASE, {"sources": known}, problems=problems)
    named = {*known_cases, *(row["id"] for row in case_rows)}
    ties = {"case_studies": named}
    entry_rows = _read_rows(entries, CITATION, ties, problems=problems)
    found = Document(
        tuple(SourceRecord(**_kept_apart(row)) for row in source_rows),
        tuple(_case(row) for row in case_rows),
        tuple(_citation(row) for row in entry_rows),
    )
    return found, problems


def _parts(
    document: object, problems: list[str]
) -> tuple[Mapping[str, object], list[object], list[object]]:
    """Return the sources, the case studies and the bibliography of a file."""
    given = document if isinstance(document, Mapping) else {}
    sources = given.get("sources", {})
    cases, entries = given.get("case_studies", []), given.get("bibliography", [])
    shaped = isinstance(sources, Mapping) and isinstance(cases, list)
    if not (shaped and isinstance(entries, list)):
        sources, cases, entries = {}, [], []
    if not (sources or cases or entries):
        problems.append(
            "the file holds neither case_studies nor bibliography (lists) nor sources"
        )
    return sources, cases, entries


def _read_rows(
    values: list[object],
    kind: Kind,
    known: Mapping[str, Collection[str]],
    *,
    problems: list[str],
) -> list[dict[str, Any]]:
    """Return the rows that are in order.

    Args:
        known: What the names in a field may be, by the field.
    """
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, value in enumerate(values, start=1):
        place = getattr(value, "place", f"{kind.words} {number}")
        row = _as_object(value, of=place, problems=problems)
        called = row["id"] if CASE_ID.fits(row.get("id")) else "no id"
        name = f"{place} ({called})"
        wrong = _check(row, kind, of=name, problems=problems)
        if not wrong and row["id"] in seen:
            wrong = [f"{name}: this id was used before"]
            problems.extend(wrong)
        wrong += _name_the_unknown(row, kind, known, of=name, problems=problems)
        if not wrong:
            seen.add(row["id"])
            rows.append(row)
    return rows


def _name_the_unknown(
    row: Mapping[str, Any],
    kind: Kind,
    known: Mapping[str, Collection[str]],
    *,
    of: str,
    problems: list[str],
) -> list[str]:
    """Say what a row names that neither the file nor the library has."""
    wrong = [
        f"{of}: {NAMED[field_name]} {name} is not known"
        for field_name, names in known.items()
        if kind.shapes[field_name].fits(row.get(field_name))
        for name in row.get(field_name) or ()
        if name not in names
    ]
    problems.extend(wrong)
    return wrong


def _as_object(value: object, *, of: str, problems: list[str]) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    problems.append(f"{of}: must be an object")
    return {}


def _check(
    row: Mapping[str, Any], kind: Kind, *, of: str, problems: list[str]
) -> list[str]:
    """Compare a row with the shapes of its fields; return the problems it has."""
    shapes = kind.shapes
    wrong = [
        f"{of}: {name} is missing"
        for name in shapes
        if name not in row and name in kind.needed
    ]
    wrong += [
        f"{of}: {name} is not a known field" for name in sorted(row.keys() - shapes)
    ]
    wrong += [
        f"{of}: {name} must be {shape.words}"
        for name, shape in shapes.items()
        if name in row and not shape.fits(row[name])
    ]
    problems.extend(wrong)
    return wrong


def _case(row: Mapping[str, Any]) -> CaseRecord:
    enums = {
        "outcome": Outcome(row["outcome"]),
        "confidence": Confidence(row["confidence"]),
    }
    return CaseRecord(**_kept_apart({**row, **enums}))


def _citation(row: Mapping[str, Any]) -> CitationRecord:
    (verification,) = [
        each for each, words in WRITTEN.items() if words == row["verification"]
    ]
    said = {**row, "verification": verification}
    for name in ("authors", "note"):
        said[name] = said.get(name) or ""
    return CitationRecord(**_kept_apart(said))


def _kept_apart(row: Mapping[str, Any]) -> dict[str, Any]:
    """Read how staff keep a thing, apart from what is told of it."""
    said = {name: value for name, value in row.items() if name not in KEEPING_SHAPES}
    keeping = {
        name: _read_day(name, row[name]) for name in KEEPING_SHAPES if name in row
    }
    return {**said, "keeping": keeping}


def _read_day(name: str, words: str | None) -> date | None:
    if words is None:
        return None
    read = date.fromisoformat if name.endswith("_on") else instant_of
    return read(words)
