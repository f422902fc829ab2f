"""Worksheets as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csd_events.core.words import gettext as _
from csd_events.topics.rules import area_name
from csd_events.worksheets.models import Worksheet, WorksheetGroup
from csd_events.worksheets.rules import (
    ITEMS,
    Factor,
    Instrument,
    Line,
    ReadinessQuestion,
    Side,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer there is to a question, and whether it was given."""

    value: str
    words: str
    is_given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its answers, as the worksheet asks it.

    Attributes:
        item: Such as ``S1``; the name of its field.
        about: The factor, for its notes and sources; None of readiness.
    """

    item: str
    name: str
    words: str
    choices: Sequence[Choice]
    about: Factor | None
    readiness: ReadinessQuestion | None


@dataclass(frozen=True, slots=True)
class Part:
    """Questions that belong together."""

    heading: str
    lead: str
    questions: Sequence[Question]


def title_of(what: Worksheet | WorksheetGroup) -> str:
    """Name a worksheet by its service, and the community where it is known."""
    service = area_name(what.service_area)
    return f"{service}, {what.community}" if what.community else service


def answers_of(worksheet: Worksheet) -> dict[str, int | None]:
    """Return what was answered, by question; those never touched are missing."""
    return {each.item: each.grade for each in worksheet.answers}


def count_answered(worksheet: Worksheet) -> int:
    """Count the questions answered, *We do not know yet* among them."""
    return len({each.item for each in worksheet.answers} & set(ITEMS))


def parts_of(tool: Instrument, given: Mapping[str, int | None]) -> list[Part]:
    """Put a worksheet's questions with their answers in the order it asks them."""
    ready = [
        Question(
            item=each.id,
            name="",
            words=each.question,
            choices=_choices(each.id, ready_words(), given),
            about=None,
            readiness=each,
        )
        for each in tool.readiness
    ]
    sides = {
        side: [_asked(factor, given) for factor in tool.of_side(side)] for side in Side
    }
    return [
        Part(
            _("Before you begin"),
            _("Five questions to talk through. They are not scored."),
            ready,
        ),
        Part(_("About the service"), "", sides[Side.SERVICE]),
        Part(_("About the community"), "", sides[Side.COMMUNITY]),
    ]


def _asked(factor: Factor, given: Mapping[str, int | None]) -> Question:
    return Question(
        item=factor.id,
        name=factor.name,
        words=factor.question,
        choices=_choices(factor.id, factor.answers, given),
        about=factor,
        readiness=None,
    )


def _choices(
    item: str, answers: Mapping[int, str], given: Mapping[str, int | None]
) -> list[Choice]:
    known = [
        Choice(str(grade), words, given.get(item) == grade)
        for grade, words in answers.items()
    ]
    is_unknown = item in given and given[item] is None
    return [*known, Choice("unknown", unknown_words(), is_unknown)]


def ready_words() -> dict[int, str]:
    """Say the answers to the questions of readiness, *yes* first."""
    return {3: _("Yes"), 2: _("Partly"), 1: _("No")}


def unknown_words() -> str:
    return _("We do not know yet")


def line_words(line: Line | None) -> str:
    """Say what to bear in mind above the questions; empty for most."""
    known = {
        Line.PART_ONE_FIRST: part_one_first(),
        Line.AS_IT_IS_TODAY: _("Answer for the arrangement as it is today."),
    }
    return known[line] if line else ""


def part_one_first() -> str:
    return _(
        "Part two needs part one first: answer at least five questions on each side."
    )
