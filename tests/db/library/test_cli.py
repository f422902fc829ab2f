"""``flask library import``."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.library.cli import library_cli
from csd_events.library.models import CaseStudy, LibraryEntry
from csd_events.library.service import built_in_document


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(built_in_document()), encoding="utf-8")
    return path


def run(app: Flask, *words: str | Path) -> Result:
    return app.test_cli_runner().invoke(library_cli, ["import", *map(str, words)])


def stored(session: Session) -> int:
    return session.scalars(select(func.count(CaseStudy.id))).one()


def test_a_file_is_taken_in_and_the_command_says_what_became_of_it(
    app: Flask, session: Session, file: Path
) -> None:
    said = run(app, file)
    assert (said.exit_code, said.stderr) == (0, "96 of 96 entries read\n")
    assert said.stdout == (
        "Sources: 71 added, 0 changed, 0 unchanged\n"
        "Case studies: 44 added, 0 changed, 0 unchanged\n"
        "Bibliography: 52 added, 0 changed, 0 unchanged\n"
    )
    assert stored(session) == 44


def test_a_dry_run_says_the_same_and_saves_nothing(
    app: Flask, session: Session, file: Path
) -> None:
    said = run(app, file, "--dry-run")
    assert said.exit_code == 0
    assert said.stdout == (
        "Sources: 71 added, 0 changed, 0 unchanged\n"
        "Case studies: 44 added, 0 changed, 0 unchanged\n"
        "Bibliography: 52 added, 0 changed, 0 unchanged\n"
        "Tried only: nothing was saved.\n"
    )
    assert stored(session) == 0


def test_a_file_with_mistakes_is_refused_line_by_line(
    app: Flask, session: Session, file: Path
) -> None:
    document = built_in_document()
    document["case_studies"][1]["form"] = "a handshake"
    document["case_studies"][2]["sources"] = ["hearsay"]
    file.write_text(json.dumps(document), encoding="utf-8")
    said = run(app, file)
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr.splitlines() == [
        "case study 2 (north-coast-fire): form must be one of "
        "public_public_horizontal, public_public_vertical, "
        "consolidation_regionalization, public_private, public_nonprofit",
        "case study 3 (central-county-fire): source hearsay is not known",
        f"Error: {file}: nothing imported, problems found: 2",
    ]
    assert stored(session) == 0


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_json_is_refused_in_one_line(
    app: Flask, file: Path, content: bytes
) -> None:
    file.write_bytes(content)
    said = run(app, file)
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr.startswith(f"Error: {file}: not readable as JSON: ")
    assert len(said.stderr.splitlines()) == 1


def test_what_is_searched_is_written_anew_and_the_command_says_how_much(
    app: Flask, session: Session, file: Path
) -> None:
    run(app, file)
    for _again in range(2):
        said = app.test_cli_runner().invoke(library_cli, ["reindex"])
        number = session.scalars(select(func.count(LibraryEntry.id))).one()
        session.rollback()
        assert (said.exit_code, said.stderr) == (
            0,
            f"{number} of {number} entries read\n",
        )
        assert said.stdout == f"{number} entries can be found.\n"
    assert number > 44 + 52
