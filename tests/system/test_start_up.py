"""`flask start-up`, which `make run` calls before it serves."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from csd_events.core.db import db, transaction
from csd_events.core.schema import is_migrated
from csd_events.events.models import Event
from csd_events.library.models import LibraryEntry, LibraryState
from tests.system.world import build, leave

SIGN_INS = [
    "Sample sign-ins, all with the password sample password",
    "  member@example.org",
    "  guest-account@example.org",
    "  staff@example.org",
]
WITHOUT_ALEMBIC = (
    "import sys; from wsgi import app; "
    "assert app.test_cli_runner().invoke(args=['start-up']).exit_code == 0; "
    "print([name for name in sys.modules if name.startswith(('alembic', 'flask_mig'))])"
)


@pytest.fixture
def app(own_url: str) -> Iterator[Flask]:
    app = build(own_url)
    with app.app_context():
        yield app
        leave()


def _start(app: Flask) -> list[str]:
    result = app.test_cli_runner().invoke(args=["start-up"])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def _found(session: Session) -> list[str]:
    return sorted(session.scalars(select(LibraryEntry.key)))


def _events() -> int:
    return db.session.scalars(select(func.count()).select_from(Event)).one()


def test_the_first_start_builds_loads_and_says_how_to_sign_in(app: Flask) -> None:
    said = _start(app)
    assert said[:2] == [
        "Bringing the database up to date.",
        "First start: loading the sample program.",
    ]
    assert said[-4:] == SIGN_INS
    assert (is_migrated(db.session()), _events()) == (True, 8)


def test_a_second_start_changes_nothing_and_says_how_to_sign_in(app: Flask) -> None:
    _start(app)
    assert (_start(app), _events()) == (SIGN_INS, 8)


def test_in_production_a_start_brings_no_samples(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DEVELOPMENT", False)
    assert _start(app) == ["Bringing the database up to date."]
    assert (is_migrated(db.session()), _events()) == (True, 0)


def test_a_start_writes_what_is_searched_where_a_new_version_asks_it(
    app: Flask,
) -> None:
    _start(app)
    with transaction() as session:
        there = _found(session)
        session.execute(update(LibraryState).values(searched_as="of before"))
        session.execute(delete(LibraryEntry).where(LibraryEntry.key == "dakota-911"))
    leave()
    _start(app)
    with transaction() as session:
        assert _found(session) == there
    assert "dakota-911" in there


@pytest.mark.parametrize(
    "command",
    ["outbox deliver", "registrations remind", "accounts make-staff ada@example.org"],
)
def test_a_command_before_the_first_start_says_what_to_do_in_one_line(
    app: Flask, command: str
) -> None:
    asked = app.test_cli_runner().invoke(args=command.split())
    assert (asked.exit_code, asked.output) == (
        1,
        "Error: The database is not up to date: run flask start-up first.\n",
    )


def test_a_database_that_does_not_answer_is_told_in_one_line() -> None:
    """And no password of its address."""
    app = build("postgresql://ada:secret@127.0.0.1:9/events")
    asked = app.test_cli_runner().invoke(args=["start-up"])
    assert (asked.exit_code, asked.output.count("\n")) == (1, 1)
    assert asked.output.startswith("Error: The database does not do as asked: ")
    assert "secret" not in asked.output


def test_loading_what_is_there_says_that_nothing_was_changed(
    app: Flask,
) -> None:
    _start(app)
    asked = app.test_cli_runner().invoke(args=["demo", "load"])
    assert asked.output == (
        "The sample program is there already; nothing was changed.\n"
    )


def test_the_sample_sign_ins_are_printed_again_when_asked(app: Flask) -> None:
    asked = app.test_cli_runner().invoke(args=["demo", "sign-ins"])
    assert asked.output.splitlines() == SIGN_INS


def test_a_start_with_nothing_to_do_reads_no_migration_program(
    own_url: str, app: Flask
) -> None:
    """It takes a third of the time that all the rest of a start takes."""
    _start(app)
    leave()
    settings = {"CSD_ENV": "development", "DATABASE_URL": own_url}
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT_ALEMBIC],
        env=os.environ
        | settings
        | {"SECRET_KEY": 16 * "x", "CSD_SAMPLE_PASSWORD": "x"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "[]\n"
