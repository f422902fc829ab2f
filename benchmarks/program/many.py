"""The program on an empty database, and beside what many years leave behind."""

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.program.driving import (
    ANEW,
    AWAY,
    EVENT,
    ROUNDS,
    VISITORS,
    drive,
    get,
    python,
)
from benchmarks.program.report import Row, middle
from benchmarks.program.serving import Bench, served


def beside_many(the: Bench) -> Iterator[Row]:
    """Measure on an empty database, fill it as many years would, measure again."""
    alone = _cost_of_the_program(the)
    many = ["--events", "10000", "--registrations", "1000000"]
    settings = {**the.program.environment, "CSD_ENV": "development"}
    filled = replace(the.program, environment=settings)
    python(filled, "-m", "flask", "demo", "bulk", *many)
    for what, before, after in zip(
        (
            "processor time of a guest registration",
            "of an event page",
            "of a catalog page",
        ),
        alone,
        _cost_of_the_program(the),
        strict=True,
    ):
        yield Row(
            what=f"{what}, beside 1,000,000 others",
            unit="ms",
            bare=before,
            program=after,
            goal=1.3,
            more_is_better=False,
        )


def _cost_of_the_program(the: Bench) -> list[float]:
    """Processor time of a registration, an event page and a catalog page."""
    options = ("-c", 8, "-n", VISITORS[8], "--mails", 0)
    costs = []
    with served(the.program, the.run, page="/healthz", changed=AWAY):
        drive(the, the.program, *options)  # to warm up
        found = [drive(the, the.program, *options)["cpu_ms"] for _ in range(ROUNDS)]
        costs.append(middle(found))
        for page in (EVENT, "/events"):
            url = f"{the.program.address}{page}{ANEW}"
            found = [get(the, the.program, url)["cpu_ms"] for _ in range(ROUNDS)]
            costs.append(middle(found))
    return costs
