"""Windows, offers, grace: who can register when, at what price."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.events.rules import (
    GRACE,
    Access,
    Audience,
    Offer,
    Terms,
    Window,
    asks_for_codes,
    code_of,
    free_until,
    invitation,
    next_change,
    overlapping,
    still_accepts,
    terms,
)

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
HOUR, SECOND, TICK = (
    timedelta(hours=1),
    timedelta(seconds=1),
    timedelta(microseconds=1),
)

instants = st.integers(0, 12).map(lambda hour: NOON + hour * HOUR)
edges = st.none() | instants


@st.composite
def windows(draw: st.DrawFn) -> Window:
    first, second = draw(edges), draw(edges)
    if first and second and first >= second:
        first, second = second, first + HOUR
    return Window(first, second)


@st.composite
def offers(draw: st.DrawFn) -> list[Offer]:
    several = st.lists(
        st.tuples(
            st.sampled_from(Audience), st.sampled_from([0, 2500, 4900]), windows()
        ),
        max_size=4,
    )
    return [
        Offer(number, audience, cents, "USD", window, code=_code(audience, number))
        for number, (audience, cents, window) in enumerate(draw(several), start=1)
    ]


def _code(audience: Audience, number: int) -> str:
    return f"CODE-{number}" if audience is Audience.INVITED else ""


codes = st.sampled_from(["", "CODE-1", "CODE-2", "CODE-9"])


def offer(
    number: int = 1,
    audience: Audience = Audience.EVERYONE,
    cents: int = 0,
    *,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Offer:
    return Offer(number, audience, cents, "USD", Window(opens_at, closes_at))


def test_a_window_holds_its_first_instant_and_not_its_last() -> None:
    window = Window(NOON, NOON + HOUR)
    seen = [NOON - TICK, NOON, NOON + HOUR - TICK, NOON + HOUR]
    assert [window.contains(each) for each in seen] == [False, True, True, False]
    assert [window.is_before(each) for each in seen] == [True, False, False, False]
    assert [window.is_over(each) for each in seen] == [False, False, False, True]


@pytest.mark.parametrize("closes_at", [NOON, NOON - TICK])
def test_a_window_that_closes_before_it_opens_is_none(closes_at: datetime) -> None:
    with pytest.raises(ValueError, match="closes after it opens"):
        Window(NOON, closes_at)


@given(windows(), windows())
def test_two_windows_overlap_when_an_instant_is_in_both(
    first: Window, second: Window
) -> None:
    """Every edge is on the hour, so one instant of each half hour is enough."""
    seen = [NOON + n * HOUR / 2 for n in range(-2, 30)]
    both = [each for each in seen if first.contains(each) and second.contains(each)]
    assert first.overlaps(second) == bool(both)
    assert second.overlaps(first) == bool(both)


def test_two_offers_for_one_audience_may_touch_and_not_overlap() -> None:
    free = offer(1, closes_at=NOON)
    paid = offer(2, cents=4900, opens_at=NOON)
    early = offer(3, cents=4900, opens_at=NOON - TICK)
    members = offer(4, Audience.MEMBERS)
    assert overlapping([free, paid, members]) is None
    assert overlapping([members, free, early]) == (free, early)


def test_of_several_open_offers_the_cheapest_is_taken() -> None:
    dear, cheap = offer(1, cents=4900), offer(2, Audience.OTHERS, 2500)
    assert terms([dear, cheap], member=False, now=NOON).offer is cheap
    assert terms([dear, cheap], member=True, now=NOON).offer is dear


def test_of_equal_offers_the_one_for_fewer_people_is_taken() -> None:
    everyone, members = offer(1), offer(2, Audience.MEMBERS)
    assert terms([everyone, members], member=True, now=NOON).offer is members
    assert terms([everyone, members], member=False, now=NOON).offer is everyone


def test_members_and_others_see_their_own_price_once_the_free_time_is_over() -> None:
    free = offer(1, closes_at=NOON)
    members = offer(2, Audience.MEMBERS, 2500, opens_at=NOON)
    others = offer(3, Audience.OTHERS, 4900, opens_at=NOON)
    sample = [free, members, others]
    before = NOON - TICK
    assert terms(sample, member=True, now=before) == Terms(Access.OPEN, free, members)
    assert terms(sample, member=False, now=before) == Terms(Access.OPEN, free, others)
    assert terms(sample, member=True, now=NOON) == Terms(Access.OPEN, members)
    assert terms(sample, member=False, now=NOON) == Terms(Access.OPEN, others)


def test_what_follows_is_found_after_a_pause_too() -> None:
    free = offer(1, closes_at=NOON)
    later = offer(2, cents=4900, opens_at=NOON + 2 * HOUR)
    sooner = offer(3, cents=9900, opens_at=NOON + HOUR, closes_at=NOON + 2 * HOUR)
    found = terms([free, later, sooner], member=False, now=NOON - HOUR)
    assert found == Terms(Access.OPEN, free, following=sooner)
    pause = terms([free, later, sooner], member=False, now=NOON)
    assert pause == Terms(Access.NOT_OPEN, following=sooner)


def test_nothing_follows_an_offer_without_an_end() -> None:
    assert terms([offer(1)], member=False, now=NOON) == Terms(Access.OPEN, offer(1))


def test_an_offer_that_is_open_longer_follows_the_one_that_ends() -> None:
    free, paid = offer(1, Audience.OTHERS, closes_at=NOON), offer(2, cents=100)
    found = terms([free, paid], member=False, now=NOON - HOUR)
    assert found == Terms(Access.OPEN, free, following=paid)


def test_who_is_no_member_is_told_what_a_member_could_have() -> None:
    over = offer(1, Audience.MEMBERS, closes_at=NOON)
    members = offer(2, Audience.MEMBERS, 2500, opens_at=NOON)
    found = terms([over, members], member=False, now=NOON)
    assert found == Terms(Access.NOT_A_MEMBER, members_offer=members)


def test_what_is_for_others_alone_is_closed_to_a_member() -> None:
    assert terms([offer(1, Audience.OTHERS)], member=True, now=NOON) == Terms(
        Access.CLOSED
    )
    over = offer(1, closes_at=NOON)
    assert terms([over], member=False, now=NOON) == Terms(Access.CLOSED)
    assert terms([], member=False, now=NOON) == Terms(Access.CLOSED)


@given(sample=offers(), member=st.booleans(), now=instants, code=codes)
def test_the_terms_hold_what_is_open_and_say_why_nothing_is(
    *, sample: list[Offer], member: bool, now: datetime, code: str
) -> None:
    found = terms(sample, member=member, now=now, code=code)
    mine = [o for o in sample if o.is_for(member=member, code=code)]
    assert [o.code for o in mine if o.code] in ([], [code])
    open_now = [o for o in mine if o.window.contains(now)]
    assert (found.access is Access.OPEN) == bool(open_now)
    if open_now:
        assert found.offer in open_now
        assert found.offer is not None
        assert found.offer.price_cents == min(o.price_cents for o in open_now)
    else:
        later = [o for o in mine if o.window.is_before(now)]
        assert (found.access is Access.NOT_OPEN) == bool(later)
        assert found.offer is None
        assert found.following is None or found.following in later


def test_who_has_no_code_is_told_that_it_takes_one_and_a_member_first_who_may() -> None:
    invited = replace(offer(1, Audience.INVITED), code="CHIEFS-24")
    members = offer(2, Audience.MEMBERS, closes_at=NOON + HOUR)
    found = [
        terms(sample, member=False, now=at, code=code)
        for sample, at, code in (
            ([invited], NOON, ""),
            ([invited], NOON, "OTHERS-24"),
            ([invited], NOON, "CHIEFS-24"),
            ([invited, members], NOON, ""),
            ([invited, members], NOON + HOUR, ""),
        )
    ]
    assert [each.access for each in found] == [
        Access.NOT_INVITED,
        Access.NOT_INVITED,
        Access.OPEN,
        Access.NOT_A_MEMBER,
        Access.NOT_INVITED,
    ]


def test_a_code_is_asked_for_as_long_as_one_can_still_be_used() -> None:
    ending = replace(offer(1, Audience.INVITED, closes_at=NOON), code="CHIEFS-24")
    coming = replace(offer(2, Audience.INVITED, opens_at=NOON), code="OTHERS-24")
    seen = [
        asks_for_codes(sample, at)
        for sample, at in (
            ([ending], NOON - TICK),
            ([ending], NOON),
            ([coming], NOON - TICK),
            ([offer(3)], NOON),
        )
    ]
    assert seen == [True, False, True, False]
    assert invitation([ending, coming], "OTHERS-24") == coming
    assert invitation([ending, coming, offer(3)], "") is None


def test_two_invitations_may_be_open_at_once_and_one_may_not_twice() -> None:
    one, other = (
        replace(offer(number, Audience.INVITED), code=f"CODE-{number}")
        for number in (1, 2)
    )
    assert overlapping([one, other]) is None
    assert overlapping([one, replace(other, code="CODE-1")]) is not None


@pytest.mark.parametrize("typed", ["chiefs-24", " CHIEFS -24\t", "Chiefs-24"])
def test_a_code_is_the_same_however_it_is_written(typed: str) -> None:
    assert code_of(typed) == "CHIEFS-24"


@given(sample=offers(), member=st.booleans(), now=instants)
def test_what_follows_is_what_is_there_when_the_offer_ends_or_next_after(
    *, sample: list[Offer], member: bool, now: datetime
) -> None:
    found = terms(sample, member=member, now=now)
    if found.offer is None or (end := found.offer.window.closes_at) is None:
        return
    then = terms([o for o in sample if o is not found.offer], member=member, now=end)
    assert found.following == (then.offer or then.following)


@given(sample=offers(), member=st.booleans(), now=instants)
def test_terms_change_at_the_next_change_and_not_before(
    *, sample: list[Offer], member: bool, now: datetime
) -> None:
    changes_at = next_change(sample, starts_at=None, ends_at=None, now=now)
    until = changes_at or NOON + 20 * HOUR
    assert until > now
    assert terms(sample, member=member, now=until - TICK) == terms(
        sample, member=member, now=now
    )


def test_the_next_change_is_the_nearest_edge_of_offers_and_event() -> None:
    edges = {"starts_at": NOON + 2 * HOUR, "ends_at": NOON + 3 * HOUR}
    sample = [offer(1, opens_at=NOON - HOUR, closes_at=NOON + HOUR)]
    seen = [next_change(sample, now=NOON + n * HOUR, **edges) for n in range(-2, 4)]
    assert seen == [
        NOON - HOUR,
        NOON + HOUR,
        NOON + HOUR,
        NOON + 2 * HOUR,
        NOON + 3 * HOUR,
        None,
    ]


def test_free_until_is_the_end_of_an_offer_that_costs_nothing() -> None:
    assert free_until(offer(closes_at=NOON)) == NOON
    assert free_until(offer()) is None
    assert free_until(offer(cents=100, closes_at=NOON)) is None


@pytest.mark.parametrize(
    ("opened", "sent", "accepted"),
    [
        (-HOUR, -SECOND, True),
        (-HOUR, timedelta(), True),
        (-SECOND, SECOND, True),
        (-SECOND, GRACE - TICK, True),
        (-SECOND, GRACE, False),
        (timedelta(), SECOND, False),  # opened when it had ended
    ],
)
def test_a_form_opened_in_time_may_be_sent_until_fifteen_minutes_after_the_end(
    opened: timedelta, sent: timedelta, *, accepted: bool
) -> None:
    assert timedelta(minutes=15) == GRACE
    end = NOON + 5 * HOUR
    shown = offer(opens_at=NOON, closes_at=end)
    assert still_accepts(shown, opened_at=end + opened, now=end + sent) == accepted


def test_an_offer_without_an_end_is_never_late() -> None:
    shown = offer(opens_at=NOON)
    assert still_accepts(shown, opened_at=NOON, now=NOON + 9999 * HOUR)
    assert not still_accepts(shown, opened_at=NOON, now=NOON - SECOND)


@pytest.mark.parametrize(
    ("member", "colleague", "prices"),
    [
        (True, False, [0, 1, 3]),
        (False, True, [0, 2, 3]),
        (False, False, [0, 2]),
        (True, True, [0, 1, 3]),
    ],
)
def test_a_colleague_of_a_member_has_their_offer_and_is_no_member(
    prices: list[int], *, member: bool, colleague: bool
) -> None:
    audiences = [
        Audience.EVERYONE,
        Audience.MEMBERS,
        Audience.OTHERS,
        Audience.COLLEAGUES,
    ]
    sample = [offer(n, each, n) for n, each in enumerate(audiences)]
    mine = [o for o in sample if o.is_for(member=member, colleague=colleague)]
    assert [o.price_cents for o in mine] == prices


def test_who_is_neither_member_nor_colleague_is_told_who_may() -> None:
    ours = offer(1, Audience.COLLEAGUES)
    assert terms([ours], member=False, now=NOON) == Terms(
        Access.NOT_A_COLLEAGUE, members_offer=ours
    )
    found = terms([ours], member=False, colleague=True, now=NOON)
    assert found == Terms(Access.OPEN, ours)


def test_of_equal_prices_the_one_for_fewer_people_is_used() -> None:
    wide, ours, narrow = (
        offer(1, Audience.EVERYONE),
        offer(2, Audience.COLLEAGUES),
        offer(3, Audience.MEMBERS),
    )
    assert terms([wide, ours, narrow], member=True, now=NOON).offer == narrow
    found = terms([wide, ours, narrow], member=False, colleague=True, now=NOON)
    assert found.offer == ours
