"""``flask organizations import``: progress, problems, trying only."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.organizations import cli
from csd_events.organizations.models import ImportRun, Organization
from tests.importing import WHOLE, lines_of

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture(autouse=True)
def _emptied(session: Session) -> Iterator[None]:
    yield
    session.rollback()


def run(app: Flask, folder: Path, content: str, *options: str) -> Result:
    file = folder / "members.csv"
    file.write_text(content, encoding="utf-8")
    runner = app.test_cli_runner()
    return runner.invoke(args=["organizations", "import", str(file), *options])


def names(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Organization.name).order_by(Organization.id)))


def test_a_file_is_imported_with_progress_and_the_second_time_nothing_changes(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    first, second = (run(app, tmp_path, WHOLE) for _ in range(2))
    assert (first.exit_code, first.stdout.splitlines()) == (
        0,
        ["New: 4, Changed: 0, Unchanged: 0, Problem: 0", "Saved."],
    )
    assert "4 of 4 compared" in first.stderr
    assert "8 of 8 written" in first.stderr
    assert second.stdout.splitlines()[0] == (
        "New: 0, Changed: 0, Unchanged: 4, Problem: 0"
    )
    assert names(session) == ["Sample County", "City of Sample"]


def test_trying_only_saves_nothing(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    result = run(app, tmp_path, WHOLE, "--dry-run")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "New: 4, Changed: 0, Unchanged: 0, Problem: 0",
            "Tried only: nothing was saved.",
        ],
    )
    assert names(session) == []
    assert session.scalars(select(ImportRun.id)).all() == []


def test_lines_left_out_are_named_and_the_command_does_not_end_well(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    content = lines_of("City of X,,,NC,,,,,,,,,,,", "City of Y,,,Atlantis,,,,,,,,,,,")
    result = run(app, tmp_path, content)
    assert (result.exit_code, names(session)) == (1, ["City of X"])
    assert result.stderr.splitlines()[-1].endswith("members.csv: lines left out: 1")
    words = "Line 3: “Atlantis” is no state. Write its name or its two letters."
    assert words in result.stderr.splitlines()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "This file is empty. Its first line names the columns."),
        (
            "Shoe size\n44\n",
            "no column is called Organization or Email, so nothing was taken.",
        ),
    ],
)
def test_a_file_that_is_no_use_is_refused_with_one_line(
    app: Flask, session: Session, tmp_path: Path, content: str, words: str
) -> None:
    result = run(app, tmp_path, content)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        1,
        f"Error: {tmp_path / 'members.csv'}: {words}",
    )
    assert session.scalars(select(ImportRun.id)).all() == []


def test_who_interrupts_the_comparing_leaves_nothing(
    app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_run_id: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_work", interrupted)
    result = run(app, tmp_path, WHOLE)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        1,
        "Error: Interrupted: nothing was changed.",
    )
    assert session.scalars(select(ImportRun.id)).all() == []
