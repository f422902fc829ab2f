"""What the trail shows of a value, and what it never shows."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

LONGEST = 160  # characters of a value
#: Fields that hold the number of a thing, or several, and of which kind it is.
POINTING: Mapping[str, str] = {
    "event_id": "event",
    "conference_id": "conference",
    "events": "event",
    "merged_with": "person",
    "organization_id": "organization",
    "parent_id": "organization",
    "person_id": "person",
    "prerequisites": "event",
    "program_id": "program",
    "type_id": "membership_type",
}
_SECRET = re.compile(r"password|secret|token|hash|platform_url|link_version|\bkey\b")


def is_secret(name: str) -> bool:
    """Tell whether a field's values are nobody's to read, though its change is."""
    return _SECRET.search(name.replace("-", "_").lower()) is not None


def shortened(words: str) -> str:
    """Cut a value to what can be taken in at a glance, and show that it was cut."""
    if len(words) <= LONGEST:
        return words
    return words[: LONGEST - 1].rstrip() + "…"


def sides(value: object) -> tuple[object, object]:
    """Read what was and what is out of a recorded change.

    A pair is before and after; anything else is a fact that had nothing before it.
    """
    if isinstance(value, list) and len(value) == 2:  # noqa: PLR2004 - a pair
        return value[0], value[1]
    return None, value


def what_changed(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Pair what was and what is, for each fact that is another now.

    What was not there before was nothing. Days and instants become text, which is
    how the trail keeps them.
    """
    return {
        name: [_kept(before.get(name)), _kept(value)]
        for name, value in after.items()
        if before.get(name) != value
    }


def _kept(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def pointed_at(changes: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Name the things whose numbers stand in a change: their kinds and ids."""
    for name, value in changes.items():
        kind = POINTING.get(name)
        if kind is not None:
            yield from ((kind, number) for number in _numbers(value))


def _numbers(value: object) -> Iterator[int]:
    if isinstance(value, list):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, int):
        yield value
