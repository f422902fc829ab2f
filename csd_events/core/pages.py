"""One page of a list, found by where the last one ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

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
