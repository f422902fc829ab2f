"""``flask matching explain``."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from csd_events.core.db import Base
from csd_events.library.service import built_in_document, import_cases
from csd_events.matching.cli import matching_cli

EXAMPLES_FILE = Path(__file__).parents[2] / "unit" / "matching" / "examples.json"
EXAMPLES = json.loads(EXAMPLES_FILE.read_text("utf-8"))
EXPECTED = [{"result": one["result"], "note": one["note"]} for one in EXAMPLES]


def run(app: Flask, file: Path) -> Result:
    return app.test_cli_runner().invoke(matching_cli, ["explain", str(file)])


def explained(app: Flask, file: Path) -> Any:
    said = run(app, file)
    assert (said.exit_code, said.stderr) == (0, "")
    return json.loads(said.stdout)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "profile.json"


def test_a_list_gives_a_list_as_the_catalogue_has_it(
    app: Flask, session: Session, now: object
) -> None:
    import_cases(session, built_in_document())
    session.commit()
    assert json.dumps(explained(app, EXAMPLES_FILE)) == json.dumps(EXPECTED)


def test_one_gives_one(app: Flask, session: Session, now: object, file: Path) -> None:
    file.write_text(json.dumps(EXAMPLES[3]), encoding="utf-8")
    assert explained(app, file) == EXPECTED[3]


@pytest.mark.parametrize("tables", ["empty", "not there"])
def test_an_empty_install_answers_from_the_cases_the_program_brings(
    app: Flask, session: Session, now: object, tables: str
) -> None:
    if tables == "not there":
        Base.metadata.drop_all(session.get_bind())
    try:
        assert explained(app, EXAMPLES_FILE) == EXPECTED
    finally:
        Base.metadata.create_all(session.get_bind())


def test_cases_of_the_database_come_before_those_of_the_program(
    app: Flask, session: Session, now: object, file: Path
) -> None:
    document = built_in_document()
    document["case_studies"] = document["case_studies"][:1]
    import_cases(session, document)
    session.commit()
    file.write_text('{"profile": {"areas": ["fire_ems"]}}', encoding="utf-8")
    answer = explained(app, file)
    assert [one["case"] for one in answer["result"]] == ["heartland-fire"]


@pytest.mark.parametrize("content", ["{}", '{"profile": null, "session": {}}'])
def test_whatever_is_missing_or_null_is_not_given(
    app: Flask, session: Session, now: object, file: Path, content: str
) -> None:
    file.write_text(content, encoding="utf-8")
    assert explained(app, file) == EXPECTED[4]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("7", "must be an object with a profile and a session"),
        ('{"areas": ["fire_ems"]}', "holds neither a profile nor a session"),
        ('{"profile": []}', "profile must be an object or null"),
        ('{"session": "x"}', "session must be an object or null"),
        ('{"profile": {"cls": 5}}', "cls must be text or null"),
        ('{"profile": {"areas": "police"}}', "areas must be a list of texts or null"),
        ('{"session": {"pinned": [1]}}', "pinned must be a list of texts or null"),
    ],
)
def test_a_wrong_shape_is_said_on_standard_error(
    app: Flask, session: Session, file: Path, content: str, complaint: str
) -> None:
    file.write_text(content, encoding="utf-8")
    said = run(app, file)
    assert (said.exit_code, said.stdout) == (2, "")
    assert said.stderr.splitlines()[-1] == f"Error: {file}: {complaint}"
    file.write_text(f'[{{"profile": {{}}}}, {content}]', encoding="utf-8")
    said = run(app, file)
    assert (said.exit_code, said.stdout) == (2, "")
    assert said.stderr.splitlines()[-1] == f"Error: {file}, number 2: {complaint}"


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b"9" * 5_000])
def test_what_is_no_json_is_refused(app: Flask, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    said = run(app, file)
    assert (said.exit_code, said.stdout) == (2, "")
    assert f"Error: {file}: not readable as JSON: " in said.stderr


def test_a_file_there_is_not_is_said_in_one_line(app: Flask, file: Path) -> None:
    said = run(app, file)
    assert (said.exit_code, said.stdout) == (2, "")
    (*_usage, line) = said.stderr.splitlines()
    assert (
        line
        == f"Error: Invalid value for 'PROFILE.json': File '{file}' does not exist."
    )
