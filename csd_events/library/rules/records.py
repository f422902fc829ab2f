"""What a file of the library tells of a thing, and what each field may be."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Any

from csd_events.library.rules import Confidence, Outcome
from csd_events.library.rules.citing import WRITTEN, Verification
from csd_events.library.rules.shapes import (
    ADDRESS,
    CASE_ID,
    CODE,
    DAY,
    INSTANT,
    LINE,
    PEOPLE,
    YEAR,
    Shape,
    list_of,
    one_of,
    or_empty,
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

#: How staff keep a thing: days and instants by the name of their column.
Keeping = Mapping[str, date | None]


class Placed(dict[str, Any]):
    """A row that knows where in its file it stands, such as *line 12*."""

    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """A source as a file gives it."""

    id: str
    title: str
    address: str
    read: str
    keeping: Keeping = field(default_factory=dict)


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
    keeping: Keeping = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationRecord:
    """An entry of the bibliography as a file gives it.

    Attributes:
        case_studies: None where the file does not say which it goes with.
    """

    id: str
    authors: str = ""
    year: int | None = None
    title: str
    publication: str
    topics: list[str]
    verification: Verification
    address: str | None = None
    note: str = ""
    case_studies: list[str] | None = None
    keeping: Keeping = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, checked."""

    sources: tuple[SourceRecord, ...]
    cases: tuple[CaseRecord, ...]
    citations: tuple[CitationRecord, ...] = ()


KEEPING_SHAPES = {
    "edited_at": or_nothing(INSTANT),
    "checked_on": or_nothing(DAY),
    "look_again_on": or_nothing(DAY),
    "retired_at": or_nothing(INSTANT),
}
SOURCE_SHAPES = {
    "id": LINE,
    "title": LINE,
    "address": ADDRESS,
    "read": LINE,
    "edited_at": KEEPING_SHAPES["edited_at"],
}
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
    **KEEPING_SHAPES,
}
CITATION_SHAPES = {
    "id": CASE_ID,
    "authors": or_empty(LINE),
    "year": or_nothing(YEAR),
    "title": LINE,
    "publication": LINE,
    "topics": list_of(one_of(READING_TOPICS), at_least=1),
    "verification": one_of(list(WRITTEN.values())),
    "address": or_nothing(ADDRESS),
    "note": or_empty(LINE),
    "case_studies": or_nothing(list_of(CASE_ID)),
    **{name: KEEPING_SHAPES[name] for name in KEEPING_SHAPES if name != "checked_on"},
}


def _needed(record: type[CaseRecord | CitationRecord]) -> frozenset[str]:
    return frozenset(
        made.name
        for made in fields(record)
        if made.default is MISSING and made.default_factory is MISSING
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """What one row of a list of the file is called, and what it must hold."""

    words: str
    shapes: Mapping[str, Shape]
    needed: frozenset[str]


SOURCE = Kind("source", SOURCE_SHAPES, frozenset(SOURCE_SHAPES) - {"edited_at"})
CASE = Kind("case study", CASE_SHAPES, _needed(CaseRecord))
CITATION = Kind("bibliography entry", CITATION_SHAPES, _needed(CitationRecord))
#: What the names in a field are names of.
NAMED = {"sources": "source", "case_studies": "case study"}
