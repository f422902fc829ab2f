"""Somebody new on the staff does what docs/scenario.md says, and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import State
from tests.browser.scenes import SignIn
from tests.factories import make_account

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]
SCENARIO = Path(__file__).parents[2] / "docs" / "scenario.md"
#: Words a minute that are read, letters a minute that are typed by somebody who does
#: not do so for a living, and seconds to find a field, and to find and press anything.
READS, TYPES, FINDS, PRESSES = 200, 150, 2, 4
#: A row of a table, a sentence that says what to press, what to read, and where.
ROW = re.compile(r"\| (?!Field|---)(?P<field>[^|]+) \| (?P<value>[^|]+) \|")
DO = re.compile(
    r"(?P<bar>In the dark bar press )|(?P<back>Go back)|Under \*(?P<part>[^*]+)\*"
    r"|(?P<verb>[Pp]ress|[Yy]ou read) |\*(?P<name>[^*]+)\*|(?P<end>\. )"
)


@dataclass
class Newcomer:
    """Somebody who reads a page of ours and does what it says, in a browser."""

    page: Page
    part: Locator
    seconds: float = 0.0

    def press(self, name: str, inside: Locator) -> None:
        exact = re.compile(rf"^\s*{re.escape(name)}\s*$")
        found = inside.get_by_role("link", name=exact)
        found = found.or_(inside.get_by_role("button", name=exact))
        found.first.click()
        self.page.wait_for_load_state()
        self.part = self.page.locator("main")
        self.seconds += PRESSES

    def type(self, name: str, value: str) -> None:
        exact = re.compile(rf"^\s*{re.escape(name)}\s*(\(optional\))?\s*$")
        boxes = self.part.get_by_role("group", name=exact)
        self.seconds += FINDS + len(value) * 60 / TYPES
        if re.fullmatch(r"\d+/\d+/\d{4}", value):
            parts = zip(("Month", "Day", "Year"), value.split("/"), strict=True)
            for box, number in parts:
                boxes.first.get_by_label(box).fill(number)
            return
        field = self.part.get_by_label(exact).first
        if value == "tick":
            self.part.locator("label").filter(has_text=exact).first.click()
            expect(field).to_be_checked()
        elif field.evaluate("(field) => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)

    def follow(self, line: str) -> None:
        """Do what one step says, from its first word to its last."""
        inside, reads = self.page.locator("main"), False
        for found in DO.finditer(f"{line} "):
            if found["bar"]:
                inside, reads = self.page.get_by_role("navigation", name="Staff"), False
            elif found["back"]:
                self.page.go_back()
            elif found["part"]:
                self.part = self.page.get_by_role("group", name=found["part"])
            elif found["verb"]:
                reads = found["verb"].lower() == "you read"
            elif found["name"] and reads:
                expect(self.page.locator("main")).to_contain_text(found["name"])
            elif found["name"]:
                self.press(found["name"], inside)
                inside = self.page.locator("main")


def steps() -> Iterator[str]:
    """Yield each step in one line, and each row of its table in another."""
    numbered, _, _ = SCENARIO.read_text().partition("That is all of it.")
    _, heading, numbered = numbered.partition("## 1.")
    for block in re.split(r"\n(?=\d+\. |   \| )|\n\n", heading + numbered):
        line = " ".join(block.split())
        if re.match(r"\d+\. |\|", line):
            yield re.sub(r"^\d+\. ", "", line)


def test_a_newcomer_schedules_all_of_the_scenario_in_less_than_fifteen_minutes(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    sign_in(make_account(session, role=Role.SCHEDULER))
    page.goto("/staff")
    newcomer = Newcomer(page, page.locator("main"))
    for step in steps():
        if row := ROW.fullmatch(step):
            newcomer.type(row["field"], row["value"])
        else:
            newcomer.follow(step)

    minutes = len(SCENARIO.read_text().split()) / READS + newcomer.seconds / 60
    assert minutes < 15
    published = select(Event.id).where(Event.state == State.PUBLISHED)
    ids = session.scalars(published.order_by(Event.starts_at)).all()
    found = [events.get(session, event_id) for event_id in ids]
    assert [(each.title, each.zone) for each in found] == [
        ("Trust Between Neighbors", "America/Chicago"),
        ("Who Pays for What", "America/Chicago"),
        ("Ways Out", "America/Chicago"),
        ("Running a Shared Service", "America/New_York"),
        *[("Thursday Questions", "America/New_York")] * 6,
    ]
    days = [[each.wall_start.date() for each in event.sessions] for event in found]
    assert days == [
        *([date(2031, 5, day)] for day in (12, 13, 14)),
        [date(2031, 6, day) for day in (3, 10, 17, 24)],
        *([date(2031, 9, day)] for day in (4, 11, 18, 25)),
        *([date(2031, 10, day)] for day in (2, 9)),
    ]
