"""What somebody cares about is asked where it helps, and answered in one click."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.accounts import queries, service
from csd_events.accounts.models import Account
from csd_events.accounts.rules import Preferences
from csd_events.core.tokens import Purpose, links
from csd_events.library.service import built_in_document, import_cases
from csd_events.registrations.models import Registration
from csd_events.worksheets import service as worksheets
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.visitors import hidden_on, words

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session)


@pytest.fixture
def browser(app: Flask, account: Account) -> FlaskClient:
    return app.test_client(user=account)


def next_page(app: Flask, made: Registration) -> str:
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, made.id, made.link_version)
    return f"/registrations/{token}/next"


def say(browser: FlaskClient, **said: str) -> int:
    token = hidden_on(browser.get("/me/account"), "csrf_token")
    answer = browser.post("/me/preferences/one", data=said | {"csrf_token": token})
    return answer.status_code


def test_one_click_says_where_somebody_is_and_leads_back(
    app: Flask, session: Session, account: Account, browser: FlaskClient
) -> None:
    made = make_registration(session, make_event(session), person_id=account.person_id)
    assert say(browser, area="police") == 303
    page = browser.get(next_page(app, made))
    assert "Where are you with it?" in words(page)
    assert "which part of the decision tool" in words(page)
    (back,) = re.findall(r'name="next" value="([^"]+)"', page.text)
    token = hidden_on(page, "csrf_token")
    pressed = {"csrf_token": token, "stage": "running", "next": back}
    answer = browser.post("/me/preferences/one", data=pressed)
    assert (answer.status_code, answer.location) == (303, back)
    after = words(browser.get(back))
    assert "Noted: suggestions follow it from now on." in after
    assert "Where are you with it?" not in after
    assert "Which form are you thinking of?" in after


def test_whose_service_nobody_knows_is_asked_for_it_first(
    app: Flask, session: Session, account: Account, browser: FlaskClient
) -> None:
    made = make_registration(
        session,
        make_event(session, areas=["police", "whole_government"]),
        person_id=account.person_id,
    )
    page = browser.get(next_page(app, made))
    assert "Which service are you looking at?" in words(page)
    assert re.findall(r'name="area"\s+value="(\w+)"', page.text) == ["police"]


def test_a_case_study_and_the_result_of_ones_own_worksheet_ask_too(
    app: Flask, session: Session, account: Account, browser: FlaskClient
) -> None:
    with writing(session):
        import_cases(session, built_in_document())
        mine = worksheets.Beginning(service_area="police", person_id=account.person_id)
        own, other = (
            worksheets.begin(session, each, now=NOON)
            for each in (mine, worksheets.Beginning(service_area="police"))
        )
    with app.app_context():
        result, others = (
            f"/worksheets/{links().token(Purpose.WORKSHEET, each.id, 1)}/result"
            for each in (own, other)
        )
    case = "/library/case-studies/dakota-911"
    for page in (case, result):
        assert "Which service are you looking at?" in words(browser.get(page))
        assert "looking at?" not in words(app.test_client().get(page))
    assert "looking at?" not in words(browser.get(others))
    assert "set-cookie" not in app.test_client().get(case).headers


def test_who_has_said_all_is_asked_nothing(
    app: Flask, session: Session, account: Account, browser: FlaskClient
) -> None:
    made = make_registration(session, make_event(session), person_id=account.person_id)
    assert say(browser, area="police") == 303
    assert say(browser, stage="exploring") == 303
    assert say(browser, form="public_private") == 303
    assert (
        'class="panel panel-quiet passing' not in browser.get(next_page(app, made)).text
    )


def test_nobody_is_asked_about_somebody_else(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    made = make_registration(session, make_event(session))
    for reader in (browser, app.test_client()):
        assert "Which service are you looking at?" not in words(
            reader.get(next_page(app, made))
        )


def test_an_area_comes_first_and_the_others_stay(
    session: Session, account: Account, browser: FlaskClient
) -> None:
    before = Preferences(
        areas=("police", "libraries", "parks_recreation"),
        form="public_private",
        zone="America/Denver",
        wants_reminders=False,
    )
    with writing(session):
        service.save_preferences(session, account.person_id, before)
    assert say(browser, area="fire_ems") == 303
    session.expire_all()
    found = queries.get_preferences(session, account.person_id)
    assert found.areas == ("fire_ems", "police", "libraries")
    assert (found.form, found.zone, found.wants_reminders) == (
        "public_private",
        "America/Denver",
        False,
    )


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"stage": "dreaming"},
        {"area": "no-such-service"},
        {"stage": "running", "form": "public_private"},
        {"zone": "America/Denver"},
    ],
)
def test_what_is_no_choice_of_ours_saves_nothing(
    session: Session, account: Account, browser: FlaskClient, said: dict[str, str]
) -> None:
    assert say(browser, **said) == 400
    session.expire_all()
    assert queries.get_preferences(session, account.person_id) == Preferences()


def test_it_leads_to_no_other_site(browser: FlaskClient) -> None:
    token = hidden_on(browser.get("/me/account"), "csrf_token")
    said = {"csrf_token": token, "stage": "running", "next": "//evil.example.org"}
    answer = browser.post("/me/preferences/one", data=said)
    assert answer.location == "/me/preferences"


def test_who_runs_an_arrangement_answers_for_it_as_it_is_today(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    with writing(session):
        beginning = worksheets.Beginning(service_area="police")
        begun = worksheets.begin(session, beginning, now=NOON)
    with app.app_context():
        sheet = f"/worksheets/{links().token(Purpose.WORKSHEET, begun.id, 1)}"
    sentence = "Answer for the arrangement as it is today."
    assert sentence not in words(browser.get(sheet))
    assert say(browser, stage="running") == 303
    assert sentence in words(browser.get(sheet))
    assert sentence not in words(app.test_client().get(sheet))
