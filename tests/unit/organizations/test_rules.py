"""Who is a member on a day: the edges, and what always holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.organizations.rules import (
    MembershipFact,
    Standing,
    Term,
    Through,
    is_member,
    last_day,
    last_ended,
    overlaps,
    same_stay,
)

DAY = timedelta(days=1)
FIRST, LAST = date(2030, 1, 1), date(2030, 12, 31)
CITY = "City of Sample"

days = st.dates(date(2029, 1, 1), date(2032, 1, 1))
month_ends = days.map(lambda day: day.replace(day=1) - DAY)
terms = st.tuples(days, st.none() | st.integers(0, 500)).map(
    lambda drawn: Term(
        drawn[0], None if drawn[1] is None else drawn[0] + drawn[1] * DAY
    )
)
types = st.sampled_from([None, "Large", "Small"])
own_facts = st.builds(MembershipFact, term=terms, membership_type=types)
city_facts = st.builds(
    MembershipFact,
    term=terms,
    organization=st.sampled_from([CITY, "Sample County"]),
    affiliation=terms,
    membership_type=types,
)
facts = st.lists(own_facts | city_facts, max_size=5)


def own(first_on: date = FIRST, last_on: date | None = LAST) -> MembershipFact:
    return MembershipFact(Term(first_on, last_on))


def through_city(affiliation: Term, *, until: date = LAST) -> MembershipFact:
    return MembershipFact(Term(FIRST, until), CITY, affiliation)


@pytest.mark.parametrize(
    ("day", "member"),
    [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)],
)
def test_a_membership_holds_on_its_first_and_on_its_last_day(
    day: date, *, member: bool
) -> None:
    assert is_member([own()], day).is_member is member


@pytest.mark.parametrize(
    ("day", "member"),
    [
        (date(2030, 3, 31), False),
        (date(2030, 4, 1), True),
        (date(2030, 6, 30), True),
        (date(2030, 7, 1), False),
    ],
)
def test_an_organization_makes_members_of_those_who_belong_to_it_that_day(
    day: date, *, member: bool
) -> None:
    worked = Term(date(2030, 4, 1), date(2030, 6, 30))
    assert is_member([through_city(worked)], day).is_member is member


def test_the_reason_is_said() -> None:
    here = Term(FIRST)
    assert is_member([own()], LAST) == Standing(Through.OWN, None, LAST)
    assert is_member([through_city(here)], LAST) == Standing(
        Through.ORGANIZATION, CITY, LAST
    )


def test_it_lasts_until_membership_or_affiliation_ends() -> None:
    leaves = Term(FIRST, date(2030, 6, 30))
    assert is_member([through_city(leaves)], FIRST).last_on == date(2030, 6, 30)
    assert is_member([own(last_on=None)], FIRST).last_on == date.max


def test_ones_own_membership_is_named_first_and_then_the_longest() -> None:
    here = Term(FIRST)
    longer = through_city(here, until=LAST + DAY)
    assert is_member([longer, own()], FIRST).through is Through.OWN
    assert is_member([through_city(here), longer], FIRST).last_on == LAST + DAY


def test_a_term_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="2029-12-31 is before 2030-01-01"):
        Term(FIRST, FIRST - DAY)


@given(facts, days)
def test_somebody_is_a_member_exactly_while_one_of_them_holds(
    known: list[MembershipFact], day: date
) -> None:
    def covers(term: Term | None) -> bool:
        return term is not None and term.first_on <= day <= (term.last_on or date.max)

    holding = [
        fact
        for fact in known
        if covers(fact.term) and (fact.organization is None or covers(fact.affiliation))
    ]
    assert is_member(known, day).is_member is bool(holding)


@given(facts, days)
def test_the_order_in_which_they_are_found_changes_nothing(
    known: list[MembershipFact], day: date
) -> None:
    assert is_member(reversed(known), day) == is_member(known, day)


@given(terms)
def test_of_two_that_differ_in_name_or_type_alone_one_is_said_always(
    term: Term,
) -> None:
    alike = [
        MembershipFact(term, city, term if city else None, kind)
        for city in (None, CITY, "Sample County")
        for kind in (None, "Large", "Small")
    ]
    for known in (alike, alike[3:], alike[3:6]):
        said = is_member(known, term.first_on)
        assert is_member(reversed(known), term.first_on) == said


@given(facts, own_facts)
def test_who_is_a_member_of_their_own_is_said_to_be_and_until_the_last_of_these(
    known: list[MembershipFact], mine: MembershipFact
) -> None:
    day = mine.term.first_on
    said = is_member([*known, mine], day)
    ends = [
        fact.term.last_on or date.max
        for fact in (*known, mine)
        if fact.organization is None and fact.term.covers(day)
    ]
    assert (said.through, said.organization) == (Through.OWN, None)
    assert said.last_on == max(ends)


@given(facts, days)
def test_who_is_a_member_is_one_until_the_day_that_is_said(
    known: list[MembershipFact], day: date
) -> None:
    last_on = is_member(known, day).last_on
    until = min(last_on or day, date(2034, 1, 1))
    assert is_member(known, until).is_member is (last_on is not None)


@given(facts, own_facts, days)
def test_one_more_membership_never_takes_one_away(
    known: list[MembershipFact], more: MembershipFact, day: date
) -> None:
    before = is_member(known, day).is_member
    assert is_member([*known, more], day).is_member >= before


@given(terms, days)
def test_belonging_to_an_organization_alone_makes_nobody_a_member(
    affiliation: Term, day: date
) -> None:
    membership_over = Term(date(2020, 1, 1), date(2020, 12, 31))
    fact = MembershipFact(membership_over, CITY, affiliation)
    assert is_member([fact], day) == Standing()


def test_the_type_of_the_membership_is_said() -> None:
    fact = MembershipFact(Term(FIRST, LAST), membership_type="Local government")
    assert is_member([fact], LAST) == Standing(
        Through.OWN, None, LAST, "Local government"
    )


@pytest.mark.parametrize(
    ("first_on", "months", "last_on"),
    [
        (date(2030, 1, 1), 12, date(2030, 12, 31)),
        (date(2030, 3, 1), 12, date(2031, 2, 28)),
        (date(2031, 3, 1), 12, date(2032, 2, 29)),  # a leap year
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 28)),
        (date(2030, 1, 31), 1, date(2030, 2, 28)),
        (date(2030, 12, 15), 1, date(2031, 1, 14)),
    ],
)
def test_a_term_ends_the_day_before_it_would_begin_again(
    first_on: date, months: int, last_on: date
) -> None:
    assert last_day(first_on, months) == last_on


@given(days, st.integers(1, 120))
def test_a_member_for_a_term_is_one_on_its_edge_days_and_not_beside(
    first_on: date, months: int
) -> None:
    last_on = last_day(first_on, months)
    fact = MembershipFact(Term(first_on, last_on))
    edges = (first_on - DAY, first_on, last_on, last_on + DAY)
    members = [is_member([fact], day).is_member for day in edges]
    assert members == [False, True, True, False]


@given(days | month_ends, st.integers(1, 120))
def test_a_term_is_as_many_months_as_were_said(first_on: date, months: int) -> None:
    """The day after it is the same day of a month, or the first after a shorter one."""
    last_on = last_day(first_on, months)
    after = last_on + DAY
    passed = (after.year - first_on.year) * 12 + after.month - first_on.month
    if passed == months:
        assert after.day == first_on.day
    else:
        assert (passed, after.day) == (months + 1, 1)
        assert last_on.day < first_on.day


@given(days, st.integers(1, 60))
def test_a_longer_term_ends_later(first_on: date, months: int) -> None:
    ends = [last_day(first_on, months * n) for n in (1, 2, 3)]
    assert ends == sorted(set(ends))


@given(terms, days, st.data())
def test_an_affiliation_that_ends_inside_a_membership_ends_the_standing(
    term: Term, joined_on: date, data: st.DataObject
) -> None:
    left_on = joined_on + DAY * data.draw(st.integers(0, 400))
    fact = MembershipFact(term, CITY, Term(joined_on, left_on))
    assert not is_member([fact], left_on + DAY).is_member
    assert is_member([fact], left_on).is_member is term.covers(left_on)


@given(terms, terms)
def test_terms_overlap_exactly_where_they_share_a_day(one: Term, other: Term) -> None:
    first = max(one.first_on, other.first_on)
    assert overlaps(one, other) is (one.covers(first) and other.covers(first))
    assert overlaps(one, other) is overlaps(other, one)


@given(st.lists(terms, max_size=5), st.none() | terms)
def test_a_stay_is_one_that_begins_the_same_day_or_shares_a_day(
    known: list[Term], given_term: Term | None
) -> None:
    found = same_stay(known, given_term)
    if given_term is None:
        latest = max((t.first_on for t in known), default=None)
        assert (None if found is None else known[found].first_on) == latest
        return
    same = [t for t in known if t.first_on == given_term.first_on]
    near = [t for t in known if overlaps(t, given_term)]
    expected = next(iter(same or near), None)
    assert (None if found is None else known[found]) == expected


def test_the_membership_that_ended_last_is_the_one_somebody_is_told_of() -> None:
    """Not one that still holds, is to come, or never held beside its affiliation."""
    year = 365 * DAY
    earlier, later = own(FIRST - year, LAST - year), own()
    left = through_city(Term(FIRST, date(2030, 6, 30)))
    never = through_city(Term(LAST + DAY))
    known = [left, never, earlier]
    assert last_ended(known, LAST + DAY) == left
    assert last_ended([*known, later], LAST + DAY) == later
    assert last_ended([*known, later], LAST) == left  # it still holds on its last day
    assert last_ended([never, own(last_on=None)], LAST + year) is None
    assert last_ended([own(LAST + 2 * DAY, LAST + year)], LAST + DAY) is None


@given(facts, days)
def test_what_ended_last_held_on_its_last_day_and_nothing_ended_later(
    known: list[MembershipFact], day: date
) -> None:
    ended = last_ended(known, day)
    past = [f for f in known if f.last_on < day and f.holds_on(f.last_on)]
    if ended is None:
        assert past == []
    else:
        assert ended in past
        assert ended.last_on == max(fact.last_on for fact in past)
