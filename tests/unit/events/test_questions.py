"""What staff may ask, and what is an answer to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.events.rules import (
    Problem,
    QuestionDraft,
    QuestionKind,
    question_problem,
    read_choices,
    read_number,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12),
        (" 1,200 ", 1200),
        ("2.5", 2.5),
        ("-3", -3),
        ("\N{MINUS SIGN}0.25", -0.25),
        ("1,250,000.5", 1250000.5),
        ("0", 0),
        ("12.0", 12),
        ("", None),
        ("about 12", None),
        ("1,20", None),
        ("1e3", None),
        ("nan", None),
        ("٣", None),
        ("1.23456", None),
        ("-", None),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: float | None) -> None:
    assert read_number(typed) == number


@given(st.integers(-(10**9), 10**9))
def test_every_whole_number_is_read_as_itself(number: int) -> None:
    assert (read_number(str(number)), read_number(f"{number:,}")) == (number, number)


@given(st.text())
def test_whatever_is_typed_is_a_number_or_none(typed: str) -> None:
    found = read_number(typed)
    assert found is None or isinstance(found, int | float)


def test_choices_stand_one_a_line_each_once() -> None:
    assert read_choices(" Yes \n\nNo\nYes\r\n  \nPerhaps") == ("Yes", "No", "Perhaps")


def _draft(kind: QuestionKind, *choices: str) -> QuestionDraft:
    return QuestionDraft(kind=kind, label="Which?", choices=choices)


@pytest.mark.parametrize(
    ("draft", "was", "problem"),
    [
        (_draft(QuestionKind.SHORT), None, None),
        (_draft(QuestionKind.ONE, "a", "b"), None, None),
        (_draft(QuestionKind.ONE, "a"), None, Problem.TOO_FEW_CHOICES),
        (_draft(QuestionKind.SEVERAL), None, Problem.TOO_FEW_CHOICES),
        (_draft(QuestionKind.ONE, "a", "b"), QuestionKind.ONE, None),
        (_draft(QuestionKind.ONE), QuestionKind.SHORT, Problem.KIND_ANSWERED),
    ],
)
def test_a_question_has_choices_and_keeps_its_kind_once_answered(
    draft: QuestionDraft, was: QuestionKind | None, problem: Problem | None
) -> None:
    assert question_problem(draft, was) == problem
