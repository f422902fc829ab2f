"""Who gets a place, and which mail comes when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.events.rules import LEADS_TO_CHOOSE
from csd_events.registrations import rules
from csd_events.registrations.rules import (
    LEADS,
    NotResent,
    Refusal,
    Seats,
    State,
    decide,
)

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = NOON + 30 * DAY

numbers = st.integers(0, 5)
limits = st.none() | numbers
minutes = st.integers(-60, 11 * 24 * 60).map(lambda n: START - n * MINUTE)
seats = st.builds(Seats, limits, limits, numbers, numbers, limits, numbers)


@pytest.mark.parametrize(
    ("stand", "place"),
    [
        (Seats(None, None, 1000, 0), State.CONFIRMED),
        (Seats(2, None, 1, 0), State.CONFIRMED),
        (Seats(2, None, 2, 0), State.WAITING),
        (Seats(2, None, 1, 1), State.CONFIRMED),  # who waits cannot have it
        (Seats(2, 0, 2, 0), Refusal.FULL),
        (Seats(2, 1, 2, 0), State.WAITING),
        (Seats(2, 1, 2, 1), Refusal.FULL),
        (Seats(2, 1, 5, 0), State.WAITING),  # capacity was lowered
        (Seats(0, 0), Refusal.FULL),
        (Seats(10, None, 1, 0, offer_left=0), State.WAITING),
        (Seats(None, 0, 1, 0, offer_left=1), State.CONFIRMED),
        (Seats(2, None, 1, 0, held=1), State.WAITING),
    ],
)
def test_a_place_is_given_while_there_is_one_for_the_offer(
    stand: Seats, place: State | Refusal
) -> None:
    assert decide(stand) is place


@given(seats)
def test_who_gets_a_place_fits(stand: Seats) -> None:
    place = decide(stand)
    if place is State.CONFIRMED and stand.capacity is not None:
        taken = stand.confirmed + stand.held + 1
        assert taken <= stand.capacity
    if place is State.CONFIRMED and stand.offer_left is not None:
        assert stand.offer_left >= 1
    if place is State.WAITING and stand.waiting_limit is not None:
        assert stand.waiting + 1 <= stand.waiting_limit
    assert stand.left is None or stand.left >= 0


def test_places_for_who_waits_are_never_fewer_than_none() -> None:
    assert Seats(3, None, 5, 2).free_for_waiting == 0
    assert Seats(5, None, 3, 1).free_for_waiting == 2
    assert Seats(5, None, 3, 1, held=1).free_for_waiting == 1
    assert Seats(None, None, 3, 1).free_for_waiting is None


@pytest.mark.parametrize(
    ("stand", "taken"),
    [
        (Seats(2, None, 1, 5), False),  # whoever waits
        (Seats(2, None, 1, held=1), True),
        (Seats(2, None, 3), True),
        (Seats(None, None, 9), False),
        (Seats(None, None, 9, offer_left=0), True),
        (Seats(9, None, 1, offer_left=-1), True),
        (Seats(9, None, 1, offer_left=1), False),
    ],
)
def test_one_more_than_there_are_is_called_so(stand: Seats, *, taken: bool) -> None:
    assert stand.all_taken is taken


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (START - DAY - MINUTE, False),
        (START - DAY, True),
        (START - MINUTE, True),
        (START, False),
    ],
)
def test_a_reminder_is_due_from_its_lead_until_the_start(
    now: datetime, *, due: bool
) -> None:
    assert rules.reminder_is_due(START, NOON, DAY, now) == due


def test_what_was_said_after_a_reminders_instant_is_not_said_again() -> None:
    now = START - HOUR
    seen = [
        rules.reminder_is_due(START, START - DAY + late, DAY, now)
        for late in (-MINUTE, timedelta(), MINUTE)
    ]
    assert seen == [True, True, False]


@given(minutes, minutes)
def test_of_reminders_due_at_once_the_nearest_to_the_start_goes(
    known_since: datetime, now: datetime
) -> None:
    due = rules.leads_due(START, LEADS, now)
    assert list(due) == [lead for lead in sorted(LEADS) if START - lead <= now < START]
    said = [x for x in LEADS if rules.reminder_is_due(START, known_since, x, now)]
    assert set(said) <= set(due)
    # Who knew in time for a farther lead knew in time for each nearer one.
    assert not said or due[0] in said


@given(minutes, minutes)
def test_the_reminder_announced_next_is_the_first_that_will_be_due(
    known_since: datetime, now: datetime
) -> None:
    known_since = min(known_since, now)
    found = rules.next_reminder([(START, known_since)], LEADS, now)
    ahead = [START - lead for lead in LEADS if START - lead > now]
    assert found == min(ahead, default=None)
    if found:
        lead = START - found
        assert not rules.reminder_is_due(START, known_since, lead, now)
        assert rules.reminder_is_due(START, known_since, lead, found)


@given(minutes, minutes, st.none() | minutes)
def test_what_is_announced_is_what_will_be_due(
    known_since: datetime, now: datetime, previous: datetime | None
) -> None:
    ahead = rules.reminders_ahead(
        START, LEADS, now, known_since=known_since, previous=previous
    )
    due_once = [
        START - lead
        for lead in sorted(LEADS, reverse=True)
        if rules.reminder_is_due(START, known_since, lead, START - lead)
        and rules.says_something_new(START, lead, previous)
    ]
    assert list(ahead) == [goes_at for goes_at in due_once if goes_at > now]


def test_what_goes_at_this_instant_is_not_ahead_any_more() -> None:
    known_since = START - 30 * DAY
    ahead = rules.reminders_ahead(START, LEADS, START - DAY, known_since=known_since)
    assert ahead == [START - HOUR]


@pytest.mark.parametrize(
    ("state", "over_at", "cancelled_at", "refusal"),
    [
        (State.CONFIRMED, None, None, None),
        (State.WAITING, NOON + MINUTE, None, None),
        (State.CONFIRMED, NOON, None, NotResent.OVER),
        (State.CONFIRMED, None, NOON - DAY, NotResent.OVER),
        (State.CANCELLED, None, None, NotResent.CANCELLED),
        (State.CANCELLED, NOON, None, NotResent.CANCELLED),
    ],
)
def test_details_go_again_while_there_is_something_to_come_to(
    state: State,
    over_at: datetime | None,
    cancelled_at: datetime | None,
    refusal: NotResent | None,
) -> None:
    found = rules.refuse_resending(
        state, over_at=over_at, cancelled_at=cancelled_at, on_demand=False, now=NOON
    )
    assert found is refusal


def test_what_is_watched_on_demand_goes_again_after_its_window() -> None:
    found = rules.refuse_resending(
        State.CONFIRMED, over_at=NOON, cancelled_at=None, on_demand=True, now=NOON
    )
    assert found is None


def test_a_reminder_whose_instant_passed_before_the_news_is_not_announced() -> None:
    known_since = START - DAY + MINUTE
    starts = [(START, known_since)]
    assert rules.next_reminder(starts, LEADS, START - 2 * DAY) == START - HOUR


@given(
    st.sampled_from(LEADS) | st.integers(1, 400).map(lambda n: n * HOUR),
    st.integers(1, 2**63 - 1),
    minutes,
)
def test_a_key_tells_again_what_it_was_made_of(
    lead: timedelta, registration: int, starts_at: datetime
) -> None:
    key = rules.reminder_key(lead, registration, starts_at)
    read = rules.read_reminder_key(key)
    assert read == rules.Reminded(lead, rules.stamp(starts_at))
    assert key.split(":")[2] == str(registration)
    assert rules.lead_called(rules.lead_name(lead)) == lead


def test_leads_have_short_names() -> None:
    assert [rules.lead_name(lead) for lead in LEADS] == ["1h", "1d", "7d"]
    assert [
        rules.lead_name(lead) for lead in rules.leads_called(LEADS_TO_CHOOSE)
    ] == list(LEADS_TO_CHOOSE)
    assert rules.reminder_key(DAY, 7, NOON) == (
        "registration.reminder:1d:7:20300501T120000Z"
    )


def test_a_moved_start_makes_another_reminder() -> None:
    keys = {rules.reminder_key(DAY, 7, at) for at in (NOON, NOON + HOUR)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("over_at", "cancelled_at", "may"),
    [
        (NOON + MINUTE, None, True),
        (NOON, None, False),
        (None, None, True),
        (NOON + MINUTE, NOON - MINUTE, False),
    ],
)
def test_a_place_can_be_given_back_until_the_event_is_over(
    over_at: datetime | None, cancelled_at: datetime | None, *, may: bool
) -> None:
    assert rules.may_cancel(over_at, cancelled_at, NOON) == may


def test_an_address_can_be_mended_for_ten_minutes() -> None:
    late = [timedelta(), 10 * MINUTE - timedelta(microseconds=1), 10 * MINUTE]
    assert [rules.may_mend_address(NOON, NOON + each) for each in late] == [
        True,
        True,
        False,
    ]


rivals = st.builds(rules.Rival, st.sampled_from(State), minutes, st.integers(1, 9))


@given(rivals, rivals)
def test_of_two_registrations_a_place_goes_before_a_number_and_the_older_first(
    one: rules.Rival, other: rules.Rival
) -> None:
    best = rules.better_of(one, other)
    rank = {
        State.CONFIRMED: 0,
        State.HELD: 1,
        State.WAITING: 2,
        State.CANCELLED: 3,
    }
    ranks = [(rank[each.state], each.registered_at, each.id) for each in (one, other)]
    assert (rank[best.state], best.registered_at, best.id) == min(ranks)
    assert rules.better_of(other, one) == best


def test_who_wants_no_reminder_is_due_none() -> None:
    due = [
        rules.reminder_is_due(START, START - DAY, DAY, START - HOUR, wanted=wanted)
        for wanted in (True, False)
    ]
    assert due == [True, False]


@pytest.mark.parametrize("on_demand", [False, True])
def test_what_is_watched_on_demand_has_a_use_until_it_is_called_off(
    on_demand: bool,  # noqa: FBT001 - as pytest gives it
) -> None:
    at = datetime(2030, 5, 1, tzinfo=UTC)
    sooner, later = at - timedelta(seconds=1), at + timedelta(seconds=1)
    found = [
        rules.has_use(over_at, cancelled_at, at, on_demand=on_demand)
        for over_at, cancelled_at in (
            (later, None), (None, None), (at, None), (later, sooner), (None, sooner)
        )
    ]  # fmt: skip
    assert found == [True, True, on_demand, False, False]
