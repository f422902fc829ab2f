"""XLSX files for tests, written part by part."""

import io
import zipfile
from collections.abc import Mapping, Sequence

NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "xl/workbook.xml": (
        f'<workbook {NAMES} xmlns:r="{RELATION}">'
        '<sheets><sheet name="Members" sheetId="1" r:id="rId7"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        "<Relationships>"
        '<Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet {NAMES}><numFmts><numFmt numFmtId="164" formatCode="m/d/yyyy"/>'
        '<numFmt numFmtId="165" formatCode="&quot;day&quot; 0"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/>'
        '<xf numFmtId="165"/></cellXfs></styleSheet>'
    ),
}


def workbook(rows: str, *, shared: str = "", **changed: str) -> bytes:
    """Pack a sheet of rows; parts may be replaced by name."""
    parts = {
        **PARTS,
        "xl/worksheets/sheet1.xml": sheet(rows),
        "xl/sharedStrings.xml": f"<sst {NAMES}>{shared}</sst>",
    }
    return packed(parts | {name.replace("__", "/"): x for name, x in changed.items()})


def sheet(rows: str) -> str:
    return f"<worksheet {NAMES}><sheetData>{rows}</sheetData></worksheet>"


def packed(parts: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def plain(cells: Sequence[Sequence[str]]) -> bytes:
    """Pack rows of words, as programs write them that share none."""
    rows = "".join(
        f'<row r="{number}">'
        + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row)
        + "</row>"
        for number, row in enumerate(cells, start=1)
    )
    return workbook(rows)
