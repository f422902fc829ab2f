"""Requests that staff look at, and priced places that came free, as people see them."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event
from csd_events.events.rules import OfferDraft
from csd_events.registrations import queries, service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import ANSWER_KEPT, Hold, State
from tests.desk import fields_of, said, send, staff_browser
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver, side
from tests.visitors import heading, press, send_form, words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
LOOKED_AT = "We look at every request. A place is held for you until we have decided"


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", needs_approval=True, capacity=2)


def path_of(app: Flask, registration: Registration, more: str = "") -> str:
    with app.app_context():
        token = links().token(
            Purpose.REGISTRATION, registration.id, registration.link_version
        )
    return f"/registrations/{token}{more}"


def offered(session: Session) -> Registration:
    """Somebody to whom a place of a full event with a price came."""
    event = make_event(
        session, slug="paid", capacity=1, offers=[OfferDraft(price_cents=4900)]
    )
    first, second = (make_registration(session, event) for _ in range(2))
    with writing(session):
        service.cancel(session, first.id, now=NOON)
    return queries.get(session, second.id)


@pytest.mark.usefixtures("event")
def test_the_page_and_the_form_say_that_every_request_is_looked_at(
    client: FlaskClient,
) -> None:
    for page in (client.get("/events/talk"), client.get("/events/talk/register")):
        assert LOOKED_AT in words(page)
        assert "Ask for a place" in words(page)


@pytest.mark.usefixtures("event")
def test_a_request_gets_the_same_receipt_from_new_and_known_addresses(
    client: FlaskClient, session: Session
) -> None:
    seen = []
    for _ in range(2):
        page = client.get(send_form(client, "talk").location)
        seen.append(words(page))
        assert heading(page) == "We have your request"
    assert seen[0] == seen[1]
    assert "Unless yours was decided already, a place is held for you" in seen[0]
    assert "You are registered" not in seen[0]
    session.rollback()
    assert session.scalars(select(Registration.state)).all() == [State.HELD]


@pytest.mark.usefixtures("event")
def test_when_all_places_are_held_the_next_request_waits(client: FlaskClient) -> None:
    for name in ("ada", "ben"):
        send_form(client, "talk", email=f"{name}@example.org")
    page = client.get("/events/talk")
    assert "All places are taken" in words(page)
    third = send_form(client, "talk", email="cy@example.org")
    assert heading(client.get(third.location)) == "All places are taken"


def test_who_is_signed_in_asks_with_one_press_and_sees_how_it_stands(
    app: Flask, session: Session, event: Event
) -> None:
    browser = app.test_client(user=make_account(session))
    answer = press(browser, browser.get("/events/talk"), "/events/talk/register")
    page = browser.get(answer.location)
    assert heading(page) == "We have your request"
    assert "We look at every request and write to you when yours is decided" in words(
        page
    )
    assert "You are registered" not in words(page)
    card = words(browser.get(f"/events/{event.slug}"))
    assert "A place is held for you" in card
    assert "A place is held" in words(browser.get("/me"))


def test_staff_see_requests_on_the_desk_and_decide_them_in_the_list(
    app: Flask, session: Session, event: Event
) -> None:
    yes, no = (
        make_registration(session, event, full_name=name) for name in ("Yes", "No")
    )
    browser = staff_browser(app, session)
    assert "Sharing dispatch: 2 requests to decide" in words(browser.get("/staff"))
    path = f"/staff/events/{event.id}/registrations"
    assert "0 registered, 2 held, 0 waiting" in words(browser.get(path))

    page = browser.get(f"{path}?state=held")
    assert "2 registrations" in words(page)
    approved = browser.post(
        f"/staff/registrations/{yes.id}/approve",
        data={"csrf_token": fields_of(page.text)["csrf_token"]},
    )
    assert approved.location.endswith(f"{path}?state=held")
    assert said(browser, approved) == ["Yes is registered and hears it by mail."]
    asking = f"/staff/registrations/{no.id}/decline"
    assert heading(browser.get(asking)) == "Decline this request?"
    declined = send(browser, asking, {"note": "For chiefs only."})
    assert said(browser, declined) == ["No hears by mail that there is no place."]

    session.rollback()
    states = session.execute(select(Registration.full_name, Registration.state))
    assert dict(states.all()) == {"Yes": State.CONFIRMED, "No": State.CANCELLED}
    assert "request to decide" not in words(browser.get("/staff"))


def test_the_desk_counts_the_requests_that_staff_decide_and_no_others(
    app: Flask, session: Session
) -> None:
    """Not who was offered a place that came free, and says first that they pay."""
    paid = make_event(
        session,
        capacity=2,
        needs_approval=True,
        offers=[OfferDraft(price_cents=4900)],
    )
    first, _asks, _next = (make_registration(session, paid) for _ in range(3))
    with writing(session):
        service.cancel(session, first.id, now=NOON)
    holds = select(Registration.hold).where(Registration.hold.is_not(None))
    assert set(session.scalars(holds)) == {Hold.APPROVAL, Hold.ANSWER}
    desk = words(staff_browser(app, session).get("/staff"))
    assert "Sharing dispatch: 1 request to decide" in desk


def test_a_request_is_counted_though_requests_are_no_longer_looked_at(
    app: Flask, session: Session, event: Event
) -> None:
    """Whoever asked before still waits for an answer."""
    make_registration(session, event)
    session.execute(update(Event).values(needs_approval=False))
    session.commit()
    desk = words(staff_browser(app, session).get("/staff"))
    assert "Sharing dispatch: 1 request to decide" in desk


def test_who_takes_a_request_back_hears_that_they_no_longer_wait(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    mine = make_registration(session, event)
    deliver(app)
    client.post(path_of(app, mine, "/cancel"))
    (mail,) = deliver(app)
    assert mail["Subject"] == "You no longer wait for a place: Sharing dispatch"
    for kind in ("text/plain", "text/html"):
        assert "You no longer wait for a place" in side(mail, kind)
        assert "Your place has gone back" not in side(mail, kind)
    assert "text/calendar" not in str(mail)


def test_a_request_that_was_decided_meanwhile_is_not_decided_again(
    app: Flask, session: Session, event: Event
) -> None:
    mine = make_registration(session, event)
    browser = staff_browser(app, session)
    listed = browser.get(f"/staff/events/{event.id}/registrations")
    token = fields_of(listed.text)["csrf_token"]
    with writing(session):
        service.approve(session, mine.id, now=NOON, actor_id=None)
    for what in ("approve", "decline"):
        answer = browser.post(
            f"/staff/registrations/{mine.id}/{what}", data={"csrf_token": token}
        )
        assert said(browser, answer) == [
            "Nothing was changed: it stands otherwise by now. See the list."
        ]
    session.rollback()
    assert queries.get(session, mine.id).state is State.CONFIRMED


def test_the_mails_of_a_request_say_how_it_stands_and_why_not(
    app: Flask, session: Session, event: Event
) -> None:
    yes, no = (make_registration(session, event) for _ in range(2))
    first, second = deliver(app)
    for mail in (first, second):
        assert mail["Subject"] == "We have your request: Sharing dispatch"
        text = side(mail, "text/plain")
        assert "until then you are not registered yet" in text
        assert "text/calendar" not in str(mail)
    with writing(session):
        service.approve(session, yes.id, now=NOON, actor_id=None)
        service.decline(
            session, no.id, note="It is for chiefs.", now=NOON, actor_id=None
        )
    approved, declined = deliver(app)
    assert approved["Subject"] == "You have a place: Sharing dispatch"
    assert "Your request is approved: you are registered" in side(
        approved, "text/plain"
    )
    assert "text/calendar" in str(approved)
    assert declined["Subject"] == "We cannot give you a place: Sharing dispatch"
    for kind in ("text/plain", "text/html"):
        assert "It is for chiefs." in side(declined, kind)


def test_a_priced_place_that_came_free_is_taken_by_a_button(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    mine = offered(session)
    path = path_of(app, mine)
    page = client.get(path)
    assert heading(page) == "A place is held for you"
    assert "Take the place by Friday, May 3, 2030, 8:00 am Eastern" in words(page)
    assert "Take the place for USD 49.00" in words(page)
    session.rollback()
    assert queries.get(session, mine.id).hold is Hold.ANSWER  # looking takes nothing
    answer = client.post(path_of(app, mine, "/take"))
    assert (answer.status_code, answer.location) == (303, path)
    assert heading(client.get(path)) == "You are registered"


def test_who_takes_a_held_place_too_late_reads_that_it_has_gone(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    mine = offered(session)
    at(NOON + ANSWER_KEPT)
    answer = client.post(path_of(app, mine, "/take"))
    page = client.get(answer.location)
    assert "That was too late: the place has gone to the next in line." in words(page)
    session.rollback()
    assert queries.get(session, mine.id).state is not State.CONFIRMED


def test_who_takes_a_held_place_of_a_cancelled_event_reads_why_not(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    mine = offered(session)
    with writing(session):
        service.cancel_event(session, mine.event_id, note="", now=NOON)
    page = client.get(client.post(path_of(app, mine, "/take")).location)
    assert "Nothing was changed: the event is over or was cancelled." in words(page)
    assert "next in line" not in words(page)


def test_the_mail_of_a_held_place_says_its_price_and_until_when(
    app: Flask, session: Session
) -> None:
    offered(session)
    mails = {str(mail["Subject"]): mail for mail in deliver(app)}
    mail = mails["A place is held for you: Sharing dispatch"]
    text = side(mail, "text/plain")
    assert "It costs USD 49.00, by invoice." in text
    assert re.search(r"Take it by Friday, May 3, 2030, 8:00 am", text)
    assert "text/calendar" not in str(mail)


def test_nobody_is_told_that_a_place_went_on_when_the_event_has_begun(
    app: Flask, session: Session, at: SetClock
) -> None:
    mine = offered(session)
    start = mine.event.starts_at
    assert start is not None
    with writing(session):
        held = update(Registration).where(Registration.id == mine.id)
        session.execute(held.values(held_until=start))
        service.let_lapse(session, now=start)
    at(start)
    subjects = [str(mail["Subject"]) for mail in deliver(app)]
    assert [each for each in subjects if "next in line" in each] == []


def test_the_join_page_says_that_the_place_is_held(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    mine = make_registration(session, event)
    with app.app_context():
        token = links().token(Purpose.JOIN, mine.id, mine.link_version)
    page = client.get(f"/join/{token}")
    assert "A place is held for you. We look at every request" in words(page)
    assert "secret-room" not in page.text


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("The room is full.", "The room is full."),
        ("", "We looked at every request, and could not say yes to yours."),
    ],
)
def test_whose_request_was_declined_reads_that_on_their_page(
    app: Flask,
    client: FlaskClient,
    session: Session,
    event: Event,
    note: str,
    shown: str,
) -> None:
    mine = make_registration(session, event)
    with writing(session):
        service.decline(session, mine.id, note=note, now=NOON, actor_id=None)
    page = client.get(path_of(app, mine))
    assert heading(page) == "We cannot give you a place"
    assert shown in words(page)
    assert "Your place has gone back" not in words(page)
