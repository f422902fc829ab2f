"""What staff type, as it is understood."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.core.money import HIGHEST_PRICE, read_price, write_price
from csd_events.registrations.forms.typed import needs_half, read_clock, write_clock


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("2:00 pm", time(14)),
        ("2 pm", time(14)),
        ("2pm", time(14)),
        ("2:30 P.M.", time(14, 30)),
        ("12:00 am", time(0)),
        ("12:00 pm", time(12)),
        ("14:00", time(14)),
        ("09:30", time(9, 30)),
        ("0:15", time(0, 15)),
        ("2:00", None),
        ("13:00 pm", None),
        ("0:30 am", None),
        ("24:00", None),
        ("14:60", None),
        ("14", None),
        ("noon-ish", None),
        ("²:00 pm", None),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, clock: time | None) -> None:
    assert read_clock(typed) == clock


@pytest.mark.parametrize(
    ("typed", "needs"),
    [("2:00", True), ("12", True), ("02:00", False), ("14:00", False), ("x", False)],
)
def test_a_time_that_may_be_morning_or_afternoon_is_asked_about(
    typed: str, *, needs: bool
) -> None:
    assert needs_half(typed) is needs


@given(st.times())
def test_a_time_is_written_as_it_is_read(clock: time) -> None:
    whole = clock.replace(second=0, microsecond=0)
    assert read_clock(write_clock(whole)) == whole


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("25", 2500),
        ("25.00", 2500),
        ("$25.50", 2550),
        ("1,250.00", 125_000),
        ("0", 0),
        ("25.5", None),
        ("-5", None),
        ("1,25", None),
        ("9" * 5000, None),
        ("free", None),
    ],
)
def test_a_price_is_read_in_dollars(typed: str, cents: int | None) -> None:
    assert read_price(typed) == cents


@given(st.integers(min_value=0, max_value=HIGHEST_PRICE))
def test_a_price_is_written_as_it_is_read(cents: int) -> None:
    assert read_price(write_price(cents)) == cents
