"""How often is too often."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.core import limits
from csd_events.core.limits import HourlyCount
from tests.factories import DAY, HOUR, NOON, writing

SECOND = timedelta(seconds=1)


def test_each_hour_of_the_clock_is_counted_by_itself(session: Session) -> None:
    moments = [NOON, NOON + HOUR - SECOND, NOON + HOUR, NOON]
    with writing(session):
        counted = [
            limits.count(session, what="form", who="ada", now=moment)
            for moment in moments
        ]
    assert counted == [1, 2, 1, 3]


def test_what_and_who_are_counted_apart_and_kept_as_no_address(
    session: Session,
) -> None:
    with writing(session):
        counted = [
            limits.count(session, what=what, who=who, now=NOON)
            for what, who in (("form", "a"), ("mail", "a"), ("form", "b"))
        ]
    keys = session.scalars(select(HourlyCount.key)).all()
    assert counted == [1, 1, 1]
    assert [len(key) for key in keys] == [64, 64, 64]


def test_counts_older_than_a_day_are_forgotten(session: Session) -> None:
    with writing(session):
        limits.count(session, what="form", who="a", now=NOON - DAY - HOUR)
        limits.count(session, what="form", who="a", now=NOON - DAY)
        limits.forget_old(session, now=NOON)
    assert session.scalar(select(func.count()).select_from(HourlyCount)) == 1


def test_what_is_counted_by_the_minute_is_known_for_this_one_and_the_one_before(
    session: Session,
) -> None:
    seconds = (0, 59, 60, 119, 120, 300)
    with writing(session):
        counted = [
            limits.count_in_minute(session, what="code", now=NOON + n * SECOND)
            for n in seconds
        ]
        limits.count(session, what="code", who="by the minute", now=NOON)
    assert counted == [1, 2, 3, 4, 3, 1]
    lately = limits.times_lately(session, what="code", now=NOON + 60 * SECOND)
    assert lately == 4
    assert limits.times_lately(session, what="other", now=NOON) == 0
