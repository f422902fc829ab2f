"""A pytest plugin that writes down which tests ran: `-p tools.ledger --ledger FILE`.

The suite runs once on each database; `tools.suite` compares the two ledgers, so that
no test can drop out of one of them unnoticed.
"""

import json
from pathlib import Path

import pytest

MARKS = ("sqlite_only", "postgres_only")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--ledger", type=Path, help="write here which tests ran")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("--ledger")
    if path and not hasattr(config, "workerinput"):  # not in the workers of xdist
        config.pluginmanager.register(Ledger(path))


class Ledger:
    """What ran, with the marks that bind it to one database; what was skipped, why."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ran: dict[str, list[str]] = {}
        self._skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            where = report.longrepr
            reason = where[2] if isinstance(where, tuple) else str(where)
            self._skipped[report.nodeid] = reason
        elif report.when == "call":
            marks = [mark for mark in MARKS if mark in report.keywords]
            self._ran[report.nodeid] = marks

    def pytest_sessionfinish(self) -> None:
        self._path.write_text(json.dumps({"ran": self._ran, "skipped": self._skipped}))
