"""A sheet as it is written is the sheet that is read."""

import io

from hypothesis import given
from hypothesis import strategies as st

from csd_events.core.sheets import rows_of_sheet
from csd_events.core.workbooks import LONGEST, xlsx_rows

#: Words as pages let them in: no character that nobody can type.
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    max_size=20,
)


def read(rows: list[list[str]]) -> list[list[str]]:
    content = b"".join(xlsx_rows(rows))
    return [row for _number, row in rows_of_sheet(io.BytesIO(content))]


def cut(row: list[str]) -> list[str]:
    """Leave out the empty cells at its end, as no sheet keeps them."""
    while row and not row[-1]:
        row = row[:-1]
    return row


@given(st.lists(st.lists(WORDS, max_size=30), max_size=6))
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    assert read(rows) == [cut(row) for row in rows]


def test_what_looks_like_an_escape_stays_as_it_was_typed() -> None:
    assert read([["_x0041_", "a_x000D_b", "<b>&amp;"]]) == [
        ["_x0041_", "a_x000D_b", "<b>&amp;"]
    ]


def test_columns_go_on_after_z() -> None:
    row = [str(number) for number in range(60)]
    assert read([row]) == [row]


def test_what_no_workbook_can_hold_is_left_out() -> None:
    assert read([["a\x00b\x0bc", "x" * (LONGEST + 1)]]) == [["abc", "x" * LONGEST]]


def test_a_sheet_leaves_in_pieces_and_is_the_same_each_time() -> None:
    rows = [["Ada", str(number)] for number in range(1_200)]
    pieces = list(xlsx_rows(iter(rows)))
    assert len(pieces) > 3
    assert b"".join(pieces) == b"".join(xlsx_rows(rows))
    assert read(rows) == rows
