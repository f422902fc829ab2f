"""The catalog and the front page: what is listed, in which order, with which badge."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.events.models import Event
from csd_events.events.rules import Audience, Kind, OfferDraft
from csd_events.registrations import service
from tests.factories import (
    DAY,
    NOON,
    make_account,
    make_conference,
    make_event,
    make_registration,
    writing,
)
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
SECOND = timedelta(seconds=1)
MIDNIGHT = datetime.fromisoformat("2030-05-04T00:00-04:00")  # ends "through May 3"
FREE_THEN_PAID = [
    OfferDraft(closes_on=date(2030, 5, 3)),
    OfferDraft(price_cents=4900, opens_on=date(2030, 5, 4)),
]

FILM: dict[str, Any] = {
    "on_demand": True,
    "sessions": [],
    "recording_url": "https://v.example.org/",
}


def titles(client: FlaskClient, path: str) -> list[str]:
    """Return the titles of the events that a page lists, in order."""
    page = client.get(path)
    assert page.status_code == 200
    link = r'<h[23]>\s*<a href="/events/[\w-]+">(.*?)</a>\s*</h[23]>'
    return [unescape(title) for title in re.findall(link, page.text)]


def badges(client: FlaskClient, path: str = "/events") -> list[str]:
    shown = re.findall(r'<span class="badge[^>]*>(.*?)</span>', client.get(path).text)
    return [unescape(each).strip() for each in shown]


@pytest.fixture
def _some_of_each(session: Session) -> None:
    """Four events to come, each known by something else, a past one and a draft."""
    june = datetime.fromisoformat("2030-06-12T14:00-04:00")
    make_event(session, title="Dispatch", summary="Four towns.")
    make_event(
        session,
        title="Fire",
        kind=Kind.FORUM,
        conference_id=make_conference(session),
        summary="Which engine comes first.",
        place="Café Hall",
        platform_url=None,
        areas=["fire_ems"],
        offers=[OfferDraft(price_cents=4900)],
        starts_at=june,
    )
    make_event(
        session,
        title="Members",
        kind=Kind.TRAINING,
        summary="Three mornings.",
        areas=[],
        offers=[OfferDraft(audience=Audience.MEMBERS)],
        starts_at=june + 30 * DAY,
    )
    make_event(
        session,
        title="Film",
        summary="At any time.",
        on_demand=True,
        sessions=[],
        platform_url=None,
        recording_url="https://video.example.org/film",
    )
    make_event(session, title="Past", starts_at=NOON - DAY)
    make_event(session, title="Draft", draft=True)


@pytest.mark.usefixtures("_some_of_each")
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Dispatch", "Fire", "Members", "Film"]),
        ("kind=forum", ["Fire"]),
        ("area=dispatch_911", ["Dispatch", "Film"]),
        ("month=2030-06", ["Fire"]),
        ("free=1", ["Dispatch", "Film"]),
        ("past=1", ["Past"]),
        ("q=engine", ["Fire"]),
        ("q=CAFE", ["Fire"]),
        ("q=towns+four", ["Dispatch"]),
        ("kind=webinar&free=1&q=towns", ["Dispatch"]),
        ("kind=forum&free=1", []),
        ("kind=nonsense&month=2030-13&area=nowhere", None),
    ],
)
def test_filters_narrow_the_catalog(
    client: FlaskClient, query: str, shown: list[str] | None
) -> None:
    """A value that names nothing asks for nothing; a draft is never shown."""
    everything = ["Dispatch", "Fire", "Members", "Film"]
    expected = everything if shown is None else shown
    assert titles(client, f"/events?{query}") == expected
    number = f"{len(expected)} event{'' if len(expected) == 1 else 's'}"
    assert number in words(client.get(f"/events?{query}"))


@pytest.mark.usefixtures("_some_of_each")
def test_nothing_found_leads_on(client: FlaskClient) -> None:
    page = client.get("/events?q=zebra")
    assert "No event fits." in words(page)
    assert "See everything that is coming up" in words(page)


def test_all_events_are_reached_page_by_page_each_once(
    client: FlaskClient, session: Session
) -> None:
    """Two that start at one instant stand in the order in which they were made."""
    for number in range(53):
        start = NOON + DAY * (2 + number // 2)
        make_event(session, title=f"Event {number}", starts_at=start)
    path, found = "/events", list[str]()
    for _ in range(3):
        found += titles(client, path)
        text = client.get(path).text
        assert "53 events" in text
        more = re.search(r'rel="next"\s+href="([^"]+)"', text)
        path = unescape(more[1]) if more else ""
    assert (path, found) == ("", [f"Event {number}" for number in range(53)])


@pytest.mark.parametrize(
    ("moment", "badge"),
    [
        (NOON, "Free until May 3"),
        (MIDNIGHT - DAY - SECOND, "Free until May 3"),
        (MIDNIGHT - DAY, "Last free day"),
        (MIDNIGHT - SECOND, "Last free day"),
        (MIDNIGHT, "From USD\N{NO-BREAK SPACE}49.00"),
        (NOON + 10 * DAY, "Closed"),
    ],
)
def test_the_badge_says_until_when_it_is_free_and_what_follows(
    client: FlaskClient, session: Session, at: SetClock, moment: datetime, badge: str
) -> None:
    make_event(session, offers=FREE_THEN_PAID)
    at(moment)
    assert badges(client) == [badge]


@pytest.mark.parametrize(
    ("given", "people", "badge"),
    [
        ({"capacity": 10}, 0, "Free until May 11"),
        ({"capacity": 5}, 2, "Free until May 11"),
        ({"capacity": 4}, 2, "2 places left"),
        ({"capacity": 22}, 11, "Free until May 11"),
        ({"capacity": 21}, 11, "10 places left"),
        ({"capacity": 2}, 1, "1 place left"),
        ({"capacity": 2}, 3, "Full \N{EN DASH} waiting list"),
        ({"offers": [OfferDraft(opens_on=date(2030, 5, 3))]}, 0, "Opens May 3"),
        ({"offers": [OfferDraft(closes_on=date(2030, 4, 29))]}, 0, "Closed"),
        ({"offers": [OfferDraft(audience=Audience.MEMBERS)]}, 0, "For members"),
        (
            {
                "on_demand": True,
                "sessions": [],
                "recording_url": "https://v.example.org/",
            },
            0,
            "Free",
        ),
    ],
)
def test_the_badge_says_how_an_event_stands(
    client: FlaskClient,
    session: Session,
    given: dict[str, Any],
    people: int,
    badge: str,
) -> None:
    event = make_event(session, **given)
    for _ in range(people):
        make_registration(session, event)
    assert badges(client) == [badge]


def test_a_cancelled_event_stays_in_the_catalog_and_says_so(
    client: FlaskClient, session: Session
) -> None:
    event = make_event(session, title="Off")
    with writing(session):
        service.cancel_event(session, event.id, note="", now=NOON)
    assert (titles(client, "/events"), badges(client)) == (["Off"], ["Cancelled"])
    assert titles(client, "/events?free=1") == []


def test_a_past_event_leads_to_its_recording(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, starts_at=NOON - DAY)
    found = [badges(client, "/events?past=1")]
    session.execute(update(Event).values(recording_url="https://v.example.org/"))
    session.commit()
    found.append(badges(client, "/events?past=1"))
    assert found == [["Closed"], ["Recording"]]


@pytest.mark.usefixtures("_some_of_each")
def test_the_front_page_shows_what_comes_next_and_nothing_else(
    client: FlaskClient, session: Session
) -> None:
    """Four at most, the nearest first; what is watched on demand is no date."""
    assert titles(client, "/") == ["Dispatch", "Fire", "Members"]
    for days in (2, 4):
        make_event(session, title=f"In {days} days", starts_at=NOON + days * DAY)
    assert titles(client, "/") == ["In 2 days", "In 4 days", "Dispatch", "Fire"]


def test_what_comes_next_can_still_be_registered_for(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    """What runs, is called off or takes nobody any more stands in the catalog."""
    ended = OfferDraft(closes_on=(NOON + DAY).date())
    opens = OfferDraft(opens_on=(NOON + 4 * DAY).date())
    make_event(session, title="Runs", starts_at=NOON + 2 * DAY)
    make_event(session, title="Ended", starts_at=NOON + 3 * DAY, offers=[ended])
    off = make_event(session, title="Off", starts_at=NOON + 5 * DAY)
    make_event(session, title="Opens", starts_at=NOON + 8 * DAY, offers=[opens])
    make_event(session, title="Open", starts_at=NOON + 9 * DAY)
    assert titles(client, "/") == ["Runs", "Ended", "Off", "Opens"]
    with writing(session):
        service.cancel_event(session, off.id, note="A storm.", now=NOON)
    at(NOON + 2 * DAY)
    assert titles(client, "/") == ["Opens", "Open"]
    assert titles(client, "/events") == ["Runs", "Ended", "Off", "Opens", "Open"]


def test_without_any_event_the_front_page_leads_on(client: FlaskClient) -> None:
    page = words(client.get("/"))
    assert "No event is announced right now." in page
    assert "Watch a recording" in page


SHORT = "Sat, May 11, 9:30 pm HST"


@pytest.mark.parametrize(
    ("path", "moment"),
    [
        ("/", SHORT),
        ("/events", SHORT),
        ("/me", SHORT),
        ("/staff", SHORT),
        ("/events/evening", "Saturday, May 11, 2030, 9:30"),
    ],
)
def test_lists_and_pages_show_the_zone_of_the_event(
    app: Flask, session: Session, path: str, moment: str
) -> None:
    """The date of an evening event west of UTC is not the next day."""
    evening = datetime.fromisoformat("2030-05-11T21:30-10:00")
    zone = "Pacific/Honolulu"
    event = make_event(session, slug="evening", starts_at=evening, zone=zone)
    account = make_account(session, role=Role.SCHEDULER)
    make_registration(session, event, person_id=account.person_id)
    page = words(app.test_client(user=account).get(path))
    assert (moment in page, "May 12" in page) == (True, False)
