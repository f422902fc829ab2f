"""Links that nobody can guess, each for one purpose."""

import re
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.core.tokens import (
    TOKEN_CHARACTERS,
    Links,
    Purpose,
    new_reference,
    row_id,
)

LINKS = Links(["a secret"])
ids = st.integers(1, 2**63 - 1)
versions = st.integers(1, 2**31)


@given(ids, versions, st.sampled_from(Purpose))
def test_a_link_opens_its_row_for_its_purpose_and_version(
    number: int, version: int, purpose: Purpose
) -> None:
    token = LINKS.token(purpose, number, version)
    opens = {
        (each, at): LINKS.matches(token, each, at)
        for each in Purpose
        for at in (version - 1, version, version + 1)
    }
    assert (len(token), row_id(token)) == (TOKEN_CHARACTERS, number)
    assert [key for key, yes in opens.items() if yes] == [(purpose, version)]


@given(ids, st.integers(0, 31), st.sampled_from("ABCabc019-_"))
def test_a_link_with_one_character_changed_opens_nothing(
    number: int, place: int, other: str
) -> None:
    token = LINKS.token(Purpose.JOIN, number, 1)
    changed = token[:place] + other + token[place + 1 :]
    assert LINKS.matches(changed, Purpose.JOIN, 1) == (changed == token)


def test_links_of_an_older_key_still_open_and_new_ones_use_the_new_key() -> None:
    old, new = Links(["old"]), Links([b"new", "old"])
    before = old.token(Purpose.JOIN, 7, 1)
    after = new.token(Purpose.JOIN, 7, 1)
    assert new.matches(before, Purpose.JOIN, 1)
    assert new.matches(after, Purpose.JOIN, 1)
    assert not old.matches(after, Purpose.JOIN, 1)
    assert not Links(["other"]).matches(before, Purpose.JOIN, 1)


@given(st.text(max_size=40) | st.text("AZaz09-_!+/= \n", min_size=32, max_size=32))
def test_what_is_no_link_of_ours_opens_nothing_and_breaks_nothing(typed: str) -> None:
    assert row_id(typed) is None or re.fullmatch(r"[\w-]{32}", typed, re.ASCII)
    assert not any(LINKS.matches(typed, purpose, 1) for purpose in Purpose)


@pytest.mark.parametrize(
    "typed", ["!" * 32, "AAAAAAAA" + "!" * 24, "A" * 28 + "====", "A" * 31 + "\n"]
)
def test_a_link_with_strange_characters_is_of_no_row(typed: str) -> None:
    assert row_id(typed) is None
    assert not LINKS.matches(typed, Purpose.JOIN, 1)


def test_a_row_beyond_what_a_database_counts_to_is_no_row() -> None:
    token = urlsafe_b64encode(b"\xff" * 24).decode()
    assert row_id(token) is None
    assert row_id(urlsafe_b64encode(b"\x7f" + b"\xff" * 23).decode()) == 2**63 - 1


def test_a_reference_is_easy_to_say() -> None:
    letters = "[ABCDEFGHJKLMNPQRSTUVWXYZ23456789]"
    drawn = {new_reference() for _ in range(200)}
    assert [
        r for r in drawn if not re.fullmatch(f"CSD-{letters}{{4}}-{letters}{{4}}", r)
    ] == []
    assert len(drawn) == 200
