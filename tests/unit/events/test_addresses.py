"""Lists of addresses, as people paste them and as spreadsheets write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.accounts.rules import email_key
from csd_events.core.text import decode
from csd_events.events.rules import (
    Fault,
    Unreadable,
    change_of,
    faults_of_days,
    read_addresses,
)

WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
ADDRESSES = st.builds(lambda a, b: f"{a}@{b}.example.org", WORDS, WORDS)
KEYS = st.lists(ADDRESSES, unique=True, max_size=20)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("ada@example.org\nbob@example.org", ["ada@example.org", "bob@example.org"]),
        ("\ufeffada@example.org\r\n\r\n  bob@example.org  ", 2),
        ("Name,Email\nAda,ada@example.org\n", ["ada@example.org"]),
        ("Email;Name\nada@example.org;Ada; Boss bob@example.org", 1),
        ("Email\tName\nada@example.org\tAda", ["ada@example.org"]),
        ("Ada <ada@example.org>; Bob <bob@example.org>", 2),
        ("ada@example.org, bob@example.org", 2),
        ('"Sample, Ada","ada@example.org"', ["ada@example.org"]),
        ("Ada@Example.ORG", ["ada@example.org"]),
        ("ada@bücher.example", ["ada@xn--bcher-kva.example"]),
        ("", []),
        (" \n;;\n", []),
    ],
)
def test_addresses_are_found_as_people_bring_them(
    text: str, keys: list[str] | int
) -> None:
    found = read_addresses(text)
    shown = len(found.keys) if isinstance(keys, int) else list(found.keys)
    assert (shown, found.unreadable) == (keys, ())


def test_a_line_without_an_address_is_named_by_its_number() -> None:
    found = read_addresses("ada@example.org\n\nnobody\nbob@\n" + "x" * 99)
    assert found.unreadable == (
        Unreadable(3, "nobody"),
        Unreadable(4, "bob@"),
        Unreadable(5, "x" * 60),
    )


def test_only_the_first_line_can_be_a_heading_and_not_when_it_stands_alone() -> None:
    assert read_addresses("Email").unreadable == (Unreadable(1, "Email"),)
    assert read_addresses("Email\nname").unreadable == (Unreadable(2, "name"),)


def test_an_address_named_again_counts_once_and_is_reported() -> None:
    found = read_addresses("ada@example.org\nADA@example.org\nada@example.org")
    assert (found.keys, found.repeated) == (("ada@example.org",), 2)


@pytest.mark.parametrize(
    "line", ["a" * 300 + "@example.org", "a@b." + "c" * 300, "x@y.z," * 3_000]
)
def test_what_is_too_long_for_an_address_is_none(line: str) -> None:
    assert read_addresses(line).keys == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_is_read_in_the_encodings_of_spreadsheets(encoding: str) -> None:
    assert decode("José,jose@example.org".encode(encoding)) == "José,jose@example.org"


def test_a_file_that_is_no_text_holds_no_address() -> None:
    assert read_addresses(decode(b"PK\x03\x04\x81\x8d\x00\xff")).keys == ()


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = read_addresses(text)
    assert all("@" in key and len(key) <= 400 for key in found.keys)


@given(KEYS)
def test_a_list_written_out_is_read_back_in_its_order(keys: list[str]) -> None:
    assert read_addresses("\n".join(keys)).keys == tuple(map(email_key, keys))


@given(listed=KEYS, known=KEYS, replace=st.booleans())
def test_a_change_leads_from_what_is_known_to_what_is_wanted(
    *, listed: list[str], known: list[str], replace: bool
) -> None:
    change = change_of(listed, frozenset(known), replace=replace)
    after = (set(known) | set(change.new)) - set(change.gone)
    assert after == (set(listed) if replace else set(known) | set(listed))
    assert change.known == len(set(known) & set(listed))
    assert set(change.new) & set(known) == set()


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-9, 9))
def test_the_last_day_does_not_come_before_the_first(first: date, later: int) -> None:
    found = faults_of_days(first, first + timedelta(days=later))
    assert found == ({"last_on": Fault.DAYS_BACKWARDS} if later < 0 else {})
