"""The worksheet that is offered: for which service, which part, and with whom."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Account
from csd_events.accounts.rules import Preferences
from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event
from csd_events.organizations import service as organizations
from csd_events.organizations.rules import Term
from csd_events.organizations.service import NewOrganization
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Hold, State
from tests.colleagues import four_hand_in, open_group
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.visitors import hidden_on, words
from tests.web.worksheets.test_sheet import TWO_TOWNS, begin

pytestmark = pytest.mark.usefixtures("now", "session")
FIRST = "Part two needs part one first: answer at least five questions on each side."
TODAY = "Answer for the arrangement as it is today."
SUGGESTED = "Others of your organization are registered too."


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session)


@pytest.fixture
def browser(app: Flask, account: Account) -> FlaskClient:
    return app.test_client(user=account)


def prefer(session: Session, account: Account, **given: object) -> None:
    with writing(session):
        preferences = Preferences(**given)  # type: ignore[arg-type]  # as the test says
        accounts.save_preferences(session, account.person_id, preferences)


def begin_as(browser: FlaskClient) -> str:
    token = hidden_on(browser.get("/worksheets"), "csrf_token")
    return begin(browser, csrf_token=token)


def test_it_opens_for_the_first_choice(
    session: Session, account: Account, browser: FlaskClient
) -> None:
    prefer(session, account, areas=("police", "libraries"))
    html = browser.get("/worksheets").text
    assert '<option value="police" selected>' in html
    html = browser.get("/worksheets?area=fire_ems").text
    assert '<option value="fire_ems" selected>' in html


@pytest.mark.parametrize("areas", [(), ("whole_government", "police")])
def test_without_one_service_it_asks_for_one_first(
    session: Session, account: Account, browser: FlaskClient, areas: tuple[str, ...]
) -> None:
    prefer(session, account, areas=areas)
    for page in ("/worksheets", "/worksheets?area=whole_government"):
        html = browser.get(page).text
        assert '<option value="" selected>Choose a service</option>' in html
        assert "Which service are you looking at?" in html
    assert "whole_government" not in browser.get("/worksheets").text


@pytest.mark.parametrize("stage", ["choosing a form", "setting up"])
def test_who_chooses_a_form_is_offered_part_two_once_both_sides_have_a_score(
    session: Session, account: Account, browser: FlaskClient, stage: str
) -> None:
    prefer(session, account, stage=stage)
    assert FIRST in words(browser.get("/worksheets"))
    sheet = begin_as(browser)
    assert FIRST in words(browser.get(sheet))
    assert "Part two:" not in words(browser.get("/me/worksheets"))
    browser.post(sheet, data=TWO_TOWNS)
    said = words(browser.get(sheet))
    assert (FIRST in said, "Go on to part two" in said) == (False, True)
    assert f'href="{sheet}/result#forms"' in browser.get("/me/worksheets").text
    browser.post(sheet, data=dict.fromkeys(("S1", "S2", "S3"), "unknown"))
    said = words(browser.get(sheet))
    assert (FIRST in said, "Go on to part two" in said) == (True, False)


def test_a_group_is_offered_part_two_once_it_has_both_scores(
    session: Session, account: Account, browser: FlaskClient
) -> None:
    token = hidden_on(browser.get("/worksheets/groups"), "csrf_token")
    group = open_group(browser, csrf_token=token)
    prefer(session, account, stage="choosing a form")
    assert "part two" not in words(browser.get(group))
    four_hand_in(browser, group)
    assert "Go on to part two" in words(browser.get(group))
    prefer(session, account, stage="exploring")
    assert "part two" not in words(browser.get(group))


@pytest.mark.parametrize("stage", [None, "exploring", "deciding whether"])
def test_others_are_offered_part_one_without_a_line(
    session: Session, account: Account, browser: FlaskClient, stage: str | None
) -> None:
    prefer(session, account, stage=stage)
    sheet = begin_as(browser)
    browser.post(sheet, data=TWO_TOWNS)
    for page in (sheet, "/worksheets"):
        said = words(browser.get(page))
        assert [line for line in (FIRST, TODAY, "part two") if line in said] == []


@pytest.mark.parametrize("stage", ["running", "reconsidering"])
def test_who_runs_an_arrangement_reads_one_line_above_the_same_questions(
    session: Session, account: Account, browser: FlaskClient, stage: str
) -> None:
    sheet = begin_as(browser)
    before = browser.get(sheet).text.count("<fieldset")
    prefer(session, account, stage=stage)
    browser.post(sheet, data=TWO_TOWNS)
    page = browser.get(sheet)
    assert TODAY in words(page)
    assert page.text.count("<fieldset") == before == 19


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


@pytest.fixture
def town(session: Session) -> int:
    with writing(session):
        named = NewOrganization("Town of Ashfield", "town", None, "MA")
        return organizations.create_organization(session, named, now=NOON)


def belong(
    session: Session, registration: Registration, town: int, until: date | None = None
) -> None:
    with writing(session):
        organizations.affiliate(
            session,
            person_id=registration.person_id,
            organization_id=town,
            term=Term(date(2030, 1, 1), until),
            now=NOON,
        )


def pages_of(app: Flask, registration: Registration) -> list[str]:
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, registration.id, 1)
    page = f"/registrations/{token}"
    visitor = app.test_client()
    return [words(visitor.get(each)) for each in (page, f"{page}/next")]


def test_people_of_one_organization_are_suggested_a_worksheet_with_colleagues(
    app: Flask, session: Session, event: Event, town: int
) -> None:
    one, other = (make_registration(session, event) for _ in range(2))
    belong(session, one, town)
    assert [SUGGESTED in page for page in pages_of(app, one)] == [False, False]
    belong(session, other, town)
    for each in (one, other):
        assert [SUGGESTED in page for page in pages_of(app, each)] == [True, True]
    address = f"/worksheets/groups?area=dispatch_911&event={event.id}"
    form = app.test_client().get(address).text
    assert f'<option value="{event.id}" selected>' in form
    assert '<option value="dispatch_911" selected>' in form


@pytest.mark.parametrize("state", [State.CANCELLED, State.WAITING, State.HELD])
def test_who_has_no_place_does_not_count(
    app: Flask, session: Session, event: Event, town: int, state: State
) -> None:
    one, other = (make_registration(session, event) for _ in range(2))
    for each in (one, other):
        belong(session, each, town)
    values = {
        "state": state,
        "hold": Hold.APPROVAL if state is State.HELD else None,
        "position": 1 if state is State.WAITING else None,
    }
    theirs = update(Registration).where(Registration.id == other.id)
    session.execute(theirs.values(values))
    session.commit()
    for each in (one, other):
        assert [SUGGESTED in page for page in pages_of(app, each)] == [False, False]


def test_neither_a_typed_name_nor_another_event_nor_a_past_post_makes_colleagues(
    app: Flask, session: Session, event: Event, town: int
) -> None:
    one = make_registration(session, event, organization="Town of Ashfield")
    typed = make_registration(session, event, organization="Town of Ashfield")
    belong(session, one, town)
    past = make_registration(session, event)
    belong(session, past, town, until=date(2030, 2, 1))
    elsewhere = make_registration(session, make_event(session, slug="elsewhere"))
    belong(session, elsewhere, town)
    for each in (one, typed, past, elsewhere):
        assert [SUGGESTED in page for page in pages_of(app, each)] == [False, False]
