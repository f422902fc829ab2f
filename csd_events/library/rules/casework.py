"""A case study as staff write it, and when somebody should look at one again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from csd_events.library.rules import Confidence, Outcome


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A page or paper that was read, known by its address."""

    title: str
    address: str
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """Everything staff say of a case study on its form.

    Attributes:
        areas: The main one first.
        own_knowledge: Facts that no source read says.
        look_again_on: When somebody should see whether it still holds.
    """

    title: str
    jurisdictions: tuple[str, ...]
    country: str
    state: str | None = None
    lead_jurisdiction_type: str | None = None
    lead_population: int | None = None
    population_class: str | None = None
    population_basis: str | None = None
    partner_classes: tuple[str, ...] = ()
    areas: tuple[str, ...]
    form: str
    agreement: str | None = None
    year_started: int | None = None
    year_note: str | None = None
    facts: tuple[str, ...]
    outcome: Outcome
    topics: tuple[str, ...] = ()
    costs_and_benefits_shared: str | None = None
    sources: tuple[SourceDraft, ...]
    confidence: Confidence
    confidence_note: str
    icma_link: str | None = None
    own_knowledge: tuple[str, ...] = ()
    vendor_is_underwriter: bool = False
    look_again_on: date | None = None


#: What is to be looked at by then is listed already.
SOON = timedelta(days=30)


def is_soon(look_again_on: date | None, *, today: date) -> bool:
    """Tell whether somebody should see by now, or soon, whether it still holds."""
    return look_again_on is not None and look_again_on <= today + SOON


def look_again_after(look_again_on: date | None, *, today: date) -> date | None:
    """Return when to look again at what was found in order today.

    A day that is still far off stays; where none was said none is.
    """
    if not is_soon(look_again_on, today=today):
        return look_again_on
    try:
        return today.replace(year=today.year + 1)
    except ValueError:  # the 29th of February
        return today.replace(year=today.year + 1, day=28)


def in_known_order(chosen: Sequence[str], before: Sequence[str]) -> list[str]:
    """Keep the order in which the same things stood before: boxes have none."""
    return list(before) if set(chosen) == set(before) else list(chosen)
