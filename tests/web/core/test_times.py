"""Instants as people read them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from csd_events.core import time
from csd_events.core.words import reading_in
from csd_events.core.zones import zone_short, zone_words

SUMMER = datetime(2030, 7, 16, 18, tzinfo=UTC)
WINTER = datetime(2030, 1, 16, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("zone", "words", "short"),
    [
        (
            "America/New_York",
            "Tuesday, July 16, 2030, 2:00 pm Eastern (UTC\N{MINUS SIGN}4)",
            "Tue, Jul 16, 2:00 pm ET",
        ),
        (
            "America/St_Johns",
            "Tuesday, July 16, 2030, 3:30 pm Newfoundland (UTC\N{MINUS SIGN}2:30)",
            "Tue, Jul 16, 3:30 pm UTC\N{MINUS SIGN}2:30",
        ),
        (
            "Asia/Kathmandu",
            "Tuesday, July 16, 2030, 11:45 pm Nepal (UTC+5:45)",
            "Tue, Jul 16, 11:45 pm UTC+5:45",
        ),
        (
            "America/Indiana/Indianapolis",
            "Tuesday, July 16, 2030, 2:00 pm Eastern (UTC\N{MINUS SIGN}4)",
            "Tue, Jul 16, 2:00 pm ET",
        ),
    ],
)
def test_zones_with_30_and_45_minute_offsets_say_so(
    zone: str, words: str, short: str
) -> None:
    assert time.local_time(SUMMER, zone) == words
    assert time.short_time(SUMMER, zone) == short


def test_two_zones_that_share_an_abbreviation_are_told_apart() -> None:
    """Chicago, Regina and Shanghai all write CST; only one of them is CT in July."""
    zones = ("America/Chicago", "America/Regina", "Asia/Shanghai", "America/Phoenix")
    assert [zone_short(SUMMER, zone) for zone in zones] == [
        "CT",
        "UTC\N{MINUS SIGN}6",
        "UTC+8",
        "UTC\N{MINUS SIGN}7",
    ]
    assert [zone_short(WINTER, zone) for zone in zones] == [
        "CT",
        "CT",
        "UTC+8",
        "MT",
    ]
    assert len({time.local_time(SUMMER, zone) for zone in zones}) == 4


def test_what_lasts_days_breaks_no_line_within_its_last_day() -> None:
    words = time.time_span(SUMMER, SUMMER + timedelta(days=21), "America/New_York")
    start = "Tuesday, July 16, 2030, 2:00 pm Eastern (UTC\N{MINUS SIGN}4)"
    assert words.replace("\N{NO-BREAK SPACE}", "_") == (
        f"{start} \N{EN DASH} August_6,_2030"
    )


def test_the_date_of_an_evening_west_of_utc_is_not_the_next_day() -> None:
    evening = datetime(2030, 7, 17, 2, tzinfo=UTC)
    zone = "America/Los_Angeles"
    assert time.local_date(evening, zone) == "July 16, 2030"
    assert time.short_date(evening, zone) == "Jul 16"
    assert time.time_only(evening, zone) == "7:00 pm"
    assert time.day_parts(evening, zone) == time.DayParts("Tue", "16", "Jul", "2030")


def test_days_and_months_without_a_zone_have_words() -> None:
    day = date(2014, 9, 14)
    assert (time.day_words(day), time.month_words(day)) == (
        "September 14, 2014",
        "September 2014",
    )


def test_another_locale_has_its_own_order() -> None:
    with reading_in("fr"):
        assert time.time_only(SUMMER, "Europe/Paris") == "20:00"


def test_a_zone_to_choose_is_named_with_its_city() -> None:
    zones = ("America/New_York", "America/Indiana/Indianapolis", "America/Phoenix")
    assert [zone_words(zone) for zone in zones] == [
        "Eastern (New York)",
        "Eastern (Indianapolis)",
        "Mountain (Phoenix)",
    ]


def test_utc_is_called_utc() -> None:
    assert zone_short(SUMMER, "UTC") == "UTC"
