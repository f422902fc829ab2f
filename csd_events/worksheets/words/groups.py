"""A group's answers, and what it makes of them, as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csd_events.core.words import gettext as _
from csd_events.worksheets.models import Worksheet, WorksheetGroup
from csd_events.worksheets.rules import (
    Factor,
    Instrument,
    Item,
    Refusal,
    Score,
    SideOfGroup,
    Spread,
    Stage,
    Together,
)
from csd_events.worksheets.words.asking import unknown_words
from csd_events.worksheets.words.results import answer_words

#: Where the three answers stand in the picture, and how large a dot is at most.
PLACES = (32, 100, 168)
SMALLEST, LARGEST = 9, 27

Settlements = Mapping[str, tuple[int | None, str]]


@dataclass(frozen=True, slots=True)
class Dot:
    """How many gave one answer: a dot whose size says how many of all."""

    at: int
    size: float
    people: int


@dataclass(frozen=True, slots=True)
class Counted:
    """An answer, and how many gave it."""

    words: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadLine:
    """A question as a group answered it, in words and as a picture.

    Attributes:
        kind: ``agree``, ``close``, ``split`` or ``unknown``.
        settled: What the group settled on; None where it has not.
    """

    item: str
    name: str
    question: str
    answers: Sequence[Counted]
    unknown: int
    kind: str
    words: str
    dots: Sequence[Dot]
    settled: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and the highest score of one person."""

    lowest: str
    highest: str


@dataclass(frozen=True, slots=True)
class Among:
    """How a worksheet stands in its group.

    Attributes:
        is_frozen: Handed in, and talked about: nothing in it changes any more.
    """

    is_handed_in: bool
    is_frozen: bool
    is_closed: bool


def among_of(worksheet: Worksheet, group: WorksheetGroup) -> Among:
    is_handed_in = worksheet.handed_in_at is not None
    return Among(
        is_handed_in=is_handed_in,
        is_frozen=is_handed_in and group.stage is not Stage.ANSWERING,
        is_closed=group.stage is Stage.CLOSED,
    )


def talk_lines(
    tool: Instrument, found: Together, settled: Settlements
) -> list[SpreadLine]:
    """Describe every question, in the order in which to talk about them."""
    factors = {factor.id: factor for factor in tool.factors}
    items = {item.factor: item for item in found.items}
    return [
        spread_line(factors[each], items[each], settled.get(each))
        for each in found.talk
    ]


def spread_line(
    factor: Factor, item: Item, settled: tuple[int | None, str] | None
) -> SpreadLine:
    people = sum(item.counts)
    return SpreadLine(
        item=factor.id,
        name=factor.name,
        question=factor.question,
        answers=[
            Counted(words, counted)
            for words, counted in zip(factor.answers.values(), item.counts, strict=True)
        ],
        unknown=item.unknown,
        kind=item.spread.value if item.spread else "unknown",
        words=spread_words(item.spread),
        dots=[
            Dot(at, _size(counted, people), counted)
            for at, counted in zip(PLACES, item.counts, strict=True)
        ],
        settled=answer_words(factor, settled[0]) if settled else None,
        note=settled[1] if settled else "",
    )


def _size(counted: int, people: int) -> float:
    if not counted:
        return 3
    return round(SMALLEST + (LARGEST - SMALLEST) * counted / people, 1)


def spread_words(spread: Spread | None) -> str:
    known = {
        Spread.AGREE: _("All the same"),
        Spread.CLOSE: _("One point apart"),
        Spread.SPLIT: _("Split"),
        None: _("Nobody knows yet"),
    }
    return known[spread]


def range_of(side: SideOfGroup) -> Range | None:
    """Say from which score to which the people of a group come; None without any."""
    if side.lowest is None or side.highest is None:
        return None
    return Range(_shown(side.lowest), _shown(side.highest))


def _shown(score: Score) -> str:
    return score.shown


def settled_lines(tool: Instrument, settled: Settlements) -> list[tuple[str, str, str]]:
    """List what was settled: the question's name, the answer, and the note."""
    factors = {factor.id: factor for factor in tool.factors}
    return [
        (factor.name, answer_words(factor, settled[each][0]), settled[each][1])
        for each, factor in factors.items()
        if each in settled
    ]


def grade_choices(factor: Factor) -> dict[str, str]:
    """Return what a group can settle on, by the value that a form sends."""
    known = {str(grade): words for grade, words in factor.answers.items()}
    return known | {"unknown": unknown_words()}


def stage_words(stage: Stage) -> str:
    """Say where a group is."""
    known = {
        Stage.ANSWERING: _("Everyone answers alone"),
        Stage.TALKING: _("You talk"),
        Stage.CLOSED: _("The group is closed"),
    }
    return known[stage]


def refusal_words(refusal: Refusal) -> str:
    """Say why something cannot be done, and what can."""
    known = {
        Refusal.CLOSED: _("This group is closed: nothing of it changes any more."),
        Refusal.HANDED_IN: _(
            "The talk has begun, so your answers stay as you handed them in."
        ),
        Refusal.TOO_FEW: _(
            "The talk can begin once three people have handed in their worksheet."
        ),
        Refusal.NO_TALK: _("Begin the talk first."),
        Refusal.TOO_MANY_TASKS: _(
            "There are fifty things to find out already. Take one off the list first."
        ),
        Refusal.NOT_CLOSED: _("Close the group first: somebody may be joining it."),
    }
    return known[refusal]
