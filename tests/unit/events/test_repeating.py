"""On which days an event comes again, and what a copy of it has."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.events.rules import (
    MOST_AT_ONCE,
    Contributor,
    EventDraft,
    Every,
    Kind,
    OfferDraft,
    QuestionDraft,
    QuestionKind,
    Rhythm,
    Role,
    SameChange,
    SessionDraft,
    copied,
    days_again,
)

ZONE = "America/New_York"


def wall(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """What a clock on the wall shows."""
    return datetime.combine(date(year, month, day), time(hour, minute))


DAY, WEEK = timedelta(days=1), timedelta(days=7)
days = st.dates(date(2020, 1, 1), date(2090, 12, 31))
counts = st.integers(1, MOST_AT_ONCE)
walls = st.datetimes(wall(2020, 1, 1), wall(2090, 12, 31))


def times(every: Every, number: int) -> Rhythm:
    return Rhythm(every=every, times=number)


@given(days, counts)
def test_every_week_is_the_same_weekday_week_after_week(first: date, n: int) -> None:
    found = days_again(first, times(Every.WEEK, n))
    assert found == [first + k * WEEK for k in range(1, n + 1)]


@given(days, counts)
def test_every_second_week_leaves_one_week_out(first: date, n: int) -> None:
    found = days_again(first, times(Every.SECOND_WEEK, n))
    assert found == [first + 2 * k * WEEK for k in range(1, n + 1)]


@given(days, counts)
def test_every_month_has_one_day_on_the_same_weekday(first: date, n: int) -> None:
    found = days_again(first, times(Every.MONTH, n))
    months = [(day.year * 12 + day.month) for day in (first, *found)]
    assert [b - a for a, b in pairwise(months)] == [1] * n
    assert {day.weekday() for day in found} == {first.weekday()}


@given(days, counts)
def test_every_month_keeps_the_week_and_a_fifth_one_is_the_last(
    first: date, n: int
) -> None:
    week = (first.day - 1) // 7
    for day in days_again(first, times(Every.MONTH, n)):
        if week == 4:
            assert (day + WEEK).month != day.month
        else:
            assert (day.day - 1) // 7 == week


@given(days, st.sampled_from([Every.WEEK, Every.SECOND_WEEK, Every.MONTH]), days)
def test_no_day_comes_after_the_last_and_the_next_one_would(
    first: date, every: Every, until: date
) -> None:
    found = days_again(first, Rhythm(every=every, until=until))
    assert all(first < day <= until for day in found)
    assert found == sorted(set(found))
    if len(found) <= MOST_AT_ONCE:
        more = days_again(first, times(every, len(found) + 1))
        assert more[: len(found)] == found
        assert more[-1] > until


def test_one_day_more_than_may_be_made_shows_that_a_rule_names_too_many() -> None:
    endless = Rhythm(every=Every.WEEK, until=date(2099, 1, 1))
    assert len(days_again(date(2030, 1, 1), endless)) == MOST_AT_ONCE + 1


@given(days, st.lists(days, max_size=20))
def test_picked_days_come_in_order_each_once_and_not_the_first(
    first: date, picked: list[date]
) -> None:
    rhythm = Rhythm(every=Every.PICKED, picked=picked)
    assert days_again(first, rhythm) == sorted(set(picked) - {first})


def test_the_calendar_ends() -> None:
    last = date(9999, 12, 31)
    assert [days_again(last, times(each, 3)) for each in (Every.WEEK, Every.MONTH)] == [
        [],
        [],
    ]


def draft_at(start: datetime, *others: datetime) -> EventDraft:
    sessions = [
        SessionDraft(
            id=n, wall_start=each, wall_end=each + timedelta(hours=1), zone=ZONE
        )
        for n, each in enumerate((start, *others), start=1)
    ]
    return EventDraft(
        title="Sharing dispatch",
        kind=Kind.TRAINING if others else Kind.WEBINAR,
        zone=ZONE,
        sessions=[
            replace(each, platform_url="https://x.example.org/a") for each in sessions
        ],
        platform_url="https://x.example.org/room",
        recording_url="https://x.example.org/film",
    )


@given(walls, walls)
def test_a_copy_moves_every_day_by_as_many_days_and_no_clock(
    start: datetime, new: datetime
) -> None:
    draft = replace(
        draft_at(start, start + DAY, start + 9 * DAY),
        offers=[OfferDraft(id=1, opens_on=start.date(), closes_on=start.date() + DAY)],
        replace_on=start.date(),
    )
    moved = new.date() - start.date()
    made = copied(draft, new)
    assert [each.wall_start for each in made.sessions] == [
        new,
        start + DAY + moved,
        start + 9 * DAY + moved,
    ]
    assert all(
        each.wall_end == each.wall_start + timedelta(hours=1) for each in made.sessions
    )
    offer = made.offers[0]
    assert (offer.id, offer.opens_on, offer.closes_on, made.replace_on) == (
        None,
        new.date(),
        new.date() + DAY,
        new.date(),
    )


def test_a_copy_has_no_link_and_no_recording_of_another_event() -> None:
    made = copied(draft_at(wall(2030, 6, 1, 14)), wall(2031, 6, 1, 14))
    links = [made.platform_url, made.recording_url, made.sessions[0].platform_url]
    assert (links, made.sessions[0].id) == ([None, None, None], None)


def test_a_copy_takes_the_link_that_is_given_for_it() -> None:
    draft = draft_at(wall(2030, 6, 1, 14))
    way_in = "https://x.example.org/new"
    live = copied(draft, wall(2031, 6, 1, 14), way_in=way_in)
    film = copied(replace(draft, on_demand=True, sessions=[]), None, way_in=way_in)
    assert (live.platform_url, live.recording_url) == (way_in, None)
    assert (film.platform_url, film.recording_url) == (None, way_in)


def test_a_copy_asks_what_is_asked_still_and_by_questions_of_its_own() -> None:
    asked = QuestionDraft(id=7, kind=QuestionKind.SHORT, label="Why?", active=True)
    old = replace(asked, id=8, active=False)
    draft = replace(draft_at(wall(2030, 6, 1, 14)), questions=[asked, old])
    made = copied(draft, wall(2031, 6, 1, 14))
    assert made.questions == [replace(asked, id=None)]


@pytest.mark.parametrize("start", [None, wall(2031, 6, 1, 14)])
def test_what_had_no_date_is_copied_with_the_one_that_is_given(
    start: datetime | None,
) -> None:
    draft = replace(draft_at(wall(2030, 6, 1, 14)), sessions=[])
    made = [each.wall_start for each in copied(draft, start).sessions]
    assert made == ([start] if start else [])


def test_a_change_of_several_leaves_each_its_day_and_its_partners() -> None:
    partner = Contributor(role=Role.CO_PRODUCER, name="County of Sample")
    old, new = (Contributor(role=Role.PRESENTER, name=name) for name in ("Ada", "Bo"))
    draft = replace(
        draft_at(wall(2030, 6, 1, 14)), contributors=[old, partner], place="Hall"
    )
    change = SameChange(
        values={"title": "Other", "place": "Annex"},
        starts_at=time(9),
        ends_at=time(10, 30),
        presenters=[new],
    )
    made = change.of(draft, past=())
    assert (made.title, made.place, list(made.contributors)) == (
        "Other",
        "Annex",
        [new, partner],
    )
    assert (made.sessions[0].wall_start, made.sessions[0].wall_end) == (
        wall(2030, 6, 1, 9),
        wall(2030, 6, 1, 10, 30),
    )


def test_a_session_that_has_begun_keeps_its_time() -> None:
    start = wall(2030, 6, 1, 14)
    draft = draft_at(start, start + DAY)
    made = SameChange(starts_at=time(9)).of(draft, past={1})
    assert [each.wall_start for each in made.sessions] == [
        start,
        wall(2030, 6, 2, 9),
    ]


def test_nothing_chosen_changes_nothing() -> None:
    draft = draft_at(wall(2030, 6, 1, 14))
    assert SameChange().of(draft, past=()) == draft
