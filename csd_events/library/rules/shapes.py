"""What a value in a file may be: the words for it, and how to tell."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
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


def one_of(members: Collection[str]) -> Shape:
    return Shape(
        f"one of {', '.join(members)}",
        lambda value: isinstance(value, str) and value in members,
    )


def or_nothing(shape: Shape) -> Shape:
    return Shape(
        f"{shape.words}, or null", lambda value: value is None or shape.fits(value)
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
YEAR = Shape(
    "a year", lambda value: _is_number(value, least=_FIRST_YEAR, most=_LAST_YEAR)
)
