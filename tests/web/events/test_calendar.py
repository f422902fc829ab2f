"""The public calendar entry: no join link, nobody's name."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.registrations import service
from tests.factories import DAY, HOUR, NOON, make_event, make_registration, writing
from tests.letters import entry_in

pytestmark = pytest.mark.usefixtures("now")


def test_private_data_is_absent_from_the_public_entry(
    client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk")
    make_registration(session, event, full_name="Ada Sample")
    answer = client.get("/events/talk.ics")
    entry = entry_in(answer.data)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert (str(entry["url"]), str(entry["summary"])) == (
        "http://csd.test/events/talk",
        "Sharing dispatch",
    )
    assert entry.decoded("dtstart") == NOON + 10 * DAY
    assert entry.decoded("dtend") == NOON + 10 * DAY + HOUR
    for word in ("attendee", "Ada", "/join/", "secret-room", "METHOD"):
        assert word.lower() not in answer.text.lower()


def test_a_cancelled_event_says_so_with_a_higher_sequence(
    client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk")
    before = entry_in(client.get("/events/talk.ics").data)
    with writing(session):
        service.cancel_event(session, event.id, note="", now=NOON)
    after = entry_in(client.get("/events/talk.ics").data)
    assert after["uid"] == before["uid"]
    assert (str(before["status"]), str(after["status"])) == ("CONFIRMED", "CANCELLED")
    assert after["sequence"] == before["sequence"] + 1
    assert after.decoded("dtstamp") == NOON


def test_what_is_watched_on_demand_has_no_entry(
    client: FlaskClient, session: Session
) -> None:
    video = "https://video.example.org/film"
    make_event(
        session,
        slug="film",
        on_demand=True,
        sessions=[],
        recording_url=video,
        platform_url=None,
    )
    assert client.get("/events/film").status_code == 200
    assert client.get("/events/film.ics").status_code == 404
