"""Staff see which rule closed registration, and open it with one button."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import OfferDraft
from tests.desk import fields_of, said, staff_browser
from tests.factories import NOON, make_event, make_registration
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")

ENDED = OfferDraft(closes_on=date(2030, 4, 20))
COMING = OfferDraft(opens_on=date(2030, 5, 5))


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def windows(session: Session, event: Event) -> list[tuple[date | None, date | None]]:
    session.rollback()
    offers = events.get(session, event.id).offers
    return [(each.opens_on, each.closes_on) for each in offers]


def press(browser: FlaskClient, event: Event, **changed: Any) -> TestResponse:
    """Press the one button that opens registration."""
    page = browser.get(f"/staff/events/{event.id}")
    typed = {
        name: value
        for name, value in fields_of(page.text).items()
        if name in {"csrf_token", "version"}
    }
    return browser.post(f"/staff/events/{event.id}/reopen", data=typed | changed)


def test_what_has_ended_is_opened_again_by_one_button(
    browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk", offers=[ENDED])
    page = words(browser.get(f"/staff/events/{event.id}"))
    assert "Closed since April 21, 2030: the last offer ended." in page
    assert "Open it again until the event starts" in page
    answer = press(browser, event)
    assert said(browser, answer) == ["Registration is open."]
    assert "Register for this webinar" in words(client.get("/events/talk"))
    assert windows(session, event) == [(None, None)]


def test_what_has_yet_to_open_is_opened_today_by_one_button(
    browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk", offers=[ENDED, COMING])
    page = words(browser.get(f"/staff/events/{event.id}"))
    assert "Opens Sun, May 5, 12:00 am ET." in page
    assert "Open it now" in page
    answer = press(browser, event)
    assert said(browser, answer) == ["Registration is open."]
    assert "Register for this webinar" in words(client.get("/events/talk"))
    assert windows(session, event) == [
        (None, date(2030, 4, 20)),
        (date(2030, 5, 1), None),
    ]


def test_a_button_on_a_page_that_is_old_changes_nothing(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, offers=[ENDED])
    answer = press(browser, event, version="0")
    assert said(browser, answer) == [
        "Somebody saved this event meanwhile. See how it stands."
    ]
    assert windows(session, event) == [(None, date(2030, 4, 20))]


def test_an_event_that_is_full_says_what_would_open_it(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, capacity=1, waiting_limit=0)
    make_registration(session, event)
    page = words(browser.get(f"/staff/events/{event.id}"))
    assert "Closed: all places are taken, and nobody more may wait." in page
    assert "Open it" not in page


def test_what_has_begun_is_not_opened_again(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, offers=[ENDED])
    session.execute(update(Event).values(starts_at=NOON))
    session.commit()
    page = words(browser.get(f"/staff/events/{event.id}"))
    assert "it began." in page
    assert "Open it" not in page
