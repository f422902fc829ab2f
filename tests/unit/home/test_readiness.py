"""Whether an event is ready for people."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.events.rules import (
    Clash,
    Meeting,
    OnStage,
    Problem,
    Slot,
)
from csd_events.home.rules import (
    Check,
    Facts,
    Item,
    Level,
    OfferDays,
    count_pictures,
    look_over,
    to_mend,
)

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EASTERN, PACIFIC = "America/New_York", "America/Los_Angeles"
START = NOW + 30 * DAY + 6 * HOUR  # two in the afternoon in New York, on May 31
SLOT = Slot(
    event_id=1, title="Mine", starts_at=START, ends_at=START + HOUR, zone=EASTERN
)
LEADS = {"1h": HOUR, "1d": DAY, "7d": 7 * DAY}
READY = Facts(
    missing={},
    slots=[SLOT],
    zone=EASTERN,
    offers=[OfferDays(closes_on=date(2030, 5, 31))],
    leads=LEADS,
    is_draft=True,
    capacity=30,
    taken=30,
    description="Come and [look](https://example.org).",
    has_reading=True,
)
ADA = OnStage("ada", "Ada", PACIFIC)
MEETING = Meeting(mine=SLOT, other=replace(SLOT, event_id=2), clashes=(Clash.ROOM,))


def found(now: datetime = NOW, **given: Any) -> list[Item]:
    return to_mend(look_over(replace(READY, **given), now))


def at(hour: float, length: float = 1) -> list[Slot]:
    """A session of Ada's that begins at an hour of her own morning, or later."""
    begins = datetime(2030, 5, 31, 7, tzinfo=UTC) + hour * HOUR  # midnight is 7:00 UTC
    ends = begins + length * HOUR
    return [replace(SLOT, starts_at=begins, ends_at=ends, on_stage=(ADA,))]


def test_where_all_is_in_order_every_check_says_so() -> None:
    items = look_over(READY, NOW)
    assert {each.level for each in items} == {Level.FINE}
    checks = [each.check for each in items]
    assert checks == [
        check for check in Check if check not in {Check.MISSING, Check.CONFERENCE_ZONE}
    ]


@pytest.mark.parametrize(
    ("given", "check", "number"),
    [
        ({"taken": 32}, Check.PLACES, 2),
        ({"description": "![](https://x) and ![a map][1]"}, Check.PICTURES, 2),
        ({"has_reading": False}, Check.READING, 0),
        ({"sender_differs": True}, Check.SENDER, 0),
        ({"meetings": [MEETING]}, Check.CLASHES, 1),
        ({"conference_zone": PACIFIC}, Check.CONFERENCE_ZONE, 0),
        (
            {"offers": [OfferDays(), OfferDays(closes_on=date(2030, 6, 1))]},
            Check.OFFERS,
            1,
        ),
        ({"offers": [OfferDays(opens_at=START)]}, Check.OFFERS, 1),
    ],
)
def test_each_thing_is_named_alone(
    given: dict[str, Any], check: Check, number: int
) -> None:
    assert found(**given) == [Item(check=check, level=Level.SHOULD, number=number)]


@pytest.mark.parametrize(
    "given",
    [
        {"offers": [OfferDays(closes_on=date(2030, 5, 31))]},  # the day it begins
        {"offers": [OfferDays(opens_at=START - HOUR)]},
        {"conference_zone": "America/Detroit"},  # shows the same
        {"capacity": None, "taken": 1000},
        {"slots": [], "leads": {}},
    ],
)
def test_what_is_no_slip_is_not_named(given: dict[str, Any]) -> None:
    assert found(**given) == []


def test_what_is_missing_comes_first_and_is_a_must() -> None:
    items = found(has_reading=False, missing={"summary": Problem.NO_SUMMARY})
    assert [(each.check, each.level) for each in items] == [
        (Check.MISSING, Level.MUST),
        (Check.READING, Level.SHOULD),
    ]
    assert (items[0].field, items[0].problem) == ("summary", Problem.NO_SUMMARY)


def test_a_missing_way_in_is_not_called_in_order() -> None:
    items = look_over(replace(READY, missing={"platform_url": Problem.NO_WAY_IN}), NOW)
    assert Check.JOINING not in {each.check for each in items}


@pytest.mark.parametrize(
    ("hour", "length", "named"),
    [(6.9, 1, True), (7, 1, False), (20, 1, False), (20.5, 1, True), (23.5, 1, True)],
)
def test_nobody_has_to_speak_when_they_sleep(
    hour: float, length: float, *, named: bool
) -> None:
    items = found(slots=at(hour, length), zone=PACIFIC)
    assert [each.check for each in items] == [Check.HOURS] * named
    assert [hour.who for item in items for hour in item.hours] == [ADA] * named


def test_where_nobody_said_where_they_live_nothing_is_said_of_it() -> None:
    slots = [replace(at(2)[0], on_stage=(replace(ADA, zone=None),))]
    assert found(slots=slots, zone=PACIFIC) == []


@pytest.mark.parametrize(
    ("before", "late"),
    [(8 * DAY, ()), (7 * DAY, ("7d",)), (2 * HOUR, ("1d", "7d"))],
)
def test_reminders_whose_moment_is_over_are_named_while_it_is_a_draft(
    before: timedelta, late: tuple[str, ...]
) -> None:
    (names,) = [each.names for each in found(START - before)] or [()]
    assert names == late
    assert found(START - before, is_draft=False) == []


@given(
    st.builds(
        replace,
        st.just(READY),
        taken=st.integers(0, 60),
        has_reading=st.booleans(),
        sender_differs=st.booleans(),
        missing=st.dictionaries(
            st.sampled_from(["summary", "offers", "platform_url"]),
            st.sampled_from(Problem),
        ),
    )
)
def test_the_gravest_come_first_and_nothing_is_looked_at_twice(facts: Facts) -> None:
    items = look_over(facts, NOW)
    order = [list(Level).index(each.level) for each in items]
    assert order == sorted(order)
    checks = [(each.check, each.field) for each in items]
    assert len(checks) == len(set(checks))
    assert sum(each.level is Level.MUST for each in items) == len(facts.missing)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("Wow! [A link](https://example.org)", 0),
        ("![](a.png)", 1),
        ("![A map](a.png) <IMG src=b.png>", 2),
    ],
)
def test_pictures_are_counted_as_staff_write_them(text: str, number: int) -> None:
    assert count_pictures(text) == number
