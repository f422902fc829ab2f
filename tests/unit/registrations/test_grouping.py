"""Several people by one form: who gets a place, and what the sender reads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.registrations.rules import (
    Refusal,
    Seats,
    State,
    decide,
    of_group,
    read_group,
    seat_party,
    sender_until,
    shown_to_sender,
)

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
counts = st.integers(0, 6)
limits = st.none() | counts
seats = st.builds(
    Seats,
    capacity=limits,
    waiting_limit=limits,
    confirmed=counts,
    waiting=counts,
    held=counts,
)
quotas = st.fixed_dictionaries({1: limits, 2: limits})
parties = st.lists(st.tuples(st.sampled_from([1, 2]), st.booleans()), max_size=12)


@given(seats=seats, left=quotas, wanted=parties)
def test_a_party_gets_what_its_people_would_get_one_after_the_other(
    seats: Seats, left: dict[int, int | None], wanted: list[tuple[int, bool]]
) -> None:
    found = seat_party(seats, left, wanted)
    own = dict(left)
    for (offer_id, is_new), place in zip(wanted, found, strict=True):
        assert place == decide(replace(seats, offer_left=own[offer_id]))
        if is_new and place is State.CONFIRMED:
            seats = replace(seats, confirmed=seats.confirmed + 1)
            quota = own[offer_id]
            own[offer_id] = quota - 1 if quota is not None else None
        elif is_new and place is State.WAITING:
            seats = replace(seats, waiting=seats.waiting + 1)


@given(seats=seats, left=quotas, wanted=parties)
def test_a_party_never_takes_more_places_than_there_are(
    seats: Seats, left: dict[int, int | None], wanted: list[tuple[int, bool]]
) -> None:
    found = seat_party(seats, left, wanted)
    taken = [
        offer_id
        for (offer_id, is_new), place in zip(wanted, found, strict=True)
        if is_new and place is State.CONFIRMED
    ]
    free = seats.left
    assert free is None or len(taken) <= free
    for offer_id, quota in left.items():
        assert quota is None or taken.count(offer_id) <= quota


@given(seats=seats, number=st.integers(0, 12))
def test_who_stands_further_up_in_the_form_never_fares_worse(
    seats: Seats, number: int
) -> None:
    found = seat_party(seats, {1: None}, [(1, True)] * number)
    order = [State.CONFIRMED, State.WAITING, Refusal.FULL]
    ranks = [order.index(place) for place in found]
    assert ranks == sorted(ranks)


def test_who_was_registered_already_takes_no_place_from_the_next() -> None:
    one_left = Seats(capacity=1, waiting_limit=0)
    found = seat_party(one_left, {1: None}, [(1, False), (1, True), (1, True)])
    assert found == [State.CONFIRMED, State.CONFIRMED, Refusal.FULL]


@pytest.mark.parametrize(
    ("told", "present", "cancelled", "nobody_waits", "shown"),
    [
        (State.WAITING, State.CONFIRMED, False, False, State.CONFIRMED),
        (State.CONFIRMED, State.CANCELLED, False, False, State.CANCELLED),
        (State.CONFIRMED, State.CONFIRMED, True, False, State.CANCELLED),
        # Of who was registered before, what somebody new would have.
        (State.CONFIRMED, None, False, False, State.CONFIRMED),
        (State.HELD, None, False, True, State.HELD),
        (State.WAITING, None, False, False, State.WAITING),
        (State.WAITING, None, False, True, State.CONFIRMED),
        (State.WAITING, None, True, True, State.CANCELLED),
    ],
)
def test_a_sender_reads_of_the_known_what_they_would_of_the_new(
    told: State,
    present: State | None,
    shown: State,
    *,
    cancelled: bool,
    nobody_waits: bool,
) -> None:
    found = shown_to_sender(
        told,
        present,
        cancelled=cancelled,
        nobody_waits=nobody_waits,
        is_compared=False,
    )
    assert found is shown


@pytest.mark.parametrize("present", [None, State.CONFIRMED, State.HELD])
@pytest.mark.parametrize("told", [State.CONFIRMED, State.HELD])
def test_a_sender_reads_of_nobody_whether_they_are_on_a_conferences_list(
    told: State, present: State | None
) -> None:
    found = shown_to_sender(
        told, present, cancelled=False, nobody_waits=True, is_compared=True
    )
    assert found is State.HELD


def test_a_mails_key_says_by_which_form_it_goes() -> None:
    assert read_group(f"registration.details:7:{of_group(42)}") == 42
    assert read_group("registration.details:7:2030-05-01") is None


def test_places_wait_a_day_for_their_sender_and_not_beyond_the_start() -> None:
    assert sender_until(None, NOON) == NOON + 24 * HOUR
    assert sender_until(NOON + HOUR, NOON) == NOON + HOUR
    assert sender_until(NOON + 30 * HOUR, NOON) == NOON + 24 * HOUR
