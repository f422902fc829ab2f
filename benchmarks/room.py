"""A room of 300 people who answer one worksheet each, hand in, and follow the talk.

    python -m benchmarks.room [sqlite] [postgresql]

Served as the program is: two processes of two threads. They come within a minute,
answer nineteen questions one by one with some seconds to think between them, hand in,
and ask every three seconds what is on the screen, until the talk is over. Prints how
long they waited for each kind of answer, and what was no answer at all.
"""

import asyncio
import os
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from benchmarks.http11 import Client, Response
from benchmarks.program.serving import Bench, bench, prepare, served
from csd_events.worksheets.rules import FACTORS, ITEMS

PEOPLE, WITHIN, THINK, POLL = 300, 60.0, (2.0, 14.0), 3.0  # seconds
QUESTIONS, TALK = FACTORS[:6], 12.0


@dataclass
class Told:
    """How long each kind of request took, in seconds, and which went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)


class Visitor:
    """One browser: asks, and says how long it waited."""

    def __init__(self, port: int, told: Told) -> None:
        self._client, self._told = Client("127.0.0.1", port), told

    async def ask(
        self, what: str, method: str, path: str, **others: object
    ) -> Response:
        """Ask for something; what is neither a page, 303 nor 304 went wrong."""
        begun = perf_counter()
        try:
            answer = await self._client.request(method, path, **others)
        except OSError as error:
            self._told.wrong[f"{what}: {type(error).__name__}"] += 1
            raise
        kind = f"{what}, unchanged" if answer.status == 304 else what
        self._told.took[kind].append(perf_counter() - begun)
        if answer.status not in {200, 303, 304}:
            self._told.wrong[f"{what}: {answer.status}"] += 1
        return answer

    async def follow(self, what: str, page: str, until: asyncio.Event) -> None:
        """Look at a page, and again every few seconds, as its script does."""
        tag = (await self.ask(f"{what}, first", "GET", page)).headers["etag"]
        while not until.is_set():
            await asyncio.sleep(POLL)
            asked = {"headers": {"If-None-Match": tag}}
            answer = await self.ask(what, "GET", f"{page}?part=now", **asked)
            tag = answer.headers["etag"]


async def attend(
    visitor: Visitor, code: str, done: Callable[[], None], over: asyncio.Event
) -> None:
    """Join, answer, hand in, and follow the talk on a phone."""
    chance = random.Random()  # noqa: S311 - when people press, not what is secret
    await asyncio.sleep(chance.uniform(0, WITHIN))
    path = f"/worksheets/join/{code}"
    page = await visitor.ask("join, page", "GET", path)
    once = found(r'name="once" value="([^"]+)"', page)
    answer = await visitor.ask("join", "POST", path, data={"name": "", "once": once})
    sheet = answer.headers["location"]
    await visitor.ask("worksheet", "GET", sheet)
    for item in ITEMS:
        await asyncio.sleep(chance.uniform(*THINK))
        given = {item: chance.choice(["1", "2", "3", "unknown"])}
        await visitor.ask("answer", "POST", sheet, data=given)
    await visitor.ask("hand in", "POST", f"{sheet}/hand-in", data={})
    done()
    await visitor.follow("phone", f"{sheet}/talk", over)


async def lead(visitor: Visitor, group: str, over: asyncio.Event) -> None:
    """Talk through some questions, settle each, and close the group."""
    await visitor.ask("lead", "POST", f"{group}/talk", data={})
    for item in QUESTIONS:
        page = f"{group}/questions/{item}"
        await visitor.ask("lead", "POST", f"{page}/show", data={})
        await visitor.ask("question, page", "GET", page)
        await asyncio.sleep(TALK)
        await visitor.ask("lead", "POST", page, data={"grade": "2", "note": ""})
    await visitor.ask("result", "GET", f"{group}/result")
    await visitor.ask("lead", "POST", f"{group}/close", data={})
    await asyncio.sleep(2 * POLL)
    over.set()


async def play(port: int) -> Told:
    """Fill the room, and play it through."""
    told, all_done, over = Told(), asyncio.Event(), asyncio.Event()
    left = [PEOPLE]

    def done() -> None:
        left[0] -= 1
        if not left[0]:
            all_done.set()

    leader = Visitor(port, told)
    about = {"service_area": "dispatch_911", "community": ""}
    answer = await leader.ask("lead", "POST", "/worksheets/groups", data=about)
    group = answer.headers["location"]
    page = await leader.ask("group, first", "GET", group)
    code = found('class="code">([A-Z ]+)<', page).replace(" ", "")
    screen = found('href="([^"]*/worksheets/screens/[^"]*)"', page)
    async with asyncio.TaskGroup() as room:
        for what, path in (("group", group), ("screen", screen)):
            room.create_task(Visitor(port, told).follow(what, path, over))
        for _ in range(PEOPLE):
            room.create_task(attend(Visitor(port, told), code, done, over))
        await all_done.wait()
        await lead(leader, group, over)
    return told


def found(pattern: str, page: Response) -> str:
    match = re.search(pattern, page.text)
    assert match, page.text
    return match[1]


def report(database: str, told: Told, seconds: float) -> None:
    """Print how long people waited: the middle, 95 of 100, and the longest."""
    asked = sum(map(len, told.took.values()))
    print(
        f"{database}: {PEOPLE} people, {asked} requests in {seconds:.0f} s, "
        f"{asked / seconds:.0f} a second, load {os.getloadavg()[1]:.1f}"
    )
    for what, took in sorted(told.took.items()):
        ordered = sorted(took)
        middle, most = (ordered[int(len(took) * part)] for part in (0.5, 0.95))
        print(
            f"  {what:22} {len(took):6}  half {middle * 1000:6.0f} ms"
            f"  95 of 100 {most * 1000:6.0f} ms  longest {ordered[-1] * 1000:6.0f} ms"
        )
    print(f"  went wrong: {dict(told.wrong) or 'nothing'}")


def measure(the: Bench, database: str) -> None:
    with served(the.program, the.run, page="/healthz"):
        begun = perf_counter()
        told = asyncio.run(play(the.program.port))
        report(database, told, perf_counter() - begun)


def main(wanted: list[str]) -> int:
    for database in wanted or ["sqlite", "postgresql"]:
        with bench(postgresql=database == "postgresql") as the:
            prepare(the)
            measure(the, database)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
