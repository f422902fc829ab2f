"""What staff do with several registrations at once, and which columns they see."""

from collections.abc import Iterable, Sequence
from enum import StrEnum


class Deed(StrEnum):
    """What is done with those who were chosen."""

    WRITE = "write"
    CANCEL = "cancel"
    MOVE = "move"
    EXPORT = "export"


class Work(StrEnum):
    """How far that is."""

    ASKED = "asked"  # nobody has said yes yet
    GOING = "going"
    DONE = "done"
    KEPT = "kept"  # something else names it from now on, such as an announcement


class Done(StrEnum):
    """What became of one of them."""

    DONE = "done"
    WAITING = "waiting"  # moved, to a waiting list
    NOT = "not"


class NotMoved(StrEnum):
    """Why somebody was not moved to another event."""

    THERE = "there"  # they are registered there already
    CANCELLED = "cancelled"
    OVER = "over"
    TARGET_OVER = "target_over"
    NOT_HELD = "not_held"  # a place held for an answer is nobody's yet


class Column(StrEnum):
    """What a list of registrations can show beside the name."""

    REFERENCE = "reference"
    EMAIL = "email"
    ORGANIZATION = "organization"
    STATE = "state"
    OFFER = "offer"
    PRICE = "price"
    SERVICE = "service"
    US_STATE = "us_state"
    REGISTERED = "registered"
    VIA = "via"
    MAILS = "mails"
    ANSWERS = "answers"


#: What is shown until somebody chooses.
AS_EVER = (
    Column.EMAIL,
    Column.ORGANIZATION,
    Column.STATE,
    Column.PRICE,
    Column.REGISTERED,
    Column.REFERENCE,
    Column.MAILS,
    Column.ANSWERS,
)
_QUESTION = "question-"
MOST_NAMES = 300


def question_name(question_id: int) -> str:
    """Name the column of a question."""
    return f"{_QUESTION}{question_id}"


def shown_columns(names: Iterable[str] | None) -> frozenset[str]:
    """Return the columns that somebody sees; those of old until they have chosen."""
    return frozenset(AS_EVER if names is None else names)


def saved_columns(
    before: Sequence[str] | None, chosen: Iterable[str], offered: Iterable[str]
) -> list[str]:
    """Say what to keep: what was chosen here, and what other events' questions were.

    Args:
        before: What was kept until now.
        chosen: Of those that were offered.
        offered: The fixed columns and the questions of this event.
    """
    here = set(offered)
    wanted = set(chosen) & here
    elsewhere = {n for n in before or () if n.startswith(_QUESTION)} - here
    return sorted(wanted) + sorted(elsewhere)[: MOST_NAMES - len(wanted)]
