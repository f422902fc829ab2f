"""What the cells of a file of people say, and why a line is left out."""

import pytest

from csd_events.events.rules import Answer, Question, QuestionKind
from csd_events.imports.rules import Flaws, Outcome
from csd_events.registrations.rules import FlawError, LineFlaw
from csd_events.registrations.rules.importing import (
    COLUMNS,
    LONGEST_ANSWER,
    LONGEST_NAME,
    FileLine,
    ImportKind,
    guess_file_columns,
    read_answer,
    read_file_line,
)
from csd_events.registrations.words import FILE_COLUMN_WORDS, line_words


def question(kind: QuestionKind, *choices: str) -> Question:
    return Question(
        id=1, kind=kind, label="Lunch", help="", choices=choices, required=False
    )


def flaw_of(cells: list[str], columns: dict[str, int]) -> str:
    flaws = Flaws()
    read_file_line(cells, columns, [], flaws)
    return str(flaws.all())


@pytest.mark.parametrize(
    ("kind", "cell", "answer"),
    [
        (QuestionKind.SHORT, " two\u00a0 words ", "two words"),
        (QuestionKind.LONG, "one\ntwo", "one\ntwo"),
        (QuestionKind.NUMBER, "12", 12),
        (QuestionKind.ONE, "SOUP", "Soup"),
        (QuestionKind.SEVERAL, "soup; Salad;", ["Soup", "Salad"]),
        (QuestionKind.YES_NO, "Yes", True),
        (QuestionKind.YES_NO, "n", False),
        (QuestionKind.CONSENT, "x", True),
        (QuestionKind.CONSENT, "no", None),
        (QuestionKind.SHORT, "  ", None),
    ],
)
def test_a_cell_answers_a_question_in_the_way_it_is_asked(
    kind: QuestionKind, cell: str, answer: Answer | None
) -> None:
    assert read_answer(question(kind, "Soup", "Salad"), cell) == answer


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (QuestionKind.NUMBER, "a dozen"),
        (QuestionKind.ONE, "Stew"),
        (QuestionKind.SEVERAL, "Soup; Stew"),
        (QuestionKind.SEVERAL, ";"),
        (QuestionKind.YES_NO, "perhaps"),
        (QuestionKind.CONSENT, "perhaps"),
    ],
)
def test_what_a_question_does_not_take_leaves_the_line_out_and_is_named(
    kind: QuestionKind, cell: str
) -> None:
    with pytest.raises(FlawError) as raised:
        read_answer(question(kind, "Soup", "Salad"), cell)
    assert raised.value.facts == {"flaw": "answer", "value": f"Lunch: {cell}"}


def test_an_answer_without_an_end_is_too_long() -> None:
    with pytest.raises(FlawError) as raised:
        read_answer(question(QuestionKind.LONG), "x" * (LONGEST_ANSWER + 1))
    assert str(raised.value) == LineFlaw.TOO_LONG


@pytest.mark.parametrize(
    ("standing", "flaw"), [("Canceled", "cancelled"), ("who knows", "standing")]
)
def test_who_cancelled_or_stands_somehow_else_is_left_out(
    standing: str, flaw: str
) -> None:
    columns = {"full_name": 0, "standing": 1}
    assert flaw_of(["Ada Sample", standing], columns) == flaw


def test_a_name_is_asked_for_and_has_an_end() -> None:
    assert flaw_of([""], {"full_name": 0}) == "no_name"
    assert flaw_of(["x" * (LONGEST_NAME + 1)], {"full_name": 0}) == "too_long"


def test_a_line_is_read_by_its_columns_and_a_short_one_to_its_end() -> None:
    columns = {"first_name": 0, "last_name": 1, "standing": 2, "email": 9}
    flaws = Flaws()
    line = read_file_line(["Ada", "Sample", "Waiting list"], columns, [], flaws)
    assert (line, bool(flaws)) == (FileLine(full_name="Ada Sample", waits=True), False)


def test_what_is_not_used_need_not_be_readable() -> None:
    columns = {"full_name": 0, "first_name": 1, "question-99": 2}
    flaws = Flaws()
    line = read_file_line(["Ada Sample", "#N/A", "\ufffd"], columns, [], flaws)
    assert (line, bool(flaws)) == (FileLine(full_name="Ada Sample"), False)


@pytest.mark.parametrize("kind", ImportKind)
def test_a_column_is_known_by_what_our_own_pages_call_it(kind: ImportKind) -> None:
    headings = [str(FILE_COLUMN_WORDS[each]) for each in COLUMNS[kind]]
    places = {each.value: place for place, each in enumerate(COLUMNS[kind])}
    assert guess_file_columns(headings, kind) == places


def test_all_that_is_wrong_with_a_line_is_told_at_once() -> None:
    columns = {"full_name": 0, "standing": 1, "telephone": 2, "question-1": 3}
    cells = ["", "who knows", "1" * (LONGEST_NAME + 1), "a dozen"]
    flaws = Flaws()
    read_file_line(cells, columns, [question(QuestionKind.NUMBER)], flaws)
    assert line_words(Outcome.PROBLEM, flaws.all().facts) == (
        "“who knows” is neither confirmed nor waiting; "
        "The question does not take this: Lunch: a dozen; "
        f"This is too long: {'1' * 60}; There is no name"
    )


def test_what_cannot_be_read_is_told_once_and_not_said_to_be_missing() -> None:
    columns = {"full_name": 0, "organization": 1, "email": 2, "standing": 3}
    cells = ["Ad\ufffd", "Town of S\ufffdmple", "#N/A", "who knows"]
    flaws = Flaws()
    assert read_file_line(cells, columns, [], flaws) is None
    assert line_words(Outcome.PROBLEM, flaws.all().facts) == (
        "“who knows” is neither confirmed nor waiting; "
        "A character on this line cannot be read; "
        "#N/A: the spreadsheet's formula finds nothing"
    )
