"""What a value in a file may be: the words for it, and how to tell."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from csd_events.core.text import has_control_characters
from csd_events.library.rules import is_case_id


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value must be: the words for it, and how to tell."""

    words: str
    fits: Callable[[Any], bool]


_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_TWO_LETTERS = re.compile(r"[A-Z]{2}", re.ASCII)
_LONGEST_LINE = 2_000
_MOST_PEOPLE = 2_000_000_000
_FIRST_YEAR, _LAST_YEAR = 1600, 2200


def _is_line(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value.strip()) <= _LONGEST_LINE
        and not has_control_characters(value)
    )


def _is_number(value: object, *, least: int, most: int) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return least <= value <= most


def _reads(value: object, read: Callable[[str], date], longest: int) -> bool:
    if not isinstance(value, str) or len(value) > longest or not value.isascii():
        return False
    try:
        return bool(read(value))
    except ValueError:
        return False


def instant_of(text: str) -> datetime:
    """Read an instant.

    Raises:
        ValueError: It is none, or nobody can tell which: no zone is given.
    """
    found = datetime.fromisoformat(text)
    if "T" not in text or found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)


def one_of(members: Collection[str]) -> Shape:
    return Shape(
        f"one of {', '.join(members)}",
        lambda value: isinstance(value, str) and value in members,
    )


def or_nothing(shape: Shape) -> Shape:
    return Shape(
        f"{shape.words}, or null", lambda value: value is None or shape.fits(value)
    )


def or_empty(shape: Shape) -> Shape:
    return Shape(
        f"{shape.words}, or nothing", lambda value: value == "" or shape.fits(value)
    )


def list_of(shape: Shape, *, at_least: int = 0) -> Shape:
    def fits(value: object) -> bool:
        return (
            isinstance(value, list)
            and len(value) >= at_least
            and all(map(shape.fits, value))
            and len(set(value)) == len(value)
        )

    some = "a list, not empty and" if at_least else "a list"
    return Shape(f"{some} without repeats, each {shape.words}", fits)


LINE = Shape("a line of text", _is_line)
CASE_ID = Shape(
    "lower-case words joined by hyphens",
    lambda value: isinstance(value, str) and is_case_id(value),
)
ADDRESS = Shape(
    "an address that begins with https:// or http://",
    lambda value: _is_line(value) and _WEB_ADDRESS.fullmatch(value) is not None,
)
CODE = Shape(
    "two capital letters",
    lambda value: isinstance(value, str) and _TWO_LETTERS.fullmatch(value) is not None,
)
PEOPLE = Shape(
    "a whole number of people",
    lambda value: _is_number(value, least=0, most=_MOST_PEOPLE),
)
DAY = Shape(
    "a day such as 2027-03-31", lambda value: _reads(value, date.fromisoformat, 10)
)
INSTANT = Shape(
    "an instant such as 2027-03-31T12:00:00+00:00",
    lambda value: _reads(value, instant_of, 40),
)
YEAR = Shape(
    "a year", lambda value: _is_number(value, least=_FIRST_YEAR, most=_LAST_YEAR)
)
