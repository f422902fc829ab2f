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
    lines = said.stdout.splitlines()
    assert [*lines[:3], lines[-1]] == [
        "Sources: 71 added, 0 changed, 0 unchanged",
        "Case studies: 44 added, 0 changed, 0 unchanged",
        "Bibliography: 52 added, 0 changed, 0 unchanged",
        "Tried only: nothing was saved.",
    ]
    assert "  new: case study dakota-911" in lines
    assert stored(session) == 0


def test_a_dry_run_names_the_fields_that_change_and_the_lines_that_are_refused(
    app: Flask, session: Session, file: Path
) -> None:
    run(app, file)
    document = built_in_document()
    document["case_studies"][0]["title"] = "Otherwise"
    document["case_studies"][1]["form"] = "a handshake"
    file.write_text(json.dumps(document), encoding="utf-8")
    said = run(app, file, "--dry-run")
    assert (said.exit_code, said.stdout.splitlines()) == (
        1,
        [
            "Sources: 0 added, 0 changed, 71 unchanged",
            "Case studies: 0 added, 1 changed, 42 unchanged",
            "Bibliography: 0 added, 0 changed, 52 unchanged",
            "  changed: case study heartland-fire: title",
        ],
    )
    assert "case study 2 (north-coast-fire): form must be one of" in said.stderr
    assert said.stderr.endswith("nothing imported, problems found: 1\n")
    assert session.get_one(CaseStudy, "heartland-fire").title != "Otherwise"


def export(app: Flask, path: Path) -> Result:
    return app.test_cli_runner().invoke(library_cli, ["export", str(path)])


def test_what_goes_out_comes_in_again_and_changes_nothing(
    app: Flask, session: Session, file: Path, tmp_path: Path
) -> None:
    run(app, file)
    out = tmp_path / "library.json"
    said = export(app, out)
    assert (said.exit_code, list(tmp_path.glob("*.part"))) == (0, [])
    assert said.stdout == f"{out}: {out.stat().st_size:,} bytes\n"
    assert run(app, out).stdout == (
        "Sources: 0 added, 0 changed, 71 unchanged\n"
        "Case studies: 0 added, 0 changed, 44 unchanged\n"
        "Bibliography: 0 added, 0 changed, 52 unchanged\n"
    )
    told, brought = json.loads(out.read_text(encoding="utf-8")), built_in_document()
    by_id = {each["id"]: each for each in told["case_studies"]}
    assert by_id == {each["id"]: each for each in brought["case_studies"]}
    assert told["sources"] == brought["sources"]


def test_a_folder_that_is_not_there_is_said_in_one_line(app: Flask) -> None:
    said = export(app, Path("/nowhere/library.json"))
    assert (said.exit_code, said.stderr) == (
        1,
        "Error: /nowhere/library.json: No such file or directory\n",
    )


def test_a_table_is_taken_in_and_refused_by_its_lines(
    app: Flask, session: Session, file: Path, tmp_path: Path
) -> None:
    run(app, file)
    table = tmp_path / "sources.csv"
    table.write_text(
        "id,title,address,read\n"
        "a-new-one,A page,https://example.org/new,opening\n"
        "another,A page,somewhere,opening\n",
        encoding="utf-8",
    )
    said = run(app, table)
    assert (said.exit_code, said.stderr.splitlines()[0]) == (
        1,
        "line 3 'another': address must be an address that begins with https:// "
        "or http://",
    )
    table.write_text(table.read_text().replace("somewhere", "https://example.org/2"))
    assert run(app, table).stdout.startswith("Sources: 2 added, 0 changed, 0 unch")
    table.write_bytes(b"")
    assert "This file is empty" in run(app, table).stderr


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
