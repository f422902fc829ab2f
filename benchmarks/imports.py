"""Taking in a file of 50,000 lines: compared, written, and once more without a change.

    python -m benchmarks.imports [sqlite] [postgresql]

Of organizations with their people, and then as many registrations of one event. On a
fresh database each; prints seconds, processor time and lines a second. The goal is a
minute for comparing and writing organizations.
"""

import csv
import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

from flask_migrate import upgrade

import config
from benchmarks.program.prepare import publish
from csd_events.app import create_app
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.tables import read_table
from csd_events.events import queries as events
from csd_events.imports import queries
from csd_events.imports.rules import AT_WORK
from csd_events.organizations.models import ImportRun
from csd_events.organizations.rules import Column
from csd_events.organizations.service import importing
from csd_events.registrations.models import ListImport
from csd_events.registrations.service import importing as listing
from tools import postgres

LINES, PEOPLE_AT_A_PLACE = 50_000, 10
GOAL = 60.0  # seconds
HEADINGS = (
    "Organization", "Member number", "Kind", "State", "Population", "Member from",
    "Member until", "Full name", "Email", "Position", "Since", "Contact",
)  # fmt: skip
STATES = ("OH", "NC", "VA", "TX", "CA")


def main(wanted: list[str]) -> int:
    for database in wanted or ("sqlite", "postgresql"):
        with _database(database) as url, create_app(config.Testing(url)).app_context():
            upgrade()
            took = sum(_measured(what, database) for what in ("first", "second"))
            _registrations(database)
            db.session.remove()
            db.engine.dispose()
        print(f"{database}: both runs {took:.1f} s")
    return 0


def _measured(what: str, database: str) -> float:
    begun, used = perf_counter(), process_time()
    with transaction() as session:
        run_id = importing.take_in(
            session, read_table(_file()), file_name="members.csv", now=now()
        )
    read = perf_counter()
    columns = queries.get_run(db.session(), ImportRun, run_id).columns
    with transaction() as session:
        matched = {int(key): Column(value) for key, value in columns.items()}
        importing.match_columns(session, run_id, matched)
    _work(run_id)
    compared = perf_counter()
    with transaction() as session:
        importing.confirm(session, run_id, now=now())
    _work(run_id)
    done = perf_counter()
    counts = queries.get_run(db.session(), ImportRun, run_id).counts
    print(
        f"{database}, {what} run: read {read - begun:.1f} s, compared "
        f"{compared - read:.1f} s, written {done - compared:.1f} s, processor "
        f"{process_time() - used:.1f} s, {LINES / (done - begun):,.0f} lines a second "
        f"(goal: {LINES / GOAL:,.0f}); {counts}"
    )
    return done - begun


def _registrations(database: str) -> None:
    """Register everybody of a file for one event, and take them back again."""
    begun, used = perf_counter(), process_time()
    with transaction() as session:
        starts_at = now() + timedelta(days=90)
        event_id = publish(session, "The hall", starts_at, now=now()).id
    with transaction() as session:
        import_id = listing.take_in(
            session,
            read_table(_people()),
            file_name="people.csv",
            event_id=event_id,
            now=now(),
            actor_id=None,
        )
    columns = queries.get_run(db.session(), ListImport, import_id).columns
    offer_id = events.get(db.session(), event_id).offers[0].id
    with transaction() as session:
        given = listing.Matched(columns=columns, offer_id=offer_id)
        listing.match_columns(session, import_id, given)
    _work_through(listing.work)
    compared = perf_counter()
    with transaction() as session:
        listing.confirm(session, import_id, now=now())
    _work_through(listing.work)
    written = perf_counter()
    with transaction() as session:
        listing.undo(session, import_id)
    _work_through(listing.work)
    counts = queries.get_run(db.session(), ListImport, import_id).counts
    print(
        f"{database}, registrations: read and compared {compared - begun:.1f} s, "
        f"written {written - compared:.1f} s, undone {perf_counter() - written:.1f} s, "
        f"processor {process_time() - used:.1f} s; {counts}"
    )


def _work_through(work: Callable[..., bool]) -> None:
    at_work = True
    while at_work:
        with transaction() as session:
            at_work = work(session, now=now())


def _people() -> io.BytesIO:
    lines = [
        f"Person {n},person{n}@bench-mail.org,City {n % 500}" for n in range(LINES)
    ]
    return io.BytesIO("\n".join(["Name,Email,Organization", *lines]).encode())


def _work(run_id: int) -> None:
    at_work = True
    while at_work:
        with transaction() as session:
            run = importing.work_on(session, run_id, now=now())
            at_work = run.state in AT_WORK


def _file() -> io.BytesIO:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for number in range(LINES):
        place, rest = divmod(number, PEOPLE_AT_A_PLACE)
        writer.writerow(
            [
                f"City of Sample {place}",
                f"A-{place}",
                "city",
                STATES[place % len(STATES)],
                1_000 + place * 7,
                "2026-01-01",
                "2026-12-31",
                f"Person {number}",
                f"person{number}@bench-mail.org",
                "Clerk" if rest else "Manager",
                "2020-01-01",
                "no" if rest else "yes",
            ]
        )
    return io.BytesIO(text.getvalue().encode())


@contextmanager
def _database(name: str) -> Iterator[str]:
    if name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="csd-imports-") as folder:
            yield f"sqlite:///{Path(folder, 'bench.db')}"
        return
    server = postgres.find()
    if server is None:
        raise SystemExit("PostgreSQL is missing: apt install postgresql")
    with postgres.running(server) as url:
        yield url


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
