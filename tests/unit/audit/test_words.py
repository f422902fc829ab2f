"""The trail in words."""

import ast
import re
from typing import Any

import pytest

from csd_events.audit.queries import Entry
from csd_events.audit.words import ACTIONS, KINDS, ChangeLine, history_lines, kind_words
from csd_events.registrations.mail import WRITERS
from tests.architecture.files import SOURCES, tree
from tests.factories import NOON

ZONE = "America/New_York"
#: Actions whose names are put together from the kind of thing and what was done.
COMPOSED = {
    *(f"{kind}.merged" for kind in ("partner", "presenter")),
    *(f"{kind}.removed" for kind in ("affiliation", "membership", "organization")),
}


def entry(action: str = "event.saved", **given: Any) -> Entry:
    defaults: dict[str, Any] = {
        "id": 1,
        "at": NOON,
        "actor_id": 7,
        "actor_name": "Dana Sample",
        "action": action,
        "subject_kind": action.partition(".")[0],
        "subject_id": 3,
        "changes": {},
    }
    return Entry(**defaults | given)


NAMES = {("program", 3): "Sharing", ("event", 7): "Talk", ("event", 3): "Other"}


def changes(**recorded: object) -> list[ChangeLine]:
    (line,) = history_lines([entry(changes=recorded)], zone=ZONE, names=NAMES)
    return list(line.changes)


def _written_actions() -> set[str]:
    """Find every action that services write down, in whichever way."""
    words = re.compile(rf"({'|'.join(KINDS)})\.[a-z_]+")
    found = {
        node.value
        for path in SOURCES
        if "service" in str(path)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if words.fullmatch(node.value)
    }
    return found - (set(WRITERS) - set(ACTIONS))  # kinds of mail are written so too


def test_every_action_there_is_has_words_and_no_other_has() -> None:
    assert set(ACTIONS) == _written_actions() | COMPOSED


def test_every_kind_of_thing_has_a_name() -> None:
    assert {action.partition(".")[0] for action in ACTIONS} == set(KINDS)


@pytest.mark.parametrize(
    ("given", "who"),
    [
        ({}, "Dana Sample"),
        ({"actor_id": None, "actor_name": None}, "The program"),
        (
            {
                "actor_id": None,
                "actor_name": None,
                "action": "registration.cancelled",
            },
            "A visitor",
        ),
    ],
)
def test_somebody_did_it_or_a_visitor_or_the_program(
    given: dict[str, Any], who: str
) -> None:
    (line,) = history_lines(
        [entry(**{"action": "event.saved", **given})], zone=ZONE, names=NAMES
    )
    assert line.who == who


def test_an_action_without_words_shows_its_name() -> None:
    (line,) = history_lines([entry("spaceship.launched")], zone=ZONE, names=NAMES)
    assert (line.what, kind_words(line.kind)) == ("spaceship.launched", "spaceship")


@pytest.mark.parametrize(
    ("name", "recorded", "shown"),
    [
        ("title", ["Old", "New"], ("Title", "Old", "New")),
        ("capacity", [None, 30], ("Capacity", None, "30")),
        ("program_id", [3, 4], ("Program", "Sharing", "number 4")),
        ("program_id", [3, None], ("Program", "Sharing", "nothing")),
        (
            "prerequisites",
            [[], [7, 8]],
            ("Events to attend first", None, "Talk; number 8"),
        ),
        ("capacity", [30, None], ("Capacity", "30", "nothing")),
        ("is_contact", [False, True], ("Is contact", "no", "yes")),
        ("role", ["none", "scheduler"], ("Role", "no role", "scheduler")),
        ("form", [None, "public_private"], ("Form", None, "public private")),
        ("price_cents", [0, 2500], ("Price", "0.00", "25.00")),
        ("from_on", "2030-02-28", ("From", None, "February 28, 2030")),
        (
            "starts_at",
            [None, "2030-05-01T12:00:00+00:00"],
            ("Starts", None, "May 1, 2030, 8:00 am ET"),
        ),
        (
            "areas",
            [["police"], ["police", "fire_ems"]],
            ("Service areas", "police", "police; fire ems"),
        ),
        (
            "offers",
            [[], [{"price_cents": 2500, "quota": None}]],
            ("Offers", None, "Price 25.00"),
        ),
        ("platform_url", ["https://a", "https://b"], ("Link to join", None, None)),
        ("nested", [None, [{"token": "abc"}]], ("Nested", None, "Token changed")),
    ],
)
def test_a_change_is_told_by_field_in_words(
    name: str, recorded: object, shown: tuple[str, str | None, str | None]
) -> None:
    (line,) = changes(**{name: recorded})
    assert (line.label, line.before, line.after) == shown


def test_what_was_nothing_and_is_nothing_is_not_told() -> None:
    assert changes(state=[None, None], kind=[None, ""], note=None) == []
