"""What is measured, each thing in turns: bare, then the program, and again."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from resource import RUSAGE_CHILDREN, getrusage

from benchmarks import lib
from benchmarks.program.driving import (
    ANEW,
    AWAY,
    EVENT,
    LEVELS,
    ROUNDS,
    VISITORS,
    drive,
    get,
    python,
    row,
    sql,
)
from benchmarks.program.prepare import RUSH_PLACES
from benchmarks.program.report import Row
from benchmarks.program.serving import ROOT, Bench, served
from benchmarks.program.signed_in import accounts
from benchmarks.program.staff import staff_lists

#: Who want one of RUSH_PLACES, and how many of them come at a time.
CROWD, AT_ONCE = 500, 32
MAILS = 500
#: Times what a message with a calendar part takes to build: 4 ms, where that took 1.6.
CONFIRMATION = 2.5


def everything(the: Bench) -> Iterator[Row]:
    yield from starting(the)
    with (
        served(the.bare, the.run, page="/hello"),
        served(the.program, the.run, page="/healthz"),
    ):
        yield from registrations(the)
        yield from pages(the)
        yield from rush(the)
        yield from accounts(the)
        yield from memory(the)
    yield from registrations_alone(the)
    yield from staff_lists(the)
    python(the.program, "-m", "benchmarks.program.prepare", "crowd")
    yield from mails(the)
    yield reminders(the)


def starting(the: Bench) -> Iterator[Row]:
    """Time until the first answer, `flask start-up` included, and for importing."""
    ready: dict[str, list[float]] = defaultdict(list)
    read: dict[str, list[float]] = defaultdict(list)
    as_it_starts = replace(
        the.program,
        folder=the.run,  # where it puts its lock
        command=[sys.executable, "-m", "tools.serve"],
        environment={**the.program.environment, "PYTHONPATH": str(ROOT)},
    )
    for _ in range(ROUNDS):
        for site, starts, module, page in (
            (the.bare, the.bare, "app", "/hello"),
            (the.program, as_it_starts, "wsgi", "/healthz"),
        ):
            with served(starts, the.run, page=page) as took:
                ready[site.name].append(took)
            used = _processor()
            python(site, "-c", f"import {module}")
            read[site.name].append(_processor() - used)
    yield row("ready after start", "s", ready, goal=2.5, more_is_better=False)
    yield row("import, processor time", "s", read, goal=2, more_is_better=False)


def registrations(the: Bench) -> Iterator[Row]:
    """Event page, form, POST, receipt; every confirmation is delivered meanwhile."""
    for site, each in ((the.bare, 0), (the.program, 1)):
        drive(the, site, "-c", 8, "-n", 64, "--mails", each)  # to warm up
    for level in LEVELS:
        speed, cost = _register(the, level, mails=1)
        what = f"guest registration and its mail, {level} at a time"
        yield row(what, "/s", speed, goal=0.6 if level == max(LEVELS[:2]) else None)
        what = f"processor time of the same, {level} at a time"
        yield row(what, "ms", cost, more_is_better=False)


def registrations_alone(the: Bench) -> Iterator[Row]:
    """Do the same with a mail server that is away: what bare does, which has none."""
    with (
        served(the.bare, the.run, page="/hello"),
        served(the.program, the.run, page="/healthz", changed=AWAY),
    ):
        for site in (the.bare, the.program):
            drive(the, site, "-c", 8, "-n", 64, "--mails", 0)  # to warm up
        speed, cost = _register(the, 8, mails=0)
    yield row("guest registration, mail waits, 8 at a time", "/s", speed, goal=0.6)
    what = "processor time of the same"
    yield row(what, "ms", cost, goal=1.7, more_is_better=False)
    sql(the.program, "UPDATE outbox_messages SET state = 'skipped'")


def _register(
    the: Bench, level: int, *, mails: int
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    speed: dict[str, list[float]] = defaultdict(list)
    cost: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for site in (the.bare, the.program):
            expected = mails if site is the.program else 0
            found = drive(
                the, site, "-c", level, "-n", VISITORS[level], "--mails", expected
            )
            speed[site.name].append(found["per_s"])
            cost[site.name].append(found["cpu_ms"])
    return speed, cost


def pages(the: Bench) -> Iterator[Row]:
    bare, program = the.bare.address, the.program.address
    event, catalog = f"{program}{EVENT}", f"{program}/events"
    rendered, kept = f"{bare}/event", f"{bare}/event-cached"
    plan = [
        ("event page, written anew", rendered, f"{event}{ANEW}", False, 0.5),
        ("event page, as visitors get it", rendered, event, False, 0.5),
        ("event page, not changed since (304)", kept, event, True, 0.5),
        ("catalog page, written anew", rendered, f"{catalog}{ANEW}", False, 0.35),
        ("catalog page, as visitors get it", rendered, catalog, False, 0.35),
        (
            "catalog page, searched and filtered, written anew",
            rendered,
            f"{catalog}{ANEW}&q=lesson&free=1",
            False,
            0.35,
        ),
    ]
    for what, of_bare, of_program, again, goal in plan:
        speed: dict[str, list[float]] = defaultdict(list)
        for _ in range(ROUNDS):
            for site, url in ((the.bare, of_bare), (the.program, of_program)):
                found = get(the, site, url, again=again)
                speed[site.name].append(found["rps"])
        yield row(f"{what}, 8 at a time", "/s", speed, goal=goal)


def rush_alone(the: Bench) -> Iterator[Row]:
    with (
        served(the.bare, the.run, page="/hello"),
        served(the.program, the.run, page="/healthz"),
    ):
        for site, each in ((the.bare, 0), (the.program, 1)):
            drive(the, site, "-c", 8, "-n", 64, "--mails", each)  # to warm up
        yield from rush(the)


def rush(the: Bench) -> Iterator[Row]:
    """Many people at once for few places: exact, in order, without an error page."""
    answered: dict[str, list[float]] = defaultdict(list)
    for number in range(ROUNDS):
        sql(the.bare, f"UPDATE event SET capacity = taken + {RUSH_PLACES}")
        slug, answers = f"a-rush-for-places-{number}", the.run / f"answers-{number}"
        for site, each in ((the.bare, 0), (the.program, 1)):
            found = drive(
                the,
                site,
                *("-c", AT_ONCE, "-n", CROWD, "--mails", each),
                event=f"/events/{slug}",
                settings={"FLOW_ANSWERS": str(answers)},
            )
            everyone = found["done"] + found["rejected"]
            answered[site.name].append(everyone / found["wall"])
        rushed = ["benchmarks.program.rushed", slug, str(answers)]
        if (said := python(the.program, "-m", *rushed)) != f"exact: {CROWD}":
            raise RuntimeError(f"the rush for {slug} was not exact: {said}")
    sql(the.bare, "UPDATE event SET capacity = 1000000000")
    what = (
        f"rush of {CROWD} for {RUSH_PLACES} places, {AT_ONCE} at a time, "
        "exact and in order"
    )
    yield row(what, "answers/s", answered, goal=0.5)


def memory(the: Bench) -> Iterator[Row]:
    """Resident memory of the larger worker, after all of the above."""
    lib.RUN = str(the.run)
    found = lib.rss(["bare", "program"])
    sizes = {name: [max(row[1] for row in rows[1:])] for name, rows in found.items()}
    yield row("memory of a process", "MiB", sizes, goal=2, more_is_better=False)


def mails(the: Bench) -> Iterator[Row]:
    speed: dict[str, list[float]] = defaultdict(list)
    cost: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for name, command in (
            ("bare", ["benchmarks.program.composing", the.mail_port, MAILS]),
            ("program", ["benchmarks.program.delivering", "confirm", MAILS]),
        ):
            said = python(the.program, "-m", *map(str, command)).split()
            speed[name].append(float(said[0]))
            cost[name].append(float(said[1]))
    what = "confirmations composed and delivered by one process"
    yield row(what, "/s", speed, goal=0.5)
    what = "processor time of a confirmation"
    yield row(what, "ms", cost, goal=CONFIRMATION, more_is_better=False)


def reminders(the: Bench) -> Row:
    said = python(the.program, "-m", "benchmarks.program.delivering", "remind")
    seconds, queued = said.split()
    return Row(
        what=f"queueing {int(queued):,} reminders",
        unit="s",
        program=float(seconds),
        goal=1,
        more_is_better=False,
    )


def _processor() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
