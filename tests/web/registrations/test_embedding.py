"""The form in a frame on the association's own site."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.events.rules import OfferDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from tests.desk import staff_browser
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.statements import counted
from tests.visitors import TYPED, errors_on, heading, hidden_on, words

pytestmark = pytest.mark.usefixtures("now")
SITES = ("https://www.example.org", "https://example.net:8443")


@pytest.fixture
def allowed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "EMBED_ORIGINS", SITES)


def frame_headers(client: FlaskClient, path: str) -> tuple[str, str | None]:
    headers = client.get(path).headers
    (ancestors,) = (
        part.strip()
        for part in headers["Content-Security-Policy"].split(";")
        if "frame-ancestors" in part
    )
    return ancestors, headers.get("X-Frame-Options")


def test_no_site_may_hold_it_unless_it_is_named(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    assert frame_headers(client, "/embed/talk") == ("frame-ancestors 'none'", "DENY")


@pytest.mark.usefixtures("allowed")
def test_the_sites_that_are_named_may_hold_that_page_and_no_other(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    named = "frame-ancestors https://www.example.org https://example.net:8443"
    assert frame_headers(client, "/embed/talk") == (named, None)
    for path in ("/events/talk", "/events/talk/register", "/sign-in"):
        assert frame_headers(client, path) == ("frame-ancestors 'none'", "DENY")


def test_it_has_no_cookie_no_menu_and_leads_out_of_the_frame(
    app: Flask, session: Session
) -> None:
    make_event(session, slug="talk")
    assert "Set-Cookie" not in app.test_client().get("/embed/talk").headers
    browser = app.test_client(user=make_account(session, full_name="Ada Member"))
    page = browser.get("/embed/talk")
    assert heading(page) == "Register for this webinar"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Ada Member" not in page.text
    assert '<base target="_top">' in page.text
    assert "Sign in" not in page.text


def test_what_is_sent_leads_to_a_page_of_ours(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    page = client.get("/embed/talk")
    data = {name: hidden_on(page, name) for name in ("ticket", "framed")}
    sent = client.post("/events/talk/register", data=TYPED | data)
    assert heading(client.get(sent.location)) == "You are registered"


def test_who_is_signed_in_here_sends_it_as_the_guest_who_typed_it(
    app: Flask, session: Session
) -> None:
    """On a page of the same site the frame sends our cookies along."""
    make_event(session, slug="talk")
    browser = app.test_client(user=make_account(session, email="bo@example.org"))
    page = browser.get("/embed/talk")
    data = {name: hidden_on(page, name) for name in ("ticket", "framed")}
    wrong = browser.post("/events/talk/register", data=TYPED | data | {"email": "x"})
    assert list(errors_on(wrong)) == ["email"]
    assert 'value="Ada Sample"' in wrong.text
    sent = browser.post("/events/talk/register", data=TYPED | data)
    assert sent.status_code == 303
    session.rollback()
    whose = select(Person.email).join(Registration, Registration.person_id == Person.id)
    assert session.scalars(whose).all() == ["ada@example.org"]


def test_it_says_how_an_event_stands_in_every_state(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="not-open", offers=[OfferDraft(opens_on=date(2030, 5, 5))])
    make_event(session, slug="closed", offers=[OfferDraft(closes_on=date(2030, 4, 20))])
    full = make_event(session, slug="full", capacity=1)
    make_registration(session, full)
    off = make_event(session, slug="off")
    with writing(session):
        service.cancel_event(session, off.id, note="The hall is flooded.", now=NOON)
    found = {
        slug: heading(client.get(f"/embed/{slug}"))
        for slug in ("not-open", "closed", "full", "off")
    }
    assert found == {
        "not-open": "Registration is not open yet",
        "closed": "Registration is closed",
        "full": "Join the waiting list",
        "off": "This event is cancelled",
    }
    assert "The hall is flooded." in words(client.get("/embed/off"))
    assert 'href="/events/closed"' in client.get("/embed/closed").text
    assert client.get("/embed/nothing").status_code == 404


def test_it_costs_few_statements(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    client.get("/embed/talk")
    with counted(app) as statements:
        client.get("/embed/talk")
    assert len(statements) <= 6


def test_staff_copy_a_link_and_a_frame(app: Flask, session: Session) -> None:
    event = make_event(session, slug="talk", title='Sharing "dispatch" & more')
    page = words(staff_browser(app, session).get(f"/staff/events/{event.id}/settings"))
    title = "Register for Sharing &#34;dispatch&#34; &amp; more"
    assert f'<a href="http://csd.test/events/talk">{title}</a>' in page
    frame = '<iframe src="http://csd.test/embed/talk"'
    assert f'{frame} title="{title}" width="100%" height="1000"></iframe>' in page
    assert "The frame is shown nowhere yet" in page


@pytest.mark.usefixtures("allowed")
def test_staff_read_where_the_frame_is_shown(app: Flask, session: Session) -> None:
    event = make_event(session, slug="talk")
    page = words(staff_browser(app, session).get(f"/staff/events/{event.id}/settings"))
    assert (
        "The frame is shown on https://www.example.org, https://example.net:8443."
        in page
    )
