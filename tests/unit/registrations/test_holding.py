"""What stands between a held place and the person, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.registrations.rules import (
    Hold,
    held_until,
    hold_on_asking,
    hold_on_promotion,
)

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("needs_approval", "is_unlisted", "hold"),
    [
        (False, False, None),
        (True, False, Hold.APPROVAL),
        (False, True, Hold.CONFERENCE),
        (True, True, Hold.APPROVAL),  # who looks at it looks at the list, too
    ],
)
def test_a_free_place_is_held_for_staff_or_for_the_list_of_the_conference(
    hold: Hold | None, *, needs_approval: bool, is_unlisted: bool
) -> None:
    asked = {"needs_approval": needs_approval, "is_unlisted": is_unlisted}
    assert hold_on_asking(**asked) is hold
    # It is the same for who is next in line, but they say first that they pay.
    assert hold_on_promotion(price_cents=0, **asked) is hold
    assert hold_on_promotion(price_cents=1, **asked) is Hold.ANSWER


@given(hours=st.none() | st.integers(1, 100))
def test_an_answer_is_awaited_for_48_hours_and_not_beyond_the_start(
    hours: int | None,
) -> None:
    start = None if hours is None else NOON + hours * HOUR
    until = held_until(Hold.ANSWER, start, NOON)
    assert until == NOON + min(48, 48 if hours is None else hours) * HOUR


@pytest.mark.parametrize("hold", [None, Hold.APPROVAL, Hold.CONFERENCE])
def test_what_staff_decide_does_not_lapse(hold: Hold | None) -> None:
    assert held_until(hold, NOON + HOUR, NOON) is None
