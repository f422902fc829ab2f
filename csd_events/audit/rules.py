"""What the trail shows of a value, and what it never shows."""

import re

LONGEST = 160  # characters of a value
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
