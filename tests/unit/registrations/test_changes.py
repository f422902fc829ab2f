"""What changed of an event since its people were told, and which reminders are new."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from csd_events.registrations.rules import (
    LEADS,
    compare,
    next_reminder,
    says_something_new,
)

START = datetime(2030, 5, 11, 12, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def session(number: int, **given: Any) -> dict[str, Any]:
    start = START + number * WEEK
    defaults = {
        "id": number,
        "sequence": 0,
        "title": f"Part {number}",
        "starts_at": start.isoformat(),
        "ends_at": (start + HOUR).isoformat(),
        "zone": "UTC",
        "place": "",
    }
    return defaults | given


def heard(*sessions: dict[str, Any], place: str = "Town hall") -> dict[str, Any]:
    return {"place": place, "sessions": list(sessions)}


BEFORE = heard(session(1), session(2), session(3))


def test_nothing_changed_is_no_change() -> None:
    assert not compare(BEFORE, BEFORE)


def test_a_new_title_alone_is_no_change_of_a_calendar() -> None:
    assert not compare(BEFORE, heard(session(1, title="Else"), session(2), session(3)))


def test_only_the_session_that_moved_is_touched() -> None:
    later = (START + 2 * WEEK + HOUR).isoformat()
    found = compare(BEFORE, heard(session(1), session(2, starts_at=later), session(3)))
    assert bool(found)
    assert found.touched == {2}
    assert [(b.id, a.number) for b, a in found.moved] == [(2, 2)]
    assert (found.removed, found.added) == ([], [])


def test_another_zone_or_end_is_a_change_too() -> None:
    others: list[dict[str, Any]] = [{"zone": "America/Denver"}, {"ends_at": None}]
    for other in others:
        found = compare(BEFORE, heard(session(1), session(2), session(3, **other)))
        assert found.touched == {3}


def test_sessions_are_known_by_their_ids_wherever_they_stand() -> None:
    found = compare(BEFORE, heard(session(4), session(3), session(1)))
    assert [each.id for each in found.removed] == [2]
    assert [each.id for each in found.added] == [4]
    assert (found.moved, found.touched) == ([], {4})


def test_another_place_of_the_event_moves_the_sessions_without_their_own() -> None:
    before = heard(session(1, place="Room 1"), session(2))
    after = heard(session(1, place="Room 1"), session(2), place="School")
    found = compare(before, after)
    assert [(b.place, a.place) for b, a in found.moved] == [("Town hall", "School")]


def test_what_was_told_before_sessions_had_titles_can_be_compared() -> None:
    old = session(1)
    del old["title"]
    assert not compare(heard(old), heard(session(1)))


def test_in_a_weekly_program_the_far_reminder_comes_once() -> None:
    """A week before the second session people sit in the first."""
    assert says_something_new(START, WEEK, None)
    assert not says_something_new(START + WEEK, WEEK, START)
    assert says_something_new(START + WEEK + HOUR, WEEK, START)
    for lead in (DAY, HOUR):
        assert says_something_new(START + HOUR, lead, START)


def test_the_next_reminder_of_a_weekly_program_is_no_far_one() -> None:
    starts = [(START + n * WEEK, START - 30 * DAY) for n in range(3)]
    assert next_reminder(starts, LEADS, START - 8 * DAY) == START - WEEK
    assert next_reminder(starts, LEADS, START - 2 * HOUR) == START - HOUR
    assert next_reminder(starts, LEADS, START - HOUR) == START + 6 * DAY


@given(
    gaps=st.lists(st.integers(1, 20 * 24), min_size=1, max_size=5),
    ahead=st.integers(0, 30 * 24),
)
def test_before_each_session_that_is_ahead_a_reminder_is_still_to_come(
    gaps: list[int], ahead: int
) -> None:
    start, starts = START, []
    for gap in gaps:
        start += gap * HOUR
        starts.append((start, START - 60 * DAY))
    now = START - ahead * HOUR
    assert next_reminder(starts, LEADS, now) is not None or gaps[-1] <= 1
