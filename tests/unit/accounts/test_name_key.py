"""What lists of people are sorted and searched by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.accounts.rules import name_key
from csd_events.core.text import KEY_LENGTH


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Nguyễn Thị Ánh", "nguyen thi anh"),
        ("Mary-Jane O'Dell", "mary jane o dell"),
        ("O\N{RIGHT SINGLE QUOTATION MARK}Dell", "o dell"),
        ("李小龍", "李小龍"),
        ("STRASSE Straße", "strasse strasse"),
        ("", ""),
    ],
)
def test_a_key_has_no_accents_no_case_and_a_space_before_every_part(
    name: str, key: str
) -> None:
    assert name_key(name) == key


@given(st.text(max_size=300))
def test_a_key_of_a_key_is_that_key_and_fits_an_index(name: str) -> None:
    key = name_key(name)
    assert (name_key(key) == key or len(key) == KEY_LENGTH, len(key) <= KEY_LENGTH) == (
        True,
        True,
    )
