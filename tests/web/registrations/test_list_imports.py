"""Files of registrations and presenters: columns, a look before, a report, an undo."""

import csv
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.audit.models import AuditEntry
from csd_events.core.access import Role
from csd_events.events.models import Event, EventQuestion, Presenter
from csd_events.events.rules import QuestionKind
from csd_events.imports import service as imports
from csd_events.imports.rules import RunState
from csd_events.outbox import service as outbox
from csd_events.registrations import queries, service
from csd_events.registrations.models import ListImport, Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import check_counters, importing
from tests.asking import ask, make_asking
from tests.desk import fields_of, said, staff_browser
from tests.factories import (
    DAY,
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.letters import by_address, deliver
from tests.sheets import plain
from tests.statements import counted
from tests.visitors import errors_on, heading, words

pytestmark = pytest.mark.usefixtures("now")

FILE = """\ufeffName;Email;Organization;State;Status
Ada Sample;ada@example.org;Town of Sample;Ohio;confirmed

Bo Sample;bo@example.org;City of Sample;TX;waiting
;cy@example.org;;;
Di Sample;not an address;;;
Ada Again;ADA@example.org;;;
Ed Sample;ed@example.org;;Narnia;
Fay Sample;fay@example.org;;;cancelled
"""


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", title="The talk")


def place(event: Event | None) -> str:
    return f"/staff/events/{event.id}/registrations" if event else "/staff/presenters"


def upload(
    browser: FlaskClient, event: Event | None, content: str | bytes
) -> TestResponse:
    path = f"{place(event)}/import"
    token = fields_of(browser.get(path).text)
    raw = content.encode() if isinstance(content, str) else content
    data = token | {"file": (BytesIO(raw), "people.csv")}
    return browser.post(path, data=data, content_type="multipart/form-data")


def go(app: Flask) -> None:
    errand = dict(app.extensions["csd_errands"])["lists"]
    with app.app_context():
        for _ in range(30):
            errand(NOON)


def compared(
    app: Flask,
    browser: FlaskClient,
    event: Event | None,
    content: str | bytes,
    **typed: Any,
) -> str:
    """Upload a file and take the columns as they are guessed; return where it is."""
    path = upload(browser, event, content).location
    page = browser.get(path)
    assert page.status_code == 200
    answer = browser.post(path, data=fields_of(page.text) | typed)
    assert answer.status_code == 303, words(answer)
    go(app)
    return answer.location


def press(browser: FlaskClient, path: str, deed: str) -> TestResponse:
    token = fields_of(browser.get(path).text)
    return browser.post(f"{path}/{deed}", data=token)


def imported(app: Flask, browser: FlaskClient, path: str) -> str:
    press(browser, path, "confirm")
    go(app)
    return words(browser.get(path))


def rows(session: Session, event: Event) -> list[tuple[str, State]]:
    session.rollback()
    session.expire_all()
    found = select(Registration.full_name, Registration.state)
    mine = found.where(Registration.event_id == event.id).order_by(Registration.id)
    return [(name, state) for name, state in session.execute(mine)]


def report(browser: FlaskClient, path: str) -> list[list[str]]:
    answer = browser.get(f"{path}/report.csv")
    return list(csv.reader(answer.text.removeprefix("\ufeff").splitlines()))


def test_a_file_is_compared_imported_reported_and_undone(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    path = compared(app, browser, event, FILE)
    page = browser.get(path)
    assert heading(page) == "See what would change"
    assert "Nobody is mailed." in words(page)
    assert rows(session, event) == []
    assert [line[:3] for line in report(browser, path)[1:]] == [
        ["2", "New", "Taken in as the file says"],
        ["4", "New", "Joins the waiting list"],
        ["5", "Problems", "There is no name"],
        ["6", "Problems", "“not an address” is no email address"],
        ["7", "Problems", "Line 2 says the same person"],
        ["8", "Problems", "“Narnia” is no U.S. state"],
        ["9", "Problems", "Cancelled: nobody is registered to be cancelled"],
    ]
    assert "Imported" in imported(app, browser, path)
    assert rows(session, event) == [
        ("Ada Sample", State.CONFIRMED),
        ("Bo Sample", State.WAITING),
    ]
    assert deliver(app) == []
    press(browser, path, "undo")
    go(app)
    assert "2 lines were taken back." in words(browser.get(path))
    assert {state for _name, state in rows(session, event)} == {State.CANCELLED}
    assert deliver(app) == []
    assert check_counters(session) == []
    trail = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == "list_import")
        .order_by(AuditEntry.id)
    ).all()
    assert [(entry.action, entry.changes["to_do"]) for entry in trail] == [
        ("list_import.done", 2),
        ("list_import.undone", 2),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "Name,Email\nJosé Núñez,j@example.org\n",
        "\ufeffName;Email\r\n\r\n;\r\nJosé Núñez;j@example.org\r\n",
        "Name\tE-Mail\nJosé Núñez\tj@example.org\n",
        "First name,Last name,Email address\nJosé,Núñez,j@example.org\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_files_are_read_as_spreadsheets_write_them(
    app: Flask,
    browser: FlaskClient,
    session: Session,
    event: Event,
    content: str,
    encoding: str,
) -> None:
    if encoding != "utf-8":
        content = content.removeprefix("\ufeff")
    path = compared(app, browser, event, content.encode(encoding))
    imported(app, browser, path)
    assert rows(session, event) == [("José Núñez", State.CONFIRMED)]


def test_what_is_not_taken_in_is_named_before_and_after_it_is_compared(
    app: Flask, browser: FlaskClient, event: Event
) -> None:
    content = "Name,Email,Shoe,Hat\nAda,ada@example.org,42,7\n"
    asked = browser.get(upload(browser, event, content).location)
    assert (
        "Nothing of these columns is taken in, unless you choose them below: Shoe, Hat"
        in words(asked)
    )
    assert "Forget this file" in words(asked)
    path = compared(app, browser, event, content, organization="3")
    assert "Nothing of these columns is taken in: Shoe" in words(browser.get(path))


def test_a_line_is_told_of_all_that_is_wrong_with_it(
    app: Flask, browser: FlaskClient, event: Event
) -> None:
    """The second of two lines without an address comes in another piece of the work."""
    others = "".join(f"Bo Sample;bo{n}@example.org;;\n" for n in range(260))
    lines = f"Name;Email;State;Status\n;;Narnia;who knows\n{others}Cy;;;\n"
    lines += "Di;di@example.org;Narnia;\nDi;di@example.org;;\n"
    path = compared(app, browser, event, lines)
    told = {line[0]: line[2] for line in report(browser, path)[1:]}
    assert told["2"] == (
        "“who knows” is neither confirmed nor waiting; There is no name; "
        "There is no email address; “Narnia” is no U.S. state"
    )
    assert told["263"] == "There is no email address"
    assert told["265"] == "Taken in as the file says"  # the line before it is left out
    assert told["2"] in words(browser.get(path))


def test_our_own_sheet_is_taken_in_at_another_event(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    first = make_asking(session, ask(QuestionKind.ONE, "Way", choices=("Car", "Bus")))
    (question,) = first.questions
    path = compared(
        app,
        browser,
        first,
        "Name,Email,Way\nAda,ada@example.org,bus\nBo,b@example.org,boat\n",
    )
    assert "The question does not take this: Way: boat" in words(browser.get(path))
    imported(app, browser, path)
    session.rollback()
    made = session.scalars(select(Registration.id)).one()
    answers = queries.list_answers(session, [made])[made]
    assert [(each.question_id, each.value) for each in answers] == [
        (question.id, "Bus")
    ]
    sheet = browser.get(f"{place(first)}.xlsx").data
    other = make_event(session, slug="other")
    path = compared(app, browser, other, sheet)
    imported(app, browser, path)
    assert rows(session, other) == [("Ada", State.CONFIRMED)]


def test_with_the_mail_each_is_told_and_the_undo_keeps_who_was(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    path = compared(app, browser, event, FILE, tell="y")
    assert "Each who is new gets the mail that says so." in words(browser.get(path))
    imported(app, browser, path)
    assert sorted(by_address(deliver(app))) == ["ada@example.org", "bo@example.org"]
    press(browser, path, "undo")
    go(app)
    page = words(browser.get(path))
    assert "0 lines were taken back." in page
    assert "2 lines stay." in page
    assert page.count("A mail about it has left: it stays.") == 2
    assert [state for _name, state in rows(session, event)] == [
        State.CONFIRMED,
        State.WAITING,
    ]


def test_mail_that_has_not_left_does_not_leave_after_the_undo(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    path = compared(app, browser, event, FILE, tell="y")
    imported(app, browser, path)
    press(browser, path, "undo")
    go(app)
    assert "2 lines were taken back." in words(browser.get(path))
    assert deliver(app) == []


def test_who_has_acted_since_stays_and_the_report_names_the_line(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    path = compared(app, browser, event, FILE)
    imported(app, browser, path)
    bo = select(Registration.id).where(Registration.full_name == "Bo Sample")
    session.rollback()
    made = session.scalars(bo).one()
    with writing(session):
        service.give_place(
            session, made, now=NOON, actor_id=None, beyond=False, tell=False
        )
    press(browser, path, "undo")
    go(app)
    assert "Somebody has done something with it since: it stays." in words(
        browser.get(path)
    )
    assert rows(session, event) == [
        ("Ada Sample", State.CANCELLED),
        ("Bo Sample", State.CONFIRMED),
    ]
    (line,) = [line for line in report(browser, path) if line[3].startswith("Somebody")]
    assert line[0] == "4"
    assert check_counters(session) == []


def test_the_look_says_how_many_places_are_left_for_those_in_the_file(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, capacity=1001)
    people = [f"P {n},p{n}@example.org" for n in range(1001)]
    waits = "joins the waiting list"
    for more, said_of_it in (
        ([], f"Where all places are taken they {waits.replace('joins', 'join')}."),
        (
            ["One More,more@example.org"],
            f"1,001 places are left: who comes after them in the file {waits}.",
        ),
    ):
        path = compared(app, browser, event, "\n".join(["Name,Email", *people, *more]))
        page = words(browser.get(path))
        assert said_of_it in page
        assert f"Import {1001 + len(more):,} lines" in page


@pytest.mark.parametrize(
    ("capacity", "said_of_it"),
    [
        (2, "58 of those who are new joined the waiting list."),
        (59, "1 of those who are new joined the waiting list."),
        (60, None),
    ],
)
def test_once_it_is_done_it_says_how_many_wait(
    app: Flask,
    browser: FlaskClient,
    session: Session,
    capacity: int,
    said_of_it: str | None,
) -> None:
    event = make_event(session, capacity=capacity)
    lines = "".join(f"P{n};p{n}@example.org\n" for n in range(60))
    path = compared(app, browser, event, f"Name;Email\n{lines}")
    assert "of those who are new" not in words(browser.get(path))
    page = imported(app, browser, path)
    assert (said_of_it or "") in page
    assert ("of those who are new" in page) == bool(said_of_it)


def test_the_same_file_once_more_says_above_all_that_nothing_would_change(
    app: Flask, browser: FlaskClient, event: Event
) -> None:
    content = "Name;Email\nAda Sample;ada@example.org\n"
    path = compared(app, browser, event, content)
    assert heading(browser.get(path)) == "See what would change"
    assert "Ready to import" in words(browser.get(f"{place(event)}/import"))
    imported(app, browser, path)
    page = browser.get(compared(app, browser, event, content))
    assert heading(page) == "Nothing would change"
    assert words(page).count("Nothing would change") == 1
    assert "Nothing to import" in words(page)
    so_far = words(browser.get(f"{place(event)}/import"))
    assert "Nothing to import" in so_far
    assert "Ready to import" not in so_far


def test_undoing_gives_no_place_to_those_who_are_undone_next(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, capacity=1)
    lines = "".join(f"P{n};p{n}@example.org\n" for n in range(60))
    path = compared(app, browser, event, f"Name;Email\n{lines}")
    imported(app, browser, path)
    press(browser, path, "undo")
    go(app)
    assert "60 lines were taken back." in words(browser.get(path))
    placed = select(func.count()).where(AuditEntry.action == "registration.promoted")
    assert session.scalar(placed) == 0
    assert {state for _name, state in rows(session, event)} == {State.CANCELLED}


def test_who_is_registered_already_stays_as_they_are(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event, full_name="Ada Known", email="ada@example.org")
    path = compared(app, browser, event, FILE)
    assert report(browser, path)[1][1:3] == [
        "Unchanged",
        "Registered already: stays as it is",
    ]
    imported(app, browser, path)
    assert rows(session, event)[0] == ("Ada Known", State.CONFIRMED)


def test_what_happened_after_the_look_is_a_problem_of_its_line(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    path = compared(app, browser, event, FILE)
    make_registration(session, event, full_name="Ada Quick", email="ada@example.org")
    page = imported(app, browser, path)
    assert "Was registered meanwhile: ada@example.org" in page
    assert rows(session, event) == [
        ("Ada Quick", State.CONFIRMED),
        ("Bo Sample", State.WAITING),
    ]


def test_progress_is_shown_and_goes_on_where_it_stopped(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    lines = "".join(f"P{n};p{n}@example.org\n" for n in range(80))
    path = compared(app, browser, event, f"Name;Email\n{lines}")
    press(browser, path, "confirm")
    session.rollback()
    made = session.scalars(select(ListImport.id)).one()
    with writing(session):
        importing.work_on(session, made, now=NOON)
    going = browser.get(path)
    assert "25 of 80 done (31 %)" in words(going)
    assert going.headers["Refresh"] == "2"
    assert len(rows(session, event)) == 25
    go(app)
    assert len(rows(session, event)) == 80


def test_only_what_stood_on_the_page_is_imported(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    """On another screen the columns were chosen anew, and mail with them."""
    path = compared(app, browser, event, FILE)
    shown = fields_of(browser.get(path).text)
    columns = fields_of(browser.get(f"{path}/columns").text)
    browser.post(f"{path}/columns", data=columns | {"tell": "y"})
    go(app)
    answer = browser.post(f"{path}/confirm", data=shown)
    assert said(browser, answer) == [
        "This import has moved on since. Here is how it stands."
    ]
    go(app)
    assert rows(session, event) == []


def test_who_is_named_in_the_trail_imported_or_undid_it(
    app: Flask, session: Session, browser: FlaskClient, event: Event
) -> None:
    others = [make_account(session, role=Role.SCHEDULER) for _ in range(2)]
    path = compared(app, browser, event, FILE)
    for person, deed in zip(others, ("confirm", "undo"), strict=True):
        press(app.test_client(user=person), path, deed)
        go(app)
    session.rollback()
    entries = select(AuditEntry.action, AuditEntry.actor_id).where(
        AuditEntry.action.startswith("list_import.")
    )
    assert session.execute(entries.order_by(AuditEntry.id)).all() == [
        ("list_import.done", others[0].person_id),
        ("list_import.undone", others[1].person_id),
    ]


def test_a_question_that_takes_other_answers_by_now_leaves_the_line_out(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    """Else the import would stop at it, however often staff let it go on."""
    how_far = ask(QuestionKind.ONE, "How far?", choices=("An idea", "Shared"))
    event = make_asking(session, how_far)
    file = "Name;Email;How far?\nAda;a@example.org;Shared\nBo;b@example.org;\n"
    path = compared(app, browser, event, file)
    with writing(session):
        question = session.scalars(select(EventQuestion)).one()
        question.choices = ["An idea", "Left"]
    assert "Imported" in imported(app, browser, path)
    assert [name for name, _state in rows(session, event)] == ["Bo"]
    assert [line[:2] for line in report(browser, path)[1:]] == [
        ["2", "Problems"],
        ["3", "New"],
    ]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["Ada\x07", "a@example.org"], "A character on this line cannot be read"),
        (["Ad\ufffd", "a@example.org"], "A character on this line cannot be read"),
        (["_x0000_Ada", "a@example.org"], "A character on this line cannot be read"),
        (["#N/A", "a@example.org"], "#N/A: the spreadsheet's formula finds nothing"),
    ],
)
def test_what_nobody_has_typed_registers_nobody(
    app: Flask, browser: FlaskClient, event: Event, cells: list[str], why: str
) -> None:
    file = plain([["Name", "Email"], cells, ["Bo", "b@example.org"]])
    if "\x07" in cells[0]:  # which no workbook can hold as it is
        file = "\n".join(["Name,Email", ",".join(cells), "Bo,b@example.org"]).encode()
    path = compared(app, browser, event, file)
    assert [line[:3] for line in report(browser, path)[1:]] == [
        ["2", "Problems", why],
        ["3", "New", "Taken in as the file says"],
    ]


def test_an_undo_that_stopped_counts_what_it_had_done(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    lines = "".join(f"P{n};p{n}@example.org\n" for n in range(30))
    path = compared(app, browser, event, f"Name;Email\n{lines}")
    imported(app, browser, path)
    press(browser, path, "undo")
    session.rollback()
    made = session.scalars(select(ListImport.id)).one()
    with writing(session):
        importing.work_on(session, made, now=NOON)
    with writing(session):
        row = session.get_one(ListImport, made, populate_existing=True)
        row.counts = row.counts | {"failed_in": row.state.value}
        row.state = RunState.FAILED
    press(browser, path, "undo")
    assert "25 of 30 done (83 %)" in words(browser.get(path))
    go(app)
    assert "30 lines were taken back." in words(browser.get(path))


def test_the_work_begins_at_once(
    app: Flask, browser: FlaskClient, event: Event
) -> None:
    path = compared(app, browser, event, FILE)
    outbox.BELL.clear()
    press(browser, path, "confirm")
    assert outbox.BELL.is_set()


def test_nothing_of_a_file_that_is_dropped_is_kept(
    browser: FlaskClient, app: Flask, session: Session, event: Event
) -> None:
    path = compared(app, browser, event, FILE)
    answer = press(browser, path, "drop")
    assert said(browser, answer) == ["The file is forgotten. Nothing was changed."]
    session.rollback()
    assert session.scalar(select(func.count(ListImport.id))) == 0


def test_an_import_is_found_at_its_own_event_alone(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    path = compared(app, browser, event, FILE)
    other = make_event(session, slug="other")
    assert browser.get(path.replace(place(event), place(other))).status_code == 404
    assert browser.get(path.replace(place(event), place(None))).status_code == 404


def test_the_files_so_far_are_those_of_the_event(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    other = make_event(session, slug="other")
    compared(app, browser, event, FILE)
    shown = [
        "people.csv" in words(browser.get(f"{place(each)}/import"))
        for each in (event, other, None)
    ]
    assert shown == [True, False, False]


def test_a_line_that_is_not_compared_yet_is_not_in_the_report(
    browser: FlaskClient, event: Event
) -> None:
    path = upload(browser, event, FILE).location.removesuffix("/columns")
    assert report(browser, path) == [
        ["Line", "Result", "What", "Undone", "Cells of the file"]
    ]


@pytest.mark.parametrize("place", ["-1", "one", "1000", "9" * 5000])
def test_a_column_that_no_file_has_is_none(
    browser: FlaskClient, event: Event, place: str
) -> None:
    path = upload(browser, event, FILE).location
    typed = fields_of(browser.get(path).text)
    answer = browser.post(path, data=typed | {"full_name": place})
    assert answer.status_code == 422
    assert "Choose the column of the names" in words(answer)


def test_a_file_without_names_or_addresses_says_what_is_missing(
    browser: FlaskClient, event: Event
) -> None:
    path = upload(browser, event, "a;b\n1;2\n").location
    answer = browser.post(path, data=fields_of(browser.get(path).text))
    assert answer.status_code == 422
    assert "Choose the column of the names" in words(answer)
    assert errors_on(upload(browser, event, b"%PDF-1.7")) != {}
    alone = errors_on(upload(browser, event, "Name,Email\n"))
    assert alone == {"file": "This file has no lines below its headings"}


PRESENTERS = "Name,Title,Organization,Bio\nAda,Chief,Town,Digs wells\nBo,,City,\n"


def presenters(session: Session) -> list[tuple[str, str, str]]:
    session.rollback()
    session.expire_all()
    found = select(Presenter).order_by(Presenter.full_name)
    return [(p.full_name, p.title, p.about) for p in session.scalars(found)]


def test_presenters_come_from_a_file_and_go_with_its_undo(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    assert "Presenters from a file" in words(browser.get("/staff/presenters"))
    path = compared(app, browser, None, PRESENTERS)
    imported(app, browser, path)
    known = [("Ada", "Chief", "Digs wells"), ("Bo", "", "")]
    assert presenters(session) == known
    again = compared(app, browser, None, PRESENTERS.replace("Chief", "Mayor"))
    assert "Job title: Chief → Mayor" in words(browser.get(again))
    imported(app, browser, again)
    assert presenters(session)[0] == ("Ada", "Mayor", "Digs wells")
    press(browser, path, "undo")
    go(app)
    assert "Somebody has done something with it since" in words(browser.get(path))
    assert [each[0] for each in presenters(session)] == ["Ada"]
    press(browser, again, "undo")
    go(app)
    assert presenters(session) == known[:1]


def test_a_file_brings_the_addresses_of_presenters_and_names_a_wrong_one(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    sheet = (
        "Presenter,Email,Phone\nCy,cy@example.org,+1 555 010 0199\nDee,not an address\n"
    )
    path = compared(app, browser, None, sheet)
    assert "not an address" in words(browser.get(path))
    imported(app, browser, path)
    session.rollback()
    session.expire_all()
    found = [
        (p.full_name, p.email, p.telephone) for p in session.scalars(select(Presenter))
    ]
    assert found == [("Cy", "cy@example.org", "+1 555 010 0199")]


def test_old_files_are_forgotten(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    compared(app, browser, event, FILE)
    done = compared(app, browser, event, FILE)
    imported(app, browser, done)
    with writing(session):
        imports.forget_old(session, ListImport, now=NOON + 40 * DAY)
    session.rollback()
    assert session.scalar(select(func.count(ListImport.id))) == 1
    page = words(browser.get(done))
    assert "Undo this import" not in page
    assert "Download the report" not in page


@pytest.mark.parametrize("errand", ["lists", "imports"])
def test_an_idle_errand_asks_once(app: Flask, errand: str) -> None:
    with app.app_context(), counted(app) as idle:
        dict(app.extensions["csd_errands"])[errand](NOON)
    assert len(idle) == 1


def test_a_biography_that_is_too_long_is_said_to_be_and_never_cut(
    app: Flask, browser: FlaskClient
) -> None:
    file = f"Name,Bio\nAda,{'word ' * 4_001}\nBo,{'word ' * 3_999}\n"
    path = compared(app, browser, None, file)
    assert [line[:2] for line in report(browser, path)[1:]] == [
        ["2", "Problems"],
        ["3", "New"],
    ]
