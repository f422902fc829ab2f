"""When announcements leave, and what may be done with one."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.announcements import rules
from csd_events.announcements.rules import (
    Audience,
    LeftOut,
    Progress,
    Reach,
    Refusal,
    Stage,
)

ZONES = ("America/New_York", "America/Phoenix", "Pacific/Honolulu", "Asia/Kathmandu")
#: Minutes from the first moment of 2026, for five years.
INSTANTS = st.integers(0, 5 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
EASTERN = "America/New_York"


def at(hour: int, minute: int = 0, *, day: int = 1) -> datetime:
    """An instant by a clock in New York."""
    here = datetime(2030, 5, day, hour, minute, tzinfo=ZoneInfo(EASTERN))
    return here.astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "number", "expected"),
    [
        (at(14), 20, at(14)),
        (at(14), 21, at(14, 5)),
        (at(8), 1, at(8)),
        (at(7, 59), 1, at(8)),
        (at(7, 54), 21, at(8)),
        (at(7, 56), 21, at(8, 1)),
        (at(17, 59), 20, at(17, 59)),
        (at(17, 55), 21, at(8, day=2)),
        (at(18), 1, at(8, day=2)),
        (at(23), 5000, at(8, day=2)),
        (at(0, 30), 5000, at(8)),
    ],
)
def test_an_announcement_leaves_by_day_and_to_many_five_minutes_later(
    now: datetime, number: int, expected: datetime
) -> None:
    assert rules.leaves_at(now, EASTERN, number=number) == expected


@given(now=INSTANTS, zone=st.sampled_from(ZONES), number=st.integers(1, 100))
def test_whenever_it_is_sent_off_it_leaves_by_day_within_a_day_and_not_before(
    now: datetime, zone: str, number: int
) -> None:
    leaves_at = rules.leaves_at(now, zone, number=number)
    clock = leaves_at.astimezone(ZoneInfo(zone)).time()
    assert time(8) <= clock < time(18)
    wait = timedelta(minutes=5) if number > 20 else timedelta()
    assert now + wait <= leaves_at < now + timedelta(hours=16)
    assert leaves_at.tzinfo is UTC


@given(now=INSTANTS, zone=st.sampled_from(ZONES))
def test_the_next_morning_is_the_first_moment_of_the_day_to_come(
    now: datetime, zone: str
) -> None:
    morning = rules.next_morning(now, zone)
    assert rules.is_by_day(morning, zone)
    assert not rules.is_by_day(morning - timedelta(microseconds=1), zone)


@pytest.mark.parametrize(
    ("stage", "to", "waiting", "refused"),
    [
        (Stage.DRAFT, Stage.PAUSED, True, True),
        (Stage.DRAFT, Stage.STOPPED, True, True),
        (Stage.LEAVING, Stage.PAUSED, False, False),
        (Stage.LEAVING, Stage.STOPPED, False, False),
        (Stage.LEAVING, Stage.LEAVING, True, True),
        (Stage.PAUSED, Stage.LEAVING, False, False),
        (Stage.PAUSED, Stage.STOPPED, False, False),
        (Stage.PAUSED, Stage.PAUSED, True, True),
        (Stage.GONE, Stage.PAUSED, True, False),
        (Stage.GONE, Stage.PAUSED, False, True),
        (Stage.GONE, Stage.STOPPED, True, False),
        (Stage.GONE, Stage.STOPPED, False, True),
        (Stage.STOPPED, Stage.LEAVING, True, True),
        (Stage.STOPPED, Stage.STOPPED, True, True),
    ],
)
def test_only_what_is_under_way_can_be_paused_resumed_or_stopped(
    stage: Stage, to: Stage, *, waiting: bool, refused: bool
) -> None:
    found = rules.refuse_moving(stage, to=to, waiting=waiting)
    assert found == (Refusal.NOT_UNDER_WAY if refused else None)


def test_who_is_left_out_is_not_reached() -> None:
    reach = Reach(10, {LeftOut.OVER_CAP: 2, LeftOut.UNSUBSCRIBED: 1})
    assert reach.reached == 7


def test_progress_counts_rows_done_of_rows_known() -> None:
    under_way = Progress(known=5000, sent=1200, waiting=3750, failed=10, left_out=40)
    assert (under_way.done, under_way.percent) == (1250, 25)
    assert (Progress().done, Progress().percent) == (0, 0)


def test_a_list_is_named_after_whom_it_writes_to() -> None:
    names = {
        (Audience.MEMBERS, None): "members",
        (Audience.EVENT, 42): "event-42",
    }
    assert {key: rules.list_of(*key) for key in names} == names
    assert [rules.event_of(name) for name in names.values()] == [None, 42]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ada@example.org", "a•••@example.org"),
        ("x@example.org", "x•••@example.org"),
        ("ada.sample+tag@example.org", "a•••@example.org"),
    ],
)
def test_a_masked_address_says_no_more_than_its_owner_knows(
    address: str, shown: str
) -> None:
    assert rules.masked(address) == shown
