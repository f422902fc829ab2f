"""Invoices as PDF files, read back."""

import pytest

from csd_events.billing.exports import pdf
from csd_events.billing.rules import Kind
from tests.billing import make_invoice, structure_of, words_of

MISSING = "Some letters of this document cannot be shown here. Our pages show them."


def test_an_invoice_says_who_owes_whom_how_much_for_what_until_when() -> None:
    words = words_of(
        pdf(make_invoice(purchase_order="PO 7", bill_to="Finance\nRoom 2"))
    )
    assert words.startswith(
        "Sample Association 100 Sample Street EIN 00-0000000 Invoice"
    )
    for part in (
        "Number INV-2030-0001",
        "Date May 1, 2030",
        "Due May 31, 2030",
        "Purchase order PO 7",
        "Registered Ada Sample",
        "To Town of Sample Finance Room 2",
        "Sharing dispatch May 11, 2030 USD 49.00",
        "Total USD 49.00",
        "How to pay By check. With the number on it.",
    ):
        assert part in words


def test_an_invoice_without_an_organization_is_written_to_the_person() -> None:
    words = words_of(pdf(make_invoice(organization="")))
    assert "To Ada Sample For" in words


def test_a_credit_note_names_the_invoice_that_it_takes_back_and_asks_for_nothing() -> (
    None
):
    note = make_invoice(kind=Kind.CREDIT_NOTE, number="INV-2030-0002", due_on=None)
    words = words_of(pdf(note, credits_number="INV-2030-0001"))
    assert "Credit note Number INV-2030-0002" in words
    assert "Takes back invoice INV-2030-0001" in words
    assert [part for part in ("Due", "How to pay") if part in words] == []


def test_a_screen_reader_finds_the_heading_and_the_headings_of_the_table() -> None:
    found = structure_of(pdf(make_invoice()))
    assert found[0] == "/Document"
    assert found.count("/H1") == 1
    assert found.count("/TH") == 2
    assert "/Table" in found


def test_the_same_invoice_is_the_same_file() -> None:
    assert pdf(make_invoice()) == pdf(make_invoice())


def test_a_vietnamese_name_is_printed_whole() -> None:
    printed = pdf(make_invoice(full_name="Nguyễn Thị Ánh"))
    assert "Registered Nguyễn Thị Ánh" in words_of(printed)
    assert (MISSING in words_of(printed), "/H1" in structure_of(printed)) == (
        False,
        True,
    )


def test_a_name_in_letters_that_no_font_of_ours_has_is_said_to_be_missing() -> None:
    printed = pdf(make_invoice(full_name="李小龍"))
    assert MISSING in words_of(printed)
    assert "Total USD 49.00" in words_of(printed)


@pytest.mark.parametrize(
    "typed", ['#panic("x")', "$x$ *b* _e_ `c` <l> @r", '"; ] } \\ /* // ~ --- ...']
)
def test_what_was_typed_is_printed_as_it_is(typed: str) -> None:
    printed = pdf(make_invoice(full_name=typed, purchase_order=typed, bill_to=typed))
    assert words_of(printed).count(typed) == 3
