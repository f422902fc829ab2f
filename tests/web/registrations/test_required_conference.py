"""A forum that requires its conference: said before the button, shown to staff."""

import re
from datetime import date
from email.utils import parseaddr

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import ConferenceDraft, Kind
from csd_events.registrations import service
from tests.desk import fields_of, send, staff_browser
from tests.factories import NOON, make_event, make_registration, writing
from tests.letters import deliver, side
from tests.statements import counted
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")

SAID = "This forum is for people registered for Annual Conference."
WEB = "https://conference.example.org"
CONFERENCE = ConferenceDraft(
    name="Annual Conference",
    first_on=date(2030, 5, 10),
    last_on=date(2030, 5, 12),
    place="Lakeview",
    zone="America/Chicago",
    website=WEB,
    published=True,
)


@pytest.fixture
def conference(session: Session) -> int:
    with writing(session):
        return event_service.create_conference(session, CONFERENCE, now=NOON)


@pytest.fixture
def forum(session: Session, conference: int) -> Event:
    return make_event(
        session,
        slug="forum",
        kind=Kind.FORUM,
        platform_url=None,
        place="Hall",
        conference_id=conference,
        requires_conference=True,
    )


def _list(session: Session, conference: int, *keys: str) -> None:
    with writing(session):
        event_service.save_addresses(session, conference, keys, replace=True, now=NOON)


@pytest.mark.parametrize("path", ["/events/forum", "/events/forum/register"])
def test_what_a_forum_asks_stands_before_its_button(
    client: FlaskClient, forum: Event, path: str
) -> None:
    page = client.get(path).text
    button = page.rindex("Register for this forum")
    assert page.index(SAID) < page.index(f'href="{WEB}"') < button
    assert forum.requires_conference


def test_a_full_forum_asks_it_before_its_waiting_list_too(
    client: FlaskClient, session: Session, conference: int
) -> None:
    forum = make_event(
        session,
        slug="full",
        kind=Kind.FORUM,
        conference_id=conference,
        requires_conference=True,
        capacity=1,
    )
    make_registration(session, forum)
    page = client.get("/events/full").text
    assert page.index(SAID) < page.rindex("Join the waiting list")


def test_who_is_not_on_the_list_registers_all_the_same_and_is_told_nothing(
    app: Flask, session: Session, conference: int, forum: Event
) -> None:
    """Whether an address is on the list shows in no answer."""
    _list(session, conference, "listed@example.org")
    shown = []
    for email in ("listed@example.org", "other@example.org"):
        browser = app.test_client()
        form = fields_of(browser.get("/events/forum/register").text)
        typed = {"full_name": "Ada", "email": email, "organization": "Town"}
        answer = browser.post("/events/forum/register", data=form | typed)
        page = words(browser.get(answer.location))
        shown.append(page.replace(email, "…"))
    assert shown[0] == shown[1]
    assert events.get_row(session, forum.id).confirmed == len(shown)


def test_the_confirmation_says_it_on_both_sides(
    app: Flask, session: Session, forum: Event
) -> None:
    make_registration(session, forum, email="held@example.org")
    make_registration(session, make_event(session), email="plain@example.org")
    letters = {parseaddr(letter["To"])[1]: letter for letter in deliver(app)}
    for who, expected in (("held", True), ("plain", False)):
        letter = letters[f"{who}@example.org"]
        sides = [side(letter, kind) for kind in ("text/plain", "text/html")]
        assert [SAID in " ".join(each.split()) for each in sides] == [expected] * 2
        assert [WEB in each for each in sides] == [expected] * 2


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def _shown(browser: FlaskClient, event: Event, query: str = "") -> list[str]:
    page = browser.get(f"/staff/events/{event.id}/registrations{query}").text
    return re.findall(r'href="mailto:([^"]*)">', page)


def test_staff_see_who_is_not_on_the_conference_s_list(
    browser: FlaskClient, session: Session, conference: int, forum: Event
) -> None:
    _list(session, conference, "listed@example.org")
    for email in ("Listed@Example.org", "other@example.org", "gone@example.org"):
        made = make_registration(session, forum, email=email)
    with writing(session):
        service.cancel(session, made.id, now=NOON)
    path = f"/staff/events/{forum.id}/registrations"
    page = browser.get(path).text
    rows = re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", page, re.DOTALL)
    marked = [
        re.findall(r"mailto:([^\"]*)", row)
        for row in rows
        if "Not on the conference" in row
    ]
    assert marked == [["other@example.org"]]
    assert _shown(browser, forum, "?unlisted=1") == ["other@example.org"]
    assert "1 registration " in words(browser.get(f"{path}?unlisted=1"))
    assert _shown(browser, forum, "?unlisted=1&state=waiting") == []
    event_page = words(browser.get(f"/staff/events/{forum.id}"))
    assert "1 person is not on the conference's list." in event_page
    _list(session, conference, "listed@example.org", "other@example.org")
    event_page = words(browser.get(f"/staff/events/{forum.id}"))
    assert "Everyone registered is on the conference's list." in event_page


def test_an_event_that_requires_nothing_marks_nobody(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    make_registration(session, event, email="held@example.org")
    page = browser.get(f"/staff/events/{event.id}/registrations").text
    assert "Not on the conference" not in page
    assert "Not on its list" not in page
    assert _shown(browser, event, "?unlisted=1") == []
    assert _shown(browser, event) == ["held@example.org"]


def test_the_list_asks_as_much_for_two_people_as_for_forty(
    app: Flask, browser: FlaskClient, session: Session, forum: Event
) -> None:
    counts = []
    for number in (2, 38):
        for _ in range(number):
            make_registration(session, forum)
        browser.get(f"/staff/events/{forum.id}/registrations")
        with counted(app) as said_to_the_database:
            browser.get(f"/staff/events/{forum.id}/registrations")
        counts.append(len(said_to_the_database))
    assert counts[0] == counts[1]


def test_the_box_is_kept_for_a_forum_with_a_conference_alone(
    browser: FlaskClient, session: Session, forum: Event
) -> None:
    path = f"/staff/events/{forum.id}/edit"
    assert fields_of(browser.get(path).text)["requires_conference"] == "y"
    without = send(browser, path, {"conference_id": ""})
    assert without.status_code == 422
    assert "Choose the conference that the forum is part of" in words(without)
    kinds = f"/staff/events/{forum.id}/kind"
    assert "that people must be registered for it" in words(browser.get(kinds))
    assert send(browser, kinds, {"wanted": "training"}).status_code == 302 + 1
    session.rollback()
    session.expire_all()
    assert events.get(session, forum.id).requires_conference is False


def test_moving_a_forum_leaves_what_it_requires(
    browser: FlaskClient, session: Session, forum: Event
) -> None:
    send(browser, f"/staff/events/{forum.id}/move", {"place": "Other hall"})
    session.rollback()
    session.expire_all()
    found = events.get(session, forum.id)
    assert (found.place, found.requires_conference) == ("Other hall", True)
