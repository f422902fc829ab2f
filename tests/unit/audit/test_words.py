"""The trail in words."""

import ast
from typing import Any

import pytest

from csd_events.audit.queries import Entry
from csd_events.audit.words import ACTIONS, KINDS, ChangeLine, history_lines, kind_words
from tests.architecture.files import SOURCES, tree
from tests.factories import NOON

ZONE = "America/New_York"


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


def changes(**recorded: object) -> list[ChangeLine]:
    (line,) = history_lines([entry(changes=recorded)], zone=ZONE)
    return list(line.changes)


def _recorded_actions() -> set[str]:
    """Find every action that the code writes down by its name."""
    calls = (
        node
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "record"
    )
    words = (each for call in calls for each in call.args[1:2])
    return {str(each.value) for each in words if isinstance(each, ast.Constant)}


def test_every_action_that_is_written_down_has_words() -> None:
    assert sorted(_recorded_actions() - set(ACTIONS)) == []


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
    (line,) = history_lines([entry(**{"action": "event.saved", **given})], zone=ZONE)
    assert line.who == who


def test_an_action_without_words_shows_its_name() -> None:
    (line,) = history_lines([entry("spaceship.launched")], zone=ZONE)
    assert (line.what, kind_words(line.kind)) == ("spaceship.launched", "spaceship")


@pytest.mark.parametrize(
    ("name", "recorded", "shown"),
    [
        ("title", ["Old", "New"], ("Title", "Old", "New")),
        ("capacity", [None, 30], ("Capacity", None, "30")),
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
