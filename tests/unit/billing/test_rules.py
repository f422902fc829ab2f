"""How an invoice stands, what it is called, and which payments fit it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.billing.rules import (
    Balance,
    Standing,
    Unfit,
    due_after,
    number_of,
    objection_to,
    standing,
)

DUE = date(2030, 5, 31)
amounts = st.integers(1, 10_000_000)


@pytest.mark.parametrize(
    ("serial", "number"), [(1, "INV-2030-0001"), (12345, "INV-2030-12345")]
)
def test_a_number_names_the_year_and_the_place_in_the_series(
    serial: int, number: str
) -> None:
    assert number_of("INV", 2030, serial) == number


def test_an_invoice_is_due_so_many_days_after_it_was_written() -> None:
    assert due_after(date(2030, 5, 1), 30) == DUE


@pytest.mark.parametrize(
    ("balance", "today", "stands"),
    [
        (Balance(4900), DUE, Standing.OPEN),
        (Balance(4900), date(2030, 6, 1), Standing.OVERDUE),
        (Balance(4900, paid=4800), date(2030, 6, 1), Standing.OVERDUE),
        (Balance(4900, paid=4900), date(2030, 6, 1), Standing.PAID),
        (Balance(4900, credited=4900), date(2030, 6, 1), Standing.CREDITED),
        (Balance(4900, credited=4900, paid=100), DUE, Standing.REFUND),
    ],
)
def test_how_an_invoice_stands_follows_from_its_sums_and_the_day(
    balance: Balance, today: date, stands: Standing
) -> None:
    assert standing(balance, DUE, today) is stands


@pytest.mark.parametrize(
    ("cents", "balance", "objection"),
    [
        (0, Balance(4900), Unfit.NOTHING),
        (4901, Balance(4900), Unfit.MORE_THAN_OWED),
        (1, Balance(4900, credited=4900), Unfit.MORE_THAN_OWED),
        (-1, Balance(4900), Unfit.MORE_THAN_PAID),
        (-4900, Balance(4900, credited=4900, paid=4900), None),
        (2000, Balance(4900), None),
    ],
)
def test_an_amount_fits_what_is_owed_or_what_was_paid(
    cents: int, balance: Balance, objection: Unfit | None
) -> None:
    assert objection_to(cents, balance) is objection


@given(total=amounts, tried=st.lists(st.integers(-300, 300)), credited_at=st.integers())
def test_whatever_is_tried_less_is_owed_than_nothing_only_where_it_was_credited(
    total: int, tried: list[int], credited_at: int
) -> None:
    balance = Balance(total)
    for turn, cents in enumerate(tried):
        if turn == credited_at % (len(tried) + 1):
            balance = Balance(total, total, balance.paid)
        if objection_to(cents, balance) is None:
            balance = Balance(total, balance.credited, balance.paid + cents)
        assert balance.owed == total - balance.credited - balance.paid
        assert 0 <= balance.paid <= total
        assert balance.owed >= 0 or balance.credited == total
