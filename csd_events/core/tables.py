"""Tables that people send: CSV as spreadsheets write it, and XLSX. And CSV that leaves.

Everything is read before anything is kept, within limits: a file is a table or it is
refused with one reason.
"""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from csd_events.core.errors import RefusedError
from csd_events.core.sheets import MergedError, NumberedRow, SheetError, rows_of_sheet
from csd_events.core.text import UNREADABLE, decode, inert

MOST_BYTES = 20 * 1024 * 1024
MOST_LINES = 50_000  # beside the headings
MOST_COLUMNS = 200
#: Of all cells together: a packed file may hold a hundred times what it weighs.
MOST_CHARACTERS = 60_000_000
LONGEST_ADDRESS = 320
#: What nobody can type, but for all that is space.
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_ZIP = b"PK\x03\x04"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")  # what a heading never is
#: How an old workbook, a PDF and a page of the web begin, whatever they are called.
_NO_TABLES = (b"\xd0\xcf\x11\xe0", b"%PDF-", b"<")
_END = "\0"  # which no text holds that is read
_SEPARATORS = ",;\t"
#: Characters of a file that leave together: each piece is a call to the system.
PIECE = 32_768
TOP = 20  # lines, among which the headings are


class TableFlaw(StrEnum):
    """Why a file is not taken."""

    TOO_LARGE = "too_large"
    TOO_MANY_LINES = "too_many_lines"
    TOO_MANY_COLUMNS = "too_many_columns"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    MERGED = "merged"  # cells of several lines
    OPEN_QUOTE = "open_quote"  # a quotation mark that is not closed
    NO_HEADINGS = "no_headings"  # somebody stands where they would be


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line, and where it stands in the file, the headings being line 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds; lines without any words are left out."""

    headings: list[str]
    lines: Sequence[TableLine]


def read_table(file: BinaryIO) -> Table:
    """Read a whole file.

    Raises:
        RefusedError: With a `TableFlaw`; nothing of it is used.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise RefusedError(TableFlaw.TOO_LARGE)
    lines = list(_within_limits(_rows(content)))
    if not lines:
        raise RefusedError(TableFlaw.EMPTY)
    headings = _headings(lines)
    if any(_is_address(cell) for cell in lines[headings].cells):
        raise RefusedError(TableFlaw.NO_HEADINGS)  # or the first line would be lost
    return Table(lines[headings].cells, lines[headings + 1 :])


def _is_address(cell: str) -> bool:
    """Tell whether a cell is an address; a long one is none, and slow to search."""
    return len(cell) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(cell) is not None


def _headings(lines: Sequence[TableLine]) -> int:
    """Find the line of headings: titles stand alone on lines above it."""
    wide = [index for index, line in enumerate(lines) if len(line.cells) > 1]
    return wide[0] if 2 * len(wide) > len(lines) else 0


def _rows(content: bytes) -> Iterator[NumberedRow]:
    if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(_NO_TABLES):
        raise RefusedError(TableFlaw.UNREADABLE)
    try:
        if content.startswith(_ZIP):
            yield from rows_of_sheet(io.BytesIO(content))
        else:
            yield from _rows_of_csv(content)
    except MergedError as error:
        raise RefusedError(TableFlaw.MERGED) from error
    except (csv.Error, SheetError) as error:
        raise RefusedError(TableFlaw.UNREADABLE) from error


def _rows_of_csv(content: bytes) -> Iterator[NumberedRow]:
    text = decode(content)
    if "\0" in text:  # a picture, a program: no spreadsheet writes one
        raise RefusedError(TableFlaw.UNREADABLE)
    lines = itertools.chain(io.StringIO(text, newline=""), [_END])
    rows = csv.reader(lines, delimiter=_separator(text))
    for number, row in enumerate(rows, start=1):
        if row == [_END]:
            return
        yield number, row
    raise RefusedError(TableFlaw.OPEN_QUOTE)  # it took the end into a cell


def _separator(text: str) -> str:
    """Return what stands most often between the headings.

    Guessing from all lines is misled by commas inside names.
    """
    top = [line for line in text.splitlines() if line.strip()][:TOP]
    headings = next((x for x in top if any(s in x for s in _SEPARATORS)), "")
    found = max(_SEPARATORS, key=headings.count)
    in_most = 2 * sum(found in line for line in top) > len(top)
    return found if in_most else _SEPARATORS[0]


def _within_limits(rows: Iterable[NumberedRow]) -> Iterator[TableLine]:
    seen = characters = 0
    for number, row in rows:
        cells = [_readable(cell.strip()) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        seen += 1
        characters += sum(map(len, cells))
        if len(cells) > MOST_COLUMNS:
            raise RefusedError(TableFlaw.TOO_MANY_COLUMNS)
        if seen > MOST_LINES + 1:
            raise RefusedError(TableFlaw.TOO_MANY_LINES)
        if characters > MOST_CHARACTERS:
            raise RefusedError(TableFlaw.TOO_LARGE)
        yield TableLine(number, cells)


def _readable(cell: str) -> str:
    """Put a sign that can be shown and kept in the place of what nobody can type."""
    return cell if cell.isprintable() else _CONTROL.sub(UNREADABLE, cell)


def csv_rows(rows: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """Write rows as CSV that no spreadsheet takes for formulas, some at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode()  # by which Excel knows UTF-8
    for row in rows:
        writer.writerow(map(inert, row))
        if buffer.tell() >= PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
