"""Which reminders somebody gets, and why not the others."""

from datetime import UTC, datetime, timedelta

import pytest

from csd_events.registrations.rules import (
    FOLLOWS_WITHIN,
    Reader,
    Sitting,
    State,
    WhyNot,
    plan_after,
    plan_for,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2030, 5, 11, 12, tzinfo=UTC)
LEADS = (HOUR, DAY, 7 * DAY)
EARLY = START - 30 * DAY
MEMBER = Reader(state=State.CONFIRMED, confirmed_at=EARLY)
ONE = [Sitting(1, START, EARLY)]


def why(
    reader: Reader = MEMBER, *, now: datetime = EARLY, called_off: bool = False
) -> list[WhyNot | None]:
    """Say of the reminders of one session, in their order, what keeps each back."""
    plan = plan_for(reader, ONE, LEADS, now, called_off=called_off)
    assert [each.goes_at for each in plan] == [START - lead for lead in LEADS[::-1]]
    return [each.why_not for each in plan]


def test_who_has_a_place_in_time_gets_every_reminder() -> None:
    assert why() == [None] * 3


@pytest.mark.parametrize(
    ("reader", "reason"),
    [
        (Reader(state=State.WAITING, confirmed_at=None), WhyNot.NO_PLACE),
        (Reader(state=State.HELD, confirmed_at=None), WhyNot.NO_PLACE),
        (Reader(state=State.CANCELLED, confirmed_at=EARLY), WhyNot.NO_PLACE),
        (
            Reader(state=State.CONFIRMED, confirmed_at=EARLY, wants=False),
            WhyNot.NONE_WANTED,
        ),
        (
            Reader(state=State.CONFIRMED, confirmed_at=EARLY, switched_off=True),
            WhyNot.SWITCHED_OFF,
        ),
    ],
)
def test_what_keeps_all_of_them_back_is_named(reader: Reader, reason: WhyNot) -> None:
    assert why(reader) == [reason] * 3


def test_a_cancelled_event_reminds_nobody_whatever_they_chose() -> None:
    off = Reader(state=State.CONFIRMED, confirmed_at=EARLY, switched_off=True)
    assert why(off, called_off=True) == [WhyNot.CALLED_OFF] * 3


def test_who_registered_after_a_moment_had_just_heard_it() -> None:
    late = Reader(state=State.CONFIRMED, confirmed_at=START - 2 * DAY)
    assert why(late, now=START - 2 * DAY) == [WhyNot.JUST_HEARD, None, None]


def test_who_was_told_of_a_new_time_after_a_moment_had_just_heard_it() -> None:
    moved = [Sitting(1, START, START - 2 * HOUR)]
    plan = plan_for(MEMBER, moved, LEADS, START - 2 * HOUR)
    assert [each.why_not for each in plan] == [
        WhyNot.JUST_HEARD,
        WhyNot.JUST_HEARD,
        None,
    ]


def test_of_several_due_at_once_the_nearest_to_the_start_goes() -> None:
    assert why(now=START - 30 * HOUR / 60) == [
        WhyNot.ANOTHER_SAYS_SO,
        WhyNot.ANOTHER_SAYS_SO,
        None,
    ]


def test_once_it_has_begun_none_goes_any_more() -> None:
    assert why(now=START) == [WhyNot.MISSED] * 3


def test_the_far_reminder_of_a_later_session_leaves_it_to_those_before() -> None:
    weekly = [Sitting(n, START + 7 * n * DAY, EARLY) for n in range(2)]
    plan = plan_for(MEMBER, weekly, LEADS, EARLY)
    assert {
        (each.session_id, each.lead): each.why_not for each in plan if each.why_not
    } == {(1, 7 * DAY): WhyNot.ANOTHER_SAYS_SO}
    assert [each.goes_at for each in plan] == sorted(each.goes_at for each in plan)


@pytest.mark.parametrize(
    ("reader", "given", "now", "reason"),
    [
        (MEMBER, {}, EARLY, None),
        (MEMBER, {"wanted": False}, EARLY, WhyNot.NOT_WRITTEN),
        (MEMBER, {"called_off": True}, EARLY, WhyNot.CALLED_OFF),
        (Reader(state=State.WAITING, confirmed_at=None), {}, EARLY, WhyNot.NO_PLACE),
        (MEMBER, {}, START + FOLLOWS_WITHIN + 2 * DAY, WhyNot.MISSED),
    ],
)
def test_the_mail_after_an_event_goes_the_next_morning_or_says_why_not(
    reader: Reader, given: dict[str, bool], now: datetime, reason: WhyNot | None
) -> None:
    said = {"called_off": False, "wanted": True} | given
    after = plan_after(reader, START + HOUR, "America/New_York", now, **said)
    assert (after.goes_at, after.why_not) == (START + DAY + HOUR, reason)
