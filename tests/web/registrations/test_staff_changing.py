"""Staff move an event or call it off, and its people are told."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.audit.queries import list_about
from csd_events.events import queries
from csd_events.events.models import Event
from csd_events.events.rules import Kind, OfferDraft, SessionDraft, State
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import NOTICE_WAITS
from csd_events.registrations.rules import State as Place
from tests.desk import (
    ZONE,
    ask,
    blamed,
    fields_of,
    fill,
    foreseen_in,
    make_event,
    said,
    send,
    staff_browser,
    utc,
    wall,
)
from tests.factories import NOON, writing


@pytest.fixture
def browser(app: Flask, session: Session, now: datetime) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def event_id(app: Flask, session: Session) -> int:
    """A webinar on June 12 with two people in it and one who waits."""
    event_id = make_event(app, capacity=2)
    fill(session, event_id, 2)
    fill(session, event_id, 1, Place.WAITING)
    return event_id


def the_event(session: Session, event_id: int) -> Event:
    session.rollback()
    session.expire_all()
    return queries.get(session, event_id)


def mailed(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    rows = select(OutboxMessage.kind, OutboxMessage.to_address)
    return [(kind, to) for kind, to in session.execute(rows.order_by(OutboxMessage.id))]


def to_all(session: Session, kind: str) -> list[tuple[str, str]]:
    """Return that kind of mail to everybody of the event, in their order."""
    who = select(Person.email).join(Registration, Registration.person_id == Person.id)
    return [(kind, email) for email in session.scalars(who.order_by(Registration.id))]


def test_a_move_tells_its_people_and_says_beforehand_how_many(
    browser: FlaskClient, session: Session, event_id: int
) -> None:
    path = f"/staff/events/{event_id}/move"
    assert "See what this causes" in browser.get(path).text

    typed = {"sessions-0-starts_on-day": "13", "sessions-0-start_time": "10:00 am"}
    typed |= {"sessions-0-end_time": ""}
    asked = ask(browser, path, typed)
    assert foreseen_in(asked) == [
        "3 people get a notice. 2 of them have it in their calendars, which are "
        "brought up to date.",
        "The notices leave at 8:05 am ET. Until then you can undo the change.",
        "3 reminders move.",
    ]
    assert ("Save and tell 3 people" in asked.text, mailed(session)) == (True, [])

    answer = send(browser, path, typed)

    event = the_event(session, event_id)
    assert said(browser, answer) == [
        "Saved. 3 people are told at 8:05 am ET; until then you can undo it."
    ]
    assert (event.starts_at, event.ends_at) == (utc(2030, 6, 13, 14), None)
    assert event.sessions[0].sequence == 1
    assert mailed(session) == to_all(session, "registration.moved")
    assert list_about(session, "event", event_id)[0].action == "event.saved"


def test_a_move_leaves_all_else_as_it_was(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    start = wall(2030, 6, 12, 14)
    given: dict[str, Any] = {
        "sessions": [
            SessionDraft(
                title=f"Part {n}",
                wall_start=start + timedelta(days=7 * n),
                wall_end=start + timedelta(days=7 * n, hours=1),
                zone=ZONE,
                place=f"Room {n}",
            )
            for n in range(2)
        ],
        "offers": [OfferDraft(closes_on=date(2030, 6, 5), quota=7)],
        "areas": ["police", "fire_ems"],
        "description": "Words.",
        "waiting_limit": 3,
    }
    event_id = make_event(app, **given)

    path = f"/staff/events/{event_id}/move"
    answer = send(browser, path, {"sessions-1-start_time": "1:30 pm"})

    event = the_event(session, event_id)
    assert said(browser, answer) == ["Saved. Nobody had to be told."]
    (entry, *_before) = list_about(session, "event", event_id)
    assert list(entry.changes) == ["sessions"]
    assert [(s.title, s.place, s.wall_start) for s in event.sessions] == [
        ("Part 0", "Room 0", start),
        ("Part 1", "Room 1", start + timedelta(days=7, minutes=-30)),
    ]
    assert [(o.closes_on, o.quota) for o in event.offers] == [(date(2030, 6, 5), 7)]
    assert [each.area for each in event.areas] == ["police", "fire_ems"]
    assert (event.description, event.waiting_limit) == ("Words.", 3)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"sessions-0-start_time": ""}, "Enter the time it starts"),
        ({"sessions-0-start_time": "2:00"}, "Say whether 2:00 is am or pm"),
        (
            {"sessions-0-starts_on-year": "2029"},
            "It would start in the past. Check date and time",
        ),
        (
            {"sessions-0-end_time": "1 pm"},
            "The end must come after the start, on the same day",
        ),
        (
            {
                "sessions-0-starts_on-month": "3",
                "sessions-0-starts_on-day": "10",
                "sessions-0-starts_on-year": "2031",
                "sessions-0-start_time": "x",
            },
            "Enter a time such as 2:00 pm",
        ),
    ],
)
def test_a_move_that_cannot_be_is_explained_and_tells_nobody(
    browser: FlaskClient,
    session: Session,
    event_id: int,
    typed: dict[str, str],
    words: str,
) -> None:
    answer = send(browser, f"/staff/events/{event_id}/move", typed)

    (field,) = blamed(answer)
    assert (answer.status_code, blamed(answer)) == (422, {field: words})
    assert [name for name in typed if name.startswith(field)] != []
    kept = fields_of(answer.text)
    assert [kept[name] for name in typed] == list(typed.values())
    assert mailed(session) == []
    assert the_event(session, event_id).starts_at == utc(2030, 6, 12, 18)


def test_a_move_asks_for_a_place_only_where_people_meet(
    app: Flask, browser: FlaskClient, session: Session, event_id: int
) -> None:
    path = f"/staff/events/{event_id}/move"
    send(browser, path, {"place": "Town hall"})
    assert "place" not in fields_of(browser.get(path).text)
    assert (the_event(session, event_id).place, mailed(session)) == ("", [])

    met = make_event(app, kind=Kind.TRAINING)
    path = f"/staff/events/{met}/move"
    answer = send(browser, path, {"place": "Town\x00hall"})
    assert blamed(answer) == {
        "place": "Place holds a character that cannot be shown. Type it again"
    }
    send(browser, path, {"place": "Town hall"})
    assert the_event(session, met).place == "Town hall"


def test_a_move_asks_what_stays_in_another_zone(
    browser: FlaskClient, session: Session, event_id: int
) -> None:
    path = f"/staff/events/{event_id}/move"
    asked = send(browser, path, {"zone": "America/Denver"})
    form = fields_of(asked.text)

    foreseen = browser.post(path, data=form | {"zone_change": "instant"})
    answer = browser.post(path, data=fields_of(foreseen.text))

    event = the_event(session, event_id)
    assert (asked.status_code, form["zone_change"]) == (422, "clock")
    assert (answer.status_code, event.starts_at, event.zone) == (
        303,
        utc(2030, 6, 12, 18),
        "America/Denver",
    )


def test_a_move_from_an_older_version_is_shown_again(
    browser: FlaskClient, session: Session, event_id: int
) -> None:
    path = f"/staff/events/{event_id}/move"
    mine = fields_of(browser.get(path).text) | {"sessions-0-starts_on-day": "20"}
    send(browser, path, {"sessions-0-starts_on-day": "13"})

    answer = browser.post(path, data=mine)

    again = fields_of(answer.text)
    assert (answer.status_code, again["sessions-0-starts_on-day"]) == (409, "20")
    assert "Somebody saved this event after you opened this page." in answer.text
    assert the_event(session, event_id).starts_at == utc(2030, 6, 13, 18)
    foreseen = browser.post(path, data=again)
    assert browser.post(path, data=fields_of(foreseen.text)).status_code == 303


def test_a_move_is_shown_again_though_a_session_has_gone_meanwhile(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    """With everything typed, also for the session that is no more."""
    two = [
        SessionDraft(wall_start=wall(2030, 6, day, 14), zone=ZONE) for day in (12, 13)
    ]
    event_id = make_event(app, sessions=two)
    path = f"/staff/events/{event_id}/move"
    opened = fields_of(browser.get(path).text)
    with_one = {"sessions-0-starts_on-day": "", "sessions-0-start_time": ""}
    with_one |= {"sessions-0-starts_on-month": "", "sessions-0-starts_on-year": ""}
    send(browser, f"/staff/events/{event_id}/edit", with_one)
    assert len(the_event(session, event_id).sessions) == 1

    answer = browser.post(path, data=opened | {"sessions-1-start_time": "4:00 pm"})

    assert answer.status_code == 409
    assert 'value="4:00 pm"' in answer.text
    assert "Session 2" in answer.text


def test_a_draft_is_moved_by_its_form(app: Flask, browser: FlaskClient) -> None:
    event_id = make_event(app, published=False)
    answer = browser.get(f"/staff/events/{event_id}/move")
    assert (answer.status_code, answer.location) == (
        303,
        f"/staff/events/{event_id}/edit",
    )


def test_a_cancellation_tells_its_people_and_says_beforehand_how_many(
    browser: FlaskClient, client: FlaskClient, session: Session, event_id: int
) -> None:
    path = f"/staff/events/{event_id}/cancel"
    assert "Cancel and tell 3 people" in browser.get(path).text

    answer = send(browser, path, {"note": "The speaker is ill."})

    assert said(browser, answer) == [
        "The event is cancelled. 3 people are told at 8:05 am ET; until then you can "
        "undo it."
    ]
    assert the_event(session, event_id).state is State.CANCELLED
    assert mailed(session) == []
    with writing(session):
        service.tell_of_cancellations(session, now=NOON + NOTICE_WAITS)
    assert mailed(session) == to_all(session, "registration.event_cancelled")
    public = client.get("/events/sharing-dispatch").text
    assert ("This event is cancelled" in public, "The speaker is ill." in public) == (
        True,
        True,
    )
    again = browser.get(path)
    assert said(browser, again) == ["This event is cancelled already."]


def test_looking_at_the_pages_of_change_changes_nothing(
    browser: FlaskClient, session: Session, event_id: int
) -> None:
    before = the_event(session, event_id).version
    for page in ("edit", "move", "cancel", "registrations", "preview"):
        browser.get(f"/staff/events/{event_id}/{page}")
    event = the_event(session, event_id)
    assert (event.version, event.state, mailed(session)) == (
        before,
        State.PUBLISHED,
        [],
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"published": False},
            "This is a draft: nobody sees it, and nobody has registered.",
        ),
        ({"wall_start": wall(2030, 5, 1, 9)}, "This event is over."),
    ],
)
def test_what_cannot_be_called_off_is_left_as_it_is(
    app: Flask,
    browser: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, Any],
    words: str,
) -> None:
    event_id = make_event(app, **given)
    monkeypatch.setitem(app.config, "CLOCK", lambda: NOON + timedelta(days=1))
    answer = browser.get(f"/staff/events/{event_id}/cancel")
    assert said(browser, answer) == [words]


def test_a_cancellation_without_the_sessions_token_does_nothing(
    browser: FlaskClient, session: Session, event_id: int
) -> None:
    answer = browser.post(f"/staff/events/{event_id}/cancel", data={"note": "x"})

    assert answer.status_code == 422
    assert fields_of(answer.text)["note"] == "x"
    assert the_event(session, event_id).state is State.PUBLISHED


def test_more_places_go_to_who_waits(
    browser: FlaskClient, session: Session, event_id: int
) -> None:
    send(browser, f"/staff/events/{event_id}/edit", {"capacity": "3"})

    event = the_event(session, event_id)
    assert (event.confirmed, event.waiting) == (3, 0)
    assert mailed(session) == to_all(session, "registration.promoted")[2:]
