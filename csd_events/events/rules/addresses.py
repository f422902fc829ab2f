"""Reading a list of mail addresses, pasted or out of a spreadsheet."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from csd_events.accounts.rules import email_key

#: What a mail server takes at most (RFC 5321).
LONGEST = 254
#: No conference of ours has more people than this.
MOST_ADDRESSES = 50_000
#: So much of a line that cannot be read is shown again.
SHOWN = 60
SEPARATORS = "\t;,"
#: Nobody's line is longer; a longer one is no list of addresses.
LONGEST_LINE = 10_000  # characters
_PART = r"[^\s\x00-\x1f\x7f-\x9f\ufffd@<>\"',;()\[\]]"
_ADDRESS = re.compile(rf"(?<!{_PART}){_PART}{{1,200}}@{_PART}+\.{_PART}+")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line in which no address was found; the first line has the number 1."""

    number: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressList:
    """What a list says.

    Attributes:
        keys: Of the addresses, each once, in the order of the list.
        repeated: How often an address was named again.
        unreadable: The lines without an address, but for a heading on top.
    """

    keys: tuple[str, ...]
    repeated: int = 0
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True)
class ListChange:
    """What saving a list does: addresses to add and to take off, and those known."""

    new: tuple[str, ...]
    known: int
    gone: tuple[str, ...]


def read_addresses(text: str) -> AddressList:
    """Read addresses, one a line or several side by side.

    Of a line with other cells too, as out of a spreadsheet, the first address counts.
    A first line without an @ is a heading where more lines follow.
    """
    lines = enumerate(text.removeprefix("\ufeff").splitlines(), 1)
    rows = [(n, line) for n, line in lines if line.strip(f"{SEPARATORS} ")]
    found = [_addresses_in(line) for _, line in rows]
    named = [address for several in found for address in several]
    keys = tuple(dict.fromkeys(named))
    has_heading = len(rows) > 1 and "@" not in rows[0][1]
    unreadable = [
        Unreadable(number, line.strip()[:SHOWN])
        for (number, line), several in list(zip(rows, found, strict=True))[has_heading:]
        if not several
    ]
    return AddressList(
        keys=keys, repeated=len(named) - len(keys), unreadable=tuple(unreadable)
    )


def change_of(
    listed: Sequence[str], known: frozenset[str], *, replace: bool
) -> ListChange:
    """Say what saving a list does to the addresses there are."""
    wanted = frozenset(listed)
    return ListChange(
        new=tuple(key for key in listed if key not in known),
        known=len(wanted & known),
        gone=tuple(sorted(known - wanted)) if replace else (),
    )


def _addresses_in(line: str) -> list[str]:
    if "@" not in line or len(line) > LONGEST_LINE:
        return []
    cells = [cell for cell in _cells(line) if cell.strip()]
    found = [key for cell in cells if (key := _address_in(cell))]
    return found if len(found) == len(cells) else found[:1]


def _address_in(cell: str) -> str | None:
    found = _ADDRESS.search(cell)
    return email_key(found[0]) if found and len(found[0]) <= LONGEST else None


def _cells(line: str) -> Iterator[str]:
    """Cut a line where a spreadsheet would."""
    separator = next((mark for mark in SEPARATORS if mark in line), ",")
    for row in csv.reader([line], delimiter=separator):
        yield from row
