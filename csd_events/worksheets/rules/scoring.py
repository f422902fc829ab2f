"""From the answers to both scores, what they say, and which forms they speak for.

Everything is computed from the answers; nothing is drawn by lot. The two scores are
never added, and nothing here is a percentage, a yes or a no.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from csd_events.worksheets.rules.instrument import (
    Band,
    Effect,
    Form,
    Instrument,
    Side,
)

#: By factor: a grade from 1 to 3, or None for *We do not know yet*. A factor that is
#: missing counts as unknown. The median of a group may lie between two grades.
Answers = Mapping[str, int | None]
Grades = Mapping[str, Fraction | None]

ITEMS_A_SIDE = 7
MUCH_FOR_IT = 2  # more reasons than cautions


@dataclass(frozen=True, slots=True)
class Score:
    """A side's score, from 7 (all make sharing harder) to 21, and its band."""

    exact: Fraction
    band: Band

    @property
    def shown(self) -> str:
        """The score with one decimal, halves upward, and none where it is ``.0``."""
        return f"{self.rounded:f}".removesuffix(".0")

    @property
    def rounded(self) -> Decimal:
        exact = Decimal(self.exact.numerator) / Decimal(self.exact.denominator)
        return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Result:
    """What both sides of a worksheet come to.

    Attributes:
        reading: What the two bands together say; None where a side has no score.
        to_find_out: The factors that nobody knows yet, in the order of the worksheet.
    """

    service: Score | None
    community: Score | None
    reading: str | None
    to_find_out: tuple[str, ...]

    @property
    def has_both(self) -> bool:
        """Whether both sides have a score, as the forms need."""
        return self.service is not None and self.community is not None


class Wording(StrEnum):
    """How a form stands, by its gates and its reasons and cautions."""

    SET_ASIDE = "Set aside for now"
    NOT_KNOWN = "Not known yet"
    FIRST = "Worth exploring first"
    POSSIBLE = "Possible; talk through the cautions"
    AGAINST = "Cautions outweigh reasons"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A form, how it stands, and why.

    Attributes:
        gate: Why it is set aside; None for every other wording.
        unknown_gates: The factors that must be known first, where it is not known yet.
    """

    form: Form
    wording: Wording
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    gate: str | None
    unknown_gates: tuple[str, ...]


def score(instrument: Instrument, answers: Answers | Grades) -> Result:
    """Score a worksheet, or the medians of a group."""
    sides = {side: _side_score(instrument, side, answers) for side in Side}
    service, community = sides[Side.SERVICE], sides[Side.COMMUNITY]
    reading = None
    if service and community:
        reading = instrument.readings[service.band.id, community.band.id]
    unknown = tuple(f.id for f in instrument.factors if answers.get(f.id) is None)
    return Result(service, community, reading, unknown)


def _side_score(
    instrument: Instrument, side: Side, answers: Answers | Grades
) -> Score | None:
    given = [answers.get(factor.id) for factor in instrument.of_side(side)]
    known = [Fraction(each) for each in given if each is not None]
    if len(known) < instrument.minimum_answered:
        return None
    exact = sum(known, Fraction()) * ITEMS_A_SIDE / len(known)
    band = max(
        (band for band in instrument.bands if band.from_score <= exact),
        key=lambda band: band.from_score,
    )
    return Score(exact, band)


def weigh(instrument: Instrument, answers: Answers) -> tuple[Weighed, ...]:
    """Weigh all five forms, in the order of the instrument.

    Args:
        answers: Whole grades; see ``group.grades_for_forms`` for those of a group.
    """
    return tuple(_weigh(form, answers) for form in instrument.forms)


def _weigh(form: Form, answers: Answers) -> Weighed:
    holding = [rule for rule in form.rules if answers.get(rule.factor) == rule.grade]
    reasons = tuple(r.say for r in holding if r.effect is Effect.REASON)
    cautions = tuple(r.say for r in holding if r.effect is Effect.CAUTION)
    known = {gate: answers.get(gate.factor) for gate in form.gates}
    unmet = [
        g for g, grade in known.items() if grade is not None and grade < g.at_least
    ]
    unknown = tuple(gate.factor for gate, grade in known.items() if grade is None)
    if unmet:
        gate = " ".join(each.why for each in unmet)
        return Weighed(form, Wording.SET_ASIDE, reasons, cautions, gate, ())
    wording = Wording.NOT_KNOWN if unknown else _wording(len(reasons) - len(cautions))
    return Weighed(form, wording, reasons, cautions, None, unknown)


def _wording(balance: int) -> Wording:
    if balance >= MUCH_FOR_IT:
        return Wording.FIRST
    return Wording.POSSIBLE if balance >= 0 else Wording.AGAINST


def form_to_match(weighed: tuple[Weighed, ...], own: str | None) -> str | None:
    """Say which form to look for case studies of, once a worksheet is scored.

    Of those worth exploring first the reader's own, else the first; where none is,
    the reader's own stays.
    """
    first = [each.form.id for each in weighed if each.wording is Wording.FIRST]
    if not first or own in first:
        return own
    return first[0]


def topics_of_low_answers(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """List what to read about where an answer makes sharing harder, each once."""
    topics = (
        instrument.topics[factor.id]
        for factor in instrument.factors
        if answers.get(factor.id) == 1 and factor.id in instrument.topics
    )
    return tuple(dict.fromkeys(topics))
