"""What the samples say, and how a year of events is shared out."""

from collections import Counter
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from csd_events.core.time import to_utc
from csd_events.events.rules import Audience, EventDraft, Kind, Role
from csd_events.outbox.rules import is_bulk, is_nobody
from csd_events.seeds import rules
from csd_events.seeds.rules import people
from csd_events.seeds.rules.year import sizes

SATURDAY = date(2026, 11, 21)
DAYS = st.dates(date(2025, 1, 1), date(2045, 12, 31))


def _drafts(day: date = SATURDAY) -> dict[str, EventDraft]:
    return {event.slug: event.draft for event in rules.upcoming(day)}


def test_the_webinar_of_2014_says_what_its_announcement_says() -> None:
    webinar = rules.FOUNDING[0].draft
    assert (webinar.title, webinar.kind, webinar.sessions) == (
        "Service Delivery Collaborations: Are They Worth the Effort?",
        Kind.WEBINAR,
        (),
    )
    assert [(o.price_cents, o.audience, o.closes_on) for o in webinar.offers] == [
        (0, Audience.EVERYONE, date(2014, 10, 15))
    ]
    assert {(c.role, c.name) for c in webinar.contributors} == {
        (Role.CO_PRODUCER, "ICMA"),
        (Role.CO_PRODUCER, "Alliance for Innovation"),
        (Role.UNDERWRITER, "CH2M HILL"),
    }


def test_the_forum_of_2014_stands_on_the_one_day_its_announcement_names() -> None:
    forum = rules.FOUNDING[1]
    (session,) = forum.draft.sessions
    assert session.wall_start == datetime(2014, 9, 14, 12, 45)  # noqa: DTZ001
    assert (session.zone, session.wall_end) == ("America/New_York", None)
    assert [(c.role, c.name) for c in forum.draft.contributors] == [
        (Role.UNDERWRITER, "CH2M HILL")
    ]
    assert forum.conference is not None
    days = forum.conference.draft
    assert (days.first_on, days.last_on) == (
        date(2014, 9, 14),
        date(2014, 9, 14),
    )


def test_nobody_is_made_up_for_the_events_of_2014() -> None:
    names = [each.name for event in rules.FOUNDING for each in event.draft.contributors]
    assert set(names) == {"Alliance for Innovation", "ICMA", "CH2M HILL"}


def test_the_sample_webinar_is_in_ten_days_and_free_through_the_fifth() -> None:
    webinar = _drafts()["sharing-dispatch"]
    (session,) = webinar.sessions
    assert f"{session.wall_start:%Y-%m-%d %H:%M}" == "2026-12-01 14:00"
    assert [
        (o.audience, o.price_cents, o.opens_on, o.closes_on) for o in webinar.offers
    ] == [
        (Audience.EVERYONE, 0, None, date(2026, 11, 26)),
        (Audience.MEMBERS, 2500, date(2026, 11, 27), None),
        (Audience.OTHERS, 4900, date(2026, 11, 27), None),
    ]


def test_the_samples_have_the_places_they_are_known_for() -> None:
    places = {slug: draft.capacity for slug, draft in _drafts().items()}
    assert places == {
        "sharing-dispatch": 500,
        "first-conversation": None,
        "managing-shared-services": 30,
        "opening-the-question": 60,
        "fire-together": 250,
        "agreements-that-hold": 80,
    }


@given(DAYS)
def test_trainings_and_forums_are_on_working_days_that_exist(day: date) -> None:
    drafts = _drafts(day)
    del drafts["sharing-dispatch"]  # ten days from any day
    starts = [each.wall_start for draft in drafts.values() for each in draft.sessions]
    assert [start for start in starts if start.weekday() > 4] == []
    assert len(starts) == 7


@given(DAYS)
def test_the_forums_make_a_schedule_on_two_of_their_conference_s_days(
    day: date,
) -> None:
    forums = [event for event in rules.upcoming(day) if event.conference]
    (days,) = {each.conference.draft for each in forums if each.conference}
    starts = [each.draft.sessions[0].wall_start for each in forums]
    assert starts == sorted(starts)
    assert (len(starts), len({start.date() for start in starts})) == (3, 2)
    assert days.first_on <= starts[0].date() <= starts[-1].date() < days.last_on


@given(st.integers(1, 2_000), st.integers(0, 1_000_000))
def test_every_registration_finds_its_event(events: int, registrations: int) -> None:
    shares = sizes(events, registrations)
    assert (len(shares), sum(shares)) == (events, registrations)
    assert min(shares) >= 0


def test_half_the_events_are_small_and_five_are_large() -> None:
    shares = sizes(10_000, 1_000_000)
    kinds = Counter(
        "small" if share < 40 else "large" if share > 5_000 else "between"
        for share in shares
    )
    assert kinds == {"small": 5_000, "between": 4_995, "large": 5}


def test_few_people_at_many_events_are_still_all_counted() -> None:
    assert sizes(4, 3) == [1, 1, 1, 0]
    assert sizes(1, 100_000) == [100_000]


def test_the_year_reaches_from_ten_months_ago_to_two_months_ahead() -> None:
    days = [each.wall_start.date() for each in rules.year(730, 0, today=SATURDAY)]
    assert (min(days), max(days)) == (date(2026, 1, 23), date(2027, 1, 22))
    assert {day.weekday() for day in days} == {0, 1, 2, 3, 4}


def test_a_second_year_follows_the_first_in_its_numbers() -> None:
    (event,) = rules.year(1, 0, today=SATURDAY, after=41)
    assert event.slug == "bulk-0000042"


def test_waiting_lists_are_at_events_that_are_full() -> None:
    plan = list(rules.year(400, 40_000, today=SATURDAY))
    full = [each for each in plan if each.waiting]
    assert {each.capacity - each.confirmed for each in full if each.capacity} == {0}
    cancelled = [
        sum(each.cancels(index) for index in range(each.people)) for each in plan
    ]
    assert cancelled == [each.seated - each.confirmed for each in plan]
    assert {each.number % 10 for each in full} == {0}


def test_times_of_the_year_exist_on_the_clocks_of_their_zones() -> None:
    plan = rules.year(1_000, 0, today=SATURDAY)
    assert len({to_utc(each.wall_start, each.zone) for each in plan}) > 500


def test_references_look_like_any_other_and_never_come_twice() -> None:
    drawn = {rules.reference(number) for number in range(100_000)}
    assert len(drawn) == 100_000
    assert rules.reference(0) == "CSD-AAAA-AAAA"


def test_people_by_the_thousand_are_nobody_that_mail_goes_to() -> None:
    addresses = {people.address(number) for number in range(1_000)}
    assert len(addresses) == 1_000
    assert {(is_bulk(each), is_nobody(each)) for each in addresses} == {(True, True)}
    assert not is_bulk("person@example.org")
