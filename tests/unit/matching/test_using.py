"""Nothing is told of fewer than five communities."""

from hypothesis import given
from hypothesis import strategies as st

from csd_events.matching.rules.using import (
    ASKING,
    FEWEST,
    Count,
    Mark,
    Sign,
    count,
    gaps,
)

MARKS = st.lists(
    st.builds(
        Mark,
        st.sampled_from(Sign),
        st.sampled_from(["police", "libraries"]),
        st.none() | st.integers(1, 7),
        st.integers(1, 9),
    ),
    max_size=40,
)


def marks(sign: Sign, communities: int, subject: str = "police") -> list[Mark]:
    return [Mark(sign, subject, number) for number in range(1, communities + 1)]


def test_a_number_from_five_communities_is_told_and_from_four_it_is_not() -> None:
    assert count(marks(Sign.SEEN, 5)) == {"police": {Sign.SEEN: Count(5, 5)}}
    assert count(marks(Sign.SEEN, 4)) == {}


def test_one_community_that_comes_often_is_still_one() -> None:
    assert count([*marks(Sign.SEEN, 4), Mark(Sign.SEEN, "police", 1, 90)]) == {}


def test_what_is_nobodys_adds_to_a_number_and_never_lets_it_be_told() -> None:
    nobodys = Mark(Sign.BEGUN, "police", None, 6)
    assert count([*marks(Sign.BEGUN, 4), nobodys]) == {}
    told = count([*marks(Sign.BEGUN, 5), nobodys])
    assert told == {"police": {Sign.BEGUN: Count(11, 5)}}


@given(MARKS)
def test_whatever_was_done_each_number_told_is_of_five_communities(
    done: list[Mark],
) -> None:
    for subject, by_sign in count(done).items():
        for sign, told in by_sign.items():
            of_it = [m for m in done if (m.subject, m.sign) == (subject, sign)]
            assert len({m.community for m in of_it if m.community}) >= FEWEST
            assert told.times == sum(m.times for m in of_it)


@given(MARKS)
def test_a_gap_is_what_five_communities_asked_for_and_nothing_covers(
    done: list[Mark],
) -> None:
    found = gaps(done, covered={"libraries"})
    asked = {m.community for m in done if m.subject == "police" and m.sign in ASKING}
    assert ("police" in found) == (len(asked - {None}) >= FEWEST)
    assert "libraries" not in found


def test_what_more_communities_want_stands_first() -> None:
    done = [*marks(Sign.CARED, 5), *marks(Sign.LOOKED_FOR, 6, "transit")]
    assert list(gaps(done, ())) == ["transit", "police"]


def test_different_ways_to_ask_for_one_service_come_together() -> None:
    three = marks(Sign.CARED, 3)
    others = [Mark(Sign.BEGUN, "police", number) for number in (3, 4, 5)]
    assert gaps([*three, *others], ()) == {"police": Count(6, 5)}
