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
from benchmarks.program.prepare import STAFF
from benchmarks.program.report import Row, middle
from benchmarks.program.serving import Bench, served
from benchmarks.program.signed_in import WARM_UP, register_members
from benchmarks.program.staff import staff_lists_and_desk

MANY = ["--events", "10000", "--registrations", "1000000"]
GOAL = 1.3  # times what it takes on an empty database, at most


def beside_many(the: Bench) -> Iterator[Row]:
    """Measure on an empty database, fill it as many years would, measure again."""
    alone, first = _cost_of_the_program(the, STAFF + 1)
    settings = {**the.program.environment, "CSD_ENV": "development"}
    filled = replace(the.program, environment=settings)
    python(filled, "-m", "flask", "demo", "bulk", *MANY)
    python(filled, "-m", "benchmarks.program.prepare", "settled")
    for what, after in _cost_of_the_program(the, first)[0].items():
        yield Row(
            what=f"processor time of {what}, beside 1,000,000 registrations",
            unit="ms",
            bare=alone[what],
            program=after,
            goal=GOAL,
            more_is_better=False,
        )
    yield from staff_lists_and_desk(the)


def _cost_of_the_program(the: Bench, first: int) -> tuple[dict[str, float], int]:
    """Measure processor times. Return the next account that has not registered, too.

    Args:
        the: What is measured.
        first: The account from which on members register.
    """
    visitors = VISITORS[8]
    options = ("-c", 8, "-n", visitors, "--mails", 0)
    costs = {}
    with served(the.program, the.run, page="/healthz", changed=AWAY):
        drive(the, the.program, *options)  # to warm up
        found = [drive(the, the.program, *options)["cpu_ms"] for _ in range(ROUNDS)]
        costs["a guest's registration"] = middle(found)
        first, _ = register_members(the, first, WARM_UP, mails=0)
        found = []
        for _ in range(ROUNDS):
            first, each = register_members(the, first, visitors, mails=0)
            found.append(each["cpu_ms"])
        costs["a member's registration"] = middle(found)
        for what, page in (("an event page", EVENT), ("a catalog page", "/events")):
            url = f"{the.program.address}{page}{ANEW}"
            found = [get(the, the.program, url)["cpu_ms"] for _ in range(ROUNDS)]
            costs[what] = middle(found)
    return costs, first
