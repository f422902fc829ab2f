"""Reading a file of case studies: every mistake found, each said in one line.

The file is an object with ``case_studies`` (a list) and ``sources`` (by id); either
may be left out, and what else it holds is not looked at.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from csd_events.core.errors import DomainError
from csd_events.core.text import has_control_characters
from csd_events.library.rules import Confidence, Outcome, is_case_id
from csd_events.topics.catalogue import (
    FORMS,
    JURISDICTION_TYPES,
    POPULATION_CLASSES,
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


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, checked."""

    sources: tuple[SourceRecord, ...]
    cases: tuple[CaseRecord, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value must be: the words for it, and how to tell."""

    words: str
    fits: Callable[[Any], bool]


_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_TWO_LETTERS = re.compile(r"[A-Z]{2}", re.ASCII)
_LONGEST_LINE = 2_000
_MOST_PEOPLE = 2_000_000_000
_FIRST_YEAR, _LAST_YEAR = 1600, 2200


def _is_line(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value.strip()) <= _LONGEST_LINE
        and not has_control_characters(value)
    )


def _is_number(value: object, *, least: int, most: int) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return least <= value <= most


def _one_of(members: Collection[str]) -> Shape:
    return Shape(
        f"one of {', '.join(members)}",
        lambda value: isinstance(value, str) and value in members,
    )


def _or_nothing(shape: Shape) -> Shape:
    return Shape(
        f"{shape.words}, or null", lambda value: value is None or shape.fits(value)
    )


def _list_of(shape: Shape, *, at_least: int = 0) -> Shape:
    def fits(value: object) -> bool:
        return (
            isinstance(value, list)
            and len(value) >= at_least
            and all(map(shape.fits, value))
            and len(set(value)) == len(value)
        )

    some = "a list, not empty and" if at_least else "a list"
    return Shape(f"{some} without repeats, each {shape.words}", fits)


LINE = Shape("a line of text", _is_line)
CASE_ID = Shape(
    "lower-case words joined by hyphens",
    lambda value: isinstance(value, str) and is_case_id(value),
)
ADDRESS = Shape(
    "an address that begins with https:// or http://",
    lambda value: _is_line(value) and _WEB_ADDRESS.fullmatch(value) is not None,
)
CODE = Shape(
    "two capital letters",
    lambda value: isinstance(value, str) and _TWO_LETTERS.fullmatch(value) is not None,
)
PEOPLE = Shape(
    "a whole number of people",
    lambda value: _is_number(value, least=0, most=_MOST_PEOPLE),
)
YEAR = Shape(
    "a year", lambda value: _is_number(value, least=_FIRST_YEAR, most=_LAST_YEAR)
)

SOURCE_SHAPES = {"id": LINE, "title": LINE, "address": ADDRESS, "read": LINE}
CASE_SHAPES = {
    "id": CASE_ID,
    "title": LINE,
    "jurisdictions": _list_of(LINE, at_least=1),
    "country": CODE,
    "state": _or_nothing(CODE),
    "lead_jurisdiction_type": _or_nothing(_one_of(JURISDICTION_TYPES)),
    "lead_population": _or_nothing(PEOPLE),
    "population_class": _or_nothing(_one_of(POPULATION_CLASSES)),
    "population_basis": _or_nothing(_one_of(["source", "approximate"])),
    "partner_classes": _list_of(_one_of(POPULATION_CLASSES)),
    "service_areas": _list_of(_one_of(AREAS), at_least=1),
    "form": _one_of(FORMS),
    "agreement": _or_nothing(LINE),
    "year_started": _or_nothing(YEAR),
    "year_note": _or_nothing(LINE),
    "facts": _list_of(LINE, at_least=1),
    "outcome": _one_of([outcome.value for outcome in Outcome]),
    "topics": _list_of(_one_of(TOPICS)),
    "costs_and_benefits_shared": _or_nothing(_one_of(["yes", "partly", "no"])),
    "sources": _list_of(LINE, at_least=1),
    "confidence": _one_of([confidence.value for confidence in Confidence]),
    "confidence_note": LINE,
    "icma_link": _or_nothing(LINE),
    "own_knowledge": _list_of(LINE),
    "vendor_is_underwriter": Shape(
        "true or false", lambda value: isinstance(value, bool)
    ),
}
NEEDED = {
    made.name
    for made in fields(CaseRecord)
    if made.default is MISSING and made.default_factory is MISSING
}


def read_document(document: object, *, known_sources: Collection[str]) -> Document:
    """Check what a file holds and turn it into records.

    Args:
        document: What the file said, as JSON gives it.
        known_sources: Ids of sources that need not be in the file.

    Raises:
        InvalidDocumentError: With every problem there is, in the order of the file.
    """
    problems: list[str] = []
    given = document if isinstance(document, Mapping) else {}
    sources, cases = given.get("sources", {}), given.get("case_studies", [])
    if not isinstance(sources, Mapping) or not isinstance(cases, list):
        sources, cases = {}, []
    if not sources and not cases:
        problems.append("the file holds neither case_studies (a list) nor sources")
    source_rows = [
        {"id": name, **_as_object(source, of=f"source {name!r}", problems=problems)}
        for name, source in sources.items()
    ]
    for row in source_rows:
        _check(row, SOURCE_SHAPES, of=f"source {row['id']!r}", problems=problems)
    known = {*known_sources, *sources}
    case_rows = _read_cases(cases, known=known, problems=problems)
    if problems:
        raise InvalidDocumentError(problems)
    return Document(
        tuple(SourceRecord(**row) for row in source_rows),
        tuple(_case(row) for row in case_rows),
    )


def _read_cases(
    cases: list[object], *, known: Collection[str], problems: list[str]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, value in enumerate(cases, start=1):
        row = _as_object(value, of=f"case study {number}", problems=problems)
        called = row["id"] if CASE_ID.fits(row.get("id")) else "no id"
        name = f"case study {number} ({called})"
        found = _check(row, CASE_SHAPES, of=name, problems=problems)
        if found == 0 and row["id"] in seen:
            problems.append(f"{name}: this id was used before")
        if found == 0:
            seen.add(row["id"])
            problems.extend(
                f"{name}: source {source} is not known"
                for source in row["sources"]
                if source not in known
            )
        rows.append(row)
    return rows


def _as_object(value: object, *, of: str, problems: list[str]) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    problems.append(f"{of}: must be an object")
    return {}


def _check(
    row: Mapping[str, Any],
    shapes: Mapping[str, Shape],
    *,
    of: str,
    problems: list[str],
) -> int:
    """Compare a row with the shapes of its fields; return how many problems it has."""
    wrong = [
        f"{of}: {name} is missing"
        for name in shapes
        if name not in row and (shapes is SOURCE_SHAPES or name in NEEDED)
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
