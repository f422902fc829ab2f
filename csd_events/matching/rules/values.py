"""What matching is given, and what it answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from csd_events.topics.rules import division_of, family_of

#: Outcomes of an arrangement that did not go as hoped.
CAUTIONS = frozenset({"disputed", "ended", "renegotiated", "reversed"})

#: What a level of service, form, size or place says.
SAME, NEAR, NEITHER = 2, 1, 0

_BEFORE_ANY_YEAR = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What somebody told us. Empty and None both mean *not given*.

    Attributes:
        areas: Service areas in their order; the first three that exist count.
        cls: Population class of their community.
        type: Type of their jurisdiction.
    """

    areas: tuple[str, ...] = ()
    form: str | None = None
    cls: str | None = None
    state: str | None = None
    type: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What an event is about, and what staff said of cases there.

    Attributes:
        pinned: Cases to show first, in order.
        hidden: Cases not to suggest there; one that is pinned as well is shown.
    """

    areas: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What matching looks at in a case study.

    Attributes:
        areas: Service areas, the main one first.
        classes: Population classes of all its partners, in no order.
        type: Type of the leading jurisdiction.
    """

    id: str
    title: str
    areas: tuple[str, ...]
    form: str | None = None
    classes: tuple[str, ...] = ()
    country: str
    state: str | None = None
    type: str | None = None
    topics: tuple[str, ...] = ()
    year_started: int | None = None
    outcome: str


class Levels(NamedTuple):
    """How close a case is, in the order of comparing."""

    service: int
    form: int
    main_subject: int
    size: int
    place: int
    kind: int
    topics: int


@dataclass(frozen=True, slots=True)
class Match:
    """A case of the list: under which heading, how close, and why it is there."""

    heading: str
    case: str
    levels: Levels
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The list, and at most one note on what it lacks."""

    result: tuple[Match, ...]
    note: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A case with what follows from it alone, worked out once."""

    case: Case
    areas: frozenset[str]
    families: frozenset[str | None]
    topics: frozenset[str]
    state: str | None  # in the United States only
    division: str | None
    is_caution: bool


class Library:
    """Every case, made ready to be compared; nothing in it changes.

    `cases` are by id, in the order that decides between equal levels: year, later
    first and a missing one last, then title A to Z, then id.
    """

    def __init__(self, cases: Iterable[Case]) -> None:
        ordered = sorted(cases, key=_after_the_levels)
        self.cases = {case.id: _known(case) for case in ordered}


def _after_the_levels(case: Case) -> tuple[int, str, str]:
    year = _BEFORE_ANY_YEAR if case.year_started is None else case.year_started
    return (-year, case.title.casefold(), case.id)


def _known(case: Case) -> Known:
    state = case.state if case.country == "US" else None
    return Known(
        case,
        areas=frozenset(case.areas),
        families=frozenset(map(family_of, case.areas)),
        topics=frozenset(case.topics),
        state=state,
        division=division_of(state) if state else None,
        is_caution=case.outcome in CAUTIONS,
    )
