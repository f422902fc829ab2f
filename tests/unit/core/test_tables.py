"""Tables that people send: every dialect is read, and too much is refused."""

import io
import time

import pytest

from csd_events.core import sheets, tables
from csd_events.core.errors import RefusedError
from csd_events.core.tables import Table, TableFlaw, TableLine, read_table
from csd_events.core.text import UNREADABLE
from tests.sheets import PARTS, packed, plain, sheet, workbook

HEAD, LINE = ["Organization", "State"], ["Málaga", "NC"]


def read(content: bytes) -> Table:
    return read_table(io.BytesIO(content))


def flaw(content: bytes) -> TableFlaw:
    with pytest.raises(RefusedError) as refused:
        read(content)
    return TableFlaw(refused.value.reason)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_is_read_however_it_was_saved(
    separator: str, encoding: str, end: str
) -> None:
    text = end.join(separator.join(row) for row in (HEAD, LINE))
    assert read(text.encode(encoding)) == Table(HEAD, [TableLine(2, LINE)])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_titles_above_the_headings_are_passed_over(separator: str) -> None:
    text = (
        f"Our members\nof 2030{separator}{separator}\n\nOrganization,State\n"
        "Málaga,NC\nMálaga,NC\n"
    )
    table = read(text.replace(",", separator).encode())
    assert table == Table(HEAD, [TableLine(5, LINE), TableLine(6, LINE)])


def test_a_file_of_one_column_has_its_heading_on_top() -> None:
    table = read(b"Organization\nCity of X\nCity of Y; the old one\nCity of Z, NC\n")
    assert table.headings == ["Organization"]
    assert [line.cells for line in table.lines] == [
        ["City of X"],
        ["City of Y; the old one"],
        ["City of Z", "NC"],
    ]


def test_a_quotation_mark_that_is_not_closed_is_refused() -> None:
    assert flaw(b'Organization,State\n"A,NC\nB,NC\n') is TableFlaw.OPEN_QUOTE
    table = read(b'Organization,State\n"A ""x"" B",NC\n"A" x,N"C')
    assert [line.cells for line in table.lines] == [['A "x" B', "NC"], ["A x", 'N"C']]


@pytest.mark.parametrize("above", ["", "Our people\n\n"])
def test_a_file_without_headings_is_refused_before_its_first_line_is_lost(
    above: str,
) -> None:
    lines = "Ada Sample,ada@example.org\nBo Sample,bo@example.org\n"
    assert flaw(f"{above}{lines}".encode()) is TableFlaw.NO_HEADINGS
    assert len(read(f"{above}Name,Mail (us@example.org)\n{lines}".encode()).lines) == 2


def test_a_heading_may_be_there_twice() -> None:
    assert read(b"Email,Email\na,b\n").headings == ["Email", "Email"]


def test_empty_lines_are_left_out_and_keep_their_numbers() -> None:
    table = read(b"\nName,State\n,,\n\nA , NC ,,\n")
    assert table == Table(["Name", "State"], [TableLine(5, ["A", "NC"])])


def test_commas_inside_names_do_not_mislead() -> None:
    table = read(b"Name;State\nCity of X, Y, Z;NC\n")
    assert table.lines == [TableLine(2, ["City of X, Y, Z", "NC"])]


def test_quoted_cells_may_hold_separators_and_ends_of_lines() -> None:
    table = read(b'Name,State\n"City, of\nX",NC\nB,OH\n')
    assert table.lines == [
        TableLine(2, ["City, of\nX", "NC"]),
        TableLine(3, ["B", "OH"]),
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,\n,,\n"])
def test_a_file_without_words_is_empty(content: bytes) -> None:
    assert flaw(content) is TableFlaw.EMPTY


def test_a_file_of_25_mb_is_too_large() -> None:
    assert flaw(b"a,b\n" * (25 * 1024 * 1024 // 4)) is TableFlaw.TOO_LARGE


@pytest.mark.parametrize(("more", "taken"), [(0, True), (1, False)])
def test_50000_lines_are_taken_and_not_one_more(more: int, *, taken: bool) -> None:
    content = b"Name\n" + b"A\n" * (tables.MOST_LINES + more)
    if taken:
        assert len(read(content).lines) == tables.MOST_LINES
    else:
        assert flaw(content) is TableFlaw.TOO_MANY_LINES


@pytest.mark.parametrize(("more", "taken"), [(0, True), (1, False)])
def test_200_columns_are_taken_and_not_one_more(more: int, *, taken: bool) -> None:
    content = ",".join(["A"] * (tables.MOST_COLUMNS + more)).encode()
    if taken:
        assert len(read(content).headings) == tables.MOST_COLUMNS
    else:
        assert flaw(content) is TableFlaw.TOO_MANY_COLUMNS


def test_cells_together_may_not_hold_more_than_memory_should() -> None:
    words = "x" * 100_000
    shared = f"<si><t>{words}</t></si>"
    rows = '<row><c t="s"><v>0</v></c></row>' * 700
    assert flaw(workbook(rows, shared=shared)) is TableFlaw.TOO_LARGE


@pytest.mark.parametrize(
    "content",
    [
        b"\xd0\xcf\x11\xe0 an old workbook",
        b"%PDF-1.7\na document that is called members.csv",
        b"<html><table><tr><td>called members.xls</td></tr></table>",
        "\N{ZERO WIDTH NO-BREAK SPACE}\n<?xml version='1.0'?><Workbook/>".encode(),
        b"PK\x03\x04 no archive",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR a picture",
        workbook('<row><c t="s"><v>-1</v></c></row>', shared="<si><t>A</t></si>"),
        workbook('<row r="1"><c><v>1</v></c></row>' * 2),
        workbook('<row r="0"><c><v>1</v></c></row>'),
        workbook('<row r="99999999999999999999"><c><v>1</v></c></row>'),
        workbook('<row r="one"><c><v>1</v></c></row>'),
        packed({**PARTS, "xl/workbook.xml": "<workbook><sheets/></workbook>"}),
        packed(PARTS),
        packed({"other.txt": "x"}),
        packed({**PARTS, "xl/worksheets/sheet1.xml": "<broken"}),
        workbook('<row><c t="s"><v>9</v></c></row>'),
        b'Name\n"' + b"x" * 200_000,
    ],
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    assert flaw(content) is TableFlaw.UNREADABLE


def test_a_sheet_is_read_as_people_see_it() -> None:
    shared = (
        "<si><t>Name</t></si><si><r><t>City </t></r><r><t>of X</t></r>"
        "<rPh><t>aside</t></rPh></si>"
    )
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c>'
        '<c r="C1" t="str"><v>Since</v></c></row>'
        '<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4"><v>4300</v></c>'
        '<c r="C4" s="1"><v>45672</v></c><c r="D4" s="2"><v>45672.5</v></c>'
        '<c r="E4" s="3"><v>12.5</v></c><c r="F4" t="b"><v>1</v></c>'
        '<c r="G4" t="b"><v>0</v></c><c r="H4" t="inlineStr"><is><t>in</t></is></c>'
        "<c><v>7.0</v></c></row>"
    )
    table = read(workbook(rows, shared=shared))
    assert table.headings == ["Name", "", "Since"]
    assert table.lines == [
        TableLine(
            4,
            [
                "City of X", "4300", "2025-01-15", "2025-01-15", "12.5", "yes", "no",
                "in", "7",
            ],
        )
    ]  # fmt: skip


def test_what_a_formula_did_not_find_and_cells_that_are_merged_come_as_they_stand() -> (
    None
):
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Organization</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>Number</t></is></c></row>'
        '<row r="2"><c r="A2" t="e"><f>VLOOKUP(1)</f><v>#N/A</v></c>'
        '<c r="B2" t="str"><f>TEXT(7)</f><v>007</v></c></row>'
        '<row r="3"><c r="A3"/><c r="B3" t="inlineStr"><is><t>008</t></is></c></row>'
    )
    table = read_table(io.BytesIO(workbook(rows)))
    assert [line.cells for line in table.lines] == [["#N/A", "007"], ["", "008"]]


def test_numbers_keep_the_zeros_that_people_see() -> None:
    styles = PARTS["xl/styles.xml"].replace(
        "<numFmts>", '<numFmts><numFmt numFmtId="166" formatCode="00000"/>'
    )
    styles = styles.replace("</cellXfs>", '<xf numFmtId="166"/></cellXfs>')
    cells = "".join(f'<c s="4"><v>{value}</v></c>' for value in ("123", "123456", "0"))
    table = read(workbook(f"<row>{cells}</row>", **{"xl/styles.xml": styles}))
    assert table.headings == ["00123", "123456", "00000"]


def test_the_first_sheet_that_shows_is_read() -> None:
    book = PARTS["xl/workbook.xml"].replace(
        "<sheets>",
        '<sheets><sheet name="Lists" state="hidden" r:id="rId8"/>'
        '<sheet name="More" state="veryHidden" r:id="rId8"/>',
    )
    book = book.replace("</sheets>", '<sheet name="Old" r:id="rId8"/></sheets>')
    relations = PARTS["xl/_rels/workbook.xml.rels"].replace(
        "</Rel", '<Relationship Id="rId8" Target="/xl/worksheets/sheet2.xml"/></Rel'
    )
    parts = {
        **PARTS,
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": relations,
        "xl/worksheets/sheet1.xml": sheet("<row><c><v>1</v></c></row>"),
        "xl/worksheets/sheet2.xml": sheet("<row><c><v>2</v></c></row>"),
    }
    assert read(packed(parts)).headings == ["1"]


def test_rows_that_a_filter_hides_are_read() -> None:
    rows = (
        '<row r="1"><c><v>1</v></c></row><row r="2" hidden="1"><c><v>2</v></c></row>'
        '<row r="3"><c><v>3</v></c></row>'
    )
    table = read(workbook(rows))
    assert [line.cells for line in table.lines] == [["2"], ["3"]]


def test_what_a_workbook_writes_in_code_is_read_as_it_was_meant() -> None:
    shared = "<si><t>City_x000D_\nof X</t></si>"
    words = [["a_x005F_b", "_xD800_", "_x12_"]]
    assert read(plain(words)).headings == ["a_b", "\N{REPLACEMENT CHARACTER}", "_x12_"]
    rows = '<row><c t="s"><v>0</v></c></row>'
    assert read(workbook(rows, shared=shared)).headings == ["City\r\nof X"]


@pytest.mark.parametrize(
    ("merged", "expected"), [("A2:A4", TableFlaw.MERGED), ("A1:C1", None)]
)
def test_cells_that_are_merged_over_lines_are_refused(
    merged: str, expected: TableFlaw | None
) -> None:
    """Only the first of the lines has the words: the others would say another thing."""
    rows = sheet('<row r="1"><c><v>1</v></c></row>').replace(
        "</worksheet>",
        f'<mergeCells><mergeCell ref="{merged}"/></mergeCells></worksheet>',
    )
    content = packed({**PARTS, "xl/worksheets/sheet1.xml": rows})
    if expected:
        assert flaw(content) is expected
    else:
        assert read(content).headings == ["1"]


def test_an_archive_of_many_files_is_not_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = plain([["Name"]])
    monkeypatch.setattr(sheets, "MOST_PARTS", 5)
    assert read(content).headings == ["Name"]
    monkeypatch.setattr(sheets, "MOST_PARTS", 4)
    assert flaw(content) is TableFlaw.UNREADABLE


@pytest.mark.parametrize("size", [b"\5\0\0\0", b"\xff\xff\xff\x7f"])
def test_an_archive_that_lies_about_sizes_is_refused(size: bytes) -> None:
    content = bytearray(plain([["Name"], ["A"]]))
    at = content.find(b"PK\1\2")
    while at >= 0:
        content[at + 24 : at + 28] = size
        at = content.find(b"PK\1\2", at + 1)
    assert flaw(bytes(content)) is TableFlaw.UNREADABLE


def test_days_of_a_macintosh_are_counted_from_1904() -> None:
    book = PARTS["xl/workbook.xml"].replace(
        "<sheets>", '<workbookPr date1904="1"/><sheets>'
    )
    rows = '<row><c s="1"><v>1</v></c></row>'
    parts = {**PARTS, "xl/workbook.xml": book, "xl/worksheets/sheet1.xml": sheet(rows)}
    assert read(packed(parts)).headings == ["1904-01-02"]


def test_a_day_beyond_the_calendar_is_left_a_number() -> None:
    table = read(workbook('<row><c s="1"><v>99999999999</v></c></row>'))
    assert table.headings == ["99999999999"]


def test_a_cell_far_out_costs_nothing() -> None:
    rows = '<row><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>'
    assert read(workbook(rows)).headings == ["1"]


def test_words_that_none_share_are_read_too() -> None:
    assert read(plain([["Name"], ["A"]])) == Table(["Name"], [TableLine(2, ["A"])])


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_a_file_with_entities_is_refused_before_they_grow(part: str) -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        f"{sheet('<row><c><v>&b;</v></c></row>')}"
    )
    parts = {**PARTS, "xl/worksheets/sheet1.xml": sheet(""), part: bomb}
    assert flaw(packed(parts)) is TableFlaw.UNREADABLE


@pytest.mark.parametrize("limit", ["MOST_WORDS", "MOST_CHARACTERS"])
def test_words_that_cells_share_may_not_fill_memory(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    rows = '<row><c t="s"><v>0</v></c></row>'
    monkeypatch.setattr(sheets, limit, 4)
    assert read(workbook(rows, shared="<si><t>A</t></si>" * 4)).headings == ["A"]
    shared = "<si><t>A</t></si>" * 5
    assert flaw(workbook(rows, shared=shared)) is TableFlaw.UNREADABLE


def test_a_file_that_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 10_000)
    content = plain([["x" * 20_000]])
    assert len(content) < 5_000
    assert flaw(content) is TableFlaw.UNREADABLE


def test_what_nobody_can_type_becomes_a_sign_that_can_be_shown() -> None:
    """No page and no column of PostgreSQL holds a NUL."""
    for file in (plain([["a_x0000_b", "c_x0007_"]]), "a\x01b,c\x9f".encode()):
        assert read(file).headings == [f"a{UNREADABLE}b", f"c{UNREADABLE}"]


def test_a_long_heading_is_looked_at_once() -> None:
    """As an address it would be tried in as many ways as it has dots, squared."""
    begun = time.perf_counter()
    assert read(f"a@{'.' * 100_000} x".encode()).lines == []
    assert time.perf_counter() - begun < 5
