"""Drafts that are published by themselves, and events that leave the lists."""

import html
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.audit import queries as trail
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import State
from tests.desk import blamed, fields_of, said, send, staff_browser
from tests.factories import DAY, HOUR, NOON, make_event, make_registration, writing

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
#: A day and an hour from noon in Greenwich, which is 8 am in New York.
TOMORROW = {
    "starts_on-month": "5",
    "starts_on-day": "2",
    "starts_on-year": "2030",
    "start_time": "9:00 am",
}
AT = NOON + DAY + HOUR


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def draft(session: Session) -> Event:
    return make_event(session, slug="talk", draft=True)


def page(event: Event, name: str) -> str:
    return f"/staff/events/{event.id}/{name}"


def plan(browser: FlaskClient, event: Event, **typed: str) -> TestResponse:
    return send(browser, page(event, "publish-at"), TOMORROW | typed, action="")


def now_of(session: Session, event: Event) -> Event:
    session.rollback()
    session.expire_all()
    return events.get(session, event.id)


def turn(app: Flask, at: datetime) -> None:
    """Let the loop look for what is due, as it does at each turn."""
    errands = dict(app.extensions["csd_errands"])
    with app.app_context():
        errands["publishing"](at)


def done(session: Session, event: Event) -> list[str]:
    session.rollback()
    found = trail.list_about(session, "event", event.id, limit=20)
    return [each.action for each in found]


def test_a_draft_is_published_at_its_moment_and_not_before(
    app: Flask, browser: FlaskClient, session: Session, draft: Event
) -> None:
    answer = plan(browser, draft)
    assert said(browser, answer) == [
        "It is published by itself Thursday, May 2, 2030, 9:00 am Eastern "
        "(UTC\N{MINUS SIGN}4)."
    ]
    assert now_of(session, draft).publish_at == AT

    turn(app, AT - HOUR)
    assert now_of(session, draft).state is State.DRAFT
    turn(app, AT)
    found = now_of(session, draft)
    assert (found.state, found.publish_at, found.published_at) == (
        State.PUBLISHED,
        None,
        AT,
    )
    assert app.test_client().get("/events/talk").status_code == 200


def test_it_is_published_once_however_often_it_is_looked_for(
    app: Flask, browser: FlaskClient, session: Session, draft: Event
) -> None:
    plan(browser, draft)
    for _ in range(3):
        turn(app, AT)
    assert done(session, draft).count("event.published") == 1


def test_what_is_missing_keeps_it_a_draft_and_the_desk_says_what(
    app: Flask, browser: FlaskClient, session: Session, at: SetClock
) -> None:
    draft = make_event(session, slug="bare", draft=True, summary="", title="Bare")
    shown = browser.get(page(draft, "publish-at")).text
    assert "If this is still missing then, it stays a draft" in shown
    plan(browser, draft)
    turn(app, AT)
    turn(app, AT + HOUR)

    found = now_of(session, draft)
    assert (found.state, found.publish_at, found.not_published_at) == (
        State.DRAFT,
        None,
        AT,
    )
    assert done(session, draft).count("event.not_published") == 1
    at(AT)
    desk = html.unescape(browser.get("/staff").text)
    assert "Bare was not published by itself: Enter a summary" in desk

    send(browser, page(draft, "edit"), {"summary": "Words."}, action="publish")
    assert "was not published by itself" not in browser.get("/staff").text


def test_it_is_shown_where_staff_look_and_can_be_called_off(
    app: Flask, browser: FlaskClient, session: Session, draft: Event
) -> None:
    plan(browser, draft)
    assert "It is published by itself" in browser.get(f"/staff/events/{draft.id}").text
    assert "published Thu, May 2" in browser.get("/staff/events").text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    typed = fields_of(browser.get(page(draft, "publish-at")).text)
    answer = browser.post(
        page(draft, "publish-at"), data=typed | {"action": "call-off"}
    )
    assert "Called off: it stays a draft until you publish it." in said(browser, answer)
    turn(app, AT)
    assert now_of(session, draft).state is State.DRAFT


def test_published_by_hand_before_it_is_not_published_again(
    app: Flask, browser: FlaskClient, session: Session, draft: Event
) -> None:
    plan(browser, draft)
    typed = fields_of(browser.get(f"/staff/events/{draft.id}").text)
    browser.post(page(draft, "publish"), data=typed)
    turn(app, AT)
    found = now_of(session, draft)
    assert (found.state, found.published_at, found.publish_at) == (
        State.PUBLISHED,
        NOON,
        None,
    )


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"starts_on-day": "1", "start_time": "7:00 am"}, "starts_on", "is past"),
        ({"starts_on-year": "2031"}, "starts_on", "The event has begun by then"),
        ({"starts_on-month": ""}, "starts_on", "There is no such day"),
        ({"start_time": ""}, "start_time", "Enter the time"),
        (
            {
                "starts_on-month": "3",
                "starts_on-day": "9",
                "starts_on-year": "2031",
                "start_time": "2:30 am",
            },
            "start_time",
            "skip that time",
        ),
    ],
)
def test_a_moment_that_is_none_is_asked_again(
    browser: FlaskClient, draft: Event, typed: dict[str, str], field: str, words: str
) -> None:
    refused = plan(browser, draft, **typed)
    assert (refused.status_code, words in blamed(refused)[field]) == (422, True)


def test_of_a_time_that_clocks_show_twice_staff_say_which(
    browser: FlaskClient, session: Session
) -> None:
    far = NOON + 300 * DAY
    draft = make_event(session, slug="far", draft=True, starts_at=far)
    twice = {
        "starts_on-month": "11",
        "starts_on-day": "3",
        "start_time": "1:30 am",
    }
    asked = plan(browser, draft, **twice)
    assert (asked.status_code, "Which is meant?" in asked.text) == (422, True)
    data = fields_of(asked.text) | {"which": "second"}
    browser.post(page(draft, "publish-at"), data=data)
    planned = now_of(session, draft).publish_at
    assert planned is not None
    assert planned.isoformat() == "2030-11-03T06:30:00+00:00"


def test_only_a_draft_is_published_later(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="there")
    answer = browser.get(page(event, "publish-at"))
    assert said(browser, answer) == ["Only a draft can be published later."]


def archive(browser: FlaskClient, event: Event) -> list[str]:
    return said(browser, send(browser, page(event, "archive")))


def test_what_is_over_leaves_every_list_and_keeps_its_page(
    app: Flask, browser: FlaskClient, session: Session, at: SetClock
) -> None:
    event = make_event(session, slug="old", title="Old talk")
    make_registration(session, event)
    at(NOON + 20 * DAY)
    asked = browser.get(page(event, "archive")).text
    assert "1 person is registered or waits." in asked

    assert archive(browser, event) == [
        "It is in the archive. Lists leave it out; you can bring it back."
    ]

    visitor = app.test_client()
    for path in ("/events?past=1", "/staff/events?show=past", "/staff/events"):
        who = browser if path.startswith("/staff") else visitor
        assert "Old talk" not in who.get(path).text
    assert "Old talk" in browser.get("/staff/events?show=archived").text
    assert visitor.get("/events/old").status_code == 200


def test_it_is_brought_back_with_all_that_it_had(
    app: Flask, browser: FlaskClient, session: Session, at: SetClock
) -> None:
    event = make_event(session, slug="old", title="Old talk")
    at(NOON + 20 * DAY)
    archive(browser, event)
    typed = fields_of(browser.get(f"/staff/events/{event.id}").text)
    answer = browser.post(page(event, "bring-back"), data=typed)
    assert said(browser, answer) == ["It is back in the lists."]
    assert "Old talk" in browser.get("/staff/events?show=past").text
    assert now_of(session, event).state is State.PUBLISHED


def test_what_is_to_come_stays_in_the_lists(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk")
    answer = browser.get(page(event, "archive"))
    assert said(browser, answer) == [
        "Only what is over, called off or not published leaves the lists."
    ]
    assert page(event, "archive") not in browser.get(f"/staff/events/{event.id}").text


def test_a_draft_in_the_archive_is_not_published_by_itself(
    app: Flask, browser: FlaskClient, session: Session, draft: Event
) -> None:
    plan(browser, draft)
    assert (
        "It is not published by itself any more."
        in browser.get(page(draft, "archive")).text
    )
    archive(browser, draft)
    turn(app, AT)
    assert now_of(session, draft).state is State.DRAFT


def test_put_away_and_brought_back_again_and_again_it_is_written_down_once_each(
    session: Session, draft: Event
) -> None:
    for do in (event_service.archive, event_service.bring_back):
        for _ in range(2):
            with writing(session):
                do(session, draft.id, now=NOON, actor_id=None)
    actions = done(session, draft)
    names = "event.archived", "event.brought_back"
    assert [actions.count(name) for name in names] == [1, 1]
