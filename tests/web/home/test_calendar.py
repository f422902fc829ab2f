"""All events by day, as staff see them."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from html5lib import HTMLParser
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.core.time import first_weekday
from csd_events.core.words import reading_in
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import Kind, ProgramDraft, SessionDraft, State
from csd_events.home.words.calendar import MOST_IN_A_DAY
from tests.desk import ZONE, make_event, staff_browser, wall
from tests.factories import NOON, writing
from tests.statements import counted
from tests.visitors import words

MAY = "/staff/calendar"
WEEK = "/staff/calendar?view=week&on=2030-05-09"
SOON = wall(2030, 5, 9, 14)


@pytest.fixture
def browser(app: Flask, session: Session, now: datetime) -> FlaskClient:
    return staff_browser(app, session)


def days_of(page: str) -> dict[str, str]:
    """Return what stands on each day that holds something, by the day in full."""
    tree = HTMLParser(namespaceHTMLElements=False).parse(page)
    found = {}
    weekdays = [s for s in tree.iter("section") if "week" in s.get("class", "")]
    for cell in [*tree.iter("td"), *weekdays]:
        for heading in cell.iter("h3"):
            day = " ".join("".join(heading.itertext()).split())
            lists = [" ".join("".join(ul.itertext()).split()) for ul in cell.iter("ul")]
            found[re.sub(r"^\d+", "", day)] = " ".join(lists).replace("\xa0", " ")
    return {day: said.replace("\N{EN DASH}", "-") for day, said in found.items()}


def test_each_event_stands_on_its_day_with_its_state_in_words(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    make_event(app, title="Coming", wall_start=SOON)
    make_event(app, title="Idea", wall_start=SOON, published=False)
    off = make_event(app, title="Off", wall_start=SOON + timedelta(days=1))
    session.execute(update(Event).where(Event.id == off).values(state=State.CANCELLED))
    session.commit()
    assert days_of(browser.get(MAY).text) == {
        "Thursday, May 9, 2030": (
            "2:00-3:00 pm Published Coming 2:00-3:00 pm Draft Idea"
        ),
        "Friday, May 10, 2030": "2:00-3:00 pm Cancelled Off",
    }


def test_every_session_of_a_program_has_its_day_and_its_number(
    app: Flask, browser: FlaskClient
) -> None:
    sessions = [
        SessionDraft(title=title, wall_start=SOON + timedelta(days=n), zone=ZONE)
        for n, title in enumerate(["Why", ""])
    ]
    make_event(app, title="School", kind=Kind.TRAINING, sessions=sessions)
    assert days_of(browser.get(MAY).text) == {
        "Thursday, May 9, 2030": "2:00 pm Published School Session 1 of 2: Why",
        "Friday, May 10, 2030": "2:00 pm Published School Session 2 of 2",
    }


def test_days_and_hours_are_those_of_the_zone_that_is_shown(
    app: Flask, browser: FlaskClient
) -> None:
    """Ten in the evening of Alaska is the next morning where the association is."""
    late = SessionDraft(wall_start=wall(2030, 5, 9, 22), zone="America/Anchorage")
    make_event(app, title="North", zone=late.zone, sessions=[late])
    page = browser.get(MAY).text
    assert "Days and hours in Eastern (New York) time." in words(browser.get(MAY))
    assert days_of(page) == {
        "Friday, May 10, 2030": (
            "2:00 am Published North Thu, May 9, 10:00-11:00 pm AKT"
        )
    }
    assert "zone=America/Anchorage" in page
    there = browser.get(f"{MAY}?zone=America/Anchorage").text
    assert days_of(there) == {"Thursday, May 9, 2030": "10:00 pm Published North"}
    assert "zone=America/Anchorage" in there


def test_a_week_shows_everything_of_its_events(
    app: Flask, browser: FlaskClient
) -> None:
    make_event(app, title="Coming", wall_start=SOON)
    found = days_of(browser.get(WEEK).text)
    assert len(found) == 7
    assert found["Thursday, May 9, 2030"] == (
        "2:00-3:00 pm Published Coming Webinar · 0 of 500 registered"
    )


def test_a_week_begins_as_the_reader_is_used_to(browser: FlaskClient) -> None:
    days = list(days_of(browser.get(WEEK).text))
    assert (days[0], days[-1]) == ("Sunday, May 5, 2030", "Saturday, May 11, 2030")


def test_a_week_begins_on_monday_for_who_reads_as_in_britain(app: Flask) -> None:
    with app.app_context(), reading_in("en_GB"):
        assert first_weekday() == 0


def test_a_crowded_day_of_a_month_leads_to_its_week(
    app: Flask, browser: FlaskClient
) -> None:
    for number in range(MOST_IN_A_DAY + 3):
        make_event(app, title=f"Event {number}", wall_start=SOON)
    page = browser.get(MAY).text
    (said,) = days_of(page).values()
    assert said.count("Event") == MOST_IN_A_DAY
    more = re.search(r'href="([^"]*)">\s*3 more', page)
    assert more
    there = days_of(browser.get(more[1].replace("&amp;", "&")).text)
    assert there["Thursday, May 9, 2030"].count("Event") == MOST_IN_A_DAY + 3


def test_one_more_than_fits_is_shown_rather_than_counted(
    app: Flask, browser: FlaskClient
) -> None:
    for number in range(MOST_IN_A_DAY + 1):
        make_event(app, title=f"Event {number}", wall_start=SOON)
    assert " more" not in words(browser.get(MAY))


def test_it_is_narrowed_by_kind_and_by_program_and_stays_so(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    with writing(session):
        program = event_service.create_program(
            session, ProgramDraft(name="Fire year"), now=NOON
        )
    make_event(app, title="Talk", wall_start=SOON, program_id=program)
    make_event(app, title="Class", wall_start=SOON, kind=Kind.TRAINING)
    for asked, expected in (
        ("?kind=webinar", "Talk"),
        ("?kind=training", "Class"),
        (f"?program={program}", "Talk"),
    ):
        page = browser.get(MAY + asked).text
        (said,) = days_of(page).values()
        assert said == f"2:00-3:00 pm Published {expected}"
        arrow = re.search(r'rel="next"\s+href="([^"]*)"', page)
        assert arrow
        assert asked[1:] in arrow[1].replace("&amp;", "&")


def test_arrows_lead_on_and_back_and_today_to_today(browser: FlaskClient) -> None:
    page = browser.get(f"{MAY}?on=2030-12-31").text
    links = dict(re.findall(r'rel="(prev|next)"\s+href="([^"]*)"', page))
    assert links == {
        "prev": "/staff/calendar?on=2030-11-01",
        "next": "/staff/calendar?on=2031-01-01",
    }
    assert "December 2030" in page
    assert 'href="/staff/calendar">Today<' in page


def test_today_is_marked_in_words_and_for_screen_readers(browser: FlaskClient) -> None:
    page = browser.get(MAY).text
    (cell,) = re.findall(r"<td[^>]*aria-current=\"date\">(.*?)</td>", page, re.DOTALL)
    assert "Wednesday, May 1, 2030" in cell
    assert ">Today<" in cell
    assert 'aria-current="date"' not in browser.get(f"{MAY}?on=2030-06-02").text


def test_an_empty_day_leads_to_a_new_event_on_it_unless_it_is_past(
    browser: FlaskClient,
) -> None:
    page = browser.get(MAY).text
    assert 'href="/staff/events/new?on=2030-05-02"' in page
    assert "New event on Thursday, May 2, 2030" in page
    assert "on=2030-04-30" not in page
    assert "No event in this month." in page


@pytest.mark.parametrize(
    "asked",
    [
        "?view=year",
        "?on=2030-02-30",
        "?on=0001-01-01",
        "?on=9999-12-31",
        "?zone=Mars/Olympus",
        "?kind=party",
        "?program=x",
        "?program=99999999999999999999",
    ],
)
def test_what_makes_no_sense_asks_for_nothing(browser: FlaskClient, asked: str) -> None:
    answer = browser.get(MAY + asked)
    assert answer.status_code == 200
    assert "May 2030" in answer.text


@pytest.mark.parametrize("asked", ["?on=1900-01-01", "?on=2199-12-31&view=week"])
def test_the_first_and_the_last_day_there_is_can_be_shown(
    browser: FlaskClient, asked: str
) -> None:
    assert browser.get(MAY + asked).status_code == 200


def test_drafts_without_a_date_are_counted(app: Flask, browser: FlaskClient) -> None:
    make_event(app, published=False, sessions=[])
    assert "1 draft has no date yet" in words(browser.get(MAY))


def test_the_desk_and_the_list_lead_to_it(browser: FlaskClient) -> None:
    for path in ("/staff", "/staff/events"):
        assert 'href="/staff/calendar"' in browser.get(path).text


@pytest.mark.parametrize("path", [MAY, WEEK])
def test_a_calendar_asks_the_database_as_often_for_one_event_as_for_sixty(
    app: Flask, browser: FlaskClient, path: str
) -> None:
    make_event(app, wall_start=SOON)
    browser.get(path)
    with counted(app) as few:
        browser.get(path)
    for number in range(60):
        start = SOON + timedelta(hours=number)
        make_event(app, title=f"Event {number}", wall_start=start)
    with counted(app) as many:
        browser.get(path)
    assert len(few) == len(many)
    assert len(few) <= 4  # who looks, sessions, programs, drafts without a date
