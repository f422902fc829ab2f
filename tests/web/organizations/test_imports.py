"""The pages of an import: choose, match, look, import, watch, undo."""

import csv
import html
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from csd_events.core.db import transaction
from csd_events.imports import service as imports
from csd_events.imports.rules import RunState
from csd_events.organizations.models import ImportRun, Organization
from csd_events.organizations.rules import runs as pieces
from csd_events.organizations.service import importing
from csd_events.organizations.service.importing import things, working
from tests.desk import errors_in, fields_of, said, staff_browser
from tests.factories import DAY, NOON, make_account, make_person
from tests.importing import WHOLE, lines_of
from tests.sheets import plain
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")

NEW = "/staff/organizations/import"


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (working, things, pieces):
        monkeypatch.setattr(module, "PIECE", 2)


def upload(browser: FlaskClient, content: bytes, name: str = "m.csv") -> TestResponse:
    file = FileStorage(io.BytesIO(content), filename=name)
    sent = encode_multipart(fields_of(browser.get(NEW).text) | {"file": file})
    kind = f"multipart/form-data; boundary={sent[0]}"
    return browser.post(NEW, data=sent[1], content_type=kind)


def match(browser: FlaskClient, columns: str, **changed: str) -> TestResponse:
    return browser.post(columns, data=fields_of(browser.get(columns).text) | changed)


def press(browser: FlaskClient, run: str, what: str) -> TestResponse:
    return browser.post(f"{run}/{what}", data=sent_by(browser, run))


def sent_by(browser: FlaskClient, run: str) -> dict[str, str]:
    """Return what the buttons of a page send, or any of another page."""
    shown = fields_of(browser.get(run).text)
    return shown or fields_of(browser.get(NEW).text)


def turn(app: Flask, *, pieces: int = 1_000) -> None:
    """Let the loop work."""
    with app.app_context():
        for _ in range(pieces):
            with transaction() as session:
                if not importing.work(session, now=NOON):
                    return


def ready(app: Flask, browser: FlaskClient, content: str | bytes) -> str:
    """Upload a file, keep the columns that were guessed, and compare."""
    data = content.encode() if isinstance(content, str) else content
    answer = match(browser, upload(browser, data).location)
    turn(app)
    return str(answer.location)


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    return html.unescape(found[1]).strip() if found else ""


def numbers(page: str) -> list[str]:
    return [n.strip() for n in re.findall(r"<dd>\s*([\d,]+)\s*</dd>", page)]


def progress(page: str) -> str:
    found = re.search(r"<strong>(.*? done .*?)</strong>", page)
    return found[1] if found else ""


def names(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Organization.name).order_by(Organization.name)))


def test_a_file_goes_from_upload_to_undo(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    run = ready(app, browser, WHOLE)
    page = browser.get(run).text
    assert (heading(page), numbers(page)) == (
        "See what would change",
        ["4", "0", "0", "0"],
    )
    assert "Import 4 lines" in page
    assert names(session) == []

    assert press(browser, run, "confirm").location == run
    turn(app)
    assert heading(browser.get(run).text) == "Imported"
    assert names(session) == ["City of Sample", "Sample County"]

    assert press(browser, run, "undo").location == run
    turn(app)
    assert heading(browser.get(run).text) == "Undone"
    assert names(session) == []


@pytest.mark.usefixtures("small_pieces")
def test_a_reload_in_the_middle_shows_the_same(
    app: Flask, browser: FlaskClient
) -> None:
    run = str(match(browser, upload(browser, WHOLE.encode()).location).location)
    turn(app, pieces=1)
    first, second = browser.get(run), browser.get(run)
    assert progress(first.text) == progress(second.text) == "2 of 4 done (50 %)"
    assert first.headers["Refresh"] == "2"
    still = browser.get(f"{run}?still=1")
    assert ("Refresh" in still.headers, progress(still.text)) == (
        False,
        "2 of 4 done (50 %)",
    )
    turn(app, pieces=1)
    assert progress(browser.get(run).text) == "4 of 4 done (100 %)"
    turn(app, pieces=1)
    assert "Refresh" not in browser.get(run).headers


def test_columns_are_guessed_and_can_be_chosen_otherwise(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    columns = upload(browser, b"Place;Land\nCity of X;NC\n").location
    answer = match(browser, columns)
    assert (answer.status_code, "Choose at least a column" in answer.text) == (
        422,
        True,
    )
    twice = match(browser, columns, name="0", state="0")
    assert "Each column of the file can be used once" in html.unescape(twice.text)
    assert re.search(r'id="state".*?value="0" selected', twice.text, re.DOTALL)
    run = str(match(browser, columns, name="0", state="1").location)
    turn(app)
    press(browser, run, "confirm")
    turn(app)
    assert names(session) == ["City of X"]


def test_what_is_not_taken_in_is_named_before_and_after_it_is_compared(
    app: Flask, browser: FlaskClient
) -> None:
    columns = upload(browser, b"Organization,Shoe,,Hat\nCity of X,42,,7\n").location
    assert (
        "Nothing of these columns is taken in, unless you choose them below: Shoe, Hat"
        in words(browser.get(columns))
    )
    run = str(match(browser, columns, kind="3").location)
    turn(app)
    assert "Nothing of these columns is taken in: Shoe" in words(browser.get(run))
    run = ready(app, browser, "Organization\nCity of X\n")
    assert "Nothing of these columns" not in words(browser.get(run))


def test_a_wrong_file_can_be_forgotten_where_its_columns_are_asked(
    browser: FlaskClient, session: Session
) -> None:
    columns = str(upload(browser, b"Apples\n1\n").location)
    asked = browser.get(columns).text
    drop = f"{columns.removesuffix('/columns')}/drop"
    assert f'action="{drop}"' in asked
    browser.post(drop, data=fields_of(asked))
    assert session.scalars(select(ImportRun.id)).all() == []


def test_other_columns_can_be_chosen_after_the_differences_were_seen(
    app: Flask, browser: FlaskClient
) -> None:
    run = ready(app, browser, "Organization,Kind\nCity of X,castle\n")
    assert numbers(browser.get(run).text) == ["0", "0", "0", "1"]
    match(browser, f"{run}/columns", kind="")
    turn(app)
    assert numbers(browser.get(run).text) == ["1", "0", "0", "0"]


def test_a_workbook_is_taken_like_a_text_file(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    run = ready(app, browser, plain([["Organization"], ["City of X"]]))
    press(browser, run, "confirm")
    turn(app)
    assert names(session) == ["City of X"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a CSV or XLSX file"),
        (b"\n", "This file is empty. Its first line names the columns"),
        (b"Organization,State\n\n", "This file has no lines below its headings"),
        (
            b"a,b\n" * (25 * 1024 * 1024 // 4),
            "This file is larger than 20 MB. Split it and upload its parts",
        ),
        (
            b"a\n" * 50_002,
            "This file has more than 50,000 lines. Split it and upload its parts",
        ),
        (
            b"a," * 200 + b"a",
            "This file has more than 200 columns. Leave out those not used",
        ),
        (
            b"PK\x03\x04",
            "This file cannot be read as a table. Save it as CSV or XLSX and upload "
            "it again",
        ),
    ],
)
def test_a_file_that_is_not_taken_is_answered_with_one_sentence(
    browser: FlaskClient, session: Session, content: bytes, words: str
) -> None:
    answer = upload(browser, content, name="" if not content else "m.csv")
    assert (answer.status_code, errors_in(answer)) == (422, [words])
    assert session.scalars(select(ImportRun.id)).all() == []


def test_every_line_is_in_the_report_which_holds_no_formulas(
    app: Flask, browser: FlaskClient
) -> None:
    run = ready(
        app,
        browser,
        lines_of("=cmd|x,,city,NC,,,,,,,,,,,", "City of X,,castle,NC,,,,,,,,,,,"),
    )
    answer = browser.get(f"{run}/report.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [
        ["2", "New", "Organization: =cmd|x; State: North Carolina; Kind: city"],
        [
            "3",
            "Problem",
            "“castle” is no kind of organization we know. Use one of: city, town, "
            "township, village, borough, county, special district, school district, "
            "regional body, state agency, tribal government, nonprofit, firm, "
            "university, other.",
        ],
    ]
    assert rows[1][3] == "'=cmd|x"
    assert answer.headers["Content-Type"].startswith("text/csv")


def test_a_line_is_told_of_all_that_is_wrong_with_it(
    app: Flask, browser: FlaskClient
) -> None:
    lines = "Organization,State,Email,Name\nCity of X,Narnia,ada at x,Ada Sample\n"
    page = words(browser.get(ready(app, browser, lines)))
    assert (
        "“Narnia” is no state. Write its name or its two letters. "
        "“ada at x” is no email address in the format name@example.org."
    ) in page


def test_an_address_that_we_know_is_not_doubted(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    make_person(session, email="josé@example.org")
    lines = "Organization,State,Email\nCity of X,NC,josé@example.org\n"
    run = ready(app, browser, lines)
    rows = list(csv.reader(io.StringIO(browser.get(f"{run}/report.csv").text)))
    assert rows[1][1] == "New"


def test_a_file_can_be_forgotten_without_a_change(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    run = ready(app, browser, WHOLE)
    answer = press(browser, run, "drop")
    assert said(browser, answer) == ["The file is forgotten. Nothing was changed."]
    assert (browser.get(run).status_code, names(session)) == (404, [])


def test_a_button_pressed_too_late_says_how_it_stands(
    app: Flask, browser: FlaskClient
) -> None:
    run = ready(app, browser, WHOLE)
    for what in ("undo", "go-on"):
        answer = press(browser, run, what)
        assert said(browser, answer) == [
            "This import has moved on since. Here is how it stands."
        ]
    press(browser, run, "confirm")
    assert press(browser, run, "confirm").status_code == 303
    turn(app)
    answer = press(browser, run, "drop")
    assert said(browser, answer) == [
        "This import has moved on since. Here is how it stands."
    ]


def test_columns_chosen_too_late_say_how_it_stands(
    app: Flask, browser: FlaskClient
) -> None:
    run = ready(app, browser, WHOLE)
    press(browser, run, "confirm")
    turn(app)
    answer = match(browser, f"{run}/columns")
    assert said(browser, answer) == [
        "This import has moved on since. Here is how it stands."
    ]


def test_only_the_differences_that_stood_on_the_page_are_imported(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    """On another screen other columns were chosen since."""
    run = ready(app, browser, "Organization,Other\nCity of X,City of Y\n")
    shown = sent_by(browser, run)
    match(browser, f"{run}/columns", name="1")
    turn(app)
    answer = browser.post(f"{run}/confirm", data=shown)
    assert said(browser, answer) == [
        "This import has moved on since. Here is how it stands."
    ]
    turn(app)
    assert names(session) == []
    press(browser, run, "confirm")
    turn(app)
    assert names(session) == ["City of Y"]


def test_what_stopped_has_no_buttons_once_its_lines_are_forgotten(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    run = ready(app, browser, WHOLE)
    run_id = int(run.rpartition("/")[2])
    with app.app_context(), transaction() as own:
        row = own.get_one(ImportRun, run_id)
        row.confirmed_at, row.state = NOON, RunState.FAILED
    assert "Go on" in browser.get(run).text
    with app.app_context(), transaction() as own:
        imports.forget_old(own, ImportRun, now=NOON + 31 * DAY)
    page = browser.get(run).text
    assert "Go on" not in page
    assert "Undo what was done" not in page
    assert "it can neither go on nor be undone" in page


def test_only_the_page_of_files_is_sent_one(browser: FlaskClient) -> None:
    data = {"file": (io.BytesIO(b"x"), "m.csv")}
    answer = browser.post(
        "/staff/organizations/new", data=data, content_type="multipart/form-data"
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("who", ["nobody", "a member"])
def test_only_staff_may_send_more_than_any_page_takes(
    app: Flask, session: Session, who: str
) -> None:
    is_member = who == "a member"
    account = make_account(session) if is_member else None
    browser = app.test_client(user=account) if account else app.test_client()
    # Written out: what encodes a file of this size leaves it open where it is refused.
    head = 'Content-Disposition: form-data; name="file"; filename="members.csv"'
    lines = b"a,b\n" * (3 * 1024 * 1024 // 4)
    data = f"--x\r\n{head}\r\n\r\n".encode() + lines + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    answer = browser.post(NEW, data=data, content_type=kind)
    assert (answer.status_code, heading(answer.text)) == (
        413,
        "That is too much at once",
    )
