"""What a case study may say of itself, and how lists and pages show one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from csd_events.core.text import fold
from csd_events.topics.rules import place_name


class Outcome(StrEnum):
    """How the arrangement stood. The first two say so of the day it was written."""

    STARTING = "starting when reported"
    IN_PLACE = "in place when reported"
    RENEGOTIATED = "renegotiated"
    DISPUTED = "disputed"
    REVERSED = "reversed"
    ENDED = "ended"


class Confidence(StrEnum):
    """How sure we are."""

    HIGH = "high"  # the facts are on the page named
    MEDIUM = "medium"  # one thin, interested or second-hand source


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case study as a list, a card or a mail shows it.

    Attributes:
        reasons: Why it was suggested, in words; none in a plain list.
        heading: Under which heading it was suggested.
        url: Its whole address, for a mail.
        vendor_said: What is said where its vendor paid for a program: names it.
        underwriter: Who underwrites the event it is shown with, and is its vendor.
    """

    id: str
    title: str
    place_words: str
    form_name: str
    area_names: tuple[str, ...]
    outcome: Outcome
    confidence: Confidence
    confidence_note: str
    vendor_is_underwriter: bool
    reasons: tuple[str, ...] = ()
    heading: str | None = None
    url: str | None = None
    vendor_said: str = ""
    underwriter: str | None = None


@dataclass(frozen=True, slots=True)
class SourceView:
    """A page or paper a case rests on."""

    title: str
    address: str
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case study with all that is known of it."""

    id: str
    title: str
    jurisdictions: tuple[str, ...]
    place_words: str
    areas: tuple[str, ...]
    form: str
    agreement: str | None
    year_started: int | None
    year_note: str | None
    facts: tuple[str, ...]
    outcome: Outcome
    topic_names: tuple[str, ...]
    costs_and_benefits_shared: str | None
    confidence: Confidence
    confidence_note: str
    sources: tuple[SourceView, ...]
    icma_link: str | None
    vendor_is_underwriter: bool
    own_knowledge: tuple[str, ...]
    checked_on: date | None
    number: int
    is_retired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list of case studies is narrowed to. None does not narrow."""

    area: str | None = None
    form: str | None = None
    state: str | None = None
    outcome: str | None = None
    words: str = ""


_CASE_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST_ID = 80
_COUNTRIES = {"US": "United States", "CA": "Canada"}
#: More partners than these are called *others* on a card.
_NAMED = 2


def is_case_id(text: str) -> bool:
    """Tell whether a text could name a case, before a database is asked."""
    return len(text) <= _LONGEST_ID and _CASE_ID.fullmatch(text) is not None


def vendor_among(said: str, names: Sequence[str]) -> str | None:
    """Return which of some names a case gives its vendor, as a whole word of it."""
    known = f" {_plain(said)} "
    return next((name for name in names if f" {_plain(name)} " in known), None)


def _plain(words: str) -> str:
    """Leave letters and numbers alone: ``CH2M Hill, Inc.`` is ``ch2m hill inc``."""
    return " ".join(re.findall(r"\w+", fold(words)))


def region_words(country: str, state: str | None) -> str:
    """Say where a case happened: ``Minnesota``, ``Ontario, Canada``."""
    country_name = _COUNTRIES.get(country, country)
    if state is None:
        return country_name
    if country == "US":
        return place_name(state)
    return f"{place_name(state)}, {country_name}"


def place_words(jurisdictions: Sequence[str], country: str, state: str | None) -> str:
    """Say who and where in one line: ``Burlingame, Hillsborough, California``."""
    named = ", ".join(jurisdictions[:_NAMED])
    if len(jurisdictions) > _NAMED:
        named += " and others"
    return f"{named}, {region_words(country, state)}"
