"""What the trail shows of a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.audit.rules import LONGEST, is_secret, shortened, sides


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("password_hash", True),
        ("platform_url", True),
        ("join-token", True),
        ("API key", True),
        ("link_version", True),
        ("title", False),
        ("keynote", False),
        ("recording_url", False),
    ],
)
def test_what_opens_something_is_nobodys_to_read(name: str, secret: bool) -> None:  # noqa: FBT001 - a row
    assert is_secret(name) is secret


@given(st.text(max_size=3 * LONGEST))
def test_a_value_is_never_longer_than_a_glance_and_shows_that_it_was_cut(
    words: str,
) -> None:
    shown = shortened(words)
    kept = shown == words if len(words) <= LONGEST else shown.endswith("…")
    assert (kept, len(shown) <= LONGEST) == (True, True)


@pytest.mark.parametrize(
    ("recorded", "seen"),
    [
        (["a", "b"], ("a", "b")),
        ([None, 3], (None, 3)),
        ("a fact", (None, "a fact")),
        (["a", "b", "c"], (None, ["a", "b", "c"])),
    ],
)
def test_a_pair_is_before_and_after_and_anything_else_a_fact(
    recorded: object, seen: tuple[object, object]
) -> None:
    assert sides(recorded) == seen
