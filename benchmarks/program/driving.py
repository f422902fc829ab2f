"""How the drivers are let loose on a site, and what they found is written down."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Mapping

from sqlalchemy import create_engine, text

from benchmarks.program.report import Row, middle
from benchmarks.program.serving import BARE, ROOT, Bench, Site, driver

ROUNDS = 3
LEVELS = (1, 8, 32)
VISITORS = {1: 60, 8: 200, 32: 200}
SECONDS = 3  # for each page in each round
EVENT = "/events/soil-sampling"
#: A mail server that does not answer: mail waits.
AWAY = {"MAIL_PORT": "9"}
#: A parameter no page knows: such an answer is never kept in memory.
ANEW = "?anew=1"


def drive(
    the: Bench,
    site: Site,
    *options: object,
    event: str = EVENT,
    flow: str = "",
    settings: Mapping[str, str] | None = None,
) -> dict[str, float]:
    """Let visitors go through a flow of the program's, or through the bare one.

    Args:
        flow: Its folder; the guest's registration unless given.
        settings: What it is told beyond the event.
    """
    folder = BARE if site is the.bare else ROOT / "benchmarks" / "program" / flow
    groups = ",".join((site.name, *the.cpu_of))
    lines = driver(
        the,
        "register",
        *(site.name, folder, site.port, "-g", groups, "-r", 1, *options),
        flow={"FLOW_EVENT": event, **(settings or {})},
    )
    found: dict[str, float] = json.loads(lines[-1])
    if found["errors"]:
        raise RuntimeError(f"{site.name}: {lines[-1]}")
    return found


def get(
    the: Bench,
    site: Site,
    url: str,
    *,
    again: bool = False,
    cookie: str = "",
    at_once: int = 8,
) -> dict[str, float]:
    """Ask for a page for some seconds.

    Args:
        again: Of a visitor who has it already.
        cookie: Of a session.
        at_once: How many ask at a time.
    """
    headers: list[str] = ["-H", f"Cookie: session={cookie}"] if cookie else []
    if again:
        with urllib.request.urlopen(url) as page:  # noqa: S310 - our own
            headers += ["-H", f"If-None-Match: {page.headers['ETag']}"]
    options = ["-g", site.name, "-c", at_once, "-d", SECONDS, "-r", 1, *headers]
    lines = driver(the, "get", site.name, url, *options)
    found: dict[str, float] = json.loads(lines[-1])
    if found["errors"]:
        raise RuntimeError(f"{url}: {found}")
    return found


def python(site: Site, *arguments: str) -> str:
    said = subprocess.run(
        [sys.executable, *arguments],
        cwd=site.folder,
        env=dict(site.environment),
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return said.stdout.strip().rpartition("\n")[2]


def row(
    what: str,
    unit: str,
    found: dict[str, list[float]],
    *,
    goal: float | None = None,
    more_is_better: bool = True,
) -> Row:
    return Row(
        what=what,
        unit=unit,
        bare=middle(found["bare"]),
        program=middle(found["program"]),
        goal=goal,
        more_is_better=more_is_better,
    )


def sql(site: Site, statement: str) -> list[object]:
    engine = create_engine(site.environment["DATABASE_URL"])
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        rows = list(result) if result.returns_rows else []
    engine.dispose()
    return rows
