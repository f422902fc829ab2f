"""Tell us what became of it: what readers write of a case study, and staff read."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.audit.models import AuditEntry
from csd_events.library import queries
from csd_events.library.models import CaseNote
from csd_events.library.service import Told, built_in_document, import_cases, tell
from csd_events.library.service.notes import NOTES_AN_HOUR
from tests.desk import errors_in, fields_of, said, send, staff_browser
from tests.factories import NOON, writing
from tests.library import look_again

pytestmark = pytest.mark.usefixtures("now")

CASE = "/library/case-studies/dakota-911"
TELL = f"{CASE}/what-became-of-it"
NOTES = "/staff/library/notes"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def filled(session: Session) -> Session:
    with writing(session):
        import_cases(session, built_in_document())
    return session


def notes(session: Session) -> list[CaseNote]:
    look_again(session)
    return list(session.scalars(select(CaseNote).order_by(CaseNote.id)))


def write(browser: FlaskClient, words: str, email: str = "") -> TestResponse:
    token = fields_of(browser.get(TELL).text)["csrf_token"]
    typed = {"csrf_token": token, "words": words, "email": email}
    return browser.post(TELL, data=typed, environ_overrides=ELSEWHERE)


def told(session: Session, words: str = "It ended.") -> CaseNote:
    with writing(session):
        note = Told(words, "reader@example.org")
        tell(session, "dakota-911", note, now=NOON, network_address=None)
    return notes(session)[-1]


def test_a_reader_says_what_became_of_it_and_no_page_shows_it(
    client: FlaskClient, filled: Session
) -> None:
    assert f'href="{TELL}"' in client.get(CASE).text
    answer = send(client, TELL, {"words": "It ended.\nSadly.", "email": ""})
    assert (answer.status_code, answer.location) == (303, f"{TELL}?told=1")
    assert "Thank you" in client.get(answer.location).text
    (note,) = notes(filled)
    assert (note.case_id, note.words, note.email) == (
        "dakota-911",
        "It ended.\nSadly.",
        "",
    )
    assert "It ended" not in client.get(CASE).text
    assert "It ended" not in client.get("/library/search?q=sadly").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"words": " "}, "Say what you know of it"),
        ({"words": "x" * 4001}, "4000"),
        ({"words": "It ended.", "email": "nobody"}, "email"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    client: FlaskClient, filled: Session, typed: dict[str, str], words: str
) -> None:
    answer = send(client, TELL, typed)
    assert answer.status_code == 422
    assert words in " ".join(errors_in(answer))
    assert notes(filled) == []


def test_one_network_writes_so_many_notes_an_hour_and_no_more(
    client: FlaskClient, filled: Session
) -> None:
    codes = [write(client, f"{n}").status_code for n in range(NOTES_AN_HOUR + 1)]
    assert codes == [303] * NOTES_AN_HOUR + [429]
    assert len(notes(filled)) == NOTES_AN_HOUR


def test_a_case_there_is_not_takes_no_note(
    client: FlaskClient, filled: Session
) -> None:
    path = "/library/case-studies/no-such-case/what-became-of-it"
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_staff_read_a_note_and_say_that_they_checked_the_case(
    app: Flask, client: FlaskClient, filled: Session
) -> None:
    note, staff = told(filled, "It <b>ended</b>."), staff_browser(app, filled)
    page = staff.get(NOTES).text
    assert "It &lt;b&gt;ended&lt;/b&gt;." in page
    assert 'href="mailto:reader@example.org"' in page
    assert "Last checked: never" in re.sub(r"\s+", " ", client.get(CASE).text)
    token = fields_of(page)["csrf_token"]
    data = {"csrf_token": token, "checked": "1"}
    for _again in range(2):
        done = staff.post(f"{NOTES}/{note.id}/answer", data=data)
        assert (done.status_code, said(staff, done)) == (303, ["Done."])
    assert "ended" not in staff.get(NOTES).text
    assert "ended" in staff.get(f"{NOTES}?show=done").text
    assert "Last checked: May 1, 2030." in client.get(CASE).text
    (entry,) = filled.scalars(
        select(AuditEntry).where(AuditEntry.action == "case_note.answered")
    )
    assert entry.subject_id == note.id
    assert entry.changes == {
        "case": [None, queries.get_case(filled, "dakota-911").title],
        "checked_on": [None, "2030-05-01"],
    }


def test_a_note_may_be_done_without_the_case_being_checked(
    app: Flask, client: FlaskClient, filled: Session
) -> None:
    note, staff = told(filled), staff_browser(app, filled)
    token = fields_of(staff.get(NOTES).text)["csrf_token"]
    staff.post(f"{NOTES}/{note.id}/answer", data={"csrf_token": token})
    assert notes(filled)[0].answered_at == NOON
    assert "Last checked: never" in re.sub(r"\s+", " ", client.get(CASE).text)
    gone = staff.post(f"{NOTES}/999/answer", data={"csrf_token": token})
    assert gone.status_code == 404


def test_notes_are_read_a_page_at_a_time(app: Flask, filled: Session) -> None:
    for number in range(queries.notes.PAGE + 1):
        told(filled, f"Note {number}.")
    staff = staff_browser(app, filled)
    html = staff.get(NOTES).text
    assert ("Note 25." in html, "Note 0." in html) == (True, False)
    (older,) = re.findall(r'rel="next" href="([^"]+)"', html)
    assert "Note 0." in staff.get(older.replace("&amp;", "&")).text
