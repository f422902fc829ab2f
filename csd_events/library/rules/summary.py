"""What research says, factor by factor: statements, and what each rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from csd_events.library.catalogue import RESEARCH_SUMMARY


class Status(StrEnum):
    """Whether a page says so and was read, or we reason it from named sources."""

    VERIFIED = "verified"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySource:
    """A page or paper that was read.

    Attributes:
        read: How much of it.
        citation: The entry of the bibliography it is, if it is one.
    """

    id: str
    title: str
    address: str
    read: str
    citation: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is said, and the ids of the sources it rests on."""

    text: str
    status: Status
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorSummary:
    """One of the fourteen factors.

    Attributes:
        why: Why it matters, in words of our own.
        caution: What to bear in mind where sources differ.
    """

    id: str
    dimension: str  # "service" or "community"
    name: str
    why: str
    statements: tuple[Statement, ...]
    caution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchSummary:
    """All of it. Every source a statement names is among the sources."""

    first: tuple[Statement, ...]
    tool: tuple[Statement, ...]
    factors: tuple[FactorSummary, ...]
    corrections: tuple[Statement, ...]
    limits: tuple[str, ...]
    sources: tuple[SummarySource, ...]


def read_summary(document: Mapping[str, Any]) -> ResearchSummary:
    """Turn the document of the summary into statements."""
    factors = (
        FactorSummary(**{**row, "statements": _statements(row["statements"])})
        for row in document["factors"]
    )
    sources = (
        SummarySource(id=name, **source) for name, source in document["sources"].items()
    )
    return ResearchSummary(
        first=_statements(document["first"]),
        tool=_statements(document["tool"]),
        factors=tuple(factors),
        corrections=_statements(document["corrections"]),
        limits=tuple(document["limits"]),
        sources=tuple(sources),
    )


def _statements(rows: Sequence[Mapping[str, Any]]) -> tuple[Statement, ...]:
    return tuple(
        Statement(row["text"], Status(row["status"]), tuple(row["sources"]))
        for row in rows
    )


SUMMARY = read_summary(RESEARCH_SUMMARY)
