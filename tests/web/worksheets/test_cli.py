"""``flask worksheets``, as an operator and a script use it."""

import json
from pathlib import Path

import pytest
from flask import Flask

from csd_events.worksheets.service.instruments import CURRENT, FOLDER

ONE = {"answers": dict.fromkeys(["S1", "S2", "S3", "S4", "S5"], 3)}


def test_score_prints_what_a_file_comes_to(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ONE))
    ran = app.test_cli_runner().invoke(args=["worksheets", "score", str(path)])
    printed = json.loads(ran.stdout)
    assert ran.exit_code == 0
    assert list(printed) == [
        "service_score", "service_band", "community_score", "community_band", "forms",
    ]  # fmt: skip
    assert (printed["service_score"], printed["service_band"]) == (21.0, "favorable")
    assert (printed["community_score"], printed["community_band"]) == (None, None)


def test_score_answers_a_list_with_a_list(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps([ONE, {"answers": {}}]))
    ran = app.test_cli_runner().invoke(args=["worksheets", "score", str(path)])
    assert [each["service_score"] for each in json.loads(ran.stdout)] == [21.0, None]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not readable as JSON"),
        ('{"answers": {"S1": 9}}', "S1 must be 1, 2, 3 or null"),
        ('[{"answers": {}}, {"answers": {"S1": 9}}]', "number 2: S1 must be"),
    ],
)
def test_score_ends_with_2_and_one_line_where_it_cannot(
    app: Flask, tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "answers.json"
    path.write_text(content)
    ran = app.test_cli_runner().invoke(args=["worksheets", "score", str(path)])
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert words in ran.stderr


def test_check_says_that_an_instrument_is_in_order(app: Flask) -> None:
    path = FOLDER / f"{CURRENT}.json"
    ran = app.test_cli_runner().invoke(args=["worksheets", "check", str(path)])
    assert ran.exit_code == 0
    assert "is in order: version 2026-1, 14 factors, 5 forms" in ran.stdout


def test_check_says_each_mistake(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "tool.json"
    path.write_text('{"name": "A tool"}')
    ran = app.test_cli_runner().invoke(args=["worksheets", "check", str(path)])
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "the file: factors must be a list" in ran.stderr.splitlines()
    assert "the file: name must be text" not in ran.stderr
