"""All of the library as files, and files that are taken in."""

import csv
import io
import json
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.audit.models import AuditEntry
from csd_events.library import queries, service
from csd_events.library.models import CaseStudy, LibraryEntry, LibraryImport
from csd_events.library.service import Desk, built_in_document, import_cases
from tests.desk import errors_in, fields_of, said, staff_browser
from tests.factories import NOON, make_account, writing
from tests.library import (
    look_again,
    make_case_draft,
    make_desk,
    make_publication,
    make_work,
)

pytestmark = pytest.mark.usefixtures("now")

PAGE = "/staff/library/exchange"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return make_desk(Path(app.config["FILES_FOLDER"]))


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    import_cases(session, built_in_document())
    session.commit()
    return staff_browser(app, session)


def send(browser: FlaskClient, content: bytes, name: str) -> TestResponse:
    data = fields_of(browser.get(PAGE).text) | {"file": (io.BytesIO(content), name)}
    return browser.post(PAGE, data=data)


def send_json(browser: FlaskClient, document: Any) -> str:
    """Send a document and return the address of what it would do."""
    answer = send(browser, json.dumps(document).encode(), "library.json")
    assert answer.status_code == 303
    return answer.headers["Location"]


def press(browser: FlaskClient, page: str, button: str) -> TestResponse:
    return browser.post(f"{page}/{button}", data=fields_of(browser.get(page).text))


def fill_up(session: Session, desk: Desk) -> None:
    """Write, retire and tie things, as staff do."""
    with writing(session):
        row = session.get_one(CaseStudy, "dakota-911")
        service.retire_case(session, row.number, desk)
        draft = make_case_draft(title="=A formula", look_again_on=desk.today)
        service.add_case(session, draft, desk)
        work = make_work(authors="", year=None, address=None, cases=("troy-building",))
        added = service.add_citation(session, work, now=NOON, actor_id=None)
        service.retire_citation(session, added.id, now=NOON, actor_id=None)
    make_publication(session, desk)


def test_the_whole_library_goes_out_and_in_again_and_changes_nothing(
    app: Flask, browser: FlaskClient, session: Session, desk: Desk
) -> None:
    fill_up(session, desk)
    answer = browser.get("/staff/library/export.json")
    assert answer.mimetype == "application/json"
    document = json.loads(answer.data)
    assert [len(document[part]) for part in document] == [72, 45, 53, 1]
    assert document["publications"][0]["slug"] == "sharing-a-mower"
    page = send_json(browser, document)
    text = browser.get(page).text
    assert "Nothing would change." in text
    assert ">45<" in text


def test_what_went_out_fills_an_empty_library_with_how_it_is_kept(
    app: Flask, browser: FlaskClient, session: Session, desk: Desk
) -> None:
    fill_up(session, desk)
    document = json.loads(browser.get("/staff/library/export.json").data)
    look_again(session)
    kept = "number", "version"
    columns = [c for c in CaseStudy.__table__.columns if c.name not in kept]
    before = session.execute(select(*columns).order_by(CaseStudy.id)).all()
    found = select(LibraryEntry.key, LibraryEntry.body_words, LibraryEntry.shown)
    found = found.where(LibraryEntry.kind == "case_study").order_by(LibraryEntry.key)
    words = session.execute(found).all()
    with writing(session):
        for row in queries.list_with_cases(session):
            session.delete(row)
        session.flush()
        for case in queries.list_with_citations(session):
            session.delete(case)
        session.flush()
        for source in queries.list_sources(session):
            session.delete(source)
        session.execute(delete(LibraryEntry))
    look_again(session)
    with writing(session):
        report = import_cases(session, document)
    assert (report.cases.added, report.citations.added) == (45, 53)
    look_again(session)
    assert session.execute(select(*columns).order_by(CaseStudy.id)).all() == before
    assert session.execute(found).all() == words
    with writing(session):
        assert import_cases(session, built_in_document()).cases.kept == 0
    again = import_cases(session, document)
    assert (again.is_news, again.lines) == (False, [])


@pytest.mark.parametrize("part", ["case_studies", "sources", "bibliography"])
def test_each_table_goes_out_inert_and_in_again_and_changes_nothing(
    browser: FlaskClient, session: Session, desk: Desk, part: str
) -> None:
    fill_up(session, desk)
    answer = browser.get(f"/staff/library/export/{part}.csv")
    content = answer.data
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert not any(cell.startswith(("=", "+", "-", "@")) for r in rows for cell in r)
    sent = send(browser, content, f"{part}.csv")
    text = browser.get(sent.headers["Location"]).text
    assert "Nothing would change." in text
    assert "stop" not in text.partition("Nothing would change.")[0][-2000:]


def test_publications_go_out_as_a_table_and_are_not_taken_in(
    browser: FlaskClient, session: Session, desk: Desk
) -> None:
    make_publication(session, desk)
    content = browser.get("/staff/library/export/publications.csv").data
    assert b"mower.txt" in content
    sent = send(browser, content, "publications.csv")
    assert (
        "publications are not taken in from a file"
        in browser.get(sent.headers["Location"]).text
    )
    assert browser.get("/staff/library/export/people.csv").status_code == 404


def test_what_a_file_does_is_seen_first_then_done_as_it_was_seen(
    browser: FlaskClient, session: Session
) -> None:
    document = deepcopy(built_in_document())
    document["case_studies"][0]["title"] = "Zucchini together"
    page = send_json(browser, document)
    text = browser.get(page).text
    for words in ("What the file would do", "Zucchini together", "Take 1 change in"):
        assert words in text
    look_again(session)
    assert session.get_one(CaseStudy, "heartland-fire").title != "Zucchini together"
    answer = press(browser, page, "confirm")
    assert said(browser, answer) == ["Done. The library holds it."]
    look_again(session)
    assert session.get_one(CaseStudy, "heartland-fire").title == "Zucchini together"
    row = session.scalars(select(LibraryImport)).one()
    assert (row.document, row.done_at) == ({}, NOON)
    text = browser.get(page).text
    assert "What the file did" in text
    assert "Take 1 change in" not in text
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.changes["cases"]) == ("library_import.done", 1)
    session.rollback()
    browser.post(f"{page}/confirm", data=fields_of(browser.get(PAGE).text))
    assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_a_file_that_would_do_something_else_by_now_is_shown_again(
    browser: FlaskClient, session: Session, desk: Desk
) -> None:
    document = deepcopy(built_in_document())
    document["case_studies"][0]["title"] = "Zucchini together"
    page = send_json(browser, document)
    with writing(session):
        row = session.get_one(CaseStudy, "heartland-fire")
        service.save_case(
            session, row.number, make_case_draft(), desk, version=row.version
        )
    answer = press(browser, page, "confirm")
    assert said(browser, answer) == [
        "The library has changed since. See what the file would do by now."
    ]
    text = browser.get(page).text
    assert "Nothing would change." in text
    assert "Left as staff wrote it" in text
    look_again(session)
    assert session.get_one(CaseStudy, "heartland-fire").title == "Two towns, one mower"


def test_a_file_with_a_mistake_names_it_and_offers_no_button(
    browser: FlaskClient, session: Session
) -> None:
    document = deepcopy(built_in_document())
    document["case_studies"][1]["form"] = "a handshake"
    document["case_studies"][0]["title"] = "Zucchini together"
    page = send_json(browser, document)
    text = browser.get(page).text
    assert "case study 2 (north-coast-fire): form must be one of" in text
    assert "Zucchini together" in text
    assert "confirm" not in text
    answer = browser.post(f"{page}/confirm", data=fields_of(text))
    assert answer.status_code == 303
    look_again(session)
    assert session.get_one(CaseStudy, "heartland-fire").title != "Zucchini together"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"{", "a.json", "This file cannot be read as JSON"),
        (
            b"[" * 100_000,
            "deep.json",
            "This file cannot be read as JSON: it is nested too deeply, or a number in "
            "it is too long",
        ),
        (
            b'{"a": ' + b"9" * 5000 + b"}",
            "long.json",
            "This file cannot be read as JSON: it is nested too deeply, or a number in "
            "it is too long",
        ),
        (
            '{"a": "\u00e9"}'.encode("latin-1"),
            "latin.json",
            "This file cannot be read as JSON: its letters are not written in UTF-8",
        ),
        (b"", "a.csv", "This file is empty. Its first line names the columns"),
        (b"%PDF-1.7", "a.pdf", "This file cannot be read as a table."),
        (
            json.dumps({"case_studies": [0] * 5001}).encode(),
            "a.json",
            "This file holds more than 5,000 things.",
        ),
    ],
)
def test_a_file_that_is_none_is_answered_in_words(
    browser: FlaskClient, content: bytes, name: str, words: str
) -> None:
    answer = send(browser, content, name)
    assert answer.status_code == 422
    assert errors_in(answer)[0].startswith(words)


def test_a_file_in_another_unicode_is_read_as_what_it_is(browser: FlaskClient) -> None:
    document = json.dumps(built_in_document(), ensure_ascii=False)
    sent = send(browser, document.encode("utf-16"), "a.json")
    assert "Nothing would change." in browser.get(sent.location).text


def test_no_file_at_all_is_answered_in_words(browser: FlaskClient) -> None:
    answer = browser.post(PAGE, data=fields_of(browser.get(PAGE).text))
    assert errors_in(answer) == ["Choose a JSON, CSV or XLSX file"]


def test_a_file_is_forgotten_by_hand_or_after_a_week(
    browser: FlaskClient, session: Session
) -> None:
    page = send_json(browser, built_in_document())
    answer = press(browser, page, "drop")
    assert said(browser, answer) == ["The file is forgotten. Nothing was changed."]
    assert browser.get(page).status_code == 404
    send_json(browser, built_in_document())
    for days, left in ((7, 1), (8, 0)):
        with writing(session):
            service.forget_imports(session, now=NOON + timedelta(days=days))
        look_again(session)
        assert len(session.scalars(select(LibraryImport.id)).all()) == left
        session.rollback()


def test_nobody_but_staff_takes_the_library_along(app: Flask, session: Session) -> None:
    member = app.test_client(user=make_account(session))
    for path in (PAGE, "/staff/library/export.json", "/staff/library/imports/1"):
        assert member.get(path).status_code == 403
