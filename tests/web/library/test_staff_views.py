"""The library as staff keep it."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.audit.models import AuditEntry
from csd_events.library import queries, service
from csd_events.library.models import Publication
from csd_events.library.service import Desk, built_in_document, import_cases
from tests.desk import errors_in, fields_of, said, staff_browser, summary_of
from tests.factories import make_account, writing
from tests.library import (
    look_again,
    make_citation,
    make_desk,
    make_draft,
    make_publication,
)

pytestmark = pytest.mark.usefixtures("now")

NEW = "/staff/library/publications/new"
NEW_WORK = "/staff/library/bibliography/new"
TYPED: dict[str, Any] = {
    "title": "Sharing a mower",
    "summary": "What two towns learned.",
    "kind": "slides",
    "published_on-month": "5",
    "published_on-day": "1",
    "published_on-year": "2030",
}
WORK: dict[str, Any] = {
    "authors": "Bel, G., and Warner, M. E.",
    "year": "2015",
    "title": "Cooperation and costs",
    "publication": "Public Administration",
    "topics": ["cost", "evidence"],
    "address": "https://example.org/paper",
}


@pytest.fixture
def desk(app: Flask) -> Desk:
    return make_desk(Path(app.config["FILES_FOLDER"]))


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    import_cases(session, {**built_in_document(), "bibliography": []})
    session.commit()
    return staff_browser(app, session)


def send(
    browser: FlaskClient, path: str, typed: dict[str, Any] | None = None
) -> TestResponse:
    """Open the form of a page, type into it and send it."""
    page = browser.get(path)
    assert page.status_code == 200
    data = fields_of(page.text) | (typed or {})
    return browser.post(path, data={k: v for k, v in data.items() if v is not None})


def a_file(content: bytes = b"Words.", name: str = "mower.txt") -> tuple[BytesIO, str]:
    return BytesIO(content), name


def edit_path(row: Publication) -> str:
    return f"/staff/library/publications/{row.id}"


def actions(session: Session) -> list[str]:
    look_again(session)
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_publication_is_written_and_published_with_its_file(
    browser: FlaskClient, session: Session
) -> None:
    answer = send(
        browser,
        NEW,
        TYPED | {"file": a_file(), "areas": ["police"], "cases-0": "dakota-911"},
    )
    assert (answer.status_code, said(browser, answer)) == (303, ["Saved."])
    row = queries.get_publication(session, "sharing-a-mower")
    assert (row.area_ids, [each.case_id for each in row.cases]) == (
        ["police"],
        ["dakota-911"],
    )
    page = browser.get("/library/publications/sharing-a-mower").text
    assert "plain text, 6 bytes" in page
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.changes["kind"], entry.actor_id is not None) == (
        "publication.added",
        [None, "slides"],
        True,
    )


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(
    browser: FlaskClient, session: Session
) -> None:
    answer = send(
        browser, NEW, TYPED | {"title": "", "file": a_file(), "topics": ["rural"]}
    )
    assert (answer.status_code, errors_in(answer)) == (422, ["Enter a title"])
    assert summary_of(answer) == ["Enter a title"]
    assert "<title>Error: New publication" in answer.text
    assert "Choose the file again: your browser does not keep it." in answer.text
    kept = fields_of(answer.text)
    assert (kept["summary"], kept["kind"], kept["published_on-year"]) == (
        "What two towns learned.",
        "slides",
        "2030",
    )
    assert queries.list_slugs(session) == frozenset()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Nothing is published without a file. Leave this empty and add a file"),
        ({"file": a_file(b"<svg/>")}, "We do not take what is in this file. Choose a"),
        ({"file": a_file(b"")}, "This file is empty. Choose another one"),
        (
            {"file": a_file(), "published_on-day": "2"},
            "Enter today or an earlier day; empty is a draft",
        ),
        (
            {"file": a_file(), "published_on-day": "32"},
            "There is no such day. Check month, day and year",
        ),
        (
            {
                "file": a_file(),
                "look_again_on-month": "5",
                "look_again_on-day": "1",
                "look_again_on-year": "2030",
            },
            "Enter a day after the one it is published on",
        ),
        ({"file": a_file(), "kind": "film"}, "Choose one from the list"),
        ({"file": a_file(), "areas": ["moon"]}, "Choose from the list"),
        ({"file": a_file(), "cases-0": "no-such-case"}, "Choose one from the list"),
    ],
)
def test_what_does_not_fit_is_said_in_one_place(
    browser: FlaskClient, session: Session, typed: dict[str, Any], words: str
) -> None:
    sent = {
        k: (BytesIO(v[0].getvalue()), v[1]) if k == "file" else v
        for k, v in typed.items()
    }
    answer = send(browser, NEW, TYPED | sent)
    assert answer.status_code == 422
    (found,) = errors_in(answer)
    assert found.startswith(words)
    assert queries.list_slugs(session) == frozenset()


def test_more_than_is_taken_is_refused_before_it_is_read(
    browser: FlaskClient, session: Session
) -> None:
    answer = browser.post(
        NEW,
        data=b"--x\r\n" + b"x" * (23 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
    )
    assert (answer.status_code, "That is too much at once" in answer.text) == (
        413,
        True,
    )


def test_a_list_of_case_studies_grows_and_nothing_is_saved(
    browser: FlaskClient, session: Session
) -> None:
    typed = TYPED | {"more": "cases", "cases-0": "dakota-911"}
    answer = send(browser, NEW, typed)
    kept = fields_of(answer.text)
    assert (answer.status_code, kept["cases-0"], kept["cases-1"]) == (
        200,
        "dakota-911",
        "",
    )
    assert queries.list_slugs(session) == frozenset()


def test_a_publication_is_edited_and_its_address_stays(
    browser: FlaskClient, session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk, areas=("police",))
    answer = send(browser, edit_path(row), {"title": "Sharing two mowers"})
    assert said(browser, answer) == ["Saved."]
    assert actions(session) == ["publication.added", "publication.saved"]
    found = queries.get_publication(session, "sharing-a-mower")
    assert (found.title, found.area_ids) == ("Sharing two mowers", ["police"])


def test_opening_and_saving_a_form_changes_nothing(
    browser: FlaskClient, session: Session, desk: Desk
) -> None:
    row = make_publication(
        session,
        desk,
        areas=("fire_ems", "police"),
        topics=("rural", "start_up"),
        form="public_private",
        cases=("dakota-911", "troy-building"),
    )
    send(
        browser,
        edit_path(row),
        {"areas": ["fire_ems", "police"], "topics": ["rural", "start_up"]},
    )
    assert actions(session) == ["publication.added"]


def test_who_saves_over_somebody_else_is_told_and_loses_nothing(
    browser: FlaskClient, session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk)
    form = fields_of(browser.get(edit_path(row)).text)
    with writing(session):
        service.save_publication(
            session, row.id, make_draft(title="Theirs"), desk, version=1
        )
    first = browser.post(edit_path(row), data=form | {"title": "Mine"})
    again = fields_of(first.text)
    assert (first.status_code, again["title"]) == (409, "Mine")
    assert "Somebody else saved this meanwhile" in first.text
    assert "Title, as they saved it" in first.text
    look_again(session)
    assert queries.get_publication_by_id(session, row.id).title == "Theirs"
    browser.post(edit_path(row), data=again)
    look_again(session)
    assert queries.get_publication_by_id(session, row.id).title == "Mine"


def test_a_version_is_added_with_what_changed(
    browser: FlaskClient, session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk)
    path = f"{edit_path(row)}/versions"
    answers = [
        send(browser, path),
        send(browser, path, {"file": a_file(b"Better.")}),
        send(browser, path, {"file": a_file(), "note": "The same"}),
    ]
    assert [each.status_code for each in answers] == [422, 422, 422]
    assert [errors_in(each) for each in answers] == [
        ["Choose a file"],
        ["Say what changed, for those who have the last one"],
        ["This is the file of the current version. Choose another"],
    ]
    assert fields_of(answers[2].text)["note"] == "The same"
    done = send(browser, path, {"file": a_file(b"Better."), "note": "Better words."})
    assert said(browser, done) == ["Version 2 is the current one now."]
    page = browser.get("/library/publications/sharing-a-mower").text
    assert "New in it: Better words." in page


def test_a_publication_is_retired_for_another_and_brought_back(
    browser: FlaskClient, client: FlaskClient, session: Session, desk: Desk
) -> None:
    old, new = (make_publication(session, desk, title=t) for t in ("Old", "New one"))
    page = browser.get(f"{edit_path(old)}/retire").text
    assert re.findall(r'<option value="(\d*)"', page) == ["", str(new.id)]
    send(browser, f"{edit_path(old)}/retire", {"successor_id": str(new.id)})
    gone = client.get("/library/publications/old")
    assert (gone.status_code, "New one" in gone.text) == (410, True)
    token = fields_of(browser.get(edit_path(old)).text)["csrf_token"]
    browser.post(f"{edit_path(old)}/bring-back", data={"csrf_token": token})
    assert client.get("/library/publications/old").status_code == 200


def test_the_list_marks_what_is_past_its_day(
    browser: FlaskClient, session: Session, desk: Desk
) -> None:
    make_publication(session, desk, title="Due", look_again_on=desk.today, file=None)
    make_publication(session, desk, title="Fresh")
    page = browser.get("/staff/library").text
    assert page.count("Due since May 1, 2030") == 1
    assert "2 publications" in page
    assert "1 publication<" in browser.get("/staff/library?show=due").text
    assert "No publication fits." in browser.get("/staff/library?q=zebra").text


def test_a_work_is_added_edited_retired_and_brought_back(
    browser: FlaskClient, session: Session
) -> None:
    made = send(browser, NEW_WORK, WORK)
    assert said(browser, made) == ["Saved."]
    send(browser, made.location, {"year": "", "topics": ["cost"]})
    look_again(session)
    row = queries.get_citation(session, "cooperation-and-costs")
    assert (row.year, row.topic_ids) == (None, ["cost"])
    token = fields_of(browser.get(made.location).text)["csrf_token"]
    browser.post(f"{made.location}/retire", data={"csrf_token": token})
    browser.post(f"{made.location}/bring-back", data={"csrf_token": token})
    assert actions(session) == [
        "citation.added",
        "citation.saved",
        "citation.retired",
        "citation.brought_back",
    ]
    saved = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "citation.saved")
    ).one()
    assert saved.changes == {
        "year": [2015, None],
        "topics": [["cost", "evidence"], ["cost"]],
    }


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "Enter a title"),
        ({"publication": ""}, "Say where it was published"),
        ({"year": "last year"}, "Year must be 4 characters or fewer"),
        ({"year": "15"}, "Enter the year with four digits, such as 2014"),
        ({"year": "9999"}, "Enter the year with four digits, such as 2014"),
        (
            {"address": "javascript:alert(1)"},
            "Enter an address that begins with https:// or http://",
        ),
        ({"topics": ["moons"]}, "Choose from the list"),
    ],
)
def test_a_work_that_does_not_fit_says_why_and_keeps_the_rest(
    browser: FlaskClient, session: Session, typed: dict[str, Any], words: str
) -> None:
    answer = send(browser, NEW_WORK, WORK | typed)
    assert (answer.status_code, errors_in(answer)) == (422, [words])
    assert fields_of(answer.text)["authors"] == "Bel, G., and Warner, M. E."
    assert queries.list_citation_keys(session) == frozenset()


def test_a_work_of_a_file_says_what_editing_means(
    browser: FlaskClient, session: Session
) -> None:
    import_cases(session, built_in_document())
    session.commit()
    theirs = queries.get_citation(session, "b16").id
    ours = make_citation(session).id
    page = browser.get(f"/staff/library/bibliography/{theirs}").text
    assert "This entry came with a file." in page
    assert "Importing a file leaves it as it is." in (
        browser.get(f"/staff/library/bibliography/{ours}").text
    )


def test_nobody_but_staff_enters_or_sends(
    app: Flask, session: Session, desk: Desk
) -> None:
    row, work = make_publication(session, desk), make_citation(session)
    member = app.test_client(user=make_account(session))
    paths = [
        "/staff/library",
        NEW,
        edit_path(row),
        f"{edit_path(row)}/versions",
        f"{edit_path(row)}/retire",
        "/staff/library/bibliography",
        NEW_WORK,
        f"/staff/library/bibliography/{work.id}",
    ]
    assert {path: member.get(path).status_code for path in paths} == dict.fromkeys(
        paths, 403
    )
    assert member.post(NEW, data={"file": a_file()}).status_code == 403


def test_a_view_that_asks_for_no_file_takes_none(
    browser: FlaskClient, session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk)
    answer = browser.post(edit_path(row), data={"file": a_file()})
    assert answer.status_code == 400


def test_what_is_not_there_is_not_found(browser: FlaskClient) -> None:
    paths = [
        "/staff/library/publications/99",
        "/staff/library/publications/99/versions",
        "/staff/library/publications/99/retire",
        "/staff/library/bibliography/99",
    ]
    assert [browser.get(path).status_code for path in paths] == [404] * 4
