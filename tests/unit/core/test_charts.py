"""A chart shows what its numbers say."""

from hypothesis import given
from hypothesis import strategies as st

from csd_events.core.charts import climb, widths


@given(st.lists(st.integers(0, 10_000), max_size=30))
def test_the_greatest_number_has_the_longest_bar_and_none_is_longer(
    numbers: list[int],
) -> None:
    drawn = widths(numbers)
    assert len(drawn) == len(numbers)
    assert all(0 <= width <= 100 for width in drawn)
    if any(numbers):
        assert drawn[numbers.index(max(numbers))] == 100


def test_a_line_climbs_from_nothing_to_all_in_steps() -> None:
    steps = [(0.0, 1), (5.0, 3), (10.0, 4)]
    assert climb(steps, width=100, height=40) == (
        "0.0,40.0 0.0,30.0 50.0,30.0 50.0,10.0 100.0,10.0 100.0,0.0"
    )


def test_of_one_day_it_is_one_step_and_of_none_nothing() -> None:
    assert climb([(7.0, 3)], width=100, height=40) == "0.0,40.0 0.0,0.0"
    assert climb([], width=100, height=40) == ""
