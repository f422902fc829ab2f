"""When a place can go to somebody else, and who hears of an opening."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.events.rules import Access
from csd_events.registrations.rules import (
    Answer,
    NotReplaced,
    Standing,
    State,
    answer_to_wish,
    outranks,
    refuse_readdressing,
    refuse_replacing,
)

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FREE = Standing(
    state=State.CONFIRMED,
    until=NOW + HOUR,
    over_at=NOW + 2 * HOUR,
    cancelled_at=None,
    on_demand=False,
    price_cents=0,
    confirmed=False,
)
PRICED = replace(FREE, price_cents=4900)


@pytest.mark.parametrize(
    ("standing", "why", "to_staff"),
    [
        (FREE, None, None),
        (replace(FREE, state=State.WAITING), None, None),
        (
            replace(FREE, state=State.HELD),
            NotReplaced.DECIDED,
            NotReplaced.DECIDED,
        ),
        (
            replace(FREE, state=State.CANCELLED),
            NotReplaced.DECIDED,
            NotReplaced.DECIDED,
        ),
        (replace(FREE, until=NOW), NotReplaced.TOO_LATE, None),
        (replace(FREE, until=None), None, None),
        (replace(FREE, over_at=NOW), NotReplaced.OVER, NotReplaced.OVER),
        (replace(FREE, cancelled_at=NOW), NotReplaced.OVER, NotReplaced.OVER),
        (PRICED, NotReplaced.UNCONFIRMED, None),
        (replace(PRICED, confirmed=True), None, None),
    ],
)
def test_a_place_goes_on_while_it_is_ones_own(
    standing: Standing, why: NotReplaced | None, to_staff: NotReplaced | None
) -> None:
    assert refuse_replacing(standing, NOW) == why
    assert refuse_replacing(standing, NOW, by_staff=True) == to_staff


@pytest.mark.parametrize(
    ("standing", "why", "to_staff"),
    [
        (FREE, None, None),
        (replace(FREE, state=State.HELD, until=NOW), None, None),
        (
            replace(FREE, state=State.CANCELLED),
            NotReplaced.DECIDED,
            NotReplaced.DECIDED,
        ),
        (replace(FREE, over_at=NOW), NotReplaced.OVER, NotReplaced.OVER),
        (replace(FREE, over_at=NOW, on_demand=True), None, None),
        (PRICED, NotReplaced.UNCONFIRMED, None),
    ],
)
def test_an_address_is_corrected_while_its_links_lead_somewhere(
    standing: Standing, why: NotReplaced | None, to_staff: NotReplaced | None
) -> None:
    assert refuse_readdressing(standing, NOW) == why
    assert refuse_readdressing(standing, NOW, by_staff=True) == to_staff


states = st.sampled_from(State)


@given(states, states)
def test_of_two_states_one_is_nearer_to_a_place(one: State, other: State) -> None:
    assert outranks(one, other) + outranks(other, one) == (one is not other)


def test_who_has_a_place_is_before_who_waits() -> None:
    in_order = [State.CONFIRMED, State.HELD, State.WAITING, State.CANCELLED]
    pairs = itertools.pairwise(in_order)
    assert [outranks(one, other) for one, other in pairs] == [True] * 3


@pytest.mark.parametrize(
    ("access", "members_can", "answer"),
    [
        (Access.OPEN, False, Answer.TELL),
        (Access.NOT_OPEN, True, Answer.WAIT),
        (Access.NOT_A_MEMBER, True, Answer.TELL),
        (Access.NOT_A_MEMBER, False, Answer.WAIT),
        (Access.NOT_INVITED, True, Answer.FORGET),
        (Access.CLOSED, True, Answer.FORGET),
    ],
)
def test_a_wish_is_told_waits_or_is_forgotten(
    access: Access, answer: Answer, *, members_can: bool
) -> None:
    found = answer_to_wish(access, is_public=True, members_can=members_can)
    assert found is answer
    gone = answer_to_wish(access, is_public=False, members_can=members_can)
    assert gone is Answer.FORGET
