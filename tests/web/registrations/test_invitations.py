"""Offers for whoever has the code of an invitation."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Audience, OfferDraft
from csd_events.registrations import rules
from csd_events.registrations.models import Registration
from tests.desk import fields_of, send, staff_browser
from tests.desk import make_event as written_event
from tests.factories import DAY, make_account, make_event
from tests.letters import deliver, side
from tests.visitors import errors_on, heading, hidden_on, open_form, send_form, words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
FRIENDS = OfferDraft(audience=Audience.INVITED, code="Chiefs-24")
PUBLIC = OfferDraft(price_cents=4900)
WRONG = "No invitation to this event has this code. Check it, or leave it empty"


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", offers=[PUBLIC, FRIENDS])


def paid(session: Session) -> list[int]:
    session.rollback()
    prices = select(Registration.price_cents).order_by(Registration.id)
    return list(session.scalars(prices))


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize("typed", ["CHIEFS-24", " chiefs-24 ", "Chiefs - 24"])
def test_a_code_gives_its_price_however_it_is_written(
    client: FlaskClient, session: Session, typed: str
) -> None:
    page = client.get("/events/talk/register")
    assert "Code of your invitation (optional)" in words(page)
    send_form(client, "talk", code=typed)
    assert paid(session) == [0]


@pytest.mark.usefixtures("event")
def test_without_a_code_the_price_is_everybodys(
    client: FlaskClient, session: Session
) -> None:
    send_form(client, "talk")
    assert paid(session) == [4900]


@pytest.mark.usefixtures("event")
def test_what_an_invitation_costs_is_shown_to_nobody_without_it(
    client: FlaskClient,
) -> None:
    page = words(client.get("/events/talk"))
    assert "USD 49.00" in page
    assert "Free" not in page
    assert "invitation" not in page.casefold()


@pytest.mark.usefixtures("event")
def test_a_link_with_the_code_shows_its_price_and_fills_it_in(
    client: FlaskClient, session: Session
) -> None:
    path = "/events/talk/register?code=chiefs-24"
    page = client.get(path)
    assert "Free" in words(page)
    assert fields_of(page.text)["code"] == "chiefs-24"
    ticket = hidden_on(page, "ticket")
    send_form(client, "talk", ticket=ticket, code="chiefs-24")
    assert paid(session) == [0]


@pytest.mark.usefixtures("event")
def test_a_wrong_code_is_said_beside_its_field_with_all_that_was_typed(
    client: FlaskClient, session: Session
) -> None:
    answer = send_form(client, "talk", code="CHEFS-24")
    assert answer.status_code == 422
    assert errors_on(answer) == {"code": WRONG}
    assert 'value="Ada Sample"' in answer.text
    assert paid(session) == []


def test_a_wrong_code_is_not_to_be_left_out_where_nobody_comes_without_one(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk", offers=[FRIENDS])
    answer = send_form(client, "talk", code="CHEFS-24")
    assert errors_on(answer) == {
        "code": "No invitation to this event has this code. Check it in the mail or "
        "the letter that invited you"
    }
    assert paid(session) == []


@pytest.mark.usefixtures("event")
def test_nobody_finds_a_code_by_trying(client: FlaskClient, session: Session) -> None:
    statuses = [
        send_form(client, "talk", code=f"GUESS-{number}").status_code
        for number in range(rules.WRONG_CODES_AN_HOUR)
    ]
    assert set(statuses) == {422}
    assert send_form(client, "talk", code="CHIEFS-24").status_code == 429
    assert paid(session) == []
    send_form(client, "talk")  # without a code nobody is kept out
    assert paid(session) == [4900]


@pytest.mark.usefixtures("event")
def test_who_is_signed_in_and_guesses_is_counted_by_themselves(
    app: Flask, session: Session
) -> None:
    one, other = (app.test_client(user=make_account(session)) for _ in range(2))

    def ask(browser: FlaskClient, code: str) -> int:
        typed = fields_of(browser.get("/events/talk").text) | {"code": code}
        return browser.post("/events/talk/register", data=typed).status_code

    for number in range(rules.WRONG_CODES_AN_HOUR):
        ask(one, f"GUESS-{number}")
    assert (ask(one, "CHIEFS-24"), ask(other, "CHIEFS-24")) == (429, 303)
    assert paid(session) == [0]


def test_an_event_by_invitation_alone_asks_for_the_code(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="closed-round", offers=[FRIENDS])
    page = client.get("/events/closed-round")
    assert "By invitation" in words(page)
    assert "Registration is by invitation. Enter the code you were given." in words(
        page
    )
    listed = client.get("/events")
    assert "By invitation" in words(listed)
    form = client.get("/events/closed-round/register")
    assert form.status_code == 200
    assert "Code of your invitation (optional)" not in words(form)
    without = send_form(client, "closed-round")
    assert errors_on(without) == {"code": "Enter the code of your invitation"}
    with_code = send_form(client, "closed-round", code="chiefs-24")
    assert heading(client.get(with_code.location)) == "You are registered"
    session.rollback()
    browser = app.test_client(user=make_account(session))
    assert "Code of your invitation" in words(browser.get("/events/closed-round"))


def test_an_invitation_opened_in_time_may_be_used_for_fifteen_minutes_more(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    ending = OfferDraft(
        audience=Audience.INVITED, code="CHIEFS-24", closes_on=date(2030, 5, 2)
    )
    event = make_event(session, slug="talk", offers=[PUBLIC, ending])
    end = events.get(session, event.id).offers[1].closes_at
    assert end is not None
    at(end - rules.ADDRESS_MENDABLE)
    first, second = (open_form(client, "talk") for _ in range(2))
    at(end)
    send_form(client, "talk", ticket=first, code="CHIEFS-24")
    assert paid(session) == [0]
    at(end + DAY)
    late = send_form(
        client, "talk", ticket=second, code="CHIEFS-24", email="bo@example.org"
    )
    assert late.status_code == 409
    assert heading(late) == "The free registration has just ended"


def test_an_event_without_an_invitation_asks_nobody_for_a_code(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="open")
    assert "Code of your invitation" not in words(client.get("/events/open/register"))


@pytest.mark.usefixtures("event")
def test_the_code_stands_in_no_mail(app: Flask, client: FlaskClient) -> None:
    send_form(client, "talk", code="chiefs-24")
    (mail,) = deliver(app)
    for kind in ("text/plain", "text/html"):
        assert "chiefs-24" not in side(mail, kind).casefold()


@pytest.mark.parametrize(
    ("typed", "field", "words_said"),
    [
        (
            {"audience": "invited", "code": "abc"},
            "offers-0-code",
            "Enter a code of at least six letters and digits",
        ),
        (
            {"audience": "everyone", "code": "CHIEFS-24"},
            "offers-0-code",
            "Only an offer for whoever has a code has one",
        ),
    ],
)
def test_staff_hear_what_is_wrong_with_a_code(
    app: Flask, session: Session, typed: dict[str, str], field: str, words_said: str
) -> None:
    browser = staff_browser(app, session)
    path = f"/staff/events/{written_event(app)}/edit"
    given = {f"offers-0-{name}": value for name, value in typed.items()}
    answer = send(browser, path, given)
    assert errors_on(answer) == {field: words_said}


def test_staff_write_an_invitation_and_no_code_twice(
    app: Flask, session: Session
) -> None:
    browser = staff_browser(app, session)
    event_id = written_event(app, offers=[PUBLIC, FRIENDS, PUBLIC][:2])
    path = f"/staff/events/{event_id}/edit"
    assert fields_of(browser.get(path).text)["offers-1-code"] == "CHIEFS-24"
    more = {
        "offers-2-audience": "invited",
        "offers-2-price": "25",
        "offers-2-code": "chiefs-24",
    }
    browser.post(path, data=fields_of(browser.get(path).text) | {"more": "offers"})
    page = browser.post(
        path, data=fields_of(browser.get(path).text) | {"more": "offers"}
    )
    twice = browser.post(path, data=fields_of(page.text) | more | {"action": "save"})
    assert errors_on(twice) == {
        "offers-1-code": "Offer 2: Two offers have this code. Give each its own"
    }
    saved = browser.post(
        path,
        data=fields_of(page.text)
        | more
        | {"offers-2-code": "partners-24", "action": "save"},
    )
    assert saved.status_code == 303
    session.rollback()
    codes = [offer.code for offer in events.get(session, event_id).offers]
    assert codes == [None, "CHIEFS-24", "PARTNERS-24"]
    assert session.scalar(select(func.count(Registration.id))) == 0
