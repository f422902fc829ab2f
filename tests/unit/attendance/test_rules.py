"""When the room is open."""

from datetime import UTC, datetime, timedelta

import pytest

from csd_events.attendance.rules import Door, Seen, Sitting, door

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
MORNING = Sitting(1, NOON, NOON + HOUR)
LATER = Sitting(2, NOON + 1.5 * HOUR, NOON + 3 * HOUR)


@pytest.mark.parametrize(
    ("now", "seen"),
    [
        (NOON - HOUR - SECOND, Seen(Door.EARLY, 1, NOON - HOUR)),
        (NOON - HOUR, Seen(Door.OPEN, 1)),
        (NOON, Seen(Door.OPEN, 1)),
        (NOON + HOUR, Seen(Door.OPEN, 1)),  # an overrun
        (NOON + 2 * HOUR - SECOND, Seen(Door.OPEN, 1)),
        (NOON + 2 * HOUR, Seen(Door.OVER)),
    ],
)
def test_the_door_opens_an_hour_before_and_stays_open_in_an_overrun(
    now: datetime, seen: Seen
) -> None:
    assert door([MORNING], now=now) == seen


def test_who_comes_to_the_next_session_is_led_into_that_one() -> None:
    """Its door opens while the one before may still be going on."""
    sittings = [LATER, MORNING]
    assert door(sittings, now=NOON) == Seen(Door.OPEN, 1, next_id=2)
    assert door(sittings, now=LATER.starts_at) == Seen(Door.OPEN, 2)


def test_between_two_days_the_next_one_is_announced() -> None:
    day_two = Sitting(2, NOON + 24 * HOUR, NOON + 25 * HOUR)
    seen = door([MORNING, day_two], now=NOON + 5 * HOUR)
    assert seen == Seen(Door.EARLY, 2, NOON + 23 * HOUR)


def test_an_event_without_sittings_has_no_door() -> None:
    assert door([], now=NOON) == Seen(Door.OVER)
