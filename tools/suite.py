"""`make test`: the whole suite on SQLite, on PostgreSQL, and in Chromium.

On PostgreSQL runs again what asks a database.
The last lines name each thing that was left out, why, and the command that brings
it. With CSD_REQUIRE_ALL=1 anything left out is a failure.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools import brokers, dovecot, postgres

PYTEST = ["-m", "pytest", "-p", "tools.ledger"]
WORKERS = ["-n", "2"]
#: On SQLite alone: watching every line takes a quarter of the time, and what the other
#: database runs besides are a few lines. The gates come at the end.
COVERED = ["--cov", "--cov-report=", "--cov-fail-under=0"]
CLOSING = re.compile(
    r"^=+ .*\b(?:passed|failed|errors?|ran)\b.* in \d.* =+$", re.MULTILINE
)
COLOR = re.compile(r"\x1b\[[0-9;]*m")
CALENDARS = "tests/calendars"  # files of ours read by a library of Node's
WITH_DATABASE = ("tests/db", "tests/races", "tests/system", "tests/web")
#: What asks no database runs once.
WITHOUT_DATABASE = ("tests/architecture", "tests/tools", "tests/unit")
SCALED = "tests/scaled"  # workers, which need PostgreSQL and a broker
ON_RABBITMQ = f"{SCALED}/test_rabbitmq.py"
WITH_DOVECOT = "tests/system/outbox/test_imap.py"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
RULES = "--include=csd_events/*/rules.py,csd_events/*/rules/*"
GATES = {
    "Coverage of everything": [],
    "Coverage of the rules": [RULES, "--fail-under=100"],
}


@dataclass(frozen=True)
class Run:
    """One run of pytest: how it ended, and which tests it held."""

    name: str
    code: int
    closing: str
    ran: Mapping[str, list[str]] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)


def main() -> int:
    """Run everything there is. Return 0 when all of it passed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers end too
    left_out: list[str] = []
    with tempfile.TemporaryDirectory(prefix="csd-tests-") as folder:
        runs = list(_runs(Path(folder), left_out))
    problems = [f"{run.name}: failed" for run in runs if run.code]
    problems += _differences(runs)
    problems += [name for name, options in GATES.items() if _report(name, options)]
    left_out += [f"{test}: {why}" for run in runs for test, why in run.skipped.items()]
    _summarize(runs, problems=problems, left_out=left_out)
    return 1 if problems or (left_out and os.environ.get("CSD_REQUIRE_ALL")) else 0


def _runs(folder: Path, left_out: list[str]) -> Iterator[Run]:
    calendars, without = _calendars(left_out), _without_dovecot(left_out)
    options = [*WORKERS, *COVERED, *WITHOUT_DATABASE, *WITH_DATABASE, *calendars]
    yield _pytest("SQLite", [*options, *without], folder)
    if server := postgres.find():
        with postgres.running(server) as url:
            name, options = f"PostgreSQL {server.version}", [*WORKERS, *WITH_DATABASE]
            options += [*calendars, *_scaled(left_out), *without]
            yield _pytest(name, options, folder, url=url)
    else:
        left_out.append(
            "the suite on PostgreSQL: no server here, and the one in the test "
            "requirements does not run on this machine; apt install postgresql"
        )
        left_out.append(f"{SCALED}: no PostgreSQL here; apt install postgresql")
    if any(_runs_here(browser) for browser in BROWSERS):
        options = [*WORKERS, "--rerun-show-tracebacks", "tests/browser"]
        yield _pytest("Chromium", options, folder)
    else:
        left_out.append("tests/browser: no Chromium here; apt install chromium")


def _calendars(left_out: list[str]) -> list[str]:
    """Say whether this machine has what the tests of calendar files read with."""
    if not _runs_here("node"):
        why = "no Node here; apt install nodejs npm, then make calendars"
    elif not Path(CALENDARS, "node_modules", "ical.js").is_dir():
        why = "no ical.js here; make calendars"
    else:
        return [CALENDARS]
    left_out.append(f"{CALENDARS}: {why}")
    return []


def _scaled(left_out: list[str]) -> list[str]:
    """Say which tests of workers this machine has the brokers for."""
    if not brokers.has_redis():
        left_out.append(f"{SCALED}: no Redis here; apt install redis-server")
        return []
    if not brokers.has_rabbitmq():
        left_out.append(f"{ON_RABBITMQ}: no RabbitMQ here; apt install rabbitmq-server")
        return [SCALED, f"--ignore={ON_RABBITMQ}"]
    return [SCALED]


def _without_dovecot(left_out: list[str]) -> list[str]:
    """Leave out what reads a mailbox of a server that this machine lacks."""
    if dovecot.is_here():
        return []
    left_out.append(
        f"{WITH_DOVECOT}: no Dovecot {dovecot.VERSION}x here; apt install dovecot-imapd"
    )
    return [f"--ignore={WITH_DOVECOT}"]


def _runs_here(name: str) -> bool:
    program = shutil.which(name)
    if program is None:
        return False
    said = subprocess.run([program, "--version"], capture_output=True, check=False)
    return said.returncode == 0


def _pytest(
    name: str, options: list[str], folder: Path, *, url: str | None = None
) -> Run:
    """Run pytest with its output shown as it comes, and read how it closed."""
    print(f"\n{name}", flush=True)
    ledger = folder / "ledger.json"
    ledger.unlink(missing_ok=True)
    environment = {k: v for k, v in os.environ.items() if k != "TEST_DATABASE_URL"}
    if url:
        environment["TEST_DATABASE_URL"] = url
    color = ["--color=yes"] if sys.stdout.isatty() else []
    command = [sys.executable, *PYTEST, *options, *color, f"--ledger={ledger}"]
    code, output = _shown(command, environment)
    closings = [m[0] for m in CLOSING.finditer(COLOR.sub("", output))]
    book = json.loads(ledger.read_text()) if ledger.exists() else {}
    return Run(name, code, closings[-1] if closings else "no closing line", **book)


def _shown(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    kept = bytearray()
    reading, writing = os.pipe()
    with subprocess.Popen(
        command, env=environment, stdout=writing, stderr=subprocess.STDOUT
    ) as process:
        os.close(writing)
        while piece := os.read(reading, 4096):
            kept += piece
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
    os.close(reading)
    return process.returncode, kept.decode(errors="replace")


def _differences(runs: Iterable[Run]) -> list[str]:
    """Name the tests that ran on one database and not on the other, unmarked.

    Those of the folders that ask none run once.
    """
    suites = [run for run in runs if run.name.startswith(("SQLite", "PostgreSQL"))]
    counts = Counter(
        test for run in suites for test, marks in run.ran.items() if not marks
    )
    return [
        f"{test}: ran on one database only, and carries no mark for one"
        for test, times in sorted(counts.items())
        if times < len(suites) and not test.startswith(WITHOUT_DATABASE)
    ]


def _report(name: str, options: list[str]) -> int:
    print(f"\n{name}", flush=True)
    command = [sys.executable, "-m", "coverage", "report", *options]
    return subprocess.run(command, check=False).returncode


def _summarize(
    runs: Iterable[Run], *, problems: Iterable[str], left_out: Iterable[str]
) -> None:
    print("\nSummary")
    for run in runs:
        print(f"{run.name}:\n{run.closing}")
    for problem in problems:
        print(f"Not in order: {problem}")
    for thing in left_out:
        print(f"Left out: {thing}")
    if not left_out:
        print("Nothing was left out.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
