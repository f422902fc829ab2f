"""A part of the library as a table: a thing a row, and in a cell one thing a line."""

from collections.abc import Mapping, Sequence
from typing import Any

from csd_events.library.rules.records import (
    CASE_SHAPES,
    CITATION_SHAPES,
    SOURCE_SHAPES,
    Placed,
)

PUBLICATION_FIELDS = (
    "slug", "kind", "title", "summary", "language", "service_areas", "form", "topics",
    "case_studies", "published_on", "look_again_on", "retired_at", "read_instead",
    "files",
)  # fmt: skip
_LISTS = frozenset(
    {
        "jurisdictions", "partner_classes", "service_areas", "facts", "own_knowledge",
        "case_studies", "topics",
    }
)  # fmt: skip
_NUMBERS = frozenset({"lead_population", "year_started", "year"})
_MAYBE_EMPTY = frozenset({"authors", "note"})
_YES = {"yes": True, "no": False}
#: How a part is told by the headings of its table: what no other has.
_MARKS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "facts": ("case_studies", CASE_SHAPES),
    "verification": ("bibliography", CITATION_SHAPES),
    "read": ("sources", SOURCE_SHAPES),
}
#: What a spreadsheet would take for a formula has a mark before it.
_MARKED = ("'=", "'+", "'-", "'@")


def cell_of(value: object) -> str:
    """Write a value as a cell: of a list one thing a line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)


def read_sheet(
    headings: Sequence[str], lines: Sequence[tuple[int, Sequence[str]]]
) -> tuple[dict[str, Any], list[str]]:
    """Make a document of a table, whose rows know their lines; and name problems.

    Args:
        lines: The number of each in its file, and its cells.
    """
    names = [heading.strip().lower().replace(" ", "_") for heading in headings]
    part = next((part for mark, part in _MARKS.items() if mark in names), None)
    if part is None:
        return {}, [_unknown(names)]
    called, shapes = part
    problems = [
        f"line 1: {name or 'an empty heading'} is not a known field"
        for name in names
        if name not in shapes
    ]
    problems += [
        f"line 1: {name} stands there twice"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        return {}, problems
    rows = [_row(names, called, number, cells) for number, cells in lines]
    if called != "sources":
        return {called: rows}, []
    return _by_id(rows)


def _by_id(rows: Sequence[Placed]) -> tuple[dict[str, Any], list[str]]:
    named: dict[str, Placed] = {}
    problems = []
    for row in rows:
        name = row.pop("id", None)
        if not name or name in named:
            why = "this id was used before" if name else "id is missing"
            problems.append(f"{row.place}: {why}")
        else:
            named[name] = row
    return {"sources": named}, problems


def _row(names: Sequence[str], part: str, number: int, cells: Sequence[str]) -> Placed:
    padded = [*cells, *[""] * (len(names) - len(cells))]
    row = Placed(
        (name, _value(name, part, _unmarked(cell)))
        for name, cell in zip(names, padded, strict=False)
        # What is not said of how staff keep a thing is not there.
        if cell or not name.endswith(("_at", "_on"))
    )
    row.place = f"line {number}"
    return row


def _value(name: str, part: str, cell: str) -> object:
    if name in _LISTS or (name == "sources" and part == "case_studies"):
        return [line for line in map(str.strip, cell.splitlines()) if line]
    if name in _NUMBERS and cell.isascii() and cell.isdigit():
        return int(cell)
    if name == "vendor_is_underwriter":
        return _YES.get(cell.lower(), cell)
    return cell if cell or name in _MAYBE_EMPTY else None


def _unmarked(cell: str) -> str:
    return cell[1:] if cell.startswith(_MARKED) else cell


def _unknown(names: Sequence[str]) -> str:
    if {"slug", "files"} <= set(names):
        return "line 1: publications are not taken in from a file: their files stay"
    return (
        "line 1: the headings are neither those of case studies (facts) nor of the "
        "bibliography (verification) nor of sources (read)"
    )
