"""The search over a library of 20,000 entries, as its page is written anew.

    python -m benchmarks.searching [sqlite] [postgresql]

On a fresh database each; prints how long half of the answers and all but one in twenty
took, for a word that few, many and all entries hold. The goal is 50 ms a page.
"""

import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from flask.testing import FlaskClient
from flask_migrate import upgrade

import config
from benchmarks.program.prepare import settle
from csd_events.app import create_app
from csd_events.core.db import db, transaction
from csd_events.library.rules import Outcome
from csd_events.library.rules.searching import EntryKind, EntryText
from csd_events.library.service import built_in_document
from csd_events.library.service.indexing import AT_ONCE, index
from csd_events.topics.catalogue import FORMS, POPULATION_CLASSES, STATES
from csd_events.topics.rules import AREAS
from tools import postgres

ENTRIES, TIMES, SEED = 20_000, 40, 6
GOAL = 50.0  # milliseconds
QUESTIONS = {
    "one in a thousand": "rarely",
    "three words": "shared dispatch center",
    "one in ten": "sometimes",
    "every entry": "everywhere",
    "every entry, narrowed": "everywhere&state=MN&outcome=ended",
    "no words, narrowed": "&kind=case_study&form=consolidation",
}


def main(wanted: list[str]) -> int:
    for database in wanted or ("sqlite", "postgresql"):
        with _database(database) as url:
            app = create_app(config.Testing(url))
            with app.app_context():
                upgrade()
                begun = perf_counter()
                _fill()
                print(
                    f"{database}: {ENTRIES:,} written, {perf_counter() - begun:.1f} s"
                )
            browser = app.test_client()
            for what, question in QUESTIONS.items():
                took = sorted(_asked(browser, question) for _ in range(TIMES))
                most = quantiles(took, n=20)[-1]
                print(f"{database}, {what}: {median(took):.1f} ms, {most:.1f} (95 %)")
            with app.app_context():
                db.engine.dispose()
    return 0


def _asked(browser: FlaskClient, question: str) -> float:
    begun = perf_counter()
    answer = browser.get(f"/library/search?q={question}&anew={begun}")
    assert answer.status_code == 200
    return (perf_counter() - begun) * 1000


def _fill() -> None:
    draw = random.Random(SEED)  # noqa: S311 - nothing secret
    facts = [
        fact for each in built_in_document()["case_studies"] for fact in each["facts"]
    ]
    for first in range(0, ENTRIES, AT_ONCE):
        with transaction() as session:
            numbers = range(first, first + AT_ONCE)
            index(session, [_entry(number, draw, facts) for number in numbers])
            session.expunge_all()
    settle()
    db.session.remove()


def _entry(number: int, draw: random.Random, facts: list[str]) -> EntryText:
    rare = "rarely " if number % 1000 == 0 else ""
    some = "sometimes " if number % 10 == 0 else ""
    return EntryText(
        kind=draw.choice(list(EntryKind)),
        key=f"n{number}",
        title=f"{rare}{some}number {number}",
        byline="A city and a county",
        body=" ".join([*draw.sample(facts, 5), "Everywhere."]),
        areas=tuple(draw.sample(list(AREAS), 2)),
        form=draw.choice(list(FORMS)),
        state=draw.choice(list(STATES)),
        size=draw.choice(list(POPULATION_CLASSES)),
        outcome=draw.choice(list(Outcome)).value,
    )


@contextmanager
def _database(name: str) -> Iterator[str]:
    if name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="csd-search-") as folder:
            yield f"sqlite:///{Path(folder, 'bench.db')}"
        return
    server = postgres.find()
    if server is None:
        raise SystemExit("PostgreSQL is missing: apt install postgresql")
    with postgres.running(server) as url:
        yield url


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
