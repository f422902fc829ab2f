"""Case studies as staff write them in a browser."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.library import queries, service
from csd_events.library.models import CaseStudy
from csd_events.library.service import Desk, built_in_document, import_cases
from tests.desk import ask, blamed, errors_in, fields_of, said, staff_browser
from tests.factories import make_account, writing
from tests.library import TODAY, look_again, make_case_draft, make_desk
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("now")

LIST = "/staff/library/case-studies"
NEW = f"{LIST}/new"
TYPED: dict[str, Any] = {
    "title": "Two towns, one mower",
    "jurisdictions": "Ashfield\r\n\r\n  Buckland ",
    "country": "us",
    "state": "MA",
    "lead_population": "25,000",
    "main_area": "fleet_equipment",
    "areas": ["public_works"],
    "arrangement": "public_public_horizontal",
    "year_started": "2011",
    "facts": "They bought one mower.\nThey share it.",
    "outcome": "ended",
    "sources-0-title": "A page",
    "sources-0-address": "https://example.org/mower",
    "sources-0-read": "whole page",
    "confidence": "medium",
    "confidence_note": "One page, by one of them.",
    "vendor_is_underwriter": "y",
    "look_again_on-month": "5",
    "look_again_on-day": "20",
    "look_again_on-year": "2030",
}


@pytest.fixture
def desk(app: Flask) -> Desk:
    return make_desk(Path(app.config["FILES_FOLDER"]))


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    import_cases(session, built_in_document())
    session.commit()
    return staff_browser(app, session)


def number_of(session: Session, case_id: str) -> int:
    look_again(session)
    return session.get_one(CaseStudy, case_id).number


def test_a_case_study_is_written_with_everything_and_read_by_everybody(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    answer = ask(browser, NEW, TYPED)
    assert (answer.status_code, said(browser, answer)) == (303, ["Saved."])
    look_again(session)
    row = queries.get_case_by_number(session, 45)
    assert row.jurisdictions == ["Ashfield", "Buckland"]
    assert (row.country, row.state, row.lead_population) == ("US", "MA", 25_000)
    assert row.area_ids == ["fleet_equipment", "public_works"]
    assert row.facts == ["They bought one mower.", "They share it."]
    assert (row.vendor_is_underwriter, row.checked_on) == (True, TODAY)
    page = app.test_client().get("/library/case-studies/two-towns-one-mower").text
    for words in ("Last checked: May 1, 2030", "The vendor also paid", "ended"):
        assert words in page
    assert "Edit it" not in page
    assert "Edit it" in browser.get("/library/case-studies/two-towns-one-mower").text
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_id is not None) == ("case_study.added", True)


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(
    browser: FlaskClient, session: Session
) -> None:
    answer = ask(browser, NEW, {"agreement": "A handshake", "country": "Peru"})
    assert answer.status_code == 422
    assert blamed(answer) == {
        "title": "Enter a title",
        "jurisdictions": "Name at least one government",
        "country": "Enter two letters, such as US or CA",
        "main_area": "Choose the service it is about",
        "facts": "Write at least one fact",
        "confidence_note": "Say why we are that sure",
    }
    kept = fields_of(answer.text)
    assert (kept["agreement"], kept["country"]) == ("A handshake", "PERU")
    look_again(session)
    assert queries.count_cases(session) == 44


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            {"sources-0-title": "", "sources-0-address": "", "sources-0-read": ""},
            "Name at least one source",
        ),
        ({"sources-0-read": ""}, "Say how much of it was read, such as: whole page"),
        (
            {"sources-0-address": "page 4"},
            "Enter an address that begins with https:// or http://",
        ),
        ({"facts": "Once.\nOnce."}, "This stands here twice: Once."),
        ({"facts": "x" * 2001}, "A line is too long. Make two of it"),
        ({"lead_population": "many"}, "Enter a whole number, such as 25,000"),
        ({"year_started": "1299"}, "Enter the year with four digits, such as 2014"),
        ({"state": "ZZ"}, "Choose one from the list"),
        ({"topics": ["gossip"]}, "Choose from the list"),
        (
            {"look_again_on-month": "2", "look_again_on-day": "30"},
            "There is no such day. Check month, day and year",
        ),
    ],
)
def test_what_cannot_be_is_answered_in_words(
    browser: FlaskClient, typed: dict[str, Any], words: str
) -> None:
    answer = ask(browser, NEW, TYPED | typed)
    assert (answer.status_code, errors_in(answer)) == (422, [words])


def test_two_sources_of_one_address_are_told_apart_or_made_one(
    browser: FlaskClient,
) -> None:
    second = {
        name.replace("-0-", "-1-"): words
        for name, words in TYPED.items()
        if name.startswith("sources-0")
    }
    answer = ask(browser, NEW, TYPED | second)
    assert errors_in(answer) == ["https://example.org/mower stands here twice"]
    assert "Source 2: https://example.org/mower stands here twice" in answer.text


def test_another_source_adds_a_row_and_saves_nothing(
    browser: FlaskClient, session: Session
) -> None:
    answer = ask(browser, NEW, TYPED | {"more": "sources"})
    assert (answer.status_code, fields_of(answer.text)["sources-1-title"]) == (200, "")
    assert fields_of(answer.text)["sources-0-title"] == "A page"
    look_again(session)
    assert queries.count_cases(session) == 44


def test_every_case_that_came_with_the_program_is_saved_as_it_is(
    browser: FlaskClient, session: Session
) -> None:
    """Its form loses nothing: neither an order nor a value that it does not ask."""
    numbers = session.scalars(select(CaseStudy.number)).all()
    session.rollback()
    for number in numbers:
        assert ask(browser, f"{LIST}/{number}").status_code == 303
    assert session.scalars(select(AuditEntry.action)).all() == []
    report = import_cases(session, built_in_document())
    assert (report.is_news, report.lines) == (False, [])


def test_a_state_of_another_country_stays(
    browser: FlaskClient, session: Session
) -> None:
    with writing(session):
        session.get_one(CaseStudy, "dakota-911").state = "XX"
    path = f"{LIST}/{number_of(session, 'dakota-911')}"
    assert ask(browser, path, {"title": "Elsewhere"}).status_code == 303
    look_again(session)
    assert session.get_one(CaseStudy, "dakota-911").state == "XX"


def test_who_was_overtaken_sees_both_texts_and_can_save_theirs(
    browser: FlaskClient, session: Session, desk: Desk
) -> None:
    number = number_of(session, "dakota-911")
    page = browser.get(f"{LIST}/{number}")
    typed = fields_of(page.text) | {"title": "Mine"}
    with writing(session):
        theirs = make_case_draft(title="Theirs")
        service.save_case(session, number, theirs, desk, version=1)
    answer = browser.post(f"{LIST}/{number}", data=typed)
    assert answer.status_code == 409
    assert "Somebody else saved this meanwhile" in answer.text
    assert re.search(r"Title, as they saved it</dt>\s*<dd[^>]*>Theirs", answer.text)
    again = fields_of(answer.text)
    assert again["title"] == "Mine"
    assert browser.post(f"{LIST}/{number}", data=again).status_code == 303
    look_again(session)
    assert session.get_one(CaseStudy, "dakota-911").title == "Mine"


def test_checked_today_is_one_button(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    number = number_of(session, "dakota-911")
    with writing(session):
        session.get_one(CaseStudy, "dakota-911").look_again_on = TODAY
    desk_page = browser.get("/staff").text
    assert "1 thing in the library is to be looked at again" in desk_page
    assert "1 thing in the library" in browser.get("/staff/library").text
    assert "Due since May 1, 2030" in browser.get("/staff/library/due").text
    path = f"{LIST}/{number}"
    page = browser.get(path).text
    assert "Not checked since it was written" in page
    answer = browser.post(f"{path}/check", data=fields_of(page))
    assert said(browser, answer) == ["Noted: checked today, and nothing is changed."]
    assert "in the library" not in browser.get("/staff").text
    assert "Nothing is due." in browser.get("/staff/library/due").text
    public = app.test_client().get("/library/case-studies/dakota-911").text
    assert "Last checked: May 1, 2030" in public
    history = browser.get(f"/staff/history/case_study/{number}").text
    assert "Case study checked, nothing changed" in history


def test_a_retired_case_says_so_at_its_address_and_comes_back(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    path = f"{LIST}/{number_of(session, 'dakota-911')}"
    visitor = app.test_client()
    browser.post(f"{path}/retire", data=fields_of(browser.get(path).text))
    for address, status in (
        ("/library/case-studies/dakota-911", 410),
        ("/library/case-studies/dakota-911.ris", 410),
        ("/library/case-studies/dakota-911/what-became-of-it", 410),
    ):
        assert visitor.get(address).status_code == status
    assert (
        "No longer in the library"
        in visitor.get("/library/case-studies/dakota-911").text
    )
    assert "dakota-911" not in visitor.get("/library/case-studies?q=dakota").text
    assert "Retired" in browser.get(f"{LIST}?show=retired").text
    page = browser.get(path).text
    assert "Retired: no list shows it and no event suggests it." in page
    browser.post(f"{path}/bring-back", data=fields_of(page))
    assert visitor.get("/library/case-studies/dakota-911").status_code == 200


def test_what_goes_with_a_retired_case_does_not_lead_to_it(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    work = queries.get_citation(session, "b16").id
    session.rollback()
    ask(browser, f"/staff/library/bibliography/{work}", {"cases-0": "dakota-911"})
    page = app.test_client().get("/library/bibliography/b16").text
    assert "/library/case-studies/dakota-911" in page
    path = f"{LIST}/{number_of(session, 'dakota-911')}"
    browser.post(f"{path}/retire", data=fields_of(browser.get(path).text))
    page = app.test_client().get("/library/bibliography/b16").text
    assert "/library/case-studies/dakota-911" not in page
    form = browser.get(f"/staff/library/bibliography/{work}")
    assert "(retired)" in form.text
    assert fields_of(form.text)["cases-0"] == "dakota-911"  # it stays tied


def test_the_staff_s_list_is_searched_narrowed_and_of_few_statements(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    browser.get(LIST)
    with counted(app) as all_of_them:
        page = browser.get(LIST).text
    assert "44 case studies" in page
    with counted(app) as few:
        assert "1 case study" in browser.get(f"{LIST}?q=lemon+grove").text
    assert len(all_of_them) == len(few) <= 6
    assert "44 case studies" in browser.get(f"{LIST}?show=never").text
    assert "No case study fits." in browser.get(f"{LIST}?show=retired").text
    assert browser.get(f"{LIST}?after=nobody").status_code == 404


def test_nobody_but_staff_writes_case_studies(app: Flask, session: Session) -> None:
    member = app.test_client(user=make_account(session))
    for path in (LIST, NEW, f"{LIST}/1", "/staff/library/due"):
        assert member.get(path).status_code == 403
    assert member.post(f"{LIST}/1/check").status_code in {400, 403}
