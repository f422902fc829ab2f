"""The pages of an event: each an address of its own, all under one head."""

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from csd_events.attendance.models import Visit
from csd_events.events import queries as events
from csd_events.events import service
from csd_events.events.models import Event, EventSeries
from csd_events.events.rules import Kind, OfferDraft, ProgramDraft, SessionDraft
from csd_events.library.queries import list_titles
from csd_events.library.service import built_in_document, import_cases
from csd_events.registrations.models import Registration
from tests.desk import ZONE, fill, make_event, staff_browser, wall
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_conference,
    make_registration,
    writing,
)
from tests.factories import make_event as make_past
from tests.visitors import words

SOON = wall(2030, 5, 9, 14)
TABS = [
    "",
    "/registrations",
    "/messages",
    "/attendance",
    "/resources",
    "/report",
    "/settings",
]


@pytest.fixture
def browser(app: Flask, session: Session, now: datetime) -> FlaskClient:
    return staff_browser(app, session)


def tabs_of(page: str) -> list[tuple[str, str, bool]]:
    """Return words and address of each tab, and whether one is on it."""
    bar = page.partition('class="event-tabs"')[2].partition("</nav>")[0]
    links = re.findall(r'<a href="([^"]*)"([^>]*)>([^<]*)</a>', bar)
    return [(text, path, 'aria-current="page"' in rest) for path, rest, text in links]


def make_attended(
    session: Session, *, title: str, days_ago: int, **given: Any
) -> Event:
    """Make an event that is over, for which somebody registered ten days before."""
    starts_at = NOON - days_ago * DAY
    past = make_past(session, title=title, starts_at=starts_at, **given)
    then = starts_at - 10 * DAY
    make_registration(session, past, at=then, opened_at=then)
    return past


def test_every_page_of_an_event_leads_to_the_others_and_marks_itself(
    app: Flask, browser: FlaskClient
) -> None:
    event_id = make_event(app)
    here = f"/staff/events/{event_id}"
    names = [each[1:].title() or "Overview" for each in TABS]
    for tab in TABS:
        answer = browser.get(here + tab)
        assert tabs_of(answer.text) == [
            (name, here + each, each == tab)
            for name, each in zip(names, TABS, strict=True)
        ]
        assert answer.text.count("<h1") == 1
        assert "Sharing dispatch" in words(answer)


def test_where_people_meet_in_a_room_there_is_no_page_of_who_joined(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    forum = make_event(
        app,
        kind=Kind.FORUM,
        platform_url=None,
        conference_id=make_conference(session),
        place="Room 101",
    )
    page = browser.get(f"/staff/events/{forum}").text
    assert "Attendance" not in [name for name, _path, _here in tabs_of(page)]


def test_messages_say_what_goes_by_itself_and_when(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, wall_start=SOON, offers=[OfferDraft()])
    fill(session, event_id, 2)
    page = words(browser.get(f"/staff/events/{event_id}/messages"))
    assert (
        "To the 2 who have a place; whoever switched them off gets none. Mail When "
        "Reminder, 7 days before Thu, May 2, 2:00 pm ET "
        "Reminder, 1 day before Wed, May 8, 2:00 pm ET "
        "Reminder, 1 hour before Thu, May 9, 1:00 pm ET "
        "After the event Fri, May 10, 9:00 am ET" in page
    )


def test_of_a_draft_and_of_what_is_long_over_nothing_goes(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    draft = make_event(app, published=False)
    page = words(browser.get(f"/staff/events/{draft}/messages"))
    assert "Nothing before it is published." in page
    assert "Write to its people" not in page
    past = make_past(session, starts_at=NOON - 20 * DAY)
    page = words(browser.get(f"/staff/events/{past.id}/messages"))
    assert "Nothing more." in page


def test_attendance_counts_each_person_once_and_names_them(
    browser: FlaskClient, session: Session
) -> None:
    sessions = [
        SessionDraft(wall_start=wall(2030, 4, 20 + n, 9), zone=ZONE) for n in range(2)
    ]
    event = make_past(session, kind=Kind.TRAINING, sessions=sessions)
    people = [
        make_registration(
            session,
            event,
            full_name=name,
            at=NOON - 30 * DAY,
            opened_at=NOON - 30 * DAY,
        )
        for name in ("Zoe", "Ada", "Nobody")
    ]
    first, second = [each.id for each in events.get(session, event.id).sessions]
    zoe, ada = people[0].id, people[1].id
    came = [(zoe, first, 0), (zoe, first, 1), (zoe, second, 30), (ada, second, 25)]
    session.execute(
        insert(Visit),
        [
            {
                "registration_id": who,
                "session_id": sitting,
                "joined_at": NOON - 10 * DAY + hours * HOUR,
            }
            for who, sitting, hours in came
        ],
    )
    session.commit()
    page = words(browser.get(f"/staff/events/{event.id}/attendance"))
    assert "Session 1 of 2 Sat, Apr 20, 9:00 am ET 1 3 " in page
    assert "Session 2 of 2 Sun, Apr 21, 9:00 am ET 2 3 " in page
    assert (
        "Ada Town of Sample Mon, Apr 22, 9:00 am ET 1 "
        "Zoe Town of Sample Sun, Apr 21, 8:00 am ET 2 " in page
    )
    assert "Nobody" not in page
    assert "How long they stayed is not known" in page


def test_attendance_goes_on_over_pages_and_misses_nobody(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, wall_start=SOON, offers=[OfferDraft()])
    fill(session, event_id, 70)
    ids = session.scalars(select(Registration.id).order_by(Registration.id)).all()
    session.execute(
        insert(Visit),
        [
            {"registration_id": each, "session_id": None, "joined_at": NOON}
            for each in ids
        ],
    )
    session.commit()
    path = f"/staff/events/{event_id}/attendance"
    names: list[str] = []
    pages = 0
    while path:
        page = browser.get(path).text
        names += re.findall(r'<th scope="row">(Person \d+)</th>', page)
        found = re.search(r'rel="next"\s+href="([^"]*)"', page)
        path = found[1] if found else ""
        pages += 1
    assert (pages, len(names), names) == (2, 70, sorted(set(names)))


def test_who_watched_on_demand_is_counted_too(
    browser: FlaskClient, session: Session
) -> None:
    event = make_past(
        session,
        on_demand=True,
        sessions=[],
        platform_url=None,
        recording_url="https://example.org/film",
    )
    who = make_registration(session, event)
    session.execute(
        insert(Visit),
        {"registration_id": who.id, "session_id": None, "joined_at": NOON},
    )
    session.commit()
    page = words(browser.get(f"/staff/events/{event.id}/attendance"))
    assert "1 person joined, of 1 who have a place." in page


def test_resources_name_what_is_chosen_what_is_found_and_what_is_kept_off(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    with writing(session):
        import_cases(session, built_in_document())
    titles = list_titles(session)
    hidden, pinned = list(titles)[:2]
    event_id = make_event(
        app,
        areas=["dispatch_911"],
        reading=[pinned],
        hidden_cases=[hidden],
        recording_url="https://example.org/film",
    )
    page = words(browser.get(f"/staff/events/{event_id}/resources"))
    assert titles[pinned] in page
    assert "chosen by staff" in page
    assert f"Not suggested here: {titles[hidden]}" in page
    assert "None chosen." in page
    assert "https://example.org/film" in page


def test_settings_say_how_an_event_is_set_with_the_way_to_change_each(
    app: Flask, browser: FlaskClient
) -> None:
    event_id = make_event(app, waiting_limit=0, reminders=["1d"], needs_approval=True)
    answer = browser.get(f"/staff/events/{event_id}/settings")
    page = words(answer)
    for each in (
        "Kind Webinar, live Change : Kind",
        "Time zone Eastern (New York) ",
        "Places 500 ",
        "Waiting list None ",
        "Who gets a place Staff look at every request ",
        "A colleague may come instead Until it starts ",
        "Questions None ",
        "Reminders 1 day before ",
        "A mail after it Yes, the morning after ",
    ):
        assert each in page, each
    form = browser.get(f"/staff/events/{event_id}/edit").text
    for place in re.findall(r'/edit#(\w+)"', answer.text):
        assert f'id="{place}"' in form, place


def test_registrations_stand_beside_those_of_the_last_event_like_it(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    """Eight days before: what counts is who had registered as long before the other."""
    for title, starts_at in (("Long ago", NOON - 40 * DAY), ("Last", NOON - 20 * DAY)):
        past = make_past(session, title=title, starts_at=starts_at)
        for days in (10, 9, 8, 3):
            when = starts_at - days * DAY - HOUR * 7
            make_registration(session, past, at=when, opened_at=when)
    event_id = make_event(app, wall_start=SOON, offers=[OfferDraft()])
    session.rollback()
    fill(session, event_id, 5)
    expected = (
        "5 registered 8 days before it begins. Last : 3 at the same time, 4 in the end."
    )
    overview = browser.get(f"/staff/events/{event_id}")
    assert expected in words(overview)
    assert '<rect class="trend-now" width="100"' in overview.text
    assert '<rect class="trend-then" y="8" width="60"' in overview.text
    assert expected in words(browser.get("/staff"))


def test_what_lies_before_all_registrations_of_the_other_is_compared_with_nothing(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    past = make_attended(session, title="Last", days_ago=20)
    event_id = make_event(app, wall_start=SOON + 1600 * DAY)
    sooner_id = make_event(app, wall_start=SOON)
    assert past.title not in words(browser.get(f"/staff/events/{event_id}"))
    assert "Last : 1 at the same" in words(browser.get(f"/staff/events/{sooner_id}"))


def test_one_of_its_own_program_comes_before_a_later_one(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    with writing(session):
        program = service.create_program(session, ProgramDraft(name="Year"), now=NOON)
    make_attended(session, title="Own", days_ago=30, program_id=program)
    make_attended(session, title="Later", days_ago=10)
    make_attended(session, title="Class", days_ago=5, kind=Kind.TRAINING)
    event_id = make_event(app, wall_start=SOON, program_id=program)
    assert ". Own : 1 at the same time" in words(
        browser.get(f"/staff/events/{event_id}")
    )
    other = make_event(app, wall_start=SOON)
    assert ". Later : 1 at" in words(browser.get(f"/staff/events/{other}"))


def test_one_of_its_own_series_comes_before_a_later_one_of_its_program(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    with writing(session):
        program = service.create_program(session, ProgramDraft(name="Year"), now=NOON)
    own = make_attended(session, title="Own", days_ago=30, program_id=program)
    make_attended(session, title="Later", days_ago=10, program_id=program)
    event_id = make_event(app, wall_start=SOON, program_id=program)
    with writing(session):
        series = EventSeries(created_at=NOON)
        session.add(series)
        session.flush()
        both = update(Event).where(Event.id.in_([own.id, event_id]))
        session.execute(both.values(series_id=series.id))
    page = browser.get(f"/staff/events/{event_id}")
    assert ". Own : 1 at the same time" in words(page)


def test_the_first_of_its_kind_is_compared_with_nothing(
    app: Flask, browser: FlaskClient
) -> None:
    event_id = make_event(app, wall_start=SOON)
    assert 'class="trend"' not in browser.get(f"/staff/events/{event_id}").text
