"""Columns known by their headings, and lines as they are understood."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.imports.rules import Flaws
from csd_events.organizations.rules import (
    Column,
    Line,
    LineError,
    guess_columns,
    read_day,
    read_line,
)
from csd_events.organizations.words import COLUMN_WORDS, problem_words

ALL = dict(enumerate(Column))


def problem(**cells: str) -> str:
    values = [cells.get(column.name.lower(), "") for column in Column]
    with pytest.raises(LineError) as refused:
        understood(values, ALL)
    return str(refused.value.facts["problem"])


def read(**cells: str) -> Line:
    return understood([cells.get(c.name.lower(), "") for c in Column], ALL)


def understood(cells: list[str], columns: dict[int, Column]) -> Line:
    flaws = Flaws()
    line = read_line(cells, columns, flaws)
    if line is None or flaws:
        raise flaws.all()
    return line


def test_columns_are_known_in_several_spellings() -> None:
    headings = ["Agency", "ST", "Member No.", "E-mail", "Name", "Job title", "Shoe"]
    assert guess_columns(headings) == {
        0: Column.NAME,
        1: Column.STATE,
        2: Column.NUMBER,
        3: Column.EMAIL,
        4: Column.FULL_NAME,
        5: Column.POSITION,
    }


def test_a_column_is_known_by_what_our_own_pages_call_it() -> None:
    headings = [str(COLUMN_WORDS[column]) for column in Column]
    assert guess_columns(headings) == ALL


def test_a_column_is_guessed_once() -> None:
    assert guess_columns(["Organization", "Organization Name", "Email", "Email"]) == {
        0: Column.NAME,
        2: Column.EMAIL,
    }


@given(st.lists(st.text(max_size=20), max_size=30))
def test_any_headings_have_a_guess_without_doubles(headings: list[str]) -> None:
    found = guess_columns(headings)
    assert len(set(found.values())) == len(found)
    assert set(found) <= set(range(len(headings)))


def test_a_line_is_understood() -> None:
    assert read(
        name=" City of  X ",
        kind="City",
        state="ohio",
        population="4,300",
        member_from="1/31/2030",
        member_until="2030-12-31T00:00:00",
        email="a@example.org",
        contact="Yes",
    ) == Line(
        name="City of X",
        kind="city",
        state="OH",
        population="2.5k-10k",
        member_from=date(2030, 1, 31),
        member_until=date(2030, 12, 31),
        email="a@example.org",
        contact=True,
    )


def test_a_line_may_be_shorter_than_its_columns() -> None:
    assert understood(["City of X"], ALL) == Line(name="City of X")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, "nothing"),
        ({"name": "a\x00b"}, "unreadable"),
        ({"name": "#N/A"}, "formula"),
        ({"email": "#REF!"}, "formula"),
        ({"from": "Err:502"}, "formula"),
        ({"name": "a\N{REPLACEMENT CHARACTER}b"}, "unreadable"),
        ({"name": "x" * 201}, "too_long"),
        ({"name": "X", "kind": "castle"}, "kind"),
        ({"name": "X", "state": "castle"}, "state"),
        ({"name": "X", "population": "castle"}, "population"),
        ({"name": "X", "member_from": "31/12/2030"}, "day"),
        ({"name": "X", "email": "a@b.org", "contact": "castle"}, "yes_or_no"),
        ({"name": "X", "full_name": "Ada"}, "no_email"),
        ({"name": "X", "contact": "no"}, "no_email"),
        ({"name": "X", "until": "2030-01-01"}, "no_email"),
        ({"parent": "X"}, "no_organization"),
        ({"email": "a@example.org", "position": "Clerk"}, "no_organization"),
        ({"kind": "city"}, "no_organization"),
        ({"member_from": "2030-01-01"}, "no_organization"),
        ({"name": "X", "membership_type": "Gold"}, "member_from_missing"),
        (
            {"name": "X", "member_from": "2030-01-02", "member_until": "2030-01-01"},
            "ends_first",
        ),
        (
            {
                "name": "X",
                "email": "a@example.org",
                "from": "2030-01-02",
                "until": "2030-01-01",
            },
            "ends_first",
        ),
    ],
)
def test_a_line_that_makes_no_sense_says_why(
    cells: dict[str, str], expected: str
) -> None:
    assert problem(**cells) == expected


def test_a_contact_is_a_yes_or_a_no() -> None:
    said = {
        words: read(name="X", email="a@example.org", contact=words).contact
        for words in ("YES", "x", "1", "No", "false", "")
    }
    assert said == {
        "YES": True,
        "x": True,
        "1": True,
        "No": False,
        "false": False,
        "": None,
    }


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_days_are_read_in_two_ways(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day.month}/{day.day}/{day.year}") == day


@pytest.mark.parametrize("written", ["2030-02-30", "1899-12-31", "2200-01-01", "x"])
def test_what_is_no_day_is_none(written: str) -> None:
    assert read_day(written) is None


def test_all_that_is_wrong_with_a_line_is_told_at_once() -> None:
    """A day that is none is not said to be missing as well."""
    cells = {"name": "City of X", "state": "Narnia", "email": "ada@example.org"}
    days = {"member_from": "soon", "member_until": "2026-12-31"}
    with pytest.raises(LineError) as refused:
        read(**cells, **days, contact="perhaps")
    assert problem_words(refused.value.facts) == (
        "“Narnia” is no state. Write its name or its two letters. "
        "“soon” in “Member from” is no date. Write it as 2026-10-31 or 10/31/2026. "
        "“perhaps” in “Contact (yes or no)” is neither yes nor no."
    )


def test_what_is_missing_and_what_is_too_long_is_told_with_the_rest() -> None:
    """A state that is none still speaks of an organization."""
    with pytest.raises(LineError) as refused:
        read(position="x" * 201, state="Narnia", member_until="2026-12-31")
    assert problem_words(refused.value.facts) == (
        "“Narnia” is no state. Write its name or its two letters. "
        "“Position” is longer than 200 characters. "
        "The line speaks of a person, but has no email address. "
        "The line names no organization. "
        "The line speaks of a membership. Say from which day: “Member from” is empty."
    )


def test_what_cannot_be_read_is_told_alone() -> None:
    with pytest.raises(LineError) as refused:
        read(name="City of \ufffd", state="#N/A", kind="castle")
    facts = refused.value.facts
    told = [each["problem"] for each in (facts, *facts["more"])]
    assert told == ["unreadable", "formula"]
