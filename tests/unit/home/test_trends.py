"""How registrations stand against those of an event that is over."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from csd_events.home.rules import Trend, same_time_before

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
hours = st.integers(-5000, 5000).map(lambda n: NOON + timedelta(hours=n))
numbers = st.integers(0, 10**6)


@given(hours, hours, hours)
def test_it_is_as_long_before_the_one_as_before_the_other(
    start: datetime, other: datetime, now: datetime
) -> None:
    assert start - now == other - same_time_before(start, other, now)


@given(numbers, numbers)
def test_the_longer_bar_is_whole_and_none_is_longer(now: int, then: int) -> None:
    trend = Trend(registered=now, event_id=1, title="", then=then, in_the_end=then)
    assert max(trend.bars) == (100 if now or then else 0)
    assert min(trend.bars) >= 0
    assert (trend.bars[0] >= trend.bars[1]) or now < then
