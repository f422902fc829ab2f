"""What a worksheet comes to, as people read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from csd_events.core.words import gettext as _
from csd_events.worksheets.rules import (
    Answers,
    Band,
    Factor,
    Form,
    Instrument,
    Score,
    Side,
    Source,
    Weighed,
    score,
    weigh,
)
from csd_events.worksheets.words.asking import unknown_words
from csd_events.worksheets.words.next_steps import steps_alone

LOWEST, HIGHEST = 7, 21


@dataclass(frozen=True, slots=True)
class Stretch:
    """One band as a stretch of the scale, in parts of a hundred."""

    label: str
    start: float
    width: float
    holds: bool


@dataclass(frozen=True, slots=True)
class SideLine:
    """A side of a worksheet: its score on the scale, in words and as a picture.

    Attributes:
        shown: Such as ``16.3``; None without a score.
        at: Where it stands on the scale, in parts of a hundred.
        known: How many of its questions have an answer.
    """

    heading: str
    shown: str | None
    band: str | None
    at: float
    stretches: Sequence[Stretch]
    known: int
    asked: int
    needed: int

    @property
    def words(self) -> str:
        """The score and its band, or why there is none."""
        if self.shown is None:
            return _(
                "No score yet: %(known)s of %(asked)s questions have an answer, and "
                "%(needed)s are needed.",
                known=self.known,
                asked=self.asked,
                needed=self.needed,
            )
        return _(
            "%(score)s on a scale from 7 to 21: %(band)s",
            score=self.shown,
            band=self.band or "",
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence that speaks for or against a form, and what it rests on."""

    say: str
    derived: bool
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form of sharing, how it stands, and why.

    Attributes:
        to_find_out: The names of what must be known before it can be said.
    """

    form: Form
    wording: str
    reasons: Sequence[Reason]
    cautions: Sequence[Reason]
    gate: str | None
    to_find_out: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one worksheet comes to, without the case studies.

    Attributes:
        sides: The service, and the community.
        reading: What the two bands together say; None where a side has no score.
        steps: What to do next.
        forms: All five in their order; None before both sides have a score.
        answers: Those of each side.
    """

    title: str
    sides: Sequence[SideLine]
    reading: str | None
    to_find_out: Sequence[str]
    steps: Sequence[str]
    forms: Sequence[FormLine] | None
    answers: Sequence[Sequence["AnswerLine"]]


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What was answered to one question."""

    item: str
    name: str
    question: str
    words: str
    grade: int | None


@dataclass(frozen=True, slots=True)
class BesideLine:
    """One question as two worksheets answer it."""

    item: str
    name: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return self.one != self.other


def outcome_of(title: str, tool: Instrument, given: Answers) -> Outcome:
    """Describe what some answers come to."""
    result = score(tool, given)
    names = {factor.id: factor.name for factor in tool.factors}
    weighed = weigh(tool, given) if result.has_both else ()
    return Outcome(
        title=title,
        sides=[
            side_line(tool, Side.SERVICE, result.service, given),
            side_line(tool, Side.COMMUNITY, result.community, given),
        ],
        reading=result.reading,
        to_find_out=[names[factor] for factor in result.to_find_out],
        steps=steps_alone(tool, given, weighed),
        forms=form_lines(tool, weighed) if result.has_both else None,
        answers=[answer_lines(tool, side, given) for side in Side],
    )


def side_line(
    tool: Instrument, side: Side, scored: Score | None, given: Mapping[str, object]
) -> SideLine:
    """Describe one side of a worksheet."""
    factors = tool.of_side(side)
    return SideLine(
        heading=side_words(side),
        shown=scored.shown if scored else None,
        band=scored.band.label if scored else None,
        at=_part(scored.exact) if scored else 0,
        stretches=[
            Stretch(
                band.label,
                _part(Fraction(band.from_score)),
                _part(Fraction(end)) - _part(Fraction(band.from_score)),
                holds=scored is not None and scored.band is band,
            )
            for band, end in _ends(tool.bands)
        ],
        known=sum(given.get(factor.id) is not None for factor in factors),
        asked=len(factors),
        needed=tool.minimum_answered,
    )


def _ends(bands: Sequence[Band]) -> list[tuple[Band, float]]:
    return list(
        zip(bands, [*(each.from_score for each in bands[1:]), HIGHEST], strict=True)
    )


def _part(score: Fraction) -> float:
    return round(float((score - LOWEST) * 100 / (HIGHEST - LOWEST)), 2)


def beside(one: Outcome, other: Outcome) -> list[list[BesideLine]]:
    """Put the answers of two worksheets beside each other, side by side.

    Questions that only one wording of the tool has are left out.
    """
    sides = []
    for first, second in zip(one.answers, other.answers, strict=True):
        theirs = {line.item: line for line in second}
        sides.append(
            [
                BesideLine(line.item, line.name, line.words, also.words)
                for line in first
                if (also := theirs.get(line.item)) is not None
            ]
        )
    return sides


def limits_words() -> str:
    """Say what a score is, and how little a band says."""
    return _(
        "Each side goes from 7 to 21: the average of its answers, times seven. The cut "
        "points between the three bands are our own. If answers were random, three of "
        "four worksheets would land in the middle, so look at single answers more than "
        "at the band."
    )


def side_words(side: Side) -> str:
    return _("The service") if side is Side.SERVICE else _("The community")


def form_lines(tool: Instrument, weighed: Sequence[Weighed]) -> list[FormLine]:
    """Describe the five forms, in their order."""
    names = {factor.id: factor.name for factor in tool.factors}
    return [
        FormLine(
            form=each.form,
            wording=each.wording.value,
            reasons=_reasons(each.form, each.reasons),
            cautions=_reasons(each.form, each.cautions),
            gate=each.gate,
            to_find_out=[names[factor] for factor in each.unknown_gates],
        )
        for each in weighed
    ]


def _reasons(form: Form, said: Sequence[str]) -> list[Reason]:
    return [
        Reason(rule.say, rule.derived, rule.sources)
        for rule in form.rules
        if rule.say in said
    ]


def answer_lines(
    tool: Instrument, side: Side, given: Mapping[str, int | None]
) -> list[AnswerLine]:
    """List the answers to the questions of a side."""
    return [
        AnswerLine(
            item=factor.id,
            name=factor.name,
            question=factor.question,
            words=answer_words(factor, given.get(factor.id)),
            grade=given.get(factor.id),
        )
        for factor in tool.of_side(side)
    ]


def answer_words(factor: Factor, grade: int | None) -> str:
    return unknown_words() if grade is None else factor.answers[grade]
