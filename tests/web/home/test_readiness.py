"""Ready to publish? On the page of an event, on publishing, and on the desk."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.association import queries as association
from csd_events.association import service as association_service
from csd_events.core.access import Role as Duty
from csd_events.events.models import Event, Presenter
from csd_events.events.rules import Contributor, OfferDraft, Role
from csd_events.home.staff_views import readiness
from csd_events.home.words.readiness import MISSING_AT, PLACES
from tests.desk import fields_of, make_event, said, staff_browser, wall
from tests.factories import NOON, writing
from tests.statements import counted
from tests.visitors import words

SOON = wall(2030, 5, 20, 14)
ADA = Contributor(role=Role.PRESENTER, name="Ada Byron")
READY: dict[str, Any] = {
    "wall_start": SOON,
    "areas": ["fire_ems"],
    "offers": [OfferDraft()],
}


@pytest.fixture
def browser(app: Flask, session: Session, now: datetime) -> FlaskClient:
    return staff_browser(app, session)


def page_of(browser: FlaskClient, event_id: int) -> str:
    return words(browser.get(f"/staff/events/{event_id}"))


def test_a_draft_with_all_it_needs_says_so_and_what_was_looked_at(
    app: Flask, browser: FlaskClient
) -> None:
    event_id = make_event(app, published=False, **READY)
    page = page_of(browser, event_id)
    assert "Ready to publish? Everything it needs is there. In order " in page
    assert (
        "how people get in, hours of the presenters, days of the prices, reminders, "
        "places, pictures, what to read, sender of the mails, clashes." in page
    )
    assert " Publish Publish later Preview" in page


def test_a_draft_that_lacks_something_names_it_with_the_way_to_mend_it(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, published=False, platform_url=None, **READY)
    session.execute(update(Event).values(summary=""))
    session.commit()
    answer = browser.get(f"/staff/events/{event_id}")
    page = words(answer)
    assert "Not yet: nobody could use its page without what is missing." in page
    assert "Missing Enter a summary: one sentence on what it is good for." in page
    assert "Missing Enter the platform link, where the session runs." in page
    edit = f'href="/staff/events/{event_id}/edit'
    assert f'{edit}#summary"' in answer.text
    assert f'{edit}#platform_url"' in answer.text
    form = browser.get(f"/staff/events/{event_id}/edit").text
    assert 'id="summary"' in form
    assert 'id="platform_url"' in form
    assert " Publish Preview" not in page


def test_every_way_to_mend_leads_to_something_that_is_there(
    app: Flask, browser: FlaskClient
) -> None:
    event_id = make_event(app)
    form = browser.get(f"/staff/events/{event_id}/edit").text
    for place in [*PLACES.values(), *MISSING_AT.values()]:
        assert f'id="{place}"' in form, place


def test_what_is_worth_a_look_keeps_nobody_from_publishing(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(
        app,
        published=False,
        wall_start=wall(2030, 5, 3, 9),
        offers=[OfferDraft(closes_on=date(2030, 5, 9))],
        contributors=[ADA],
        description="![](https://example.org/map.png)",
    )
    session.execute(update(Presenter).values(zone="Pacific/Honolulu"))
    session.commit()
    answer = browser.get(f"/staff/events/{event_id}")
    page = words(answer)
    assert "Everything it needs is there. Some of it is worth another look." in page
    for each in (
        "An hour at which people sleep: for Ada Byron it begins Fri, May 3, 3:00 am",
        "1 price is said to hold after it has begun.",
        "Too late for a reminder: 7 days before.",
        "The description has a picture, which no page shows.",
        "Nothing to read: choose a service",
    ):
        assert f"Look at it {each}" in page
    published = browser.post(
        f"/staff/events/{event_id}/publish", data=fields_of(answer.text)
    )
    assert said(browser, published) == ["Published: everybody can see it."]


def test_musts_refuse_in_words_on_publishing(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, published=False, **READY)
    token = fields_of(browser.get(f"/staff/events/{event_id}").text)
    session.execute(update(Event).values(summary=""))
    session.commit()
    answer = browser.post(f"/staff/events/{event_id}/publish", data=token)
    assert said(browser, answer) == [
        "Enter a summary: one sentence on what it is good for"
    ]


def test_what_clashes_is_on_the_list_with_its_times(
    app: Flask, browser: FlaskClient
) -> None:
    make_event(app, title="Fire school", contributors=[ADA], **READY)
    event_id = make_event(app, published=False, contributors=[ADA], **READY)
    page = page_of(browser, event_id)
    assert "Look at it 1 session of another event clashes with it." in page
    assert "Fire school Ada Byron is on stage in both. Known, leave it" in page
    assert "Both are for the same people, at one time: " in page


def test_a_published_event_is_looked_over_until_it_begins(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    event_id = make_event(app, **READY | {"areas": []})
    assert "Ready? Look at it Nothing to read" in page_of(browser, event_id)
    begun = NOON + timedelta(days=19, hours=7)
    monkeypatch.setitem(app.config, "CLOCK", lambda: begun)
    assert "Ready?" not in page_of(browser, event_id)


def test_places_below_those_who_are_in_are_named(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, **READY)
    session.execute(update(Event).values(capacity=2, confirmed=3, held=1))
    session.commit()
    page = page_of(browser, event_id)
    assert "Look at it 2 people more are in than there are places." in page


def test_an_address_that_mail_may_not_come_from_is_named_once_on_the_desk(
    app: Flask, session: Session, now: datetime
) -> None:
    browser = staff_browser(app, session, role=Duty.ADMINISTRATOR)
    event_id = make_event(app, **READY)
    sender = "news@elsewhere.example"
    entered = replace(association.first(), sender_address=sender)
    with writing(session):
        association_service.save(session, entered, now=NOON, actor_id=None)
    desk = words(browser.get("/staff"))
    assert desk.count(f"Mail does not come from {sender}") == 1
    assert "The one event is in order." in desk
    assert "Mails come from another address" in page_of(browser, event_id)
    # Who schedules reads it, and is not led to a page that they may not open.
    scheduler = staff_browser(app, session)
    assert f"Mail does not come from {sender}" in words(scheduler.get("/staff"))
    for path in ("/staff", f"/staff/events/{event_id}"):
        assert "/staff/association" in browser.get(path).text
        assert "/staff/association" not in scheduler.get(path).text


def test_the_desk_names_the_worst_of_each_event_of_thirty_days(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    make_event(app, title="Whole", **READY)
    bare = make_event(app, title="Bare", published=False, wall_start=SOON)
    make_event(app, title="Far", published=False, wall_start=wall(2030, 6, 12, 14))
    session.execute(update(Event).where(Event.id == bare).values(summary=""))
    session.commit()
    desk = words(browser.get("/staff")).partition("Ready? The next 30 days")[2]
    assert (
        "Bare Draft Mon, May 20, 2:00 pm ET 1 missing, 2 to look at "
        "Enter a summary: one sentence on what it is good for. "
        "1 other event is in order." in desk
    )
    assert "Far" not in desk
    assert "Whole" not in desk


def test_the_desk_says_when_all_is_in_order_and_when_nothing_comes(
    app: Flask, browser: FlaskClient
) -> None:
    assert "No event begins in these days." in words(browser.get("/staff"))
    make_event(app, **READY)
    assert "The one event is in order." in words(browser.get("/staff"))


def test_the_desk_counts_those_it_does_not_name(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "MOST_NAMED", 2)
    for number in range(5):
        make_event(app, title=f"Event {number}", wall_start=SOON)
    page = words(browser.get("/staff"))
    assert "3 more events are not in order" in page


def test_the_desk_says_when_there_are_too_many_to_look_over(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "MOST_LOOKED_OVER", 2)
    for number in range(3):
        make_event(app, title=f"Event {number}", wall_start=SOON)
    page = words(browser.get("/staff"))
    assert "Those that begin later than these were not looked over" in page


def test_the_desk_asks_the_database_as_often_for_one_event_as_for_thirty(
    app: Flask, browser: FlaskClient
) -> None:
    make_event(app, contributors=[ADA], **READY)
    browser.get("/staff")
    with counted(app) as few:
        browser.get("/staff")
    for number in range(30):
        make_event(app, title=f"Event {number}", contributors=[ADA], **READY)
    with counted(app) as many:
        browser.get("/staff")
    assert len(few) == len(many)
