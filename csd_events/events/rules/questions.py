"""Questions that staff add to an event, and what can be an answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

#: Words, one or several of those offered, yes or no, a number: as JSON has them.
Answer = str | bool | int | float | list[str]

HIGHEST_NUMBER = 1_000_000_000
_NUMBER = re.compile(
    r"([-\N{MINUS SIGN}]?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,4})?)"
)


class QuestionKind(StrEnum):
    """What can be answered to a question."""

    SHORT = "short"  # one line
    LONG = "long"
    ONE = "one"
    SEVERAL = "several"
    YES_NO = "yes_no"
    NUMBER = "number"
    CONSENT = "consent"  # a box to tick; no answer is no consent


#: Those that are answered by words that staff give.
WITH_CHOICES = frozenset({QuestionKind.ONE, QuestionKind.SEVERAL})
#: Those that are answered in free words.
IN_WORDS = frozenset({QuestionKind.SHORT, QuestionKind.LONG})


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a form asks it.

    Attributes:
        is_read_on_stage: Whether who presents reads the answers, without names.
    """

    id: int
    kind: QuestionKind
    label: str
    help: str
    choices: Sequence[str]
    required: bool
    is_read_on_stage: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """A question as staff write it.

    Attributes:
        id: Of the question it changes; None for a new one.
        active: Whether it is asked. What was answered before stays.
        for_presenters: Whether who presents reads the answers, without names.
    """

    id: int | None = None
    kind: QuestionKind
    label: str
    help: str = ""
    choices: Sequence[str] = ()
    required: bool = False
    active: bool = True
    for_presenters: bool = False


def read_choices(typed: str) -> tuple[str, ...]:
    """Read the choices of a question, one a line, each once."""
    lines = (line.strip() for line in typed.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def read_number(typed: str) -> int | float | None:
    """Read a number as people write it, ``1,200`` or ``-2.5``; None for none."""
    found = _NUMBER.fullmatch(typed.strip())
    if found is None:
        return None
    value = float(found[2].replace(",", ""))
    signed = -value if found[1] else value
    return int(signed) if signed.is_integer() else signed
