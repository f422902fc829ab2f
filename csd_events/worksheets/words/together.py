"""What a group comes to, as people read it: without a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from csd_events.core.words import gettext as _
from csd_events.worksheets.rules import (
    Answers,
    Instrument,
    Side,
    Together,
    grades_for_forms,
    weigh,
)
from csd_events.worksheets.words.groups import (
    Range,
    Settlements,
    SpreadLine,
    range_of,
    settled_lines,
    talk_lines,
)
from csd_events.worksheets.words.next_steps import steps_together
from csd_events.worksheets.words.results import (
    FormLine,
    SideLine,
    form_lines,
    side_line,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOutcome:
    """What the worksheets of a group come to, without the case studies.

    Attributes:
        sides: Each with the lowest and the highest score of one person.
        reading: What the two bands together say; None where a side has no score.
        lines: Every question, in the order of talk.
        settled: The question's name, the answer, and the note.
        to_find_out: The names of what nobody knows, or was settled as not known.
        steps: What to do next.
        forms: All five in their order; None before both sides have a score.
        grades: From which the forms are weighed.
    """

    title: str
    people: int
    sides: Sequence[tuple[SideLine, Range | None]]
    reading: str | None
    lines: Sequence[SpreadLine]
    settled: Sequence[tuple[str, str, str]]
    to_find_out: Sequence[str]
    steps: Sequence[str]
    forms: Sequence[FormLine] | None
    grades: Answers


def group_outcome(
    title: str, tool: Instrument, found: Together, settled: Settlements
) -> GroupOutcome:
    """Describe what a group comes to."""
    grades = grades_for_forms(
        found.items, {item: grade for item, (grade, _note) in settled.items()}
    )
    medians = {item.factor: item.median for item in found.items}
    has_both = found.result.has_both
    weighed = weigh(tool, grades) if has_both else ()
    return GroupOutcome(
        title=title,
        people=found.people,
        sides=[
            (
                side_line(tool, side, found.sides[side].score, medians),
                range_of(found.sides[side]),
            )
            for side in Side
        ],
        reading=found.result.reading,
        lines=talk_lines(tool, found, settled),
        settled=settled_lines(tool, settled),
        to_find_out=[
            factor.name
            for factor in tool.factors
            if factor.id in found.result.to_find_out or grades[factor.id] is None
        ],
        steps=steps_together(tool, found, settled, weighed),
        forms=form_lines(tool, weighed) if has_both else None,
        grades=grades,
    )


def people_words(people: int) -> str:
    """Say from how many worksheets it is."""
    return _(
        "%(people)s worksheets, side by side. Something to talk through: no total, and "
        "no yes or no.",
        people=people,
    )


def range_words(found: Range) -> str:
    """Say how far apart the scores of its people are."""
    return _(
        "One person's score: lowest %(lowest)s, highest %(highest)s.",
        lowest=found.lowest,
        highest=found.highest,
    )


def group_limits_words() -> str:
    """Say what a group's scores are, and what changes them not."""
    return _(
        "Each side is made of the middle answer to each question, from 7 to 21; what "
        "you settled changes the forms below, not these. The cut points between the "
        "three bands are our own."
    )
