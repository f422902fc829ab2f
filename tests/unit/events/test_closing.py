"""Which rule keeps people from registering, and since when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.events.rules import (
    Access,
    Audience,
    Closed,
    Closing,
    Offer,
    Window,
    terms,
    why_closed,
)

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
instants = st.integers(-5, 5).map(lambda n: NOON + n * HOUR)


def offer(number: int, opens: int | None = None, closes: int | None = None) -> Offer:
    window = Window(
        None if opens is None else NOON + opens * HOUR,
        None if closes is None else NOON + closes * HOUR,
    )
    return Offer(number, Audience.EVERYONE, 0, "USD", window)


def closed(*offers: Offer, **given: object) -> Closed | None:
    facts: dict[str, object] = {
        "starts_at": NOON + 9 * HOUR,
        "cancelled_at": None,
        "is_full": False,
        "now": NOON,
    }
    return why_closed(offers, **(facts | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("offers", "given", "expected"),
    [
        ([offer(1)], {}, None),
        ([offer(1)], {"is_full": True}, Closed(Closing.FULL)),
        ([], {}, Closed(Closing.NO_OFFER)),
        (
            [offer(1)],
            {"cancelled_at": NOON - HOUR, "starts_at": NOON - HOUR},
            Closed(Closing.CANCELLED, NOON - HOUR),
        ),
        ([offer(1)], {"starts_at": NOON}, Closed(Closing.BEGUN, NOON)),
        (
            [offer(1, closes=-2), offer(2, closes=-1)],
            {},
            Closed(Closing.ENDED, NOON - HOUR, 2),
        ),
        (
            [offer(1, closes=-2), offer(2, opens=3), offer(3, opens=2)],
            {"is_full": True},
            Closed(Closing.NOT_YET, offer_id=3, opens_at=NOON + 2 * HOUR),
        ),
    ],
)
def test_the_first_rule_that_closes_registration_is_named(
    offers: list[Offer], given: dict[str, object], expected: Closed | None
) -> None:
    assert closed(*offers, **given) == expected


@given(
    edges=st.lists(st.tuples(instants, st.integers(1, 4)), max_size=3),
    now=instants,
)
def test_it_is_closed_when_nobody_finds_an_open_offer(
    edges: list[tuple[datetime, int]], now: datetime
) -> None:
    offers = [
        Offer(n, Audience.EVERYONE, 0, "USD", Window(at, at + hours * HOUR))
        for n, (at, hours) in enumerate(edges, start=1)
    ]
    found = why_closed(
        offers, starts_at=None, cancelled_at=None, is_full=False, now=now
    )
    access = terms(offers, member=False, now=now).access
    assert (found is None) == (access is Access.OPEN)
    assert (found is not None and found.why is Closing.NOT_YET) == (
        access is Access.NOT_OPEN
    )
