"""What the association brings out itself: kinds, standing, and what a form lacks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from csd_events.library.rules.citing import Verification


class PublicationKind(StrEnum):
    """What a publication is."""

    E_BOOK = "e_book"
    RESEARCH_SUMMARY = "research_summary"
    WORKSHEET = "worksheet"
    SLIDES = "slides"
    RECORDING_NOTES = "recording_notes"
    OTHER = "other"


class Standing(StrEnum):
    """Who may see a publication. It follows from its dates and is not stored."""

    DRAFT = "draft"  # staff alone
    PUBLISHED = "published"  # everybody
    RETIRED = "retired"  # nobody any more; its pages say what to read instead


class Problem(StrEnum):
    """What is wrong with a publication or an entry, beside the field it is about."""

    NOT_YET = "not_yet"
    NO_FILE = "no_file"
    LOOKED_BEFORE = "looked_before"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    UNKNOWN_TYPE = "unknown_type"
    NOTE_MISSING = "note_missing"
    SAME_FILE = "same_file"
    ITSELF = "itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationDraft:
    """Everything staff say of a publication on its form; its files come apart.

    Attributes:
        published_on: None for a draft that staff alone see.
        look_again_on: When somebody should see whether it still holds.
    """

    kind: PublicationKind
    title: str
    summary: str
    language: str = "en"
    areas: tuple[str, ...] = ()
    form: str | None = None
    topics: tuple[str, ...] = ()
    published_on: date | None = None
    look_again_on: date | None = None
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationDraft:
    """Everything staff say of an entry of the bibliography on its form."""

    authors: str
    year: int | None
    title: str
    publication: str
    topics: tuple[str, ...]
    verification: Verification
    address: str | None = None
    note: str = ""
    cases: tuple[str, ...] = ()
    look_again_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFilters:
    """What a list of publications is narrowed to. None does not narrow."""

    kind: PublicationKind | None = None
    area: str | None = None


def standing(published_on: date | None, retired_at: datetime | None) -> Standing:
    if retired_at is not None:
        return Standing.RETIRED
    return Standing.DRAFT if published_on is None else Standing.PUBLISHED


def problems_of(
    draft: PublicationDraft, *, has_file: bool, today: date
) -> dict[str, Problem]:
    """Say by field what keeps a publication from being saved as it was written."""
    problems: dict[str, Problem] = {}
    if draft.published_on is not None and draft.published_on > today:
        problems["published_on"] = Problem.NOT_YET
    elif draft.published_on is not None and not has_file:
        problems["published_on"] = Problem.NO_FILE
    first, again = draft.published_on, draft.look_again_on
    if first is not None and again is not None and again <= first:
        problems["look_again_on"] = Problem.LOOKED_BEFORE
    return problems


def is_due(look_again_on: date | None, *, today: date) -> bool:
    """Tell whether somebody should see by now whether it still holds."""
    return look_again_on is not None and look_again_on <= today


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Return a name nobody has: the one wanted, or with the first free number."""
    number, name = 2, wanted
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name
