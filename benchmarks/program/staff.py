"""What staff read: a list of very many people, its file, and the pages of a desk."""

import time
import urllib.request
from collections.abc import Iterator

from benchmarks import lib
from benchmarks.program.driving import ROUNDS, get, python
from benchmarks.program.members.cookies import cookie
from benchmarks.program.prepare import HALL, MISSING, STAFF
from benchmarks.program.report import Row, middle
from benchmarks.program.serving import Bench, served

PIECE = 65_536
PREPARE = "-m", "benchmarks.program.prepare"
#: Milliseconds a page.
GOAL = 50
#: Times what the driver alone takes: 3 s, where that took 0.3.
FILE = 10
OF_THE_LIST = (
    ("first page", "", GOAL),
    ("by name", "?sort=name", GOAL),
    ("who cancelled, by name", "?state=cancelled&sort=name", GOAL),
    ("one name searched", "?q=Person+77777", GOAL),
)
OF_THE_DESK = (
    ("the desk", "/staff", GOAL),
    ("the calendar of a month", "/staff/calendar", GOAL),
    ("the list of events", "/staff/events", GOAL),
    ("an event", "/staff/events/{event_id}", GOAL),
    ("the report of an event", "/staff/events/{event_id}/report", None),
)


def staff_lists(the: Bench) -> Iterator[Row]:
    """The list of everybody who registered for one event, page by page and whole.

    And who of them is not on the list of a conference.
    """
    event_id = _hall(the)
    yield from _lists(the, event_id)
    yield from _missing(the, event_id)


def staff_lists_and_desk(the: Bench) -> Iterator[Row]:
    """The same, and the pages that staff go by."""
    event_id = _hall(the)
    yield from _lists(the, event_id)
    with served(the.program, the.run, page="/healthz"):
        for what, path, goal in OF_THE_DESK:
            yield _page(the, f"staff: {what}", path.format(event_id=event_id), goal)
    yield from _missing(the, event_id)


def _lists(the: Bench, event_id: int) -> Iterator[Row]:
    people = f"/staff/events/{event_id}/registrations"
    with served(the.program, the.run, page="/healthz"):
        for what, asked, goal in OF_THE_LIST:
            page = f"staff list of {HALL:,} registrations, {what}"
            yield _page(the, page, people + asked, goal)
        yield from _file(the, event_id)


def _missing(the: Bench, event_id: int) -> Iterator[Row]:
    """Who of them is not on a conference's list: the last, for it is required then."""
    python(the.program, *PREPARE, "missing")
    python(the.program, *PREPARE, "settled")
    page = f"staff list of {HALL:,} registrations, {MISSING} not on a conference's list"
    screen = f"staff: an event of {HALL:,}, with how many are not on that list"
    path = f"/staff/events/{event_id}"
    with served(the.program, the.run, page="/healthz"):
        yield _page(the, page, f"{path}/registrations?unlisted=1", GOAL)
        yield _page(the, screen, path, GOAL)


def _hall(the: Bench) -> int:
    event_id = int(python(the.program, *PREPARE, "hall"))
    python(the.program, *PREPARE, "settled")
    return event_id


def _known(the: Bench) -> str:
    return cookie(STAFF, the.program.environment["SECRET_KEY"])


def _page(the: Bench, what: str, path: str, goal: float | None) -> Row:
    url = f"{the.program.address}{path}"
    found = [
        get(the, the.program, url, cookie=_known(the), at_once=1)["p50"]
        for _ in range(ROUNDS)
    ]
    return Row(
        what=f"{what}, one at a time",
        unit="ms",
        program=middle(found),
        goal=goal,
        more_is_better=False,
    )


def _file(the: Bench, event_id: int) -> Iterator[Row]:
    """Take the file of everybody: when it begins and ends, and what stays in memory."""
    path = f"/staff/events/{event_id}/registrations.csv"
    alone = ["benchmarks.program.file_alone", str(event_id)]
    asked = urllib.request.Request(  # noqa: S310 - our own
        f"{the.program.address}{path}", headers={"Cookie": f"session={_known(the)}"}
    )
    before, bare, first, whole = _resident(the), [], [], []
    for _ in range(ROUNDS):
        bare.append(float(python(the.program, "-m", *alone)))
        began = time.perf_counter()
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - our own
            lines = answer.read(1).count(b"\n")
            first.append(time.perf_counter() - began)
            while piece := answer.read(PIECE):
                lines += piece.count(b"\n")
        whole.append(time.perf_counter() - began)
        if lines <= HALL:
            raise RuntimeError(f"{path}: {lines} lines")
    grown = _resident(the) - before
    what = f"CSV of {HALL:,} registrations"
    yield Row(
        what=f"{what}, its first byte",
        unit="s",
        program=middle(first),
        goal=0.5,
        more_is_better=False,
    )
    yield Row(
        what=f"{what}, whole",
        unit="s",
        bare=middle(bare),
        program=middle(whole),
        goal=FILE,
        more_is_better=False,
    )
    yield Row(
        what=f"memory that grows by it, {ROUNDS} times",
        unit="MiB",
        program=grown,
        goal=30,
        more_is_better=False,
    )


def _resident(the: Bench) -> float:
    """Return what all processes of the program hold, in MiB."""
    lib.RUN = str(the.run)
    return float(sum(size for _pid, size, _own in lib.rss(["program"])["program"]))
