"""Calendars that follow events, and what somebody is registered for."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from csd_events.core.time import to_wall
from csd_events.core.tokens import Purpose, links
from csd_events.events.rules import Kind, SessionDraft
from csd_events.registrations import service
from tests.desk import fields_of
from tests.factories import (
    DAY,
    HOUR,
    LONG_AGO,
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")
SetClock = Callable[[datetime], None]


@pytest.fixture
def ada(app: Flask, session: Session) -> FlaskClient:
    account = make_account(session, email="ada@example.org", full_name="Ada Sample")
    return app.test_client(user=account)


def follow(client: FlaskClient, path: str = "/events.ics") -> Any:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return Calendar.from_ical(answer.data)


def titles(calendar: Any) -> list[str]:
    return sorted(str(each["summary"]) for each in calendar.walk("VEVENT"))


def address_on(page: str) -> str:
    """Return the path of the calendar that a page leads to."""
    (address,) = (
        part.partition('"')[0] for part in page.split('href="') if "webcal:" in part[:8]
    )
    assert urlsplit(address).netloc == "csd.test"
    return address.partition("csd.test")[2].replace("&amp;", "&")


def test_a_calendar_follows_public_events_by_kind_and_area(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, title="Fire together", slug="fire", areas=["fire_ems"])
    make_event(session, title="One library", slug="library", kind=Kind.TRAINING)
    everything = follow(client)
    assert titles(everything) == ["Fire together", "One library"]
    assert everything["method"] == "PUBLISH"
    assert everything["name"] == everything["x-wr-calname"]
    assert everything["refresh-interval"].dt == timedelta(hours=4)
    assert titles(follow(client, "/events.ics?kind=training")) == ["One library"]
    narrowed = follow(client, "/events.ics?area=fire_ems")
    assert titles(narrowed) == ["Fire together"]
    assert str(narrowed["name"]).endswith(": Fire and emergency medical")


def test_the_catalog_leads_to_the_calendar_of_what_it_shows(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, title="Fire together", slug="fire", areas=["fire_ems"])
    make_event(session, title="One library", slug="library")
    path = address_on(client.get("/events?area=fire_ems").text)
    assert titles(follow(client, path)) == ["Fire together"]
    assert "in your calendar" not in words(client.get("/events?past=1"))


def test_a_public_calendar_names_nobody_and_leads_into_no_meeting(
    client: FlaskClient, session: Session
) -> None:
    """Acceptance case 51."""
    event = make_event(session, slug="talk", platform_url="https://meet.example.org/x")
    make_registration(session, event, email="ada@example.org", full_name="Ada Sample")
    shown = client.get("/events.ics").text
    for private in ("Ada", "ada@", "meet.example.org", "/join/", "ATTENDEE"):
        assert private not in shown


def test_what_has_no_end_is_given_one_and_what_is_cancelled_leaves(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    """Acceptance case 9: the stamp is the last change."""
    start = to_wall(NOON + 10 * DAY, "America/New_York")
    open_end = SessionDraft(wall_start=start, wall_end=None, zone="America/New_York")
    event = make_event(session, slug="talk", sessions=[open_end])
    (entry,) = follow(client).walk("VEVENT")
    assert entry["dtend"].dt - entry["dtstart"].dt == timedelta(minutes=60)
    assert entry["dtstamp"].dt == LONG_AGO
    with writing(session):
        service.cancel_event(session, event.id, note="", now=NOON + HOUR)
    assert titles(follow(client)) == []


def test_what_is_over_stays_for_three_months(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    event = make_event(session, title="Talk")
    assert event.over_at is not None
    over = event.over_at
    at(over + 89 * DAY)
    assert titles(follow(client)) == ["Talk"]
    at(over + 91 * DAY)
    assert titles(follow(client)) == []


def test_a_calendar_that_has_not_changed_is_not_sent_again(
    client: FlaskClient, session: Session
) -> None:
    make_event(session)
    tag = client.get("/events.ics").headers["ETag"]
    again = client.get("/events.ics", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_calendar_of_ones_own_has_ones_places_with_their_links(
    app: Flask, ada: FlaskClient, client: FlaskClient, session: Session
) -> None:
    event = make_event(session, title="Mine", slug="mine", capacity=1)
    make_event(session, title="Not mine", slug="other")
    mine = make_registration(session, event, email="ada@example.org")
    full = make_event(session, title="I wait", slug="full", capacity=0)
    make_registration(session, full, email="ada@example.org")
    path = address_on(ada.get("/me").text)
    calendar = follow(client, path)  # by whoever has the address
    assert titles(calendar) == ["Mine"]
    (entry,) = calendar.walk("VEVENT")
    with app.app_context():
        own = links().token(Purpose.REGISTRATION, mine.id, mine.link_version)
    assert str(entry["uid"]).startswith(f"{mine.id}-")
    assert f"/registrations/{own}" in str(entry["url"])
    assert "attendee" not in entry
    with writing(session):
        service.cancel(session, mine.id, now=NOON)
    assert titles(follow(client, path)) == []


def test_a_new_address_ends_the_one_before(ada: FlaskClient) -> None:
    page = ada.get("/me").text
    old = address_on(page)
    renewed = ada.post("/me/feed", data=fields_of(page))
    assert renewed.location == "/me"
    new = address_on(ada.get("/me").text)
    assert new != old
    assert ada.get(old).status_code == 410
    assert ada.get(new).status_code == 200


def test_the_secret_of_a_calendar_stands_in_no_log_and_is_kept_by_nobody(
    ada: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    path = address_on(ada.get("/me").text)
    with caplog.at_level(logging.DEBUG):
        answer = ada.get(path)
    assert path.split("/")[-1].removesuffix(".ics") not in caplog.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_calendar_is_opened_by_its_own_address_alone(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    account = make_account(session, email="ada@example.org")
    with app.app_context():
        whose = account.id, account.feed_version
        other, own = (
            links().token(purpose, *whose)
            for purpose in (Purpose.REGISTRATION, Purpose.FEED)
        )
    assert client.get(f"/feeds/{own}.ics").status_code == 200
    assert client.get(f"/feeds/{other}.ics").status_code == 404
    assert client.get("/feeds/nothing.ics").status_code == 404
    account.person.email_confirmed_at = None
    session.commit()
    assert client.get(f"/feeds/{own}.ics").status_code == 404
