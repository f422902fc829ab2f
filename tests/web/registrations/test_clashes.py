"""What clashes with an event, shown while its time is chosen."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from html5lib import HTMLParser
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.events import service as event_service
from csd_events.events.models import Event, Presenter
from csd_events.events.rules import (
    Contributor,
    Kind,
    Role,
    SessionDraft,
    State,
)
from tests.desk import NEW, NINE, ZONE, ask, make_event, staff_browser, wall
from tests.factories import NOON, make_conference, make_draft, writing
from tests.statements import counted

ADA = Contributor(role=Role.PRESENTER, name="Ada Byron", organization="Town")
TYPED = {"presenters-0-name": "ada byron", "presenters-0-organization": "TOWN"}
LOOK = "clashes"


@pytest.fixture
def browser(app: Flask, session: Session, now: datetime) -> FlaskClient:
    return staff_browser(app, session)


def look(
    browser: FlaskClient, path: str = NEW, typed: dict[str, Any] | None = None
) -> str:
    """Fill in the form of an event and press the button; return what it found."""
    answer = ask(browser, path, {**NINE, **(typed or {})}, action=LOOK)
    assert answer.status_code == 200
    return found_in(answer)


def found_in(answer: TestResponse) -> str:
    """Return what the place for clashes says, with plain dashes and spaces."""
    tree = HTMLParser(namespaceHTMLElements=False).parse(answer.text)
    place = next(each for each in tree.iter() if each.get("data-clashes") is not None)
    said = " ".join("".join(place.itertext()).split())
    return said.replace("\N{EN DASH}", "-")


def test_whoever_is_on_stage_twice_is_named_with_both_times(
    app: Flask, browser: FlaskClient
) -> None:
    make_event(app, title="Fire school", contributors=[ADA])
    found = look(browser, typed=TYPED)
    assert "1 session of another event clashes with it." in found
    assert "Fire school ada byron is on stage in both." in found
    assert (
        "The other Wed, Jun 12, 2:00-3:00 pm ET This one Wed, Jun 12, 2:00-3:00"
        in found
    )


def test_times_are_said_in_every_zone_concerned(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    """That of the one, of the other, of the association, and where the person lives."""
    western = SessionDraft(
        wall_start=wall(2030, 6, 12, 11), zone="America/Los_Angeles", wall_end=None
    )
    make_event(
        app, title="West", sessions=[western], zone=western.zone, contributors=[ADA]
    )
    session.execute(update(Presenter).values(zone="America/Denver"))
    session.commit()
    found = look(
        browser,
        typed=TYPED
        | {"zone": "America/Chicago", "start_time": "1 pm", "end_time": "2 pm"},
    )
    assert (
        "The other Wed, Jun 12, 1:00-2:00 pm CT; Wed, Jun 12, 11:00 am - 12:00 pm PT; "
        "Wed, Jun 12, 2:00-3:00 pm ET; Wed, Jun 12, 12:00-1:00 pm MT (ada byron)"
    ) in found


def test_nothing_that_clashes_says_so(app: Flask, browser: FlaskClient) -> None:
    make_event(app, contributors=[ADA])
    assert look(browser, typed={"start_time": "4 pm", "end_time": "5 pm"} | TYPED) == (
        "Nothing clashes with it."
    )


def test_what_is_called_off_clashes_with_nothing_and_a_draft_is_called_one(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, title="Idea", published=False, contributors=[ADA])
    assert "Idea (a draft)" in look(browser, typed=TYPED)
    off = update(Event).where(Event.id == event_id)
    session.execute(off.values(state=State.CANCELLED))
    session.commit()
    assert look(browser, typed=TYPED) == "Nothing clashes with it."


def test_the_same_service_on_one_day_is_named(app: Flask, browser: FlaskClient) -> None:
    make_event(
        app, title="Morning", areas=["dispatch_911"], wall_start=wall(2030, 6, 12, 9)
    )
    found = look(browser, typed={"main_area": "dispatch_911"})
    assert "Both are for the same people, on one day: " in found


def test_one_room_of_a_conference_is_not_had_twice(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    conference = make_conference(session)
    other = make_conference(session, name="Another")
    at = SessionDraft(wall_start=wall(2030, 6, 12, 14), zone=ZONE, place="")
    for number, place in (
        (conference, "Room 101"),
        (other, "Room 101"),
        (conference, ""),
    ):
        with writing(session):
            draft = make_draft(
                title=f"Forum {number} {place}",
                kind=Kind.FORUM,
                conference_id=number,
                place=place,
                sessions=[at],
                areas=[],
                platform_url=None,
            )
            event_service.create(session, draft, now=NOON)
    typed = {**NINE, "conference_id": str(conference), "place": " room  101 "}
    del typed["platform_url"]
    found = look(browser, "/staff/events/new/forum", typed)
    assert f"Forum {conference} Room 101 (a draft) Both are in the same room." in found
    assert "1 session of another event" in found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (
            {"starts_on-month": "3", "starts_on-day": "10", "start_time": "2:30 am"},
            "The clocks of this zone skip that time on that day. Choose another time.",
        ),
        (
            {"starts_on-month": "11", "starts_on-day": "3", "start_time": "1:30 am"},
            "The clocks of this zone show that time twice on that day. "
            "Choose a time that comes only once.",
        ),
        (
            {"end_time": "1 pm"},
            "The end must come after the start, on the same day.",
        ),
        (
            {"starts_on-day": ""},
            "Enter a date and a time to see what clashes with them.",
        ),
        ({"start_time": "2"}, "Enter a date and a time to see what clashes with them."),
        (
            {"start_time": "x", "starts_on-year": "20300"},
            "Enter a date and a time to see what clashes with them.",
        ),
    ],
)
def test_a_time_that_is_none_is_asked_about_and_never_guessed(
    browser: FlaskClient, typed: dict[str, str], expected: str
) -> None:
    assert look(browser, typed=typed) == expected


def test_looking_saves_nothing_and_keeps_what_was_typed(
    browser: FlaskClient, session: Session
) -> None:
    answer = ask(browser, NEW, {**NINE, "title": ""}, action=LOOK)
    assert session.query(Event).count() == 0
    assert 'value="2:00 pm"' in answer.text
    assert "usa-error-message" not in answer.text


def test_a_script_gets_what_clashes_and_nothing_else(
    app: Flask, browser: FlaskClient
) -> None:
    make_event(app, title="Fire school", contributors=[ADA])
    answer = ask(browser, NEW, {**NINE, **TYPED, "part": "clashes"}, action=LOOK)
    assert "<html" not in answer.text
    assert "Fire school" in answer.text


def test_clashes_keep_nobody_from_publishing(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    make_event(app, contributors=[ADA])
    answer = ask(browser, NEW, {**NINE, **TYPED}, action="publish")
    assert answer.status_code == 303
    assert session.query(Event).filter_by(state=State.PUBLISHED).count() == 2


def test_an_event_does_not_clash_with_itself(app: Flask, browser: FlaskClient) -> None:
    event_id = make_event(app, contributors=[ADA], areas=["fire_ems"])
    for page in ("edit", "move"):
        path = f"/staff/events/{event_id}/{page}"
        answer = ask(browser, path, {}, action=LOOK)
        assert found_in(answer).startswith("Nothing clashes with it."), page


def test_a_time_to_move_to_is_looked_at_with_all_that_the_event_is(
    app: Flask, browser: FlaskClient
) -> None:
    make_event(app, title="Fire school", contributors=[ADA])
    event_id = make_event(app, contributors=[ADA], wall_start=wall(2030, 6, 13, 14))
    path = f"/staff/events/{event_id}/move"
    there = ask(browser, path, {"sessions-0-starts_on-day": "12"}, action=LOOK)
    assert "Fire school Ada Byron is on stage in both." in found_in(there)
    assert found_in(ask(browser, path, {}, action=LOOK)).startswith("Nothing clashes")


def test_each_session_of_a_program_is_looked_at_with_its_own_presenters(
    app: Flask, browser: FlaskClient
) -> None:
    make_event(app, title="Fire school", contributors=[ADA])
    typed = {
        **NINE,
        **TYPED,
        "sessions-0-starts_on-month": "6",
        "sessions-0-starts_on-day": "12",
        "sessions-0-starts_on-year": "2030",
        "sessions-0-start_time": "2:30 pm",
    }
    path = "/staff/events/new/training"
    assert "is on stage in both" in look(browser, path, typed)
    first = ask(browser, path, {"more": "sessions"})
    assert first.status_code == 200


@pytest.mark.usefixtures("now")
def test_looking_asks_the_database_as_often_for_one_event_as_for_thirty(
    app: Flask, browser: FlaskClient
) -> None:
    make_event(app, contributors=[ADA], areas=["fire_ems"])
    look(browser, typed=TYPED)
    with counted(app) as few:
        look(browser, typed=TYPED)
    for number in range(30):
        make_event(app, title=f"Event {number}", contributors=[ADA])
    with counted(app) as many:
        found = look(browser, typed=TYPED)
    assert "31 sessions of other events clash with it." in found
    assert "19 more are not shown." in found
    assert len(few) == len(many)


def test_what_a_new_event_is_to_begin_on_is_filled_in(browser: FlaskClient) -> None:
    chooser = browser.get("/staff/events/new?on=2030-06-12").text
    assert "It begins on June 12, 2030." in chooser
    for wanted, field in (
        ("webinar", "starts_on"),
        ("training", "sessions-0-starts_on"),
    ):
        path = f"/staff/events/new/{wanted}?on=2030-06-12"
        assert f'href="{path}"' in chooser
        page = browser.get(path).text
        box = page.partition(f'name="{field}-day"')[2].partition(">")[0]
        assert 'value="12"' in box
    assert browser.get("/staff/events/new/webinar?on=2030-13-45").status_code == 200
