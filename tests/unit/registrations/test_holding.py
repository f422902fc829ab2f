"""What stands between a held place and the person, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.registrations.rules import (
    Hold,
    State,
    held_until,
    hold_on_asking,
    hold_on_promotion,
)

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("place", "needs_approval", "hold"),
    [
        (State.CONFIRMED, True, Hold.APPROVAL),
        (State.CONFIRMED, False, None),
        (State.WAITING, True, None),  # nothing is held for who waits
        (State.WAITING, False, None),
    ],
)
def test_a_free_place_is_held_where_every_request_is_looked_at(
    place: State, hold: Hold | None, *, needs_approval: bool
) -> None:
    assert hold_on_asking(place, needs_approval=needs_approval) is hold


@pytest.mark.parametrize(
    ("price_cents", "needs_approval", "hold"),
    [
        (0, False, None),
        (0, True, Hold.APPROVAL),
        (1, False, Hold.ANSWER),
        (1, True, Hold.ANSWER),  # they say yes before we look at it
    ],
)
def test_who_is_next_has_a_free_place_at_once_and_takes_a_priced_one_first(
    price_cents: int, hold: Hold | None, *, needs_approval: bool
) -> None:
    found = hold_on_promotion(price_cents=price_cents, needs_approval=needs_approval)
    assert found is hold


@given(hours=st.none() | st.integers(1, 100))
def test_an_answer_is_awaited_for_48_hours_and_not_beyond_the_start(
    hours: int | None,
) -> None:
    start = None if hours is None else NOON + hours * HOUR
    until = held_until(Hold.ANSWER, start, NOON)
    assert until == NOON + min(48, 48 if hours is None else hours) * HOUR


@pytest.mark.parametrize("hold", [None, Hold.APPROVAL])
def test_what_staff_decide_does_not_lapse(hold: Hold | None) -> None:
    assert held_until(hold, NOON + HOUR, NOON) is None
