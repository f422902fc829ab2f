"""What days and instants of a file may look like."""

import pytest

from csd_events.library.rules.shapes import DAY, INSTANT


@pytest.mark.parametrize("value", ["2027-03-31", "2028-02-29"])
def test_a_day_is_a_day_of_the_calendar(value: str) -> None:
    assert DAY.fits(value)


@pytest.mark.parametrize("value", ["2027-02-29", "soon", "", 20270331, None])
def test_what_is_no_day_is_refused(value: object) -> None:
    assert not DAY.fits(value)


def test_an_instant_says_in_which_zone_it_is() -> None:
    assert INSTANT.fits("2027-03-31T12:00:00+00:00")
    for value in ("2027-03-31T12:00:00", "2027-03-31", "12:00", "x" * 41, 7):
        assert not INSTANT.fits(value)
