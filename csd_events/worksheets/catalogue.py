"""The decision tool as data: its questions, with what they rest on.

The names of the factors are published; questions, answers and explanations are our
own words. A direction says which answers make sharing easier, and whether a source
says so (*verified*) or we reason it (*derived*).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """A page or paper that was read."""

    title: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One of the fourteen: a question with three answers.

    Attributes:
        answers: From "1", which makes sharing harder, to "3", which makes it easier.
        caution: What to bear in mind about the direction, where sources differ.
    """

    id: str
    dimension: str  # "service" or "community"
    name: str
    question: str
    answers: Mapping[str, str]
    direction: str
    direction_status: str
    why: str
    prompts: tuple[str, ...]
    bring: tuple[str, ...]
    sources: tuple[Source, ...]
    caution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessQuestion:
    """Asked together before the fourteen, and not scored."""

    id: str
    question: str
    status: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """The whole tool."""

    name: str
    what_it_is_for: str
    based_on: str
    readiness: tuple[ReadinessQuestion, ...]
    factors: tuple[Factor, ...]


_FILE = Path(__file__).parent / "data" / "instrument.json"


def _read() -> Instrument:
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    sources = {name: Source(**source) for name, source in data.pop("sources").items()}

    def resolved(item: dict[str, Any]) -> dict[str, Any]:
        whole = {k: tuple(v) if isinstance(v, list) else v for k, v in item.items()}
        return {**whole, "sources": tuple(sources[name] for name in item["sources"])}

    factors = tuple(Factor(**resolved(item)) for item in data.pop("factors"))
    readiness = tuple(
        ReadinessQuestion(**resolved(item)) for item in data.pop("readiness")
    )
    return Instrument(**data, factors=factors, readiness=readiness)


INSTRUMENT = _read()
