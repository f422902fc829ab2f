"""What people with an account do."""

from collections.abc import Iterator

from benchmarks.program.driving import EVENT, ROUNDS, VISITORS, drive, row
from benchmarks.program.prepare import PASSWORD, STAFF
from benchmarks.program.report import Row, middle
from benchmarks.program.serving import Bench

WARM_UP = 32
EIGHT = VISITORS[8]


def accounts(the: Bench) -> Iterator[Row]:
    """A member's registration beside a bare one, and signing in by password."""
    speed, cost = {"bare": [], "program": []}, {"bare": [], "program": []}
    first = register_members(the, STAFF + 1, WARM_UP)[0]
    for _ in range(ROUNDS):
        bare = drive(the, the.bare, "-c", 8, "-n", EIGHT, "--mails", 0)
        first, member = register_members(the, first, EIGHT)
        for name, found in (("bare", bare), ("program", member)):
            speed[name].append(found["per_s"])
            cost[name].append(found["cpu_ms"])
    requests = f"{member['requests']:g} requests"
    what = f"member registration and its mail, {requests}, 8 at a time"
    yield row(what, "/s", speed)
    yield row("processor time of the same", "ms", cost, more_is_better=False)
    yield from _sign_in(the)


def register_members(
    the: Bench, first: int, number: int, *, mails: int = 1
) -> tuple[int, dict[str, float]]:
    """Let members register, from one account on. Return the next one as well."""
    settings = {
        "FLOW_FIRST": str(first),
        "SECRET_KEY": the.program.environment["SECRET_KEY"],
    }
    options = "-c", 8, "-n", number, "--mails", mails
    found = drive(
        the, the.program, *options, event=EVENT, flow="members", settings=settings
    )
    return first + number, found


def _sign_in(the: Bench) -> Iterator[Row]:
    settings = {"FLOW_FIRST": str(STAFF), "FLOW_PASSWORD": PASSWORD}
    options = "-c", 8, "-n", EIGHT, "--mails", 0
    rounds = [
        drive(the, the.program, *options, flow="sign_in", settings=settings)
        for _ in range(ROUNDS)
    ]
    yield Row(
        what="signing in by password, 8 at a time",
        unit="/s",
        program=middle([each["per_s"] for each in rounds]),
    )
    yield Row(
        what="processor time of the same",
        unit="ms",
        program=middle([each["cpu_ms"] for each in rounds]),
        more_is_better=False,
    )
