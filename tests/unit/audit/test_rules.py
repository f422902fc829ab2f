"""What the trail keeps of a change, and what it shows of a value."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.audit.rules import (
    LONGEST,
    is_secret,
    pointed_at,
    shortened,
    sides,
    what_changed,
)


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


def test_what_changed_is_kept_with_before_and_after_as_json_holds_it() -> None:
    noon = datetime(2030, 5, 1, 12, tzinfo=UTC)
    before = {"title": "A", "place": "Town", "from_on": date(2030, 5, 1), "gone": 1}
    after = {"title": "B", "place": "Town", "from_on": noon, "new": 3, "empty": None}
    assert what_changed(before, after) == {
        "title": ["A", "B"],
        "from_on": ["2030-05-01", "2030-05-01T12:00:00+00:00"],
        "new": [None, 3],
    }


FACTS = st.dictionaries(
    st.sampled_from("abcde"), st.none() | st.integers(0, 3) | st.text(max_size=2)
)


@given(FACTS, FACTS)
def test_what_changed_laid_over_what_was_gives_what_is(
    before: dict[str, object], after: dict[str, object]
) -> None:
    """And nothing that stayed is told; nothing and not there are the same."""
    changes = what_changed(before, after)
    news = {name: sides[1] for name, sides in changes.items()}
    olds = {name: sides[0] for name, sides in changes.items()}
    over = before | news
    assert all(over.get(name) == value for name, value in after.items())
    assert all(olds[name] == before.get(name) for name in changes)
    assert all(old != news[name] for name, old in olds.items())


def test_the_things_that_a_change_points_at_are_named_by_kind_and_number() -> None:
    changes = {
        "program_id": [None, 3],
        "prerequisites": [[4], [4, 5]],
        "merged_with": 6,
        "capacity": [7, 8],
    }
    assert set(pointed_at(changes)) == {
        ("program", 3),
        ("event", 4),
        ("event", 5),
        ("person", 6),
    }


def test_a_long_value_is_cut_and_shows_that_it_was() -> None:
    assert shortened("x" * LONGEST) == "x" * LONGEST
    cut = shortened("word " * LONGEST)
    assert len(cut) <= LONGEST
    assert cut.endswith("word…")
