"""A sheet written as XLSX, some rows at a time, with nothing but the standard library.

Every cell is words: no spreadsheet takes them for a formula, a link or a number. What
is written leaves at once, so that memory stays small whatever the number of rows.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from io import RawIOBase
from itertools import islice
from string import ascii_uppercase
from typing import Any
from xml.sax.saxutils import escape

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767  # characters that a cell holds
ROWS_AT_ONCE = 500
#: Which day the parts are of: the same rows always give the same bytes.
_A_DAY = (2000, 1, 1, 0, 0, 0)
#: What XML cannot hold, and what a reader would take for the way to write that.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    f'ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}
#: The line of headings stays in sight.
_BEGIN = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_END = "</sheetData></worksheet>"


def xlsx_rows(rows: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """Write rows as a workbook of one sheet."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in _PARTS.items():
            archive.writestr(_part(name), _XML + content)
        yield sink.taken()
        left = enumerate(rows, start=1)
        with archive.open(_part("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(_BEGIN.encode())
            while some := list(islice(left, ROWS_AT_ONCE)):
                text = "".join(_row(number, row) for number, row in some)
                sheet.write(text.encode())
                yield sink.taken()
            sheet.write(_END.encode())
    yield sink.taken()


class _Sink(RawIOBase):
    """Where an archive is written that nobody can seek in; it keeps what is new."""

    def __init__(self) -> None:
        self._new = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._new += content
        return len(memoryview(content))

    def taken(self) -> bytes:
        taken = bytes(self._new)
        self._new.clear()
        return taken


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, _A_DAY)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _row(number: int, cells: Iterable[str]) -> str:
    written = "".join(
        _cell(f"{_letters(column)}{number}", words)
        for column, words in enumerate(cells)
        if words
    )
    return f'<row r="{number}">{written}</row>'


@cache
def _letters(column: int) -> str:
    """Name a column as spreadsheets do: A to Z, then AA."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + ascii_uppercase[last]


def _cell(place: str, words: str) -> str:
    if not words.isprintable():
        words = _NOT_IN_XML.sub("", words)
    if "_x" in words:
        words = _LIKE_AN_ESCAPE.sub("_x005F_", words)
    kept = escape(words[:LONGEST])
    return (
        f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'
    )
