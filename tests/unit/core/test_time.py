"""Wall clocks and instants, where zones are at their strangest."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.core.time import (
    ClockGapError,
    ClockOverlapError,
    clock_elsewhere,
    start_of_day,
    to_utc,
    to_wall,
)
from csd_events.core.zones import COMMON_ZONES, is_zone

#: Zones that jump over midnight, show it twice, or skipped a day.
STRANGE = (
    "Africa/Cairo",
    "America/Asuncion",
    "America/Havana",
    "America/Sao_Paulo",
    "America/Scoresbysund",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NEW_YORK = "America/New_York"

zones = st.sampled_from(STRANGE + COMMON_ZONES) | st.sampled_from(
    sorted(zone for zone in available_timezones() if "/" in zone)
)
days = st.dates(date(1972, 1, 1), date(2037, 1, 1))
walls = st.datetimes(datetime(1972, 1, 1), datetime(2037, 1, 1)).map(  # noqa: DTZ001
    lambda wall: wall.replace(second=0, microsecond=0)
)


def brute_start_of_day(day: date, zone: str) -> datetime:
    """Walk through every minute that could be the first of a day."""
    here = ZoneInfo(zone)
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
    while instant.astimezone(here).date() < day:
        instant += MINUTE
    return instant


@pytest.mark.parametrize(
    ("day", "zone", "first"),
    [
        (date(2014, 10, 16), NEW_YORK, "2014-10-16T04:00"),
        (date(2018, 11, 4), "America/Sao_Paulo", "2018-11-04T03:00"),  # no midnight
        (date(2018, 2, 18), "America/Sao_Paulo", "2018-02-18T03:00"),  # 11 pm twice
        (date(2024, 11, 3), "America/Havana", "2024-11-03T04:00"),  # midnight twice
        (date(2025, 3, 30), "America/Scoresbysund", "2025-03-30T01:00"),
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00"),  # a day that was not
        (date(2011, 12, 31), "Pacific/Apia", "2011-12-30T10:00"),
        (date(2030, 5, 1), "Asia/Kathmandu", "2030-04-30T18:15"),
        (date(2030, 5, 1), "America/St_Johns", "2030-05-01T02:30"),
    ],
)
def test_a_day_begins_at_its_first_instant_in_its_zone(
    day: date, zone: str, first: str
) -> None:
    assert start_of_day(day, zone).isoformat()[:16] == first


@given(days, zones)
def test_the_start_of_a_day_is_what_a_walk_through_its_minutes_finds(
    day: date, zone: str
) -> None:
    assert start_of_day(day, zone) == brute_start_of_day(day, zone)


@pytest.mark.parametrize("zone", STRANGE)
def test_each_change_of_the_clocks_leaves_days_that_begin_once(zone: str) -> None:
    """All days around each change of fifteen years, where the traps are."""
    here = ZoneInfo(zone)
    noons = [datetime(2010, 1, 1, 12, tzinfo=UTC) + n * DAY for n in range(5800)]
    changes = [
        noon.date()
        for noon in noons
        if (noon - DAY).astimezone(here).utcoffset()
        != noon.astimezone(here).utcoffset()
    ]
    assert changes or zone == "Asia/Kathmandu"
    near = [each + n * DAY for each in changes for n in (-1, 0, 1)]
    found = {day: start_of_day(day, zone) for day in near}
    assert found == {day: brute_start_of_day(day, zone) for day in near}


@given(walls, zones)
def test_a_wall_clock_is_an_instant_that_shows_it_or_is_refused(
    wall: datetime, zone: str
) -> None:
    here = ZoneInfo(zone)
    shown = [
        instant
        for fold in (0, 1)
        if (instant := wall.replace(tzinfo=here, fold=fold).astimezone(UTC))
        .astimezone(here)
        .replace(tzinfo=None)
        == wall
    ]
    if not shown:
        with pytest.raises(ClockGapError):
            to_utc(wall, zone)
    elif len(set(shown)) == 2:
        with pytest.raises(ClockOverlapError):
            to_utc(wall, zone)
        both = [to_utc(wall, zone, later=later) for later in (False, True)]
        assert both == sorted(set(shown))
    else:
        assert to_utc(wall, zone) == shown[0]
        assert to_wall(shown[0], zone) == wall


def test_a_time_the_clocks_skip_is_refused() -> None:
    skipped = datetime(2030, 3, 10, 2, 30)  # noqa: DTZ001 - a wall clock
    with pytest.raises(ClockGapError, match="does not exist in America/New_York"):
        to_utc(skipped, NEW_YORK)


def test_a_time_the_clocks_show_twice_must_be_said_which() -> None:
    twice = datetime(2030, 11, 3, 1, 30)  # noqa: DTZ001 - a wall clock
    with pytest.raises(ClockOverlapError, match="occurs twice"):
        to_utc(twice, NEW_YORK)
    both = [to_utc(twice, NEW_YORK, later=later).hour for later in (False, True)]
    assert both == [5, 6]


def test_event_across_a_dst_change_keeps_its_local_time() -> None:
    """Also in a zone that gave the change up: the rules of that year count."""
    wall = datetime(2030, 1, 1, 14)  # noqa: DTZ001 - a wall clock
    hours = {
        zone: [to_utc(wall.replace(month=month), zone).hour for month in (1, 7)]
        for zone in (NEW_YORK, "America/Sao_Paulo", "America/Phoenix")
    }
    assert hours == {
        NEW_YORK: [19, 18],
        "America/Sao_Paulo": [17, 17],
        "America/Phoenix": [21, 21],
    }
    assert to_utc(wall.replace(year=2018), "America/Sao_Paulo").hour == 16


def test_a_zone_is_known_by_its_name_alone() -> None:
    known = ["America/New_York", "UTC", "EDT", "America/New York", "", "../etc/passwd"]
    assert [is_zone(name) for name in known] == [
        True, True, False, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "own", "shown"),
    [
        ("America/New_York", "America/Denver", "12:00 pm"),
        ("America/New_York", "America/New_York", None),
        ("America/New_York", "America/Toronto", None),
        ("America/New_York", "Pacific/Guam", "Fri, Oct 17, 4:00 am"),
        ("Pacific/Guam", "America/New_York", "Thu, Oct 16, 2:00 pm"),
    ],
)
def test_an_instant_on_somebodys_own_clock_names_the_day_where_that_differs(
    zone: str, own: str, shown: str | None
) -> None:
    instant = datetime(2025, 10, 16, 18, tzinfo=UTC)
    assert clock_elsewhere(instant, zone, own) == shown
