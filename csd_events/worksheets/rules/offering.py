"""Which part of the worksheet somebody is offered, by where they are on the way."""

from dataclasses import dataclass
from enum import StrEnum

#: Stages at which the question is in which form, and at which there is an arrangement.
CHOOSING = frozenset({"choosing a form", "setting up"})
RUNNING = frozenset({"running", "reconsidering"})


class Part(StrEnum):
    """Part one asks about the service and the community; part two weighs the forms."""

    ONE = "one"
    TWO = "two"


class Line(StrEnum):
    """What stands above the questions."""

    PART_ONE_FIRST = "part_one_first"
    AS_IT_IS_TODAY = "as_it_is_today"


@dataclass(frozen=True, slots=True)
class Offer:
    """A part, and a line above it or none."""

    part: Part
    line: Line | None = None


def offer(stage: str | None, *, has_scores: bool) -> Offer:
    """Say which part is offered.

    Args:
        stage: As somebody chose it; None where they did not.
        has_scores: Whether both sides of this worksheet, or of the group, have one.
    """
    if stage in CHOOSING:
        return Offer(Part.TWO) if has_scores else Offer(Part.ONE, Line.PART_ONE_FIRST)
    if stage in RUNNING:
        return Offer(Part.ONE, Line.AS_IT_IS_TODAY)
    return Offer(Part.ONE)
