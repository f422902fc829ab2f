"""Copies of the database: written by themselves, by hand, and put back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine

from csd_events.core.backup import KEPT, keep_copy
from csd_events.core.db import db, transaction
from csd_events.core.schema import head_revision, is_migrated
from csd_events.events.models import Program
from tests.system.world import build, everything, fill_every_table, leave, with_one_more

FAILING = """
def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer()))
    raise RuntimeError("half way")


def downgrade():
    pass
"""


@pytest.fixture
def app(own_url: str) -> Iterator[Flask]:
    app = build(own_url)
    with app.app_context():
        yield app
        leave()


@pytest.mark.sqlite_only
def test_the_first_migration_of_a_new_database_has_nothing_to_keep(
    app: Flask, tmp_path: Path
) -> None:
    upgrade()
    assert not (tmp_path / "backups").exists()


@pytest.mark.sqlite_only
def test_what_changes_nothing_writes_no_copy(app: Flask, tmp_path: Path) -> None:
    upgrade()
    upgrade()
    assert not (tmp_path / "backups").exists()


@pytest.mark.sqlite_only
def test_a_migration_keeps_the_database_as_it_was_and_says_where(
    app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade()
    fill_every_table()
    before = everything()
    leave()
    downgrade(revision="base")
    leave()
    copy = tmp_path / "backups" / f"{head_revision()}.db"
    assert capsys.readouterr().out == (
        f"Kept a copy of the database as it was: {copy}\n"
    )
    assert copy.stat().st_mode & 0o777 == 0o600
    copy.replace(tmp_path / "own.db")
    for name in ("own.db-wal", "own.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    assert (is_migrated(db.session()), everything()) == (True, before)


@pytest.mark.sqlite_only
def test_a_migration_that_fails_changes_nothing(
    own_url: str, app: Flask, tmp_path: Path
) -> None:
    upgrade()
    fill_every_table()
    before = everything()
    leave()
    later = with_one_more(tmp_path, name="2099_01_01_later", body=FAILING)
    with build(own_url, migrations=later).app_context():
        with pytest.raises(SystemExit):
            upgrade()
        leave()
    assert (is_migrated(db.session()), everything()) == (True, before)


@pytest.mark.sqlite_only
def test_the_last_five_copies_stay(app: Flask, tmp_path: Path) -> None:
    upgrade()
    for number in range(KEPT + 2):
        keep_copy(db.engine, f"step-{number}")
    kept = {path.name for path in (tmp_path / "backups").iterdir()}
    assert kept == {f"step-{number}.db" for number in range(2, KEPT + 2)}


@pytest.mark.sqlite_only
def test_a_copy_by_hand_holds_what_is_saved_while_somebody_writes(
    app: Flask, tmp_path: Path
) -> None:
    upgrade()
    fill_every_table()
    before = everything()
    target = tmp_path / "by-hand.db"
    with transaction() as session:
        session.add(Program(slug="unsaved", name="Unsaved", summary=""))
        session.flush()
        result = app.test_cli_runner().invoke(args=["backup", str(target)])
    size = f"{target.stat().st_size:,}"
    assert result.output == f"Wrote {target} ({size} bytes).\n"
    leave()
    with build(f"sqlite:///{target}").app_context():
        assert everything() == before
        leave()


@pytest.mark.sqlite_only
def test_a_copy_by_hand_says_that_uploaded_files_are_apart(
    app: Flask, tmp_path: Path
) -> None:
    upgrade()
    folder, target = tmp_path / "uploaded", tmp_path / "by-hand.db"
    folder.mkdir()
    app.config["FILES_FOLDER"] = folder
    result = app.test_cli_runner().invoke(args=["backup", str(target)])
    assert result.output.splitlines()[1:] == [
        f"Uploaded files are not in it: copy {folder} too."
    ]


@pytest.mark.sqlite_only
def test_a_copy_by_hand_is_whole_and_alone(app: Flask, tmp_path: Path) -> None:
    upgrade()
    target = tmp_path / "copies" / "one.db"
    target.parent.mkdir()
    app.test_cli_runner().invoke(args=["backup", str(target)])
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert [path.name for path in target.parent.iterdir()] == ["one.db"]


@pytest.mark.sqlite_only
def test_a_file_that_is_there_is_not_written_over(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "precious.db"
    target.write_text("precious")
    result = app.test_cli_runner().invoke(args=["backup", str(target)])
    assert (result.exit_code, result.output, target.read_text()) == (
        1,
        f"Error: {target} is there already; nothing was written.\n",
        "precious",
    )


@pytest.mark.sqlite_only
def test_a_folder_that_is_missing_is_named(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "missing" / "one.db"
    result = app.test_cli_runner().invoke(args=["backup", str(target)])
    assert (result.exit_code, result.output) == (
        1,
        f"Error: {target} could not be written: No such file or directory\n",
    )


@pytest.mark.postgres_only
def test_postgresql_has_a_program_of_its_own_for_copies(
    app: Flask, tmp_path: Path
) -> None:
    target = tmp_path / "by-hand.dump"
    result = app.test_cli_runner().invoke(args=["backup", str(target)])
    assert (result.exit_code, result.output) == (
        1,
        "Error: This copies SQLite only. For PostgreSQL: "
        f"pg_dump --format=custom --file={target} {db.engine.url.database}\n",
    )


@pytest.mark.postgres_only
def test_postgresql_migrates_without_a_copy(own_url: str) -> None:
    engine = create_engine(own_url)
    assert keep_copy(engine, "any") is None
    engine.dispose()
