"""When to look at a case study again, and what a form of boxes forgets."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from csd_events.library.rules.casework import (
    SOON,
    in_known_order,
    is_soon,
    look_again_after,
)

DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))


def test_a_day_is_soon_from_thirty_days_before_and_ever_after() -> None:
    today = date(2030, 5, 1)
    days = [today + timedelta(days=n) for n in (-400, 0, 30, 31)]
    assert [is_soon(day, today=today) for day in days] == [True, True, True, False]
    assert not is_soon(None, today=today)


@given(DAYS, DAYS)
def test_what_was_checked_is_not_due_for_most_of_a_year(today: date, day: date) -> None:
    again = look_again_after(day, today=today)
    assert again is not None
    assert not is_soon(again, today=today)
    assert (again == day) == (day > today + SOON)
    assert again >= min(day, today + timedelta(days=365))


def test_what_has_no_day_gets_none_and_leap_years_have_one() -> None:
    leap = date(2028, 2, 29)
    assert look_again_after(None, today=leap) is None
    assert look_again_after(leap, today=leap) == date(2029, 2, 28)


@given(st.permutations(["a", "b", "c"]), st.permutations(["a", "b", "c"]))
def test_the_same_boxes_leave_the_order_as_it_was(
    chosen: list[str], before: list[str]
) -> None:
    assert in_known_order(chosen, before) == before
    assert in_known_order(chosen[:2], before) == chosen[:2]
