"""What staff type is kept until they save it, and offered when they come back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.accounts import service as accounts
from csd_events.accounts.models import TypedForm
from csd_events.core.access import Role
from csd_events.events import queries as events
from csd_events.events.models import Event
from tests.desk import fields_of, send, staff_browser
from tests.factories import DAY, NOON, make_account, make_event, writing

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
OFFER = "You typed something here and did not save it"
NEW = "/staff/events/new/webinar"


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session, role=Role.ADMINISTRATOR)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk")


def keep(browser: FlaskClient, path: str, **typed: str) -> TestResponse:
    """Type into the form of a page, and let its script keep it."""
    data = fields_of(browser.get(path).text) | typed
    return browser.post("/staff/typed", query_string={"page": path}, data=data)


def kept(session: Session) -> list[TypedForm]:
    session.rollback()
    session.expire_all()
    rows = select(TypedForm).order_by(TypedForm.person_id, TypedForm.page)
    return list(session.scalars(rows))


def edit_of(event: Event) -> str:
    return f"/staff/events/{event.id}/edit"


def test_what_is_typed_into_an_event_is_offered_and_taken_back(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    said = keep(browser, edit_of(event), title="Half a tit", description="Long words")
    assert said.text == "What you typed is kept since 8:00 am, and not saved yet."

    offered = browser.get(edit_of(event)).text
    assert OFFER in offered
    assert "Half a tit" not in offered
    back = browser.get(f"{edit_of(event)}?typed=1").text
    typed = fields_of(back)
    assert (typed["title"], typed["description"]) == ("Half a tit", "Long words")
    session.rollback()
    assert events.get(session, event.id).title == "Sharing dispatch"


def test_saving_forgets_what_was_typed(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    keep(browser, edit_of(event), title="Half a tit")
    answer = send(browser, edit_of(event), {"title": "A whole title"})
    assert (answer.status_code, kept(session)) == (303, [])


def test_a_save_that_is_refused_forgets_nothing(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    keep(browser, edit_of(event), title="Half a tit")
    assert send(browser, edit_of(event), {"title": ""}).status_code == 422
    assert [row.said("title") for row in kept(session)] == ["Half a tit"]


def test_dropped_it_is_gone_and_the_form_shows_what_is_saved(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    keep(browser, edit_of(event), title="Half a tit")
    typed = fields_of(browser.get(edit_of(event)).text)
    answer = browser.post("/staff/typed/drop", data=typed)
    assert (answer.status_code, answer.location) == (303, edit_of(event))
    assert kept(session) == []
    assert OFFER not in browser.get(edit_of(event)).text


def test_what_somebody_saved_since_stands_beside_what_was_typed(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    keep(browser, edit_of(event), title="Mine")
    session.rollback()
    other = staff_browser(app, session)
    send(other, edit_of(event), {"title": "Theirs"})

    assert "It was saved otherwise since" in browser.get(edit_of(event)).text
    back = browser.get(f"{edit_of(event)}?typed=1")
    assert "Somebody else saved this meanwhile" in back.text
    assert "Title, as they saved it" in back.text
    assert "Theirs" in back.text
    typed = fields_of(back.text)
    assert typed["title"] == "Mine"
    answer = browser.post(edit_of(event), data=typed | {"action": "save"})
    assert answer.status_code == 303
    session.rollback()
    session.expire_all()
    assert events.get(session, event.id).title == "Mine"


def test_a_new_event_is_kept_too_until_it_is_saved(
    browser: FlaskClient, session: Session
) -> None:
    keep(browser, NEW, title="A new one")
    back = browser.get(f"{NEW}?typed=1").text
    assert fields_of(back)["title"] == "A new one"
    data = fields_of(back) | {"action": "save"}
    assert browser.post(NEW, data=data).status_code == 303
    assert kept(session) == []


@pytest.mark.parametrize("of_event", [True, False])
def test_the_words_of_a_mail_are_kept_and_taken_back(
    browser: FlaskClient, session: Session, event: Event, *, of_event: bool
) -> None:
    path = "/staff/words/registration.reminder"
    if of_event:
        path = f"/staff/events/{event.id}/words/registration.reminder"
    keep(browser, path, subject="{starts}: half")
    assert OFFER in browser.get(path).text
    typed = fields_of(browser.get(f"{path}?typed=1").text)
    assert typed["subject"] == "{starts}: half"
    answer = browser.post(path, data=typed | {"action": "save"})
    assert (answer.status_code, kept(session)) == (303, [])


def test_words_that_somebody_saved_since_stand_beside_those_that_were_typed(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    path = "/staff/words/registration.reminder"
    keep(browser, path, subject="{starts}: mine")
    other = staff_browser(app, session, role=Role.ADMINISTRATOR)
    send(other, path, {"subject": "{starts}: theirs"})
    back = browser.get(f"{path}?typed=1").text
    assert "Subject, as they saved it" in back
    assert "{starts}: theirs" in back
    assert fields_of(back)["subject"] == "{starts}: mine"


def test_an_announcement_is_kept_until_it_is_saved(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    path = f"/staff/events/{event.id}/announcements/new"
    keep(browser, path, subject="Bring a map")
    typed = fields_of(browser.get(f"{path}?typed=1").text)
    assert typed["subject"] == "Bring a map"
    answer = browser.post(path, data=typed)
    assert (answer.status_code, kept(session)) == (303, [])


def test_each_person_has_their_own_and_the_last_takes_the_place_of_the_first(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    other = staff_browser(app, session)
    path = edit_of(event)
    data = fields_of(browser.get(path).text)
    for title in ("First", "Second"):
        browser.post(
            "/staff/typed", query_string={"page": path}, data=data | {"title": title}
        )
    keep(other, path, title="Theirs")
    assert sorted(row.said("title") for row in kept(session)) == ["Second", "Theirs"]


def test_nothing_that_guards_a_form_is_kept(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    keep(browser, edit_of(event), title="Half")
    names = {name for name, _value in kept(session)[0].fields}
    assert names & {"csrf_token", "foreseen"} == set()


def test_after_thirty_days_it_is_forgotten(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    keep(browser, edit_of(event), title="Half")
    for days, left in ((30, 1), (31, 0)):
        with writing(session):
            accounts.forget_old_typed(session, now=NOON + days * DAY)
        assert len(kept(session)) == left


def test_who_closes_the_account_leaves_nothing_typed(
    app: Flask, session: Session, event: Event
) -> None:
    make_account(session, role=Role.ADMINISTRATOR)
    account = make_account(session, role=Role.ADMINISTRATOR)
    keep(app.test_client(user=account), edit_of(event), title="Half")
    with writing(session):
        accounts.close_account(session, account.person_id, now=NOON)
    assert kept(session) == []


@pytest.mark.parametrize(
    "page",
    ["", "/me", "https://example.org/staff/events", "//example.org/a/b", "/staff/"],
)
def test_only_a_page_of_the_desk_has_something_kept(
    browser: FlaskClient, event: Event, page: str
) -> None:
    data = fields_of(browser.get(edit_of(event)).text)
    kept_at = browser.post("/staff/typed", query_string={"page": page}, data=data)
    dropped = browser.post("/staff/typed/drop", data=data | {"page": page})
    assert (kept_at.status_code, dropped.status_code) == (400, 400)


def test_more_than_a_form_holds_is_not_kept(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    answer = keep(browser, edit_of(event), description="x" * 200_001)
    assert (answer.status_code, kept(session)) == (413, [])


def test_until_somebody_chooses_nothing_new_takes_the_place_of_what_is_kept(
    browser: FlaskClient, event: Event
) -> None:
    plain = browser.get(edit_of(event)).text
    keep(browser, edit_of(event), title="Half")
    offered = browser.get(edit_of(event)).text
    taken = browser.get(f"{edit_of(event)}?typed=1").text
    refused: Any = send(browser, edit_of(event), {"title": ""}).text
    assert ["data-keep=" in each for each in (plain, offered, taken, refused)] == [
        True,
        False,
        True,
        True,
    ]
    assert ["data-keep-now" in each for each in (plain, refused)] == [False, True]


def test_the_offer_says_when_it_was_typed(
    browser: FlaskClient, event: Event, at: SetClock
) -> None:
    at(NOON + timedelta(minutes=7))
    keep(browser, edit_of(event), title="Half")
    at(NOON + DAY)
    shown = browser.get(edit_of(event)).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Wednesday, May 1, 2030, 8:07 am Eastern" in shown
