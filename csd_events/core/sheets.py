"""The first sheet of an XLSX file, row by row, with nothing but the standard library.

Read as a stream: memory holds the words that cells share, and one row. A file with a
document type is refused before any entity could grow.
"""

import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import IO, Any, BinaryIO
from xml.parsers import expat

from csd_events.core.formats import Styles
from csd_events.core.text import UNREADABLE

MOST_UNPACKED = 150 * 1024 * 1024  # bytes, of all parts together
LAST_ROW = 1_048_576  # of any sheet
MOST_PARTS = 10_000  # files in the archive; a workbook has dozens
MOST_WORDS = 1_000_000  # that cells share
MOST_CHARACTERS = 60_000_000  # of the words that cells share
WIDEST = 1_000  # columns that are read, so that a lone cell far out costs nothing
_CHUNK = 16 * 1024
_LINE = re.compile("[0-9]+")
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]*")
#: How a workbook writes what XML cannot hold, such as the end of a line.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_DAY_ZERO, _DAY_ZERO_MAC = date(1899, 12, 30), date(1904, 1, 1)
#: Its number as people see it, and its cells.
NumberedRow = tuple[int, list[str]]
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


class SheetError(Exception):
    """A file that is no workbook, or one nobody should open."""


class MergedError(SheetError):
    """Cells of several lines are one: only the first of the lines would have it."""


def rows_of_sheet(file: BinaryIO) -> Iterator[NumberedRow]:
    """Yield the cells of each row of the first sheet that shows, with its number.

    Empty rows may be left out of the file. Days come as ``2026-10-31``.

    Raises:
        SheetError: It cannot be read.
    """
    if file.read().count(b"PK\x01\x02") > MOST_PARTS:
        raise SheetError("it holds too many files")
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise SheetError("it unpacks to too much")
            yield from _rows(archive)
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        LookupError,
        NotImplementedError,
        RuntimeError,  # a password
        ValueError,
        EOFError,
        OSError,
        lzma.LZMAError,
        zlib.error,
    ) as error:
        raise SheetError(str(error)) from error


def _rows(archive: zipfile.ZipFile) -> Iterator[NumberedRow]:
    book = _Book()
    _parse_whole(archive, _WORKBOOK, book)
    targets = _Relations()
    _parse_whole(archive, _RELATIONS, targets)
    name = targets.by_id[book.first_sheet].lstrip("/")
    names = set(archive.namelist())
    shared, styles = _SharedWords(), Styles()
    for part, reader in (("xl/sharedStrings.xml", shared), ("xl/styles.xml", styles)):
        if part in names:
            _parse_whole(archive, part, reader)
    zero = _DAY_ZERO_MAC if book.is_mac else _DAY_ZERO
    sheet = _Sheet(shared.words, styles, zero)
    with archive.open(name if name in names else f"xl/{name}") as part_file:
        yield from _stream(part_file, sheet)


class _Reader:
    """Takes what a parser meets, by the local name of elements."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """It ends."""


class _Book(_Reader):
    first_sheet = ""
    is_mac = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        shows = attributes.get("state", "visible") == "visible"
        if name == "sheet" and shows and not self.first_sheet:
            self.first_sheet = next(
                value for key, value in attributes.items() if _local(key) == "id"
            )
        if name == "workbookPr":
            self.is_mac = attributes.get("date1904") in {"1", "true"}


class _Relations(_Reader):
    def __init__(self) -> None:
        self.by_id: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            self.by_id[attributes["Id"]] = attributes["Target"]


class _SharedWords(_Reader):
    """The words that cells name by a number. How they are pronounced is left out."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._parts: list[str] = []
        self._characters = 0
        self._listening = False
        self._aside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._parts = []
        self._aside = self._aside or name == "rPh"
        self._listening = name == "t" and not self._aside

    def end(self, name: str) -> None:
        self._aside = self._aside and name != "rPh"
        self._listening = False
        if name == "si":
            self.words.append(_unescaped("".join(self._parts)))
            _refuse_more_than(MOST_WORDS, len(self.words))

    def hear(self, text: str) -> None:
        if self._listening:
            self._characters += len(text)
            _refuse_more_than(MOST_CHARACTERS, self._characters)
            self._parts.append(text)


class _Sheet(_Reader):
    """Collects rows as they end."""

    def __init__(self, shared: list[str], styles: Styles, zero: date) -> None:
        self.done: list[NumberedRow] = []
        self._shared, self._zero = shared, zero
        self._days, self._digits = styles.days, styles.digits
        self._row: list[str] = []
        self._number = 0
        self._column = 0
        self._kind = self._style = ""
        self._value: list[str] = []
        self._listening = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._number = _next_row(attributes.get("r"), self._number)
            self._row = []
        elif name == "c":
            reference = _REFERENCE.match(attributes.get("r", ""))
            self._column = _position(reference[1]) if reference else len(self._row)
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            self._value = []
        elif name == "mergeCell" and len(set(_LINE.findall(attributes["ref"]))) > 1:
            raise MergedError(attributes["ref"])
        self._listening = name in {"v", "t"}

    def end(self, name: str) -> None:
        self._listening = False
        if name == "c":
            self._put("".join(self._value))
        elif name == "row":
            self.done.append((self._number, self._row))

    def hear(self, text: str) -> None:
        if self._listening:
            self._value.append(text)

    def _put(self, value: str) -> None:
        if not value or self._column >= WIDEST:
            return
        while len(self._row) <= self._column:
            self._row.append("")
        self._row[self._column] = self._words(value)

    def _words(self, value: str) -> str:
        if self._kind == "s":
            return self._shared[_index(value)]
        if self._kind == "b":
            return "yes" if value == "1" else "no"
        if self._kind != "n":
            return _unescaped(value)
        style = int(self._style)
        is_known = 0 <= style < len(self._days)
        if is_known and self._days[style]:
            with suppress(OverflowError):
                return (self._zero + timedelta(days=int(float(value)))).isoformat()
        number = float(value)
        if not number.is_integer():
            return value
        return str(int(number)).zfill(self._digits[style] if is_known else 0)


def _next_row(written: str | None, last: int) -> int:
    """Return the number of a row: they rise, so that each line is reported once."""
    number = int(written) if written is not None else last + 1
    if not last < number <= LAST_ROW:
        raise SheetError(f"row {number} after row {last}")
    return number


def _unescaped(words: str) -> str:
    return _ESCAPED.sub(_meant, words) if "_x" in words else words


def _meant(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return UNREADABLE if "\ud800" <= character <= "\udfff" else character


def _index(written: str) -> int:
    number = int(written)
    if number < 0:
        raise SheetError("words below the first")
    return number


def _refuse_more_than(most: int, found: int) -> None:
    if found > most:
        raise SheetError("it holds too much")


def _position(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _local(name: str) -> str:
    return name.rpartition(":")[2].rpartition("}")[2]


def _parser(reader: Any) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, attributes: reader.start(
        _local(name), attributes
    )
    parser.EndElementHandler = lambda name: reader.end(_local(name))
    hear: Callable[[str], None] | None = getattr(reader, "hear", None)
    if hear is not None:
        parser.CharacterDataHandler = hear
    return parser


def _refuse_doctype(*_: object) -> None:
    raise SheetError("it declares a document type")


def _parse_whole(archive: zipfile.ZipFile, part: str, reader: Any) -> None:
    parser = _parser(reader)
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat names no arguments
        parser.Parse(b"", True)  # noqa: FBT003


def _stream(file: IO[bytes], sheet: _Sheet) -> Iterator[NumberedRow]:
    parser = _parser(sheet)
    while chunk := file.read(_CHUNK):
        parser.Parse(chunk, False)  # noqa: FBT003
        yield from sheet.done
        sheet.done.clear()
    parser.Parse(b"", True)  # noqa: FBT003
    yield from sheet.done
