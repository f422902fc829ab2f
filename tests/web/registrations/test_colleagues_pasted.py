"""Colleagues pasted as a list: rows are made of it, and nobody is dropped."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.accounts.models import Person
from csd_events.organizations.models import Affiliation
from csd_events.registrations.models import Registration, RegistrationGroup
from tests.desk import fields_of
from tests.factories import make_account, make_event
from tests.letters import by_address, deliver, side
from tests.parties import path_to, people, send_party
from tests.rosters import fill, make_city
from tests.visitors import errors_on, title, words

pytestmark = pytest.mark.usefixtures("now")
LOOK = "None of them is registered yet: look at each row, then press “Register"


@pytest.fixture(autouse=True)
def _event(session: Session) -> None:
    make_event(session, slug="talk")


@pytest.fixture
def dana(app: Flask, session: Session) -> FlaskClient:
    """A browser in which Dana is signed in."""
    account = make_account(session, email="dana@example.org", full_name="Dana Sample")
    return app.test_client(user=account)


def listed(number: int, *, first: int = 1) -> str:
    return "\n".join(f"{name}, {email}" for name, email in people(number, first=first))


def said(page: TestResponse) -> str:
    """Return what the page says of the rows that were made."""
    found = re.search(r"<div[^>]*data-said.*?</div>", page.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def again(client: FlaskClient, page: TestResponse, **typed: str) -> TestResponse:
    """Send the form of a page as it stands."""
    return client.post(path_to("talk"), data=fields_of(page.text) | typed)


def registered(session: Session) -> list[str]:
    session.rollback()
    rows = select(Registration.full_name).order_by(Registration.id)
    return list(session.scalars(rows))


def test_lines_in_the_box_become_rows_before_anybody_is_registered(
    dana: FlaskClient, session: Session
) -> None:
    page = send_party(dana, "talk", people(1), lines=listed(3, first=2))
    assert (page.status_code, registered(session)) == (200, [])
    assert said(page).startswith(f"3 rows were made of your list. {LOOK}")
    assert fields_of(page.text)["colleagues-0-full_name"] == "Colleague 1"
    assert fields_of(page.text)["lines"] == ""
    assert again(dana, page).status_code == 303
    assert registered(session) == [f"Colleague {n}" for n in range(1, 5)]


def test_a_full_box_is_somebody_even_where_no_row_is_typed(
    client: FlaskClient, session: Session
) -> None:
    page = send_party(client, "talk", [], lines="Ada Sample, ada@example.org")
    assert (page.status_code, errors_on(page)) == (200, {})
    assert said(page).startswith(f"1 row was made of your list. {LOOK}")
    assert 'value="Dana Sample"' in page.text
    assert again(client, page).status_code == 303
    assert registered(session) == ["Ada Sample"]


def test_what_was_made_of_a_list_and_what_it_lacks_is_said_on_top_and_takes_the_focus(
    dana: FlaskClient, session: Session
) -> None:
    lines = "Ada Sample, ada@example.org\ncy@example.org\nBo\nAda, ADA@example.org"
    typed = [("Half a row", "")]
    page = send_party(dana, "talk", typed, do="paste", lines=lines)
    assert page.status_code == 200
    assert said(page).startswith(
        f"4 rows were made of your list. 3 of them need a correction. {LOOK}"
    )
    assert list(errors_on(page).values()) == [
        "Colleague 3: Enter a full name",
        "Bo: Enter an email address",
        "Ada: This address stands in a row above, too",
    ]
    assert title(page).startswith("Error: ")
    assert page.text.index("data-said") < page.text.index("data-errors")
    (box,) = re.findall(r"<div[^>]*data-said[^>]*>", page.text)
    assert 'tabindex="-1"' in box
    assert 'href="#colleagues-1-full_name"' in page.text
    assert registered(session) == []


def test_an_empty_box_makes_no_row_and_says_so(dana: FlaskClient) -> None:
    page = send_party(dana, "talk", people(1), do="paste", lines="Name, Email")
    assert errors_on(page) == {"lines": "Paste names and addresses here first"}
    assert re.search(r"<details[^>]* open>", page.text)
    assert 'value="Colleague 1"' in page.text


@pytest.mark.parametrize("do", ["paste", "send"])
def test_a_list_that_is_too_long_to_be_read_is_told_so_and_stays(
    dana: FlaskClient, session: Session, do: str
) -> None:
    page = send_party(dana, "talk", people(1), do=do, lines=listed(700))
    assert list(errors_on(page)) == ["lines"]
    assert "20000 characters or fewer" in words(page)
    assert fields_of(page.text)["lines"] == listed(700)
    assert registered(session) == []


def test_whoever_does_not_fit_stays_in_the_box_which_is_said(dana: FlaskClient) -> None:
    lines = f"{listed(59)}\n<dee@example.org>, City"
    page = send_party(dana, "talk", [], do="paste", lines=lines)
    assert (
        "10 lines did not fit: one form holds 50 rows. They stay in the box below, and "
        "become rows once these are registered."
    ) in said(page)
    left = fields_of(page.text)["lines"].splitlines()
    assert left[1] == "Colleague 51\tcolleague51@example.org\t"
    assert left[-1] == "\tdee@example.org\tCity"
    full = again(dana, page, do="paste")
    assert said(full).startswith("There is no room for another row. 10 lines did")
    assert fields_of(full.text)["lines"].splitlines() == left


def test_a_list_that_is_longer_than_a_form_is_registered_piece_by_piece(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    page = send_party(dana, "talk", [], lines=listed(60))
    assert registered(session) == []
    rest = again(dana, page)
    assert rest.status_code == 200
    assert "50 are registered." in words(rest)
    assert said(rest).startswith(f"10 rows were made of your list. {LOOK}")
    assert fields_of(rest.text)["lines"] == ""
    assert len(registered(session)) == 50
    assert again(dana, rest).status_code == 303
    assert registered(session) == [f"Colleague {n}" for n in range(1, 61)]
    assert session.scalar(select(func.count(RegistrationGroup.id))) == 1
    mails = by_address(deliver(app))
    assert len(mails) == 61
    summary = side(mails["dana@example.org"], "text/plain")
    assert "Colleague 1, colleague1@example.org" in summary
    assert "Colleague 60, colleague60@example.org" in summary


def test_a_row_to_mend_and_the_rest_of_a_list_come_back_together(
    dana: FlaskClient, session: Session
) -> None:
    page = send_party(dana, "talk", [("Bo Sample", "")], lines=listed(52))
    rest = again(dana, page)
    assert rest.status_code == 422
    assert "49 are registered. 1 row needs a correction." in words(rest)
    assert said(rest).startswith(f"3 rows were made of your list. {LOOK}")
    assert list(errors_on(rest).values()) == ["Bo Sample: Enter an email address"]
    assert len(registered(session)) == 49


def test_whoever_was_ticked_and_finds_no_row_stays_in_the_box(
    app: Flask, session: Session
) -> None:
    city = make_city(session, "City of X")
    contact = make_account(session)
    own = {"person_id": contact.person_id, "organization_id": city}
    session.add(Affiliation(**own, from_on=date(2020, 1, 1), is_contact=True))
    session.commit()
    fill(session, city, ["Eve Sample"])
    eve = session.scalars(select(Person).where(Person.full_name == "Eve Sample")).one()
    browser = app.test_client(user=contact)
    page = send_party(browser, "talk", people(50), do="search", picked=str(eve.id))
    assert f"Eve Sample\t{eve.email}" in fields_of(page.text)["lines"]
