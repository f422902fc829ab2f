"""The first line of an entry that changes: what it says of any change there may be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from csd_events.core.time import local_time, time_span
from csd_events.registrations.rules import Change, Heard
from csd_events.registrations.words import news_of

START = datetime(2030, 5, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONES = ["America/New_York", "America/Denver", "Asia/Kathmandu", "UTC"]
WAS = Heard(
    id=7,
    sequence=0,
    number=1,
    title="Part 1",
    starts_at=START,
    ends_at=START + HOUR,
    zone="America/New_York",
    place="Room 5",
)

starts = st.sampled_from([START + n * HOUR for n in range(0, 200, 40)])
lengths = st.sampled_from([None, HOUR, 2 * HOUR])


@st.composite
def heard(draw: st.DrawFn) -> Heard:
    start, length = draw(starts), draw(lengths)
    return replace(
        WAS,
        starts_at=start,
        ends_at=start + length if length else None,
        zone=draw(st.sampled_from(ZONES)),
        place=draw(st.sampled_from(["", "Room 5", "Room 6"])),
    )


def line(before: Heard, now: Heard) -> str:
    return news_of(Change([(before, now)], [], []))[7]


@given(before=heard(), now=heard())
def test_what_moved_is_named_as_it_was_and_as_it_is(before: Heard, now: Heard) -> None:
    assume(before.entry != now.entry)
    said = line(before, now)
    assert len(said.splitlines()) == 1
    if before.starts_at != now.starts_at:
        was, holds = (local_time(each.starts_at, each.zone) for each in (before, now))
        assert said.startswith(f"Moved from {was}")
        assert f" to {holds}" in said
    if before.place != now.place:
        assert [each.place in said for each in (before, now)] == [True, True]


def test_another_place_alone_is_said_without_the_time() -> None:
    elsewhere, nowhere = replace(WAS, place="Room 6"), replace(WAS, place="")
    assert line(WAS, elsewhere) == "Now at Room 6, no longer at Room 5"
    assert line(nowhere, elsewhere) == "Now at Room 6"
    assert line(WAS, nowhere) == "No longer at Room 5"


def test_what_begins_when_it_did_has_not_moved() -> None:
    longer = replace(WAS, ends_at=START + 2 * HOUR)
    spans = [time_span(START, START + n * HOUR, WAS.zone) for n in (1, 2)]
    assert line(WAS, longer) == f"Changed from {spans[0]} to {spans[1]}"
    clocks = [local_time(START, zone) for zone in (WAS.zone, "America/Denver")]
    shown = line(WAS, replace(WAS, zone="America/Denver"))
    assert shown == f"Changed from {clocks[0]} to {clocks[1]}"


def test_each_session_that_comes_or_goes_is_named() -> None:
    came, went = replace(WAS, id=8, title=""), replace(WAS, id=9)
    when = local_time(START, WAS.zone)
    assert news_of(Change([], [went], [came])) == {
        8: f"Added: {when}",
        9: f"Taken out: Part 1, {when}",
    }
