"""Codes of groups: what people type, and what is drawn for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.worksheets.rules import (
    CODE_LENGTH,
    CODE_LETTERS,
    new_code,
    read_code,
    shown_code,
)

CODES = st.text(CODE_LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


def test_a_code_has_no_vowel_and_nothing_that_is_mistaken_for_another() -> None:
    assert not set(CODE_LETTERS) & set("AEIOUY0123456789")
    assert CODE_LETTERS.isupper()
    assert len(set(CODE_LETTERS)) == 20


@given(CODES)
def test_a_code_is_read_as_it_is_shown_in_any_case_and_spacing(code: str) -> None:
    for typed in (
        code,
        shown_code(code),
        code.lower(),
        f" {code[:2]}-{code[2:]} ",
        " ".join(code),
    ):
        assert read_code(typed) == code


@pytest.mark.parametrize(
    "typed", ["", "BCDFG", "BCDFGHJ", "BCDFGA", "BCDFG1", "ßCDFGH"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_each_letter_of_a_code_is_drawn() -> None:
    drawn = iter("BCDFGH")
    assert new_code(lambda letters: next(drawn) if letters else "") == "BCDFGH"
