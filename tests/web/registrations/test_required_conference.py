"""A forum that requires its conference: said before the button, shown to staff."""

import re
from datetime import date
from email.utils import parseaddr

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import ConferenceDraft, Kind
from csd_events.registrations import service
from tests.desk import fields_of, fill, said, send, staff_browser
from tests.factories import NOON, make_event, make_registration, put_on_list, writing
from tests.letters import deliver, side
from tests.statements import counted
from tests.visitors import heading, words

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


@pytest.mark.parametrize("path", ["/events/forum", "/events/forum/register"])
def test_what_a_forum_asks_stands_before_its_button(
    client: FlaskClient, forum: Event, path: str
) -> None:
    page = client.get(path).text
    button = page.rindex("Register for this forum")
    assert page.index(SAID) < page.index(f'href="{WEB}"') < button
    assert forum.requires_conference


def test_what_a_forum_asks_stands_before_the_button_for_colleagues(
    client: FlaskClient, forum: Event
) -> None:
    page = client.get(f"/events/{forum.slug}/register/colleagues")
    button = page.text.rindex("Register colleagues")
    assert page.text.index(SAID) < page.text.index(f'href="{WEB}"') < button
    assert "We compare each address with its list" in words(page)


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


def test_who_is_not_on_the_list_is_never_refused_and_the_page_does_not_tell(
    app: Flask, session: Session, conference: int, forum: Event
) -> None:
    """Whether an address is on the list shows in no answer."""
    put_on_list(session, conference, "listed@example.org")
    shown = []
    for email in ("listed@example.org", "other@example.org"):
        browser = app.test_client()
        form = fields_of(browser.get("/events/forum/register").text)
        typed = {"full_name": "Ada", "email": email, "organization": "Town"}
        answer = browser.post("/events/forum/register", data=form | typed)
        page = words(browser.get(answer.location))
        shown.append(page.replace(email, "…"))
    assert shown[0] == shown[1]
    assert "We have your registration" in shown[0]
    assert "says whether the place is yours or what is missing." in shown[0]
    assert "You are registered" not in shown[0]
    session.rollback()
    found = events.get_row(session, forum.id)
    assert (found.confirmed, found.held) == (1, 1)


def test_the_pages_before_the_button_say_that_the_address_is_compared(
    client: FlaskClient, forum: Event
) -> None:
    for path in (f"/events/{forum.slug}", f"/events/{forum.slug}/register"):
        assert "We compare your address with its list" in words(client.get(path))


def test_the_mail_says_what_is_missing_and_how_to_register_for_it(
    app: Flask, session: Session, forum: Event
) -> None:
    make_registration(session, forum, email="other@example.org")
    (mail,) = deliver(app)
    assert mail["Subject"] == "Something is missing: Sharing dispatch"
    missing = (
        "your address is not on the list of people registered for Annual Conference"
    )
    for kind in ("text/plain", "text/html"):
        content = side(mail, kind)
        assert missing in " ".join(content.split())
        assert WEB in content
        assert "until then you are not registered yet" in content
    assert "text/calendar" not in str(mail)


def test_the_mail_of_a_place_that_the_list_gives_has_all_that_goes_with_a_place(
    app: Flask, session: Session, conference: int, forum: Event
) -> None:
    make_registration(session, forum, email="other@example.org")
    deliver(app)
    put_on_list(session, conference, "other@example.org")
    with writing(session):
        service.let_in(session, now=NOON)
    (mail,) = deliver(app)
    assert mail["Subject"] == "You have a place: Sharing dispatch"
    for kind in ("text/plain", "text/html"):
        assert "Nothing is missing any more: you are registered" in side(mail, kind)
    assert "text/calendar" in str(mail)


def test_a_mail_that_is_overtaken_by_the_list_does_not_go(
    app: Flask, session: Session, conference: int, forum: Event
) -> None:
    made = make_registration(session, forum, email="other@example.org")
    put_on_list(session, conference, "other@example.org")
    with writing(session):
        service.let_in(session, now=NOON)
    assert [str(mail["Subject"]) for mail in deliver(app)] == [
        "You have a place: Sharing dispatch"
    ]
    assert made.id


def test_their_own_page_says_what_is_missing_and_the_way_there(
    app: Flask, client: FlaskClient, session: Session, forum: Event
) -> None:
    made = make_registration(session, forum, email="other@example.org")
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, made.id, made.link_version)
    page = client.get(f"/registrations/{token}")
    assert heading(page) == "A place is held for you"
    assert "is not yet on the list of people registered for Annual" in words(page)
    assert page.text.index("Register for the conference") > page.text.index(WEB)
    with app.app_context():
        join = links().token(Purpose.JOIN, made.id, made.link_version)
    assert "is not yet on the list" in words(client.get(f"/join/{join}"))


def test_a_held_place_whose_forum_requires_nothing_any_more_is_said_to_come(
    app: Flask, client: FlaskClient, session: Session, forum: Event
) -> None:
    """Until the next minute, in which it is given."""
    made = make_registration(session, forum, email="other@example.org")
    session.execute(update(Event).values(requires_conference=False))
    session.commit()
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, made.id, made.link_version)
    page = words(client.get(f"/registrations/{token}"))
    assert "A place is held for you, and a mail says when it is yours." in page
    (mail,) = deliver(app)
    for kind in ("text/plain", "text/html"):
        assert "a mail says when it is yours" in side(mail, kind)


def test_the_desk_says_who_is_not_on_the_list_and_staff_decide_in_the_list(
    browser: FlaskClient, session: Session, forum: Event
) -> None:
    yes, no = (
        make_registration(session, forum, full_name=name) for name in ("Yes", "No")
    )
    said_there = (
        "Sharing dispatch: places are held for 2 people not on the conference's list"
    )
    assert said_there in words(browser.get("/staff"))
    path = f"/staff/events/{forum.id}/registrations?state=held"
    data = {"csrf_token": fields_of(browser.get(path).text)["csrf_token"]}
    approved = browser.post(f"/staff/registrations/{yes.id}/approve", data=data)
    assert said(browser, approved) == ["Yes is registered and hears it by mail."]
    asking = f"/staff/registrations/{no.id}/decline"
    assert said(browser, send(browser, asking, {"note": "For them alone."})) == [
        "No hears by mail that there is no place."
    ]
    assert "conference's list" not in words(browser.get("/staff"))


def test_the_confirmation_says_it_on_both_sides(
    app: Flask, session: Session, conference: int, forum: Event
) -> None:
    put_on_list(session, conference, "held@example.org")
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


def test_nothing_is_said_of_everyone_registered_while_nobody_is(
    browser: FlaskClient, session: Session, conference: int, forum: Event
) -> None:
    path = f"/staff/events/{forum.id}"
    assert "conference's list" not in words(browser.get(path))
    put_on_list(session, conference, "listed@example.org")
    make_registration(session, forum, email="listed@example.org")
    assert "Everyone registered is on the conference's list." in words(
        browser.get(path)
    )


def test_staff_see_who_is_not_on_the_conference_s_list(
    browser: FlaskClient, session: Session, conference: int, forum: Event
) -> None:
    put_on_list(session, conference, "listed@example.org")
    for email in ("Listed@Example.org", "other@example.org", "gone@example.org"):
        made = make_registration(session, forum, email=email)
    with writing(session):
        service.cancel(session, made.id, now=NOON)
    path = f"/staff/events/{forum.id}/registrations"
    page = browser.get(path).text
    rows = re.findall(r"<tr>(?:(?!</tr>).)*?mailto:.*?</tr>", page, re.DOTALL)
    marked = [
        re.findall(r"mailto:([^\"]*)", row)
        for row in rows
        if 'badge-last_day">Not on the conference' in row
    ]
    assert marked == [["other@example.org"]]
    assert _shown(browser, forum, "?unlisted=1") == ["other@example.org"]
    assert "1 registration " in words(browser.get(f"{path}?unlisted=1"))
    assert _shown(browser, forum, "?unlisted=1&state=waiting") == []
    event_page = words(browser.get(f"/staff/events/{forum.id}"))
    assert "1 person is not on the conference's list." in event_page
    put_on_list(session, conference, "listed@example.org", "other@example.org")
    event_page = words(browser.get(f"/staff/events/{forum.id}"))
    assert "Everyone registered is on the conference's list." in event_page


def test_the_event_says_how_many_are_not_listed_and_the_list_more_than_50(
    browser: FlaskClient, session: Session, conference: int, forum: Event
) -> None:
    fill(session, forum.id, 60)
    put_on_list(session, conference, "listed@example.org")
    make_registration(session, forum, email="listed@example.org")

    event_page = browser.get(f"/staff/events/{forum.id}")
    assert "60 people are not on the conference's list." in words(event_page)
    page = browser.get(f"/staff/events/{forum.id}/registrations?unlisted=1")
    assert "More than 50 registrations " in words(page)


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
