"""The days that a calendar shows."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from csd_events.home.rules import View, turned, weeks_shown

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))
weekdays = st.integers(0, 6)
views = st.sampled_from(View)
SUNDAY = 6


def test_a_month_is_shown_with_the_days_around_it() -> None:
    weeks = weeks_shown(View.MONTH, date(2026, 12, 7), first_weekday=SUNDAY)
    assert (weeks[0][0], weeks[-1][-1]) == (date(2026, 11, 29), date(2027, 1, 2))
    assert len(weeks) == 5


def test_a_month_of_four_whole_weeks_has_four() -> None:
    weeks = weeks_shown(View.MONTH, date(2026, 2, 28), first_weekday=SUNDAY)
    assert (weeks[0][0], weeks[-1][-1]) == (date(2026, 2, 1), date(2026, 2, 28))


@given(views, days, weekdays)
def test_whole_weeks_in_order_hold_the_day_that_was_asked_for(
    view: View, on: date, first: int
) -> None:
    weeks = weeks_shown(view, on, first_weekday=first)
    shown = [day for week in weeks for day in week]
    assert {len(week) for week in weeks} == {7}
    assert {week[0].weekday() for week in weeks} == {first}
    assert on in shown
    assert shown == [shown[0] + timedelta(days=n) for n in range(len(shown))]


@given(days, weekdays)
def test_a_month_is_whole_and_no_week_is_beside_it(on: date, first: int) -> None:
    weeks = weeks_shown(View.MONTH, on, first_weekday=first)
    last = turned(View.MONTH, on, 1) - timedelta(days=1)
    assert weeks[0][0] <= on.replace(day=1) <= weeks[0][-1]
    assert weeks[-1][0] <= last <= weeks[-1][-1]


@given(views, days)
def test_on_and_back_leads_to_the_same_weeks(view: View, on: date) -> None:
    back = turned(view, turned(view, on, 1), -1)
    shown = [weeks_shown(view, day, first_weekday=SUNDAY) for day in (on, back)]
    assert shown[0] == shown[1]


@given(views, days, weekdays)
def test_the_arrows_miss_no_day(view: View, on: date, first: int) -> None:
    here = weeks_shown(view, on, first_weekday=first)
    there = weeks_shown(view, turned(view, on, 1), first_weekday=first)
    assert there[0][0] <= here[-1][-1] + timedelta(days=1)
