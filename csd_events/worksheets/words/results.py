"""What a worksheet comes to, as people read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from csd_events.core.words import gettext as _
from csd_events.worksheets.rules import (
    Band,
    Factor,
    Form,
    Instrument,
    Score,
    Side,
    Source,
    Weighed,
)
from csd_events.worksheets.words.asking import unknown_words

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


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What was answered to one question."""

    item: str
    name: str
    question: str
    words: str
    grade: int | None


def side_line(
    tool: Instrument, side: Side, score: Score | None, given: Mapping[str, object]
) -> SideLine:
    """Describe one side of a worksheet."""
    factors = tool.of_side(side)
    return SideLine(
        heading=side_words(side),
        shown=score.shown if score else None,
        band=score.band.label if score else None,
        at=_part(score.exact) if score else 0,
        stretches=[
            Stretch(
                band.label,
                _part(Fraction(band.from_score)),
                _part(Fraction(end)) - _part(Fraction(band.from_score)),
                holds=score is not None and score.band is band,
            )
            for band, end in _ends(tool.bands)
        ],
        known=sum(given.get(factor.id) is not None for factor in factors),
        asked=len(factors),
    )


def _ends(bands: Sequence[Band]) -> list[tuple[Band, float]]:
    return list(
        zip(bands, [*(each.from_score for each in bands[1:]), HIGHEST], strict=True)
    )


def _part(score: Fraction) -> float:
    return round(float((score - LOWEST) * 100 / (HIGHEST - LOWEST)), 2)


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
