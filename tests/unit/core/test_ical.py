"""Calendar objects, read back by the library's reader."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from csd_events.core.ical import Entry, Party, calendar

HOUR = timedelta(hours=1)
ENTRY = Entry(
    uid="7-3-1@csd.test",
    sequence=4,
    stamp=datetime(2030, 4, 1, 9, tzinfo=UTC),
    starts_at=datetime(2030, 5, 14, 18, tzinfo=UTC),
    ends_at=datetime(2030, 5, 14, 19, tzinfo=UTC),
    zone="America/New_York",
    summary="Fire, together; a talk",
    description="Join here: https://csd.test/join/x\nTake a friend",
    location="Room 5, City Hall",
    url="https://csd.test/registrations/x",
    organizer=Party("Sample Association", "help@example.org"),
    attendee=Party('Ada "The" Sample; 李', "ada@example.org"),
)


def read(content: bytes) -> Any:
    return icalendar.Calendar.from_ical(content)


def test_an_entry_is_read_back_as_it_was_meant() -> None:
    document = read(calendar([ENTRY], method="REQUEST"))
    (event,) = document.walk("VEVENT")
    said = {
        name: str(event[name])
        for name in ("uid", "sequence", "summary", "description", "location", "url")
    }
    assert document["method"] == "REQUEST"
    assert said == {
        "uid": ENTRY.uid,
        "sequence": "4",
        "summary": ENTRY.summary,
        "description": ENTRY.description,
        "location": ENTRY.location,
        "url": ENTRY.url,
    }
    assert event.decoded("dtstart") == ENTRY.starts_at
    assert event.decoded("dtend") == ENTRY.ends_at
    assert event.decoded("dtstamp") == ENTRY.stamp
    assert event["organizer"] == "mailto:help@example.org"
    assert dict(event["attendee"].params) == {
        "CN": "Ada 'The' Sample; 李",
        "PARTSTAT": "ACCEPTED",
        "RSVP": "FALSE",
        "ROLE": "REQ-PARTICIPANT",
    }


def test_local_wall_time_is_never_written_with_a_z_suffix() -> None:
    lines = calendar([ENTRY]).decode().splitlines()
    times = [line for line in lines if line.startswith(("DTSTART", "DTEND"))]
    assert times[-2:] == [
        "DTSTART;TZID=America/New_York:20300514T140000",
        "DTEND;TZID=America/New_York:20300514T150000",
    ]
    assert [line for line in lines if line.endswith("Z")] == [
        "DTSTAMP:20300401T090000Z"
    ]


def test_utc_is_written_as_utc() -> None:
    content = calendar([replace(ENTRY, zone="UTC")]).decode()
    assert "DTSTART:20300514T180000Z" in content
    assert "VTIMEZONE" not in content


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Asia/Kathmandu", "America/St_Johns", "America/Regina"]
)
def test_the_zone_that_comes_along_says_what_the_zone_says(zone: str) -> None:
    """A program that knows no zones reads the instant from what is in the file."""
    content = calendar([replace(ENTRY, zone=zone)])
    (described,) = read(content).walk("VTIMEZONE")
    assert described["tzid"] == zone
    offsets = {part["tzoffsetto"].to_ical() for part in described.subcomponents}
    now = ENTRY.starts_at.astimezone(ZoneInfo(zone)).strftime("%z")
    assert now in offsets


def test_a_zone_is_described_once_though_the_sessions_are_years_apart() -> None:
    later = replace(
        ENTRY,
        uid="8",
        starts_at=datetime(2031, 1, 7, 18, tzinfo=UTC),
        ends_at=datetime(2031, 1, 7, 19, tzinfo=UTC),
    )
    elsewhere = replace(ENTRY, uid="9", zone="Asia/Kathmandu")
    document = read(calendar([ENTRY, later, elsewhere]))
    zones = [str(each["tzid"]) for each in document.walk("VTIMEZONE")]
    assert zones == ["America/New_York", "Asia/Kathmandu"]
    starts = [each.decoded("dtstart") for each in document.walk("VEVENT")]
    assert starts == [ENTRY.starts_at, later.starts_at, ENTRY.starts_at]


def test_each_turn_of_the_clocks_is_described_by_itself() -> None:
    """Some programs read one turn of each component, and no other."""
    start = datetime(2032, 1, 7, 18, tzinfo=UTC)
    later = replace(ENTRY, uid="8", starts_at=start, ends_at=start + HOUR)
    (zone,) = read(calendar([ENTRY, later])).walk("VTIMEZONE")
    turns = [(part.name, part["dtstart"].to_ical()) for part in zone.subcomponents]
    assert turns == [
        ("STANDARD", b"20300101T000000"),
        ("DAYLIGHT", b"20300310T030000"),
        ("DAYLIGHT", b"20310309T030000"),
        ("DAYLIGHT", b"20320314T030000"),
        ("STANDARD", b"20301103T020000"),
        ("STANDARD", b"20311102T020000"),
        ("STANDARD", b"20321107T020000"),
    ]
    assert [part for part in zone.subcomponents if "rdate" in part] == []


def test_what_is_cancelled_takes_no_time_and_asks_nobody() -> None:
    off = replace(ENTRY, cancelled=True, attendee=None, location="")
    (event,) = read(calendar([off], method="CANCEL")).walk("VEVENT")
    assert (event["status"], event["transp"]) == ("CANCELLED", "TRANSPARENT")
    assert "attendee" not in event
    assert "location" not in event


def test_a_file_to_download_names_no_method() -> None:
    assert b"METHOD" not in calendar([ENTRY])


def test_words_with_line_breaks_put_nothing_of_their_own_into_the_file() -> None:
    sly = replace(ENTRY, summary="x\r\nATTENDEE:mailto:eve@example.org")
    (event,) = read(calendar([sly])).walk("VEVENT")
    assert event["attendee"] == "mailto:ada@example.org"


def test_an_address_in_a_calendar_is_plain_ascii() -> None:
    """It stands in a URI there, and calendar programs compare it letter by letter."""
    attendee = Party("Ada", "ada@münchen.de")
    entry = replace(ENTRY, attendee=attendee)
    (event,) = read(calendar([entry])).walk("VEVENT")
    assert event["attendee"] == "mailto:ada@xn--mnchen-3ya.de"
