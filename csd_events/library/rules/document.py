"""Reading a file of the library: every mistake found, each said in one line.

The file is an object with ``case_studies`` and ``bibliography`` (lists) and
``sources`` (by id); any may be left out, and what else it holds is not looked at.
"""

from collections.abc import Collection, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from csd_events.core.errors import DomainError
from csd_events.library.rules import Confidence, Outcome
from csd_events.library.rules.citing import WRITTEN, Verification
from csd_events.library.rules.shapes import (
    ADDRESS,
    CASE_ID,
    CODE,
    LINE,
    PEOPLE,
    YEAR,
    Shape,
    list_of,
    one_of,
    or_nothing,
)
from csd_events.topics.catalogue import (
    FORMS,
    JURISDICTION_TYPES,
    POPULATION_CLASSES,
    READING_TOPICS,
    TOPICS,
)
from csd_events.topics.rules import AREAS


class InvalidDocumentError(DomainError):
    """The file cannot be taken as it is.

    Args:
        problems: One line for each, naming the place.
    """

    def __init__(self, problems: Collection[str]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """A source as a file gives it."""

    id: str
    title: str
    address: str
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """A case as a file gives it. What has a default may be left out."""

    id: str
    title: str
    jurisdictions: list[str]
    country: str
    state: str | None = None
    lead_jurisdiction_type: str | None = None
    lead_population: int | None = None
    population_class: str | None = None
    population_basis: str | None = None
    partner_classes: list[str] = field(default_factory=list)
    service_areas: list[str]
    form: str
    agreement: str | None = None
    year_started: int | None = None
    year_note: str | None = None
    facts: list[str]
    outcome: Outcome
    topics: list[str] = field(default_factory=list)
    costs_and_benefits_shared: str | None = None
    sources: list[str]
    confidence: Confidence
    confidence_note: str
    icma_link: str | None = None
    own_knowledge: list[str] = field(default_factory=list)
    vendor_is_underwriter: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationRecord:
    """An entry of the bibliography as a file gives it."""

    id: str
    authors: str = ""
    year: int | None = None
    title: str
    publication: str
    topics: list[str]
    verification: Verification
    address: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, checked."""

    sources: tuple[SourceRecord, ...]
    cases: tuple[CaseRecord, ...]
    citations: tuple[CitationRecord, ...] = ()


SOURCE_SHAPES = {"id": LINE, "title": LINE, "address": ADDRESS, "read": LINE}
CASE_SHAPES = {
    "id": CASE_ID,
    "title": LINE,
    "jurisdictions": list_of(LINE, at_least=1),
    "country": CODE,
    "state": or_nothing(CODE),
    "lead_jurisdiction_type": or_nothing(one_of(JURISDICTION_TYPES)),
    "lead_population": or_nothing(PEOPLE),
    "population_class": or_nothing(one_of(POPULATION_CLASSES)),
    "population_basis": or_nothing(one_of(["source", "approximate"])),
    "partner_classes": list_of(one_of(POPULATION_CLASSES)),
    "service_areas": list_of(one_of(AREAS), at_least=1),
    "form": one_of(FORMS),
    "agreement": or_nothing(LINE),
    "year_started": or_nothing(YEAR),
    "year_note": or_nothing(LINE),
    "facts": list_of(LINE, at_least=1),
    "outcome": one_of([outcome.value for outcome in Outcome]),
    "topics": list_of(one_of(TOPICS)),
    "costs_and_benefits_shared": or_nothing(one_of(["yes", "partly", "no"])),
    "sources": list_of(LINE, at_least=1),
    "confidence": one_of([confidence.value for confidence in Confidence]),
    "confidence_note": LINE,
    "icma_link": or_nothing(LINE),
    "own_knowledge": list_of(LINE),
    "vendor_is_underwriter": Shape(
        "true or false", lambda value: isinstance(value, bool)
    ),
}
CITATION_SHAPES = {
    "id": CASE_ID,
    "authors": LINE,
    "year": YEAR,
    "title": LINE,
    "publication": LINE,
    "topics": list_of(one_of(READING_TOPICS), at_least=1),
    "verification": one_of(list(WRITTEN.values())),
    "address": ADDRESS,
    "note": LINE,
}


def _needed(record: type[CaseRecord | CitationRecord]) -> frozenset[str]:
    return frozenset(
        made.name
        for made in fields(record)
        if made.default is MISSING and made.default_factory is MISSING
    )


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one row of a list of the file is called, and what it must hold."""

    words: str
    shapes: Mapping[str, Shape]
    needed: frozenset[str]


_SOURCE = _Kind("source", SOURCE_SHAPES, frozenset(SOURCE_SHAPES))
_CASE = _Kind("case study", CASE_SHAPES, _needed(CaseRecord))
_CITATION = _Kind("bibliography entry", CITATION_SHAPES, _needed(CitationRecord))


def read_document(document: object, *, known_sources: Collection[str]) -> Document:
    """Check what a file holds and turn it into records.

    Args:
        document: What the file said, as JSON gives it.
        known_sources: Ids of sources that need not be in the file.

    Raises:
        InvalidDocumentError: With every problem there is, in the order of the file.
    """
    problems: list[str] = []
    sources, cases, entries = _parts(document, problems)
    source_rows = [
        {"id": name, **_as_object(source, of=f"source {name!r}", problems=problems)}
        for name, source in sources.items()
    ]
    for row in source_rows:
        _check(row, _SOURCE, of=f"source {row['id']!r}", problems=problems)
    case_rows = _read_rows(cases, _CASE, problems=problems)
    known = {*known_sources, *sources}
    problems.extend(_unknown_sources(case_rows, known))
    entry_rows = _read_rows(entries, _CITATION, problems=problems)
    if problems:
        raise InvalidDocumentError(problems)
    return Document(
        tuple(SourceRecord(**row) for row in source_rows),
        tuple(_case(row) for row in case_rows),
        tuple(_citation(row) for row in entry_rows),
    )


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
    values: list[object], kind: _Kind, *, problems: list[str]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, value in enumerate(values, start=1):
        place = f"{kind.words} {number}"
        row = _as_object(value, of=place, problems=problems)
        called = row["id"] if CASE_ID.fits(row.get("id")) else "no id"
        name = f"{place} ({called})"
        found = _check(row, kind, of=name, problems=problems)
        if found == 0 and row["id"] in seen:
            problems.append(f"{name}: this id was used before")
        if found == 0:
            seen.add(row["id"])
        rows.append(row)
    return rows


def _unknown_sources(rows: list[dict[str, Any]], known: set[str]) -> list[str]:
    """Name the sources that cases rest on and nobody knows."""
    shape = CASE_SHAPES["sources"]
    return [
        f"case study {number} ({row.get('id', 'no id')}): source {source} is not known"
        for number, row in enumerate(rows, start=1)
        if shape.fits(row.get("sources"))
        for source in row["sources"]
        if source not in known
    ]


def _as_object(value: object, *, of: str, problems: list[str]) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    problems.append(f"{of}: must be an object")
    return {}


def _check(row: Mapping[str, Any], kind: _Kind, *, of: str, problems: list[str]) -> int:
    """Compare a row with the shapes of its fields; return how many problems it has."""
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
    return len(wrong)


def _case(row: Mapping[str, Any]) -> CaseRecord:
    enums = {
        "outcome": Outcome(row["outcome"]),
        "confidence": Confidence(row["confidence"]),
    }
    return CaseRecord(**{**row, **enums})


def _citation(row: Mapping[str, Any]) -> CitationRecord:
    (verification,) = [
        each for each, words in WRITTEN.items() if words == row["verification"]
    ]
    return CitationRecord(**{**row, "verification": verification})
