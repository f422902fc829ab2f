"""Colleagues who answer one worksheet, as their browsers do it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from tests.visitors import hidden_on

EXAMPLE = json.loads(
    (Path(__file__).parent / "unit/worksheets/examples.json").read_text("utf-8")
)["group"]
#: Four people score dispatch, as the catalog works it out: what their forms send.
FOUR: list[dict[str, str]] = [
    {item: "unknown" if grade is None else str(grade) for item, grade in each.items()}
    for each in EXAMPLE["answers"].values()
]
NAMES = ["Ada Sample", "Ben Sample", "", "Dee Sample"]
DISPATCH = {"service_area": "dispatch_911", "community": "Town of Ashfield"}


def open_group(client: FlaskClient, **typed: str) -> str:
    """Open a group, and return the address of its facilitator's page."""
    answer = client.post("/worksheets/groups", data=DISPATCH | typed)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def code_on(client: FlaskClient, group: str) -> str:
    """Return the code that a facilitator's page shows."""
    found = re.search(r'class="code">([A-Z ]+)<', client.get(group).text)
    assert found
    return found[1].replace(" ", "")


def screen_of(client: FlaskClient, group: str) -> str:
    found = re.search(
        r'href="([^"]*/worksheets/screens/[^"]*)"', client.get(group).text
    )
    assert found
    return urlsplit(found[1]).path


def join(client: FlaskClient, code: str, name: str = "") -> str:
    """Join by a code, and return the address of one's own worksheet."""
    page = client.get(f"/worksheets/join/{code}")
    typed = {"name": name, "once": hidden_on(page, "once")}
    answer = client.post(f"/worksheets/join/{code}", data=typed)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def hand_in(client: FlaskClient, sheet: str, answers: Mapping[str, str]) -> None:
    answer = client.post(f"{sheet}/hand-in", data=answers)
    assert (answer.status_code, answer.location) == (303, f"{sheet}/talk")


def four_hand_in(client: FlaskClient, group: str) -> list[str]:
    """Let the four of the example join and hand in; return their worksheets."""
    code = code_on(client, group)
    sheets = [join(client, code, name) for name in NAMES]
    for sheet, answers in zip(sheets, FOUR, strict=True):
        hand_in(client, sheet, answers)
    return sheets


def begin_talk(client: FlaskClient, group: str) -> None:
    assert client.post(f"{group}/talk").status_code == 303
