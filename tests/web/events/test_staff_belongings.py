"""Conferences, programs, presenters and partners on the pages of the staff."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.access import Role
from csd_events.events import queries
from csd_events.events.models import Partner, Presenter
from csd_events.events.rules import Contributor
from csd_events.events.rules import Role as Part
from tests.desk import errors_in, fields_of, said, send, staff_browser, summary_of
from tests.factories import make_account, make_event
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")

NEW, LIST = "/staff/conferences/new", "/staff/conferences"
TYPED = {
    "name": "Annual Conference",
    "summary": "Three days among colleagues.",
    "first_on-month": "6",
    "first_on-day": "10",
    "first_on-year": "2030",
    "last_on-month": "6",
    "last_on-day": "12",
    "last_on-year": "2030",
    "place": "Lakeview",
    "zone": "America/Chicago",
    "booth": "Booth 100",
    "website": "https://conference.example.org",
    "partners-0-name": "League",
    "published": "y",
}
PEOPLE = [
    Contributor(role=Part.PRESENTER, name="Ada", organization="Town"),
    Contributor(role=Part.PRESENTER, name="Ada B.", organization="Town"),
    Contributor(role=Part.CO_PRODUCER, name="League"),
    Contributor(role=Part.UNDERWRITER, name="Leage"),
]


@pytest.fixture
def browser(app: Flask, session: Session, now: object) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def conference(browser: FlaskClient, session: Session) -> int:
    assert send(browser, NEW, TYPED).location == LIST
    return queries.list_conferences_for_staff(session)[0].id


def test_a_conference_is_written_on_one_page_and_seen_by_all(
    browser: FlaskClient, client: FlaskClient, conference: int, session: Session
) -> None:
    shown = words(browser.get(LIST))
    assert "Annual Conference June 10" in shown
    assert "Published 0 0 addresses" in shown
    page = client.get("/conferences/annual-conference")
    assert "Co-produced by League" in words(page)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).first()
    assert entry is not None
    assert (entry.action, entry.changes["first_on"], entry.actor_id is None) == (
        "conference.created",
        [None, "2030-06-10"],
        False,
    )
    assert conference


def test_two_dates_that_are_none_are_told_apart_above_the_form(
    browser: FlaskClient,
) -> None:
    wrong = {"first_on-day": "", "last_on-year": "26"}
    answer = send(browser, NEW, TYPED | wrong)
    no_day = "There is no such day. Check month, day and year"
    no_year = "Enter the year with four digits, such as 2026"
    assert summary_of(answer) == [f"First day: {no_day}", f"Last day: {no_year}"]
    assert errors_in(answer) == [no_day, no_year]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Enter the name of the conference"),
        ({"last_on-day": "9"}, "The last day must not come before the first day"),
        ({"zone": "Mars/Olympus"}, "Choose one from the list"),
        ({"website": "http://c.org"}, "Enter an address that begins with https://"),
        ({"website": "javascript:x"}, "Enter an address that begins with https://"),
        ({"place": ""}, "Enter the place"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    browser: FlaskClient, typed: dict[str, str], message: str
) -> None:
    answer = send(browser, NEW, TYPED | typed)
    assert (answer.status_code, errors_in(answer)) == (422, [message])
    assert summary_of(answer) == [message]
    kept = fields_of(answer.text)
    assert {k: kept.get(k) for k in TYPED if k != "zone"} == {
        k: v for k, v in (TYPED | typed).items() if k != "zone"
    }


def test_empty_days_are_asked_for(browser: FlaskClient) -> None:
    blank = {k: "" for k in TYPED if k.startswith(("first_on", "last_on"))}
    answer = send(browser, NEW, TYPED | blank)
    assert errors_in(answer) == ["Enter the first day", "Enter the last day"]


def test_a_name_that_is_taken_is_said_at_the_name(
    browser: FlaskClient, conference: int
) -> None:
    answer = send(browser, NEW, TYPED)
    assert errors_in(answer) == [
        "A conference of this name begins on that day already. Change name or day"
    ]
    assert conference


def test_a_partner_named_twice_in_one_role_is_said_beside_it(
    browser: FlaskClient,
) -> None:
    twice = {"partners-1-name": "League", "partners-1-role": "co_producer"}
    answer = send(browser, NEW, TYPED | twice)
    assert errors_in(answer) == ["League stands here twice"]


@pytest.mark.parametrize("path", [NEW, "/staff/programs/new"])
def test_a_list_gets_another_row_and_nothing_is_saved(
    browser: FlaskClient, session: Session, path: str
) -> None:
    data = fields_of(browser.get(path).text) | {"name": "Kept", "more": "partners"}
    answer = browser.post(path, data=data)
    kept = fields_of(answer.text)
    assert (kept["name"], "partners-1-name" in kept) == ("Kept", True)
    assert queries.list_conferences_for_staff(session) == []
    assert queries.list_programs_for_staff(session) == []


def test_a_save_over_somebody_else_s_shows_both_and_loses_nothing(
    browser: FlaskClient, conference: int, session: Session
) -> None:
    path = f"/staff/conferences/{conference}/edit"
    opened = fields_of(browser.get(path).text)
    send(browser, path, {"name": "Theirs"})
    answer = browser.post(path, data=opened | {"name": "Mine"})
    shown = words(answer)
    assert answer.status_code == 409
    assert "Somebody else saved this meanwhile" in shown
    assert "Name, as they saved it Theirs" in shown
    kept = fields_of(answer.text)
    assert kept["name"] == "Mine"
    assert browser.post(path, data=kept).status_code == 303
    session.rollback()
    assert queries.get_conference(session, conference).name == "Mine"


def test_unticking_published_hides_the_page_and_keeps_its_address(
    browser: FlaskClient, client: FlaskClient, conference: int
) -> None:
    path = f"/staff/conferences/{conference}/edit"
    data = fields_of(browser.get(path).text)
    del data["published"]
    browser.post(path, data=data)
    assert client.get("/conferences/annual-conference").status_code == 404
    send(browser, path, {"published": "y", "name": "Renamed"})
    assert client.get("/conferences/annual-conference").status_code == 200


def test_a_program_is_written_and_changed(
    browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    typed = {"name": "Sharing", "summary": "How.", "areas": ["dispatch_911", "transit"]}
    send(browser, "/staff/programs/new", typed)
    (line,) = queries.list_programs_for_staff(session)
    path = f"/staff/programs/{line.id}/edit"
    assert fields_of(browser.get(path).text)["areas"] == typed["areas"]
    send(browser, path, {"name": "Sharing Well", "partners-0-name": "League"})
    assert "Sharing Well" in words(client.get("/programs/sharing"))
    answer = send(browser, "/staff/programs/new", {"name": "Sharing Well"})
    assert errors_in(answer) == ["Another program has this name"]


def _ids(session: Session, kind: type[Presenter] | type[Partner]) -> list[int]:
    return list(session.scalars(select(kind.id).order_by(kind.id)))


def test_presenters_are_found_by_parts_of_their_names(
    browser: FlaskClient, session: Session
) -> None:
    names = ["José Núñez", "Zoë", "Ann"]
    people = [Contributor(role=Part.PRESENTER, name=name) for name in names]
    make_event(session, contributors=people)

    def shown(query: str) -> list[str]:
        page = browser.get(f"/staff/presenters{query}").text
        return re.findall(r'<th scope="row">\s*<a [^>]*>(.*?)</a>', page)

    assert shown("") == ["Ann", "José Núñez", "Zoë"]
    assert shown("?q=jose+nu") == ["José Núñez"]
    assert shown("?q=nobody") == []


def test_a_long_list_of_presenters_goes_on_where_it_ended(
    browser: FlaskClient, session: Session
) -> None:
    people = [Contributor(role=Part.PRESENTER, name=f"P{n:03}") for n in range(60)]
    make_event(session, contributors=people)
    first = browser.get("/staff/presenters").text
    more = re.search(r'rel="next"\s+href="([^"]*)"', first)
    assert more
    rest = browser.get(more[1].replace("&amp;", "&")).text
    seen = re.findall(r">(P\d{3})</a>", first) + re.findall(r">(P\d{3})</a>", rest)
    assert seen == [f"P{n:03}" for n in range(60)]


@pytest.mark.parametrize(
    ("kind", "path", "field", "other"),
    [
        (Presenter, "/staff/presenters", "full_name", "Ada B."),
        (Partner, "/staff/partners", "name", "League"),
    ],
)
def test_a_name_is_changed_and_one_that_is_taken_is_refused(
    browser: FlaskClient,
    session: Session,
    kind: type[Presenter] | type[Partner],
    path: str,
    field: str,
    other: str,
) -> None:
    make_event(session, contributors=PEOPLE)
    first = _ids(session, kind)[0]
    edit = f"{path}/{first}/edit"
    taken = send(browser, edit, {field: other})
    assert "Make the two one instead" in errors_in(taken)[0]
    # Of a presenter there is more on that page, such as the link to send.
    done = edit if kind is Presenter else path
    assert send(browser, edit, {field: "New"}).location == done
    assert fields_of(browser.get(edit).text)[field] == "New"
    stale = fields_of(browser.get(edit).text) | {"version": "1"}
    assert browser.post(edit, data=stale).status_code == 409


@pytest.mark.parametrize(
    ("kind", "path"),
    [(Presenter, "/staff/presenters"), (Partner, "/staff/partners")],
)
def test_two_that_are_one_are_merged_after_one_was_chosen(
    browser: FlaskClient,
    session: Session,
    kind: type[Presenter] | type[Partner],
    path: str,
) -> None:
    make_event(session, contributors=PEOPLE)
    kept, gone = _ids(session, kind)
    merge = f"{path}/{gone}/merge"
    for into in ("", str(gone), "x"):
        answer = send(browser, merge, {"into": into})
        assert (answer.status_code, errors_in(answer)) == (
            422,
            ["Choose the one that stays"],
        )
    assert send(browser, merge, {"into": "999999"}).status_code == 404
    answer = send(browser, merge, {"into": str(kept)})
    assert answer.location == f"{path}/{kept}/edit"
    assert said(browser, answer) == ["The two are one now."]
    session.rollback()
    assert _ids(session, kind) == [kept]


def test_a_partner_has_a_kind_and_an_address_on_the_web(
    browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    event = make_event(session, contributors=PEOPLE)
    path = f"/staff/partners/{_ids(session, Partner)[-1]}/edit"
    web = "https://league.example.org"
    answer = send(browser, path, {"website": "http://league.example.org"})
    assert errors_in(answer) == ["Enter an address that begins with https://"]
    send(browser, path, {"kind": "association", "website": web})
    assert "Association https://league.example.org" in words(
        browser.get("/staff/partners")
    )
    page = client.get(f"/events/{event.slug}").text
    assert f'href="{web}" rel="external noreferrer">League</a>' in page


def _check(browser: FlaskClient, conference: int, **data: Any) -> Any:
    path = f"/staff/conferences/{conference}/addresses"
    token = fields_of(browser.get(path).text)["csrf_token"]
    sent = {"csrf_token": token, "mode": "add"} | data
    return _sent(browser, f"{path}/check", sent)


def _save(browser: FlaskClient, checked: Any, conference: int) -> Any:
    path = f"/staff/conferences/{conference}/addresses"
    return _sent(browser, path, fields_of(checked.text))


def _sent(browser: FlaskClient, path: str, data: dict[str, Any]) -> Any:
    answer = browser.post(path, data=data, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a large one is a file
    return answer


def _listed(session: Session, conference: int) -> set[str]:
    session.rollback()
    return set(queries.known_addresses(session, conference))


def test_staff_see_what_a_list_would_do_before_it_does_it(
    browser: FlaskClient, conference: int, session: Session
) -> None:
    listed = "ada@example.org\nnobody\nADA@example.org\nbob@example.org"
    checked = _check(browser, conference, listed=listed)
    shown = words(checked)
    numbers = re.findall(r"<dt>(.*?)</dt>\s*<dd>\s*(\d+)", checked.text)
    assert numbers == [
        ("New", "2"),
        ("On the list already", "0"),
        ("Named twice", "1"),
        ("On the list afterwards", "2"),
    ]
    assert "1 line holds no mail address and is left out: Line 2: nobody" in shown
    assert _listed(session, conference) == set()
    saved = _save(browser, checked, conference)
    assert said(browser, saved) == [
        "Saved: 2 added, 0 on the list before, 0 taken off."
    ]
    assert _listed(session, conference) == {"ada@example.org", "bob@example.org"}
    page = browser.get(f"/staff/conferences/{conference}/addresses?q=ada")
    assert "2 addresses on the list" in words(page)
    assert ("ada@example.org" in page.text, "bob@" in page.text) == (True, False)


def test_the_whole_list_is_replaced_and_says_how_many_go(
    browser: FlaskClient, conference: int, session: Session
) -> None:
    first = _check(browser, conference, listed="a@example.org\nb@example.org")
    _save(browser, first, conference)
    second = _check(
        browser, conference, listed="b@example.org\nc@example.org", mode="replace"
    )
    assert "Save, and take 1 address off" in words(second)
    _save(browser, second, conference)
    assert _listed(session, conference) == {"b@example.org", "c@example.org"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_file_of_20_000_lines_goes(
    browser: FlaskClient, conference: int, session: Session, encoding: str
) -> None:
    lines = [f"José {n};person.number.{n}@example.org" for n in range(20_000)]
    content = "\n".join(["Name;Email", *lines]).encode(encoding)
    checked = _check(browser, conference, file=(io.BytesIO(content), "list.csv"))
    assert "20,000" in words(checked)
    _save(browser, checked, conference)
    assert len(_listed(session, conference)) == 20_000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"listed": " "}, "Enter the addresses, one a line, or choose a file"),
        (
            {"file": (b"PK\x03\x04\x00\xff", "list.xlsx")},
            "We found no mail address in this file. Save the sheet as CSV first",
        ),
        (
            {"listed": "\n".join(f"p{n}@example.org" for n in range(50_001))},
            "That is more than 50,000 addresses. Send them in several lists",
        ),
    ],
)
def test_a_list_that_cannot_be_taken_is_answered_with_one_sentence(
    browser: FlaskClient, conference: int, data: dict[str, Any], message: str
) -> None:
    if "file" in data:
        raw, name = data["file"]
        data = {"file": (io.BytesIO(raw), name)}
    answer = _check(browser, conference, **data)
    assert (answer.status_code, errors_in(answer)) == (422, [message])


def test_more_than_a_list_can_be_is_refused_whole(
    browser: FlaskClient, conference: int
) -> None:
    file = io.BytesIO(b"x" * 5_000_000)
    answer = _check(browser, conference, file=(file, "list.csv"))
    assert answer.status_code == 413


def test_one_address_is_taken_off(
    browser: FlaskClient, conference: int, session: Session
) -> None:
    _save(browser, _check(browser, conference, listed="a@example.org"), conference)
    path = f"/staff/conferences/{conference}/addresses"
    token = fields_of(browser.get(path).text)["csrf_token"]
    for expected in (
        "a@example.org is off the list.",
        "That address was not on the list.",
    ):
        data = {"csrf_token": token, "email_key": "a@example.org"}
        answer = browser.post(f"{path}/remove", data=data)
        assert said(browser, answer) == [expected]
    assert _listed(session, conference) == set()


def test_the_list_goes_on_where_a_page_ended(
    browser: FlaskClient, conference: int
) -> None:
    keys = [f"p{n:03}@example.org" for n in range(130)]
    _save(browser, _check(browser, conference, listed="\n".join(keys)), conference)
    first = browser.get(f"/staff/conferences/{conference}/addresses").text
    more = re.search(r'rel="next"\s+href="([^"]*)"', first)
    assert more
    rest = browser.get(more[1].replace("&amp;", "&")).text
    scope = r'<th scope="row">(p\d+@example\.org)</th>'
    assert re.findall(scope, first) + re.findall(scope, rest) == keys


@pytest.mark.parametrize(
    "path",
    [
        "/staff/conferences",
        "/staff/conferences/{}/edit",
        "/staff/conferences/{}/addresses",
        "/staff/programs",
        "/staff/presenters",
        "/staff/partners",
    ],
)
def test_none_of_it_is_for_others(
    app: Flask, session: Session, conference: int, path: str
) -> None:
    account = app.test_client(user=make_account(session, role=Role.NONE))
    address = path.format(conference)
    answers = app.test_client().get(address), account.get(address)
    assert [answer.status_code for answer in answers] == [401, 403]
