"""Lines out of a spreadsheet, a list or a mail program become people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.registrations.rules import Pasted, read_pasted

ADA = Pasted("Ada Sample", "ada@example.org")


@pytest.mark.parametrize(
    "line",
    [
        "Ada Sample\tada@example.org",
        "Ada Sample;ada@example.org",
        "Ada Sample, ada@example.org",
        "Ada Sample ada@example.org",
        "Ada Sample <ada@example.org>",
        '"Ada Sample" <ada@example.org>',
        "Ada\tSample\tada@example.org",
        "ada@example.org\tAda Sample",
        "ada@example.org Ada Sample",
        "  Ada Sample \t ada@example.org \r",
    ],
)
def test_name_and_address_are_read_however_they_are_kept_apart(line: str) -> None:
    assert read_pasted(line) == [ADA]


def test_what_follows_the_address_is_the_organization() -> None:
    with_town = Pasted("Ada Sample", "ada@example.org", "Town of Sample")
    assert read_pasted("Ada Sample\tada@example.org\tTown of Sample") == [with_town]
    assert read_pasted("ada@example.org;Ada Sample;Town of Sample") == [with_town]
    assert read_pasted("Ada Sample <ada@example.org>, Town of Sample") == [with_town]


def test_an_address_alone_lacks_its_name_and_a_name_its_address() -> None:
    assert read_pasted("ada@example.org") == [Pasted(email="ada@example.org")]
    assert read_pasted("<ada@example.org>") == [Pasted(email="ada@example.org")]
    assert read_pasted("Ada Sample") == [Pasted(full_name="Ada Sample")]


def test_headings_and_empty_lines_are_nobody() -> None:
    assert read_pasted("Name\tEmail\n\nAda Sample\tada@example.org\n \n") == [ADA]


def test_one_line_of_a_mail_program_holds_several_people() -> None:
    line = "Ada Sample <ada@example.org>; Bo <bo@example.org>, Cy <cy@example.org>"
    assert read_pasted(line) == [
        ADA,
        Pasted("Bo", "bo@example.org"),
        Pasted("Cy", "cy@example.org"),
    ]


names = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1)
addresses = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.org", fullmatch=True)


@given(people=st.lists(st.tuples(names, addresses), max_size=60))
def test_a_sheet_of_two_columns_is_read_whole_and_in_order(
    people: list[tuple[str, str]],
) -> None:
    sheet = "\n".join("\t".join(person) for person in people)
    assert read_pasted(sheet) == [Pasted(*person) for person in people]


@given(text=st.text())
def test_whatever_is_pasted_is_read_without_an_error(text: str) -> None:
    assert all(any((p.full_name, p.email, p.organization)) or p == Pasted()
               for p in read_pasted(text))  # fmt: skip
