"""A part of the library as a table."""

from typing import Any

import pytest

from csd_events.core.text import inert
from csd_events.library.rules.document import check_document
from csd_events.library.rules.records import CASE_SHAPES
from csd_events.library.rules.sheets import cell_of, read_sheet
from csd_events.library.service import built_in_document


def as_table(rows: list[dict[str, Any]], names: list[str]) -> list[tuple[int, Any]]:
    return [
        (number, [inert(cell_of(row.get(name))) for name in names])
        for number, row in enumerate(rows, 2)
    ]


def test_every_case_study_comes_out_of_its_table_as_it_went_in() -> None:
    document = built_in_document()
    names = [*CASE_SHAPES]
    read, problems = read_sheet(names, as_table(document["case_studies"], names))
    given, wrong = check_document(
        {**read, "sources": document["sources"]}, known_sources=(), known_cases=()
    )
    wanted, _ = check_document(document, known_sources=(), known_cases=())
    assert (problems, wrong, given.cases) == ([], [], wanted.cases)


def test_what_a_spreadsheet_takes_for_a_formula_comes_back_without_its_mark() -> None:
    row = [("s1", "=SUM(A1)", "https://example.org", "whole page")]
    lines = [(2, [inert(cell) for cell in row[0]])]
    read, problems = read_sheet(["id", "title", "address", "read"], lines)
    assert (read["sources"]["s1"]["title"], problems) == ("=SUM(A1)", [])


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        (["name", "town"], "line 1: the headings are neither those of case studies"),
        (["slug", "files"], "line 1: publications are not taken in from a file"),
        (["id", "read", "mood"], "line 1: mood is not a known field"),
        (["id", "read", "id"], "line 1: id stands there twice"),
        (["id", "read", ""], "line 1: an empty heading is not a known field"),
    ],
)
def test_headings_that_are_not_known_are_named(headings: list[str], words: str) -> None:
    document, problems = read_sheet(headings, [(2, ["x"] * len(headings))])
    assert (document, len(problems)) == ({}, 1)
    assert problems[0].startswith(words)


def test_a_problem_names_the_line_of_the_file() -> None:
    names = ["id", "title", "facts", "year_started", "vendor_is_underwriter"]
    read, _ = read_sheet(names, [(7, ["a-case", "", "One.\nTwo.", "soon", "perhaps"])])
    _found, problems = check_document(read, known_sources=(), known_cases=())
    assert "line 7 (a-case): title must be a line of text" in problems
    assert "line 7 (a-case): year_started must be a year, or null" in problems
    assert "line 7 (a-case): vendor_is_underwriter must be true or false" in problems
    assert "line 7 (a-case): sources is missing" in problems


def test_sources_of_a_table_have_an_id_each_of_their_own() -> None:
    lines = [(n, [name, "T", "https://example.org", "all"]) for n, name in
             ((2, "one"), (3, ""), (4, "one"))]  # fmt: skip
    _, problems = read_sheet(["id", "title", "address", "read"], lines)
    assert problems == ["line 3: id is missing", "line 4: this id was used before"]
