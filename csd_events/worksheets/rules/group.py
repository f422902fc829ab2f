"""What several people's answers to one worksheet come to.

Individual answers stay as they are; what the group settles on stands beside them and
changes the forms alone, never the scores.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from statistics import median

from csd_events.worksheets.rules.instrument import GRADES, Instrument, Side
from csd_events.worksheets.rules.scoring import Answers, Result, Score, score

#: So many people must have handed in their worksheet before anything of it is shown.
LEAST_PEOPLE = 3


class Spread(StrEnum):
    """How far apart the known answers to one question are."""

    AGREE = "agree"
    CLOSE = "close"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Item:
    """One question as a group answered it.

    Attributes:
        counts: How many gave each grade, from 1 to 3.
        median: Of the known answers, or None without any.
        spread: None where nobody knows.
    """

    factor: str
    counts: tuple[int, int, int]
    unknown: int
    median: Fraction | None
    spread: Spread | None

    @property
    def at_the_ends(self) -> int:
        return self.counts[0] + self.counts[-1]


@dataclass(frozen=True, slots=True)
class SideOfGroup:
    """A side's score from the medians, and the lowest and highest of one person's."""

    score: Score | None
    lowest: Score | None
    highest: Score | None


@dataclass(frozen=True, slots=True)
class Together:
    """What a group's worksheets come to.

    Attributes:
        items: In the order of the worksheet.
        talk: Their factors in the order in which to talk about them.
    """

    people: int
    items: tuple[Item, ...]
    talk: tuple[str, ...]
    result: Result
    sides: Mapping[Side, SideOfGroup]


def together(instrument: Instrument, worksheets: Sequence[Answers]) -> Together | None:
    """Put the worksheets that were handed in beside each other.

    None while too few people have handed theirs in.
    """
    if len(worksheets) < LEAST_PEOPLE:
        return None
    items = tuple(
        item_of(factor.id, [each.get(factor.id) for each in worksheets])
        for factor in instrument.factors
    )
    result = score(instrument, {item.factor: item.median for item in items})
    own = [score(instrument, each) for each in worksheets]
    sides = {
        Side.SERVICE: _range(result.service, [each.service for each in own]),
        Side.COMMUNITY: _range(result.community, [each.community for each in own]),
    }
    talk = tuple(item.factor for item in sorted(items, key=_order_of_talk))
    return Together(len(worksheets), items, talk, result, sides)


def item_of(factor: str, answers: Sequence[int | None]) -> Item:
    """Put everybody's answers to one question beside each other."""
    known = sorted(answer for answer in answers if answer is not None)
    one, two, three = (known.count(grade) for grade in GRADES)
    middle = Fraction(median(map(Fraction, known))) if known else None
    return Item(factor, (one, two, three), answers.count(None), middle, _spread(known))


def _spread(known: Sequence[int]) -> Spread | None:
    if not known:
        return None
    return list(Spread)[known[-1] - known[0]]


def _order_of_talk(item: Item) -> tuple[int, int]:
    """Split first, by how many stand at the ends; then unknowns; close; the rest."""
    if item.spread is Spread.SPLIT:
        return 0, -item.at_the_ends
    if item.unknown:
        return 1, -item.unknown
    return (2, 0) if item.spread is Spread.CLOSE else (3, 0)


def _range(group: Score | None, own: Sequence[Score | None]) -> SideOfGroup:
    scored = sorted((s for s in own if s is not None), key=lambda each: each.exact)
    lowest, highest = (scored[0], scored[-1]) if scored else (None, None)
    return SideOfGroup(group, lowest, highest)


def grades_for_forms(items: Sequence[Item], settled: Answers) -> Answers:
    """Say from which grades a group's forms are weighed.

    What was settled, also on *not known*; else the median, with one between two grades
    taken as the middle one.

    Args:
        settled: Only the factors that were.
    """
    return {
        item.factor: settled[item.factor]
        if item.factor in settled
        else _whole(item.median)
        for item in items
    }


def _whole(grade: Fraction | None) -> int | None:
    if grade is None:
        return None
    return int(grade) if grade.denominator == 1 else GRADES[1]
