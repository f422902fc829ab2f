"""Which sessions get in each other's way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.events.rules import (
    Clash,
    Known,
    OnStage,
    Slot,
    clash_key,
    meetings,
    room_key,
    with_known,
)
from csd_events.events.rules.clashes import overlap, presenter_key

NOON = datetime(2030, 5, 1, 16, tzinfo=UTC)  # in New York
HOUR = timedelta(hours=1)
EASTERN = "America/New_York"
ADA = OnStage(presenter_key("Ada Byron", "Town"), "Ada Byron")
MINE = Slot(
    event_id=1,
    title="Mine",
    starts_at=NOON,
    ends_at=NOON + HOUR,
    zone=EASTERN,
    on_stage=(ADA,),
    conference_id=7,
    room=room_key("Room 101", 7),
    areas=frozenset({"fire"}),
    program="Fire school",
)
OTHER = replace(MINE, event_id=2, title="Other")

hours = st.integers(-30, 30).map(lambda n: NOON + n * HOUR)
slots = st.builds(
    lambda event_id, start, length, people, room, areas, program, conference_id: Slot(
        event_id=event_id,
        title=f"Event {event_id}",
        starts_at=start,
        ends_at=start + length * HOUR,
        zone=EASTERN,
        on_stage=tuple(OnStage(name, name) for name in sorted(people)),
        room=room,
        areas=areas,
        program=program,
        conference_id=conference_id,
    ),
    st.integers(1, 4),
    hours,
    st.integers(1, 4),
    st.sets(st.sampled_from("abc")),
    st.sampled_from(["", "7:hall", "8:hall"]),
    st.frozensets(st.sampled_from(["fire", "libraries"])),
    st.sampled_from(["", "school"]),
    st.sampled_from([None, 7, 8]),
)


def clashes_of(mine: Slot, other: Slot) -> tuple[Clash, ...]:
    return next((each.clashes for each in meetings([mine], [other])), ())


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, (Clash.PRESENTER, Clash.ROOM, Clash.AUDIENCE)),
        ({"on_stage": ()}, (Clash.ROOM, Clash.AUDIENCE)),
        ({"on_stage": (), "room": ""}, (Clash.AUDIENCE,)),
        ({"on_stage": (), "room": "", "areas": frozenset()}, (Clash.AUDIENCE,)),
        ({"on_stage": (), "room": "", "program": ""}, (Clash.AUDIENCE,)),
        (
            {"on_stage": (), "room": "", "program": "", "areas": frozenset({"water"})},
            (),
        ),
        ({"event_id": 1}, ()),
    ],
)
def test_sessions_at_one_time_clash_by_who_where_and_for_whom(
    other: dict[str, object], expected: tuple[Clash, ...]
) -> None:
    assert clashes_of(MINE, replace(OTHER, **other)) == expected  # type: ignore[arg-type]  # of all kinds


@pytest.mark.parametrize("after", [True, False])
def test_a_session_may_begin_when_another_ends(*, after: bool) -> None:
    by = HOUR if after else -HOUR
    other = replace(OTHER, starts_at=NOON + by, ends_at=NOON + by + HOUR)
    assert Clash.PRESENTER not in clashes_of(MINE, other)


def test_one_minute_at_once_is_a_clash() -> None:
    late = NOON + HOUR - timedelta(minutes=1)
    other = replace(OTHER, starts_at=late, ends_at=late + HOUR)
    assert Clash.PRESENTER in clashes_of(MINE, other)


def test_two_for_the_same_people_on_one_day_are_named_but_not_two_of_a_conference() -> (
    None
):
    later = replace(OTHER, starts_at=NOON + 4 * HOUR, ends_at=NOON + 5 * HOUR)
    assert clashes_of(MINE, later) == ()
    assert clashes_of(MINE, replace(later, conference_id=8)) == (Clash.SAME_DAY,)
    alone = replace(MINE, conference_id=None)
    assert clashes_of(alone, replace(later, conference_id=None)) == (Clash.SAME_DAY,)


def test_the_day_is_that_of_the_zone_of_the_event_one_looks_at() -> None:
    evening = replace(MINE, conference_id=None, zone="America/Los_Angeles")
    night = NOON + 14 * HOUR  # two in the morning in New York, eleven in Los Angeles
    other = replace(
        OTHER, conference_id=None, starts_at=night, ends_at=night + HOUR, zone=EASTERN
    )
    assert clashes_of(evening, other) == (Clash.SAME_DAY,)
    assert clashes_of(replace(evening, zone=EASTERN), other) == ()


@pytest.mark.parametrize(
    ("place", "conference", "where", "expected"),
    [
        ("Room  101", 7, "Convention Center", "7:room 101"),
        ("ROOM 101", None, "", ":room 101"),
        ("convention center", 7, "Convention  Center", ""),
        ("  ", 7, "Convention Center", ""),
        ("Salle É", 7, "", "7:salle e"),
    ],
)
def test_a_room_is_known_by_its_name_within_its_conference(
    place: str, conference: int | None, where: str, expected: str
) -> None:
    assert room_key(place, conference, where) == expected


def test_a_name_is_the_same_however_it_is_written() -> None:
    assert presenter_key("ANA Ruíz", "City") == presenter_key("Ana Ruiz", "city")
    assert presenter_key("Ana", "City") != presenter_key("Ana", "County")


@given(slots, slots)
def test_what_clashes_at_one_time_does_so_seen_from_either_side(
    one: Slot, other: Slot
) -> None:
    assert clashes_of(one, other) == clashes_of(other, one)
    at_once = set(clashes_of(one, other)) - {Clash.SAME_DAY}
    assert not at_once or overlap(one, other)


@given(st.lists(slots, max_size=4), st.lists(slots, max_size=6))
def test_every_pair_is_found_once_whatever_the_order(
    mine: list[Slot], others: list[Slot]
) -> None:
    found = meetings(mine, others)
    backwards = meetings(mine[::-1], others[::-1])
    assert sorted(map(repr, found)) == sorted(map(repr, backwards))
    pairs = [(one, other) for one in mine for other in others]
    assert len(found) == sum(bool(clashes_of(*pair)) for pair in pairs)
    assert all(each.mine.event_id != each.other.event_id for each in found)


@given(st.lists(slots, max_size=4), st.lists(slots, max_size=6))
def test_the_gravest_stand_first(mine: list[Slot], others: list[Slot]) -> None:
    first = [list(Clash).index(each.clashes[0]) for each in meetings(mine, others)]
    assert first == sorted(first)


@given(st.lists(slots, max_size=4), st.lists(slots, max_size=6))
def test_a_clash_has_one_name_from_either_side(
    mine: list[Slot], others: list[Slot]
) -> None:
    here = {clash_key(m, c): m for m in meetings(mine, others) for c in m.clashes}
    there = {clash_key(m, c): m for m in meetings(others, mine) for c in m.clashes}
    assert here.keys() - there.keys() <= {
        clash_key(m, Clash.SAME_DAY) for m in here.values()
    }  # on one day: by the clocks of the first
    for key in here.keys() & there.keys():
        assert {here[key].mine.event_id, here[key].other.event_id} == {
            there[key].mine.event_id,
            there[key].other.event_id,
        }


@given(slots, slots, st.integers(1, 3))
def test_moved_by_hours_what_clashes_has_another_name(
    mine: Slot, other: Slot, by: int
) -> None:
    shift = by * HOUR
    later = replace(
        other, starts_at=other.starts_at + shift, ends_at=other.ends_at + shift
    )
    longer = replace(other, ends_at=other.ends_at + shift)
    before = {clash_key(m, c) for m in meetings([mine], [other]) for c in m.clashes}
    for changed in (later, longer):
        after = {
            clash_key(m, c) for m in meetings([mine], [changed]) for c in m.clashes
        }
        assert before & after == set()


@given(st.lists(slots, max_size=4), st.lists(slots, max_size=6), st.data())
def test_what_is_known_comes_last_and_all_else_in_its_order(
    mine: list[Slot], others: list[Slot], data: st.DataObject
) -> None:
    found = meetings(mine, others)
    keys = sorted({clash_key(m, c) for m in found for c in m.clashes})
    left = data.draw(st.sets(st.sampled_from(keys))) if keys else set()
    marked = with_known(found, {key: Known("Ada", NOON) for key in left})
    known = [each.is_known for each in marked]
    assert known == sorted(known)
    for each in marked:
        assert set(each.known) == {
            c for c in each.clashes if clash_key(each, c) in left
        }
    for side in (True, False):
        pairs = [(m.mine, m.other) for m in marked if m.is_known is side]
        assert pairs == [p for p in ((m.mine, m.other) for m in found) if p in pairs]
