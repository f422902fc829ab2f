"""Remind me when it opens, as visitors and members ask for it."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events.models import Event
from csd_events.events.rules import Audience, OfferDraft
from csd_events.outbox.models import OutboxBody
from csd_events.registrations import service
from csd_events.registrations.models import OpeningWish
from tests.factories import DAY, HOUR, NOON, make_account, make_event, writing
from tests.letters import deliver, links_in, side
from tests.statements import counted
from tests.visitors import errors_on, heading, hidden_on, words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
ASK = "/events/later/remind-me"
ADA = "ada@example.org"
OPENS = NOON + 3 * DAY + 16 * HOUR


@pytest.fixture(autouse=True)
def event(session: Session) -> Event:
    offers = [
        OfferDraft(audience=Audience.OTHERS, opens_on=date(2030, 5, 5)),
        OfferDraft(
            audience=Audience.MEMBERS, opens_on=date(2030, 5, 5), price_cents=2500
        ),
    ]
    return make_event(session, slug="later", offers=offers)


def tell(session: Session) -> int:
    with writing(session):
        return service.tell_of_openings(session, now=OPENS)


def wished(session: Session) -> list[tuple[str, bool]]:
    session.rollback()
    rows = session.scalars(select(OpeningWish))
    return [(each.email, each.confirmed_at is not None) for each in rows]


@pytest.mark.parametrize("path", ["/events/later", "/events/later/register"])
def test_what_is_not_open_yet_leads_to_a_reminder(
    client: FlaskClient, path: str
) -> None:
    assert f'href="{ASK}"' in client.get(path).text


def test_a_visitor_leaves_an_address_confirms_it_and_hears_once(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    asked = client.post(ASK, data={"email": ADA}, follow_redirects=True)
    assert heading(asked) == "Look in your mail"
    assert ADA not in words(asked)
    (mail,) = deliver(app)
    assert str(mail["Subject"]) == "Shall we write when it opens? Sharing dispatch"
    (link,) = (each for each in links_in(mail) if "remind-me" in each)
    assert heading(client.get(link)) == "Shall we write when it opens?"
    assert wished(session) == [(ADA, False)]
    done = client.post(link, follow_redirects=True)
    assert heading(done) == "We write when it opens"
    assert wished(session) == [(ADA, True)]
    at(OPENS)
    assert tell(session) == 1
    (opened,) = deliver(app)
    said = side(opened, "text/plain")
    assert str(opened["Subject"]) == "Registration is open: Sharing dispatch"
    assert "- Others: Free, until it starts" in said
    assert "- Members: USD 25.00, until it starts" in said
    gone = client.get(link)
    assert (gone.status_code, heading(gone)) == (410, "This link has ended")
    assert client.post(link).status_code == 410


def test_who_asked_is_told_the_same_whoever_asked_before(
    client: FlaskClient, session: Session
) -> None:
    make_account(session, email=ADA)
    asked = [
        client.post(ASK, data={"email": email}, follow_redirects=True)
        for email in (ADA, ADA, "bo@example.org")
    ]
    assert len({words(each) for each in asked}) == 1


def test_the_mail_that_asks_is_kept_by_nobody(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    client.post(ASK, data={"email": ADA})
    assert len(deliver(app)) == 1
    session.rollback()
    assert session.scalars(select(OutboxBody)).all() == []


def test_an_address_is_asked_for_in_words(client: FlaskClient) -> None:
    page = client.post(ASK, data={"email": ""})
    assert (page.status_code, errors_on(page)) == (
        422,
        {"email": "Enter your email address"},
    )


def test_who_is_signed_in_presses_once(app: Flask, session: Session) -> None:
    account = make_account(session, email=ADA)
    browser = app.test_client(user=account)
    page = browser.get("/events/later")
    token = hidden_on(page, "csrf_token")
    done = browser.post(ASK, data={"csrf_token": token}, follow_redirects=True)
    assert f"We write to {ADA} when registration opens." in words(done)
    assert f"We write to {ADA} when it opens." in words(done)
    assert wished(session) == [(ADA, True)]
    assert deliver(app) == []


def test_nobody_presses_for_who_is_signed_in(app: Flask, session: Session) -> None:
    browser = app.test_client(user=make_account(session, email=ADA))
    page = browser.post(ASK)
    assert (page.status_code, wished(session)) == (422, [])
    assert "Remind me" in words(page)


def test_an_open_event_takes_no_address(client: FlaskClient, session: Session) -> None:
    make_event(session, slug="open")
    answer = client.post("/events/open/remind-me", data={"email": ADA})
    assert (answer.status_code, answer.location) == (303, "/events/open")
    assert wished(session) == []


def test_a_mail_about_an_opening_that_passed_does_not_go(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    client.post(ASK, data={"email": ADA})
    deliver(app)
    with writing(session):
        wish_id = session.scalars(select(OpeningWish.id)).one()
        service.confirm_wish(session, wish_id, now=NOON)
    assert tell(session) == 1
    at(NOON + 11 * DAY)
    assert deliver(app) == []


def test_the_card_costs_one_statement_more_for_who_is_signed_in(
    app: Flask, session: Session
) -> None:
    browser = app.test_client(user=make_account(session))
    browser.get("/events/later")
    with counted(app) as statements:
        browser.get("/events/later")
    assert len([each for each in statements if "opening_wishes" in each]) == 1
