"""The suite's own bookkeeping: what ran where."""

import os
import stat
from pathlib import Path

import pytest

from tools import postgres, suite


def make_run(name: str, **ran: list[str]) -> suite.Run:
    return suite.Run(name, 0, "", ran=ran)


def test_a_test_that_runs_on_one_database_only_is_named() -> None:
    runs = [make_run("SQLite", both=[], alone=[]), make_run("PostgreSQL 15.1", both=[])]
    assert suite._differences(runs) == [  # noqa: SLF001 - what the suite decides by
        "alone: ran on one database only, and carries no mark for one"
    ]


def test_a_test_marked_for_one_database_may_run_there_alone() -> None:
    marked = make_run("SQLite", both=[], alone=["sqlite_only"])
    runs = [marked, make_run("PostgreSQL 15.1", both=[])]
    assert suite._differences(runs) == []  # noqa: SLF001 - what the suite decides by


def test_a_test_that_asks_no_database_runs_once() -> None:
    once = suite.Run("SQLite", 0, "", ran={"tests/unit/test_a.py::test_a": []})
    assert suite._differences([once, make_run("PostgreSQL 15.1")]) == []  # noqa: SLF001 - what the suite decides by


def test_a_program_that_is_only_called_postgres_is_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("postgres", "initdb"):
        impostor = tmp_path / name
        impostor.write_text("#!/bin/sh\necho some other tool 15.1\n")
        impostor.chmod(impostor.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    found = postgres.find()
    assert (found and found.folder) != tmp_path


def test_what_reads_calendars_is_named_with_its_command_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_out: list[str] = []
    monkeypatch.chdir(tmp_path)
    node = tmp_path / "bin" / "node"
    node.parent.mkdir()
    monkeypatch.setenv("PATH", str(node.parent))
    assert suite._calendars(left_out) == []  # noqa: SLF001 - what the suite decides by
    node.write_text("#!/bin/sh\n")
    node.chmod(0o755)
    assert suite._calendars(left_out) == []  # noqa: SLF001 - the same
    (tmp_path / "tests/calendars/node_modules/ical.js").mkdir(parents=True)
    assert suite._calendars(left_out) == ["tests/calendars"]  # noqa: SLF001 - the same
    assert left_out == [
        "tests/calendars: no Node here; apt install nodejs npm, then make calendars",
        "tests/calendars: no ical.js here; make calendars",
    ]
