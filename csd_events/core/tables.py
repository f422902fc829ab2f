"""Tables that people send: CSV as spreadsheets write it, and XLSX.

Everything is read before anything is kept, within limits: a file is a table or it is
refused with one reason.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from csd_events.core.errors import RefusedError
from csd_events.core.sheets import NumberedRow, SheetError, rows_of_sheet
from csd_events.core.text import decode

MOST_BYTES = 20 * 1024 * 1024
MOST_LINES = 50_000  # beside the headings
MOST_COLUMNS = 200
#: Of all cells together: a packed file may hold a hundred times what it weighs.
MOST_CHARACTERS = 60_000_000
_ZIP = b"PK\x03\x04"
#: How an old workbook and a PDF begin, whatever they are called.
_NO_TABLES = (b"\xd0\xcf\x11\xe0", b"%PDF-")
_SEPARATORS = ",;\t"


class TableFlaw(StrEnum):
    """Why a file is not taken."""

    TOO_LARGE = "too_large"
    TOO_MANY_LINES = "too_many_lines"
    TOO_MANY_COLUMNS = "too_many_columns"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


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
    return Table(lines[0].cells, lines[1:])


def _rows(content: bytes) -> Iterator[NumberedRow]:
    if content.startswith(_NO_TABLES):
        raise RefusedError(TableFlaw.UNREADABLE)
    try:
        if content.startswith(_ZIP):
            yield from rows_of_sheet(io.BytesIO(content))
        else:
            yield from _rows_of_csv(content)
    except (csv.Error, SheetError) as error:
        raise RefusedError(TableFlaw.UNREADABLE) from error


def _rows_of_csv(content: bytes) -> Iterator[NumberedRow]:
    text = decode(content)
    if "\0" in text:  # a picture, a program: no spreadsheet writes one
        raise RefusedError(TableFlaw.UNREADABLE)
    first = next((line for line in text.splitlines() if line.strip()), "")
    # What stands most often between the headings: guessing from all lines is misled
    # by commas inside names.
    separator = max(_SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    yield from enumerate(rows, start=1)


def _within_limits(rows: Iterable[NumberedRow]) -> Iterator[TableLine]:
    seen = characters = 0
    for number, row in rows:
        cells = [cell.strip() for cell in row]
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
