"""Sessions of one event: which collide, which is next, what completes it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.events.rules import (
    Phase,
    Sitting,
    colliding,
    is_within,
    leads_back,
    next_turn,
    phases,
    sessions_to_attend,
)

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

hours = st.integers(0, 50).map(lambda n: NOON + n * HOUR)
lengths = st.none() | st.integers(1, 5).map(lambda n: n * HOUR)
spans = st.lists(
    st.tuples(hours, lengths).map(lambda s: (s[0], s[0] + s[1] if s[1] else None)),
    max_size=6,
)


def test_a_session_may_begin_when_the_one_before_ends() -> None:
    assert colliding([(NOON, NOON + HOUR), (NOON + HOUR, None)]) == set()


def test_what_begins_while_another_lasts_collides_whatever_their_order() -> None:
    long, inside = (NOON, NOON + 3 * HOUR), (NOON + HOUR, NOON + 2 * HOUR)
    later = (NOON + 2 * HOUR + HOUR / 2, NOON + 5 * HOUR)
    assert colliding([long, inside, later]) == {1, 2}
    assert colliding([later, inside, long]) == {0, 1}


def test_of_an_unknown_end_only_the_start_collides() -> None:
    assert colliding([(NOON, None), (NOON + HOUR, None)]) == set()
    assert colliding([(NOON, None), (NOON, None)]) == {1}


@given(spans)
def test_sessions_collide_exactly_where_two_of_them_last_at_one_time(
    found: list[tuple[datetime, datetime | None]],
) -> None:
    def together(
        one: tuple[datetime, datetime | None], two: tuple[datetime, datetime | None]
    ) -> bool:
        (first, end), (second, _end) = sorted((one, two), key=lambda span: span[0])
        return first == second or (end is not None and second < end)

    pairs = [
        (i, j)
        for i in range(len(found))
        for j in range(i)
        if together(found[i], found[j])
    ]
    assert bool(colliding(found)) == bool(pairs)
    assert colliding(found) <= {index for pair in pairs for index in pair}


def test_past_ones_the_one_that_is_on_and_the_next_are_told_apart() -> None:
    starts = [NOON + n * 2 * HOUR for n in range(4)]
    sittings = [Sitting(start, start + HOUR) for start in starts]
    past, on, following, later = Phase.PAST, Phase.NOW, Phase.NEXT, Phase.LATER
    assert phases(sittings, NOON - HOUR) == [following, later, later, later]
    assert phases(sittings, NOON) == [on, following, later, later]
    assert phases(sittings, NOON + HOUR) == [past, following, later, later]
    assert phases(sittings, NOON + 7 * HOUR) == [past] * 4


def test_words_about_sessions_change_when_one_begins_or_ends() -> None:
    sittings = [Sitting(NOON, NOON + HOUR), Sitting(NOON + 3 * HOUR, NOON + 4 * HOUR)]
    assert next_turn(sittings, NOON - HOUR) == NOON
    assert next_turn(sittings, NOON) == NOON + HOUR
    assert next_turn(sittings, NOON + HOUR) == NOON + 3 * HOUR
    assert next_turn(sittings, NOON + 4 * HOUR) is None
    assert next_turn([], NOON) is None


@pytest.mark.parametrize(
    ("rule", "sessions", "wanted"), [(None, 4, 4), (3, 4, 3), (4, 4, 4), (3, 2, 2)]
)
def test_all_sessions_complete_a_program_unless_fewer_do(
    rule: int | None, sessions: int, wanted: int
) -> None:
    assert sessions_to_attend(rule, sessions) == wanted


def test_both_ends_of_a_conference_belong_to_it() -> None:
    first, last = date(2030, 5, 10), date(2030, 5, 12)
    days = [date(2030, 5, day) for day in (9, 10, 12, 13)]
    assert [is_within(day, first, last) for day in days] == [False, True, True, False]


def test_a_circle_is_found_however_long_it_is() -> None:
    requires = {2: [3, 5], 3: [4], 4: [1]}
    assert leads_back(1, 2, requires)
    assert leads_back(1, 1, {})
    assert not leads_back(1, 5, requires)


def test_a_circle_of_others_ends_the_search() -> None:
    assert not leads_back(1, 2, {2: [3], 3: [2]})
