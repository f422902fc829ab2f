"""How a group meets: its code, its stages, and how long it may be joined."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

#: Twenty letters that make no word, neither by chance nor by design.
CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LENGTH = 6
#: Of the whole site. After them nobody's code is looked at for a while.
WRONG_CODES_A_MINUTE = 20
#: A group that nothing happens in for so long is closed, and its code ends.
OPEN_FOR = timedelta(days=30)
#: Opened from one network address within an hour.
GROUPS_AN_HOUR = 30
#: What a facilitator can note for a group to find out.
MOST_TASKS = 50


class Stage(StrEnum):
    """Where a group is."""

    ANSWERING = "answering"
    TALKING = "talking"
    CLOSED = "closed"


#: While people can join a group and hand in.
OPEN = (Stage.ANSWERING, Stage.TALKING)


class Refusal(StrEnum):
    """Why something cannot be done with a group or a worksheet of it."""

    CLOSED = "closed"
    HANDED_IN = "handed_in"
    TOO_FEW = "too_few"
    NO_TALK = "no_talk"
    TOO_MANY_TASKS = "too_many_tasks"
    NOT_CLOSED = "not_closed"


def read_code(typed: str) -> str | None:
    """Read a code as people type it, in any case and spaced; None where it is none."""
    code = "".join(typed.split()).replace("-", "").upper()
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_LETTERS):
        return None
    return code


def shown_code(code: str) -> str:
    """Write a code so that it is read aloud in two breaths."""
    half = CODE_LENGTH // 2
    return f"{code[:half]} {code[half:]}"


def new_code(choose: Callable[[str], str]) -> str:
    """Make a code of letters that are drawn by lot."""
    return "".join(choose(CODE_LETTERS) for _ in range(CODE_LENGTH))
