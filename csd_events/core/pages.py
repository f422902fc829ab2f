"""Lists that are read a page at a time: how to narrow one, and where it goes on."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Generic, TypeVar

from flask import url_for

from csd_events.core.text import one_line

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_SEARCH = 100  # characters
YEARS = range(1900, 2200)  # of days that may be asked for
LONGEST_ID = 18  # digits: any such number fits 64 bits
_ANY_ID = 10**LONGEST_ID - 1

Item = TypeVar("Item")
Choice = TypeVar("Choice")
Edge = TypeVar("Edge", int, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item, Edge]):
    """Some items of a list, and where it goes on.

    Attributes:
        before: Before which the previous page ends; None on the first, and in lists
            that are read forth alone.
        after: After which the next page begins; None on the last.
    """

    items: Sequence[Item]
    before: Edge | None = None
    after: Edge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedPage(Page[Item, Edge]):
    """A page that says how many items match in all, whichever page it is."""

    total: int


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Item]):
    """A page of a list as templates show it, with the addresses of its neighbors."""

    items: Sequence[Item]
    newer_url: str | None
    older_url: str | None
    total: int | None = None  # in all, where they are counted


def url_for_each(endpoint: str, name: str) -> Callable[[int], str]:
    """Return what writes the address of one row after the other, by its id.

    The route is looked up once: for five links in each of fifty rows that is a fifth
    of a page's time.
    """
    before, after = url_for(endpoint, **{name: _ANY_ID}).split(str(_ANY_ID))
    return lambda row_id: f"{before}{row_id}{after}"


def with_addresses(
    page: CountedPage[Item, Edge], url: Callable[..., str]
) -> ListPage[Item]:
    """Return a page as templates show it.

    Args:
        url: Leads to the page ``after`` or ``before`` an edge, or else to the first:
            there, too, whoever stands beyond the end of the list goes back to.
    """
    newer = url(before=page.before) if page.before is not None else None
    if page.total and not page.items:
        newer = url()
    older = url(after=page.after) if page.after is not None else None
    return ListPage(page.items, newer, older, page.total)


@dataclass(frozen=True, slots=True)
class FilterLink:
    """One way to narrow or to sort a list."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """The ways to narrow a list by one property."""

    label: str
    links: Sequence[FilterLink]


def filter_group(
    label: str,
    choices: Iterable[tuple[object, Choice]],
    *,
    chosen: Choice,
    url: Callable[[Choice], str],
) -> FilterGroup:
    """Make a link of each choice.

    Args:
        choices: The words of each, and its value.
        url: Leads to the list narrowed by a choice, with all other filters kept.
    """
    links = [
        FilterLink(str(words), url(value), value == chosen) for words, value in choices
    ]
    return FilterGroup(label, links)


def read_id(given: str | None) -> int | None:
    """Read an id out of an address or a form; None for anything else."""
    given = given or ""
    is_id = given.isascii() and given.isdigit() and len(given) <= LONGEST_ID
    return int(given) if is_id else None


def read_day(given: str | None) -> date | None:
    """Read a day out of an address, such as ``2026-12-07``; None for anything else.

    Days so far off that no calendar holds what is around them are none.
    """
    try:
        found = date.fromisoformat(given or "")
    except ValueError:
        return None
    return found if found.year in YEARS else None


def read_search(given: str | None) -> str:
    """Read what somebody searches for; nobody types more than is kept of it."""
    return one_line(given or "")[:LONGEST_SEARCH]


def instant_cursor(at: datetime, row_id: int) -> str:
    """Write where a list by instant and id ended."""
    return f"{(at - EPOCH) // timedelta(microseconds=1)}-{row_id}"


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
