"""One page of a list, found by where the last one ended."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Item = TypeVar("Item")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, how many there are in all, and where to go on.

    Attributes:
        items: At most one page of them.
        total: How many match, on every page.
        next_cursor: What to ask for to see the next page; None on the last.
    """

    items: Sequence[Item]
    total: int
    next_cursor: str | None = None

    def map(self, change: Callable[[Item], Other]) -> "Page[Other]":
        return Page([change(item) for item in self.items], self.total, self.next_cursor)


def instant_cursor(at: datetime, row_id: int) -> str:
    """Write where a list by instant and id ended."""
    return f"{int(at.timestamp() * 1_000_000)}-{row_id}"


def read_instant_cursor(cursor: str | None) -> tuple[datetime, int] | None:
    """Read it back; None for none and for one that was tampered with."""
    found = re.fullmatch(r"(-?[0-9]{1,18})-([0-9]{1,18})", cursor or "")
    if found is None:
        return None
    try:
        at = EPOCH + timedelta(microseconds=int(found[1]))
    except OverflowError:
        return None
    return at, int(found[2])
