"""The decision tool as values: what it asks, and what it makes of the answers.

The names of the factors are published; questions, answers, cut points and the rules of
forms are the association's own. A *direction* says which answers make sharing easier,
and whether a source says so (*verified*) or it is reasoned (*derived*).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

#: What a factor may be answered: 1 makes sharing harder, 3 makes it easier.
GRADES = (1, 2, 3)
#: What a question of readiness may be answered.
READY = ("yes", "partly", "no")


class Side(StrEnum):
    """What a factor is about."""

    SERVICE = "service"
    COMMUNITY = "community"


class Effect(StrEnum):
    """What a rule that holds says of a form."""

    REASON = "reason"
    CAUTION = "caution"


@dataclass(frozen=True, slots=True)
class Source:
    """A page or paper that was read."""

    title: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One of the fourteen: a question with three answers.

    Attributes:
        id: Such as ``S1``.
        answers: By grade.
        caution: What to bear in mind about the direction, where sources differ.
        prompts: What starts the talk about it.
        bring: What to have at hand.
    """

    id: str
    dimension: Side
    name: str
    question: str
    answers: Mapping[int, str]
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
class Band:
    """A part of the scale, from its lowest score up to the next band's."""

    id: str
    from_score: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a factor must be at least, or a form is set aside."""

    factor: str
    at_least: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRule:
    """What one grade of a factor says of a form.

    Attributes:
        derived: Whether the step from its sources to what it says is our own.
    """

    factor: str
    grade: int
    effect: Effect
    say: str
    derived: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of sharing: what must hold for it, and what speaks for and against it."""

    id: str
    name: str
    plain: str
    usual_agreements: tuple[str, ...]
    gates: tuple[Gate, ...]
    rules: tuple[FormRule, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """The whole tool, in one version of its wording.

    Attributes:
        who: Who should talk it through.
        steps: How a group uses it, in order.
        minimum_answered: Of the seven of a side, or it has no score.
        bands: From the lowest.
        readings: What each pair of bands (service, community) says.
        topics: What to read about where a factor has grade 1.
    """

    version: str
    name: str
    what_it_is_for: str
    based_on: str
    who: str
    steps: tuple[str, ...]
    readiness: tuple[ReadinessQuestion, ...]
    factors: tuple[Factor, ...]
    minimum_answered: int
    bands: tuple[Band, ...]
    readings: Mapping[tuple[str, str], str]
    forms: tuple[Form, ...]
    topics: Mapping[str, str]

    def factor(self, factor_id: str) -> Factor:
        """Return the factor of an id such as ``S1``. Another raises KeyError."""
        return {factor.id: factor for factor in self.factors}[factor_id]

    def of_side(self, side: Side) -> tuple[Factor, ...]:
        return tuple(each for each in self.factors if each.dimension is side)
