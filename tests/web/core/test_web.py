"""What every page has, and what no request can break."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.errors import UniqueViolation
from sqlalchemy import event as sql
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

import config
from csd_events.accounts.models import MailedLink
from csd_events.accounts.rules import LinkKind
from csd_events.announcements.models import Subscription
from csd_events.app import create_app
from csd_events.core.db import db, transaction
from csd_events.core.logs import JsonLines
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url, money
from csd_events.events.models import Presenter
from csd_events.registrations.models import Registration
from csd_events.worksheets import service as worksheets
from csd_events.worksheets.models import WorksheetGroup
from csd_events.worksheets.service import Joining, Opening
from tests.factories import HOUR, NOON, make_event, make_registration
from tests.visitors import TYPED, heading, open_form, send_form

pytestmark = pytest.mark.usefixtures("now")

DISPATCH = Opening(service_area="dispatch_911")
SECRET = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@pytest.fixture
def registration(session: Session) -> Registration:
    return make_registration(session, make_event(session, slug="talk"))


def token_routes(app: Flask) -> list[tuple[str, Rule]]:
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if "token" in rule.arguments
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def path_with(rule: Rule, token: str) -> str:
    """Return an address with a token in it, and whatever else it wants."""
    path = rule.rule.replace("<token>", token)
    return re.sub("<[^>]*>", "1", path)


#: Where mailed links lead, by the beginning of their addresses.
MAILED = {
    "/sign-up": LinkKind.SIGN_UP,
    "/sign-in/link": LinkKind.SIGN_IN,
    "/sign-in/forgotten": LinkKind.RESET,
    "/account/address": LinkKind.NEW_ADDRESS,
    "/account/not-me": LinkKind.NOT_ME,
}


def token_for(app: Flask, rule: Rule, registration: Registration) -> str:
    purpose = Purpose.JOIN if rule.rule.startswith("/join") else Purpose.REGISTRATION
    with app.app_context():
        if rule.rule.startswith("/unsubscribe"):
            return unsubscribe_link(registration)
        if rule.rule.startswith("/worksheets"):
            return worksheet_link(rule)
        if rule.rule.startswith("/presenting"):
            return presenter_link(rule)
        for start, kind in MAILED.items():
            if rule.rule.startswith(start):
                return mailed_link(kind, registration.person_id)
        return links().token(purpose, registration.id, registration.link_version)


def unsubscribe_link(registration: Registration) -> str:
    """Write down a list that writes to somebody, and return the token of its link."""
    with transaction() as session:
        row = {"person_id": registration.person_id, "list_key": "members"}
        known = session.scalar(select(Subscription.id).filter_by(**row))
        if known is None:
            made = Subscription(**row, email_key="ada@example.org")
            session.add(made)
            session.flush()
            known = made.id
        return links().token(Purpose.UNSUBSCRIBE, known, 1)


def presenter_link(rule: Rule) -> str:
    """Write down somebody on stage, and return the token of a page of theirs."""
    with transaction() as session:
        known = session.scalars(select(Presenter).filter_by(slug="ada")).first()
        made = known or Presenter(
            slug="ada", full_name="Ada", name_key="ada", title="", organization=""
        )
        session.add(made)
        session.flush()
        feed = rule.rule.startswith("/presenting/feeds")
        purpose = Purpose.PRESENTER_FEED if feed else Purpose.PRESENTER
        return links().token(purpose, made.id, 1)


def worksheet_link(rule: Rule) -> str:
    """Return the token that a page of worksheets wants: its own, or of its group."""
    with transaction() as session:
        opened = worksheets.open_group(session, DISPATCH, now=NOON)
        if rule.rule.startswith("/worksheets/groups"):
            return links().token(Purpose.WORKSHEET_GROUP, opened.id, 1)
        if rule.rule.startswith("/worksheets/screens"):
            return links().token(Purpose.WORKSHEET_SCREEN, opened.id, 1)
        joining = Joining(name="", once="")
        joined = worksheets.join(session, opened.id, joining, now=NOON)
        return links().token(Purpose.WORKSHEET, joined.id, 1)


def mailed_link(kind: LinkKind, person_id: int) -> str:
    """Write down a link that holds, and return its token."""
    with transaction() as session:
        row = MailedLink(
            kind=kind,
            address=f"{kind}@example.org",
            address_key=f"{kind}@example.org",
            person_id=person_id,
            version=7,
            created_at=NOON,
            ends_at=NOON + HOUR,
        )
        session.add(row)
        session.flush()
        return links().token(Purpose(kind.value), row.id, 7)


@pytest.fixture
def log_lines() -> Iterator[StringIO]:
    """All that a server of ours would write, at every level."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root, ours = logging.getLogger(), logging.getLogger("csd_events")
    before = ours.level
    ours.setLevel(logging.DEBUG)
    for logger in (root, ours):
        logger.addHandler(handler)
    yield stream
    for logger in (root, ours):
        logger.removeHandler(handler)
    ours.setLevel(before)


def test_pages_behind_a_token_are_kept_by_nobody_and_tell_nobody(
    app: Flask, client: FlaskClient, registration: Registration
) -> None:
    receipt = send_form(client, "talk").location.rpartition("/")[2]
    found = {}
    for method, rule in token_routes(app):
        for token in (token_for(app, rule, registration), receipt, "A" * 32):
            answer = client.open(path_with(rule, token), method=method)
            assert answer.status_code < 500
            found[method, rule.rule, token] = {n: answer.headers[n] for n in SECRET}
    assert len(found) >= 60
    assert found == dict.fromkeys(found, SECRET)


def test_no_token_reaches_the_log(
    app: Flask, client: FlaskClient, registration: Registration, log_lines: StringIO
) -> None:
    receipt = send_form(client, "talk").location.rpartition("/")[2]
    tokens = {receipt}
    for method, rule in token_routes(app):
        for token in (token_for(app, rule, registration), receipt):
            tokens.add(token)
            client.open(path_with(rule, token), method=method)
    written = log_lines.getvalue()
    assert {token for token in tokens if token in written} == set()
    routes = {json.loads(line).get("route") for line in written.splitlines()}
    assert {rule.rule for _, rule in token_routes(app)} <= routes


def test_no_code_of_a_group_reaches_the_log(
    client: FlaskClient, session: Session, log_lines: StringIO
) -> None:
    client.post("/worksheets/groups", data={"service_area": "dispatch_911"})
    session.rollback()
    code = session.scalars(select(WorksheetGroup.code)).one()
    client.post("/worksheets/join", data={"code": code})
    page = client.get(f"/worksheets/join/{code}")
    client.post(f"/worksheets/join/{code}")
    assert {name: page.headers[name] for name in SECRET} == SECRET
    written = log_lines.getvalue()
    assert "/worksheets/join/<code>" in written
    assert str(code) not in written


def test_no_token_reaches_the_log_when_a_page_breaks(
    app: Flask,
    registration: Registration,
    log_lines: StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.config, "TESTING", False)
    first = [None]  # the page's own look at a clock that has stopped
    monkeypatch.setitem(app.config, "CLOCK", lambda: first.pop() if first else NOON)
    (rule,) = (
        r for m, r in token_routes(app) if (m, r.rule) == ("GET", "/join/<token>")
    )
    token = token_for(app, rule, registration)
    answer = app.test_client().get(f"/join/{token}")
    number = re.search(r"\b[0-9a-f]{8}\b", answer.text)

    assert answer.status_code == 500
    assert number
    written = log_lines.getvalue()
    assert token not in written
    assert "TypeError" in written
    lines = [json.loads(line) for line in written.splitlines()]
    assert number[0] in {line.get("number") for line in lines if "error" in line}


def test_an_error_of_the_database_names_its_rule_and_not_its_row(
    log_lines: StringIO,
) -> None:
    row = "DETAIL:  Key (email_key)=(ada@example.org) already exists."
    violated = UniqueViolation(f'unique constraint "uq_people_email_key"\n{row}')
    try:
        try:
            raise violated
        except UniqueViolation as error:
            raise IntegrityError("INSERT INTO people", {}, error) from error
    except IntegrityError:
        logging.getLogger("csd_events").exception("it broke")
    first, last = json.loads(log_lines.getvalue())["error"].split("\n\n")
    assert first.splitlines()[-1] == (
        'UniqueViolation: unique constraint "uq_people_email_key"'
    )
    assert last.splitlines()[-1] == (
        "IntegrityError: (psycopg.errors.UniqueViolation) "
        'unique constraint "uq_people_email_key"'
    )
    assert "ada@example.org" not in log_lines.getvalue()


def test_without_a_database_whoever_is_signed_in_gets_a_page_and_the_log_no_names(
    tmp_path: Path, log_lines: StringIO
) -> None:
    settings = config.Testing(f"sqlite:///{tmp_path / 'empty.db'}")
    settings.TESTING = False
    client = create_app(settings).test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1.1"
    found = [client.get(path) for path in ("/me", "/events/a-secret-word")]
    assert [page.status_code for page in found] == [500, 500]
    assert all("name this number" in page.text for page in found)
    assert "no such table" in log_lines.getvalue()
    assert "a-secret-word" not in log_lines.getvalue()


def test_an_error_carries_a_number_that_is_in_the_log(
    app: Flask, client: FlaskClient, log_lines: StringIO
) -> None:
    client.get("/events")
    lines = [json.loads(line) for line in log_lines.getvalue().splitlines()]
    (line,) = (line for line in lines if line["what"] == "request")
    assert (line["method"], line["route"], line["status"]) == ("GET", "/events", 200)
    assert re.fullmatch(r"[0-9a-f]{8}", line["number"])


def test_every_page_runs_under_a_strict_policy(client: FlaskClient) -> None:
    for path in ("/", "/events", "/nowhere", "/sign-in", "/healthz"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'self'; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'; object-src 'none'"
        )
        assert headers["X-Content-Type-Options"] == "nosniff"


BAD = (
    "\0",
    "a\x07b",
    "\x1b[2J",
    "\N{REPLACEMENT CHARACTER}",
    "9" * 30,
    "-" + "9" * 30,
    str(2**63),
    str(2**64),
    "1e999",
    "\N{ARABIC-INDIC DIGIT TWO}026-01",
    "' OR 1=1 --",
    "{{ 7*7 }}%s%(x)s{0}",
    "../../etc/passwd",
    "x" * 5000,
)
RAW = ("%ff", "%00", "%c3%28", "%ed%a0%80", "%0d%0aX-Sly:%201", "%2e%2e%2f")
QUERIES = {
    "/": ("q",),
    "/events": ("kind", "area", "month", "free", "past", "q", "after"),
    "/events/talk": ("x",),
    "/library/case-studies": ("area", "form", "state", "outcome", "q", "after"),
    "/worksheets": ("area",),
    "/sign-in": ("next",),
}


def public_rules(app: Flask) -> list[Rule]:
    out = ("/static", "/readyz")  # files; and 503 while no loop is heard of
    return [r for r in app.url_map.iter_rules() if not r.rule.startswith(out)]


@pytest.mark.parametrize("bad", [*(quote(each, safe="") for each in BAD), *RAW])
def test_bad_input_in_an_address_is_never_our_error(
    app: Flask, session: Session, bad: str
) -> None:
    make_event(session, slug="talk")
    client = app.test_client()
    found = {}
    for rule in public_rules(app):
        path = re.sub(r"<(?:\w+:)?\w+>", lambda _m: bad, rule.rule)
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            answer = client.open(path, method=method)
            found[method, rule.rule] = answer.status_code
            assert "X-Sly" not in answer.headers
    assert {key: status for key, status in found.items() if status >= 500} == {}


@pytest.mark.parametrize("path", QUERIES)
def test_bad_input_in_a_query_is_never_our_error(
    client: FlaskClient, session: Session, path: str
) -> None:
    make_event(session, slug="talk")
    everything = [*(quote(each, safe="") for each in BAD), *RAW]
    found = {
        (before, name, bad): client.get(f"{path}?{before}{name}={bad}").status_code
        for name in QUERIES[path]
        for before in ("", f"{name}=ok&")
        for bad in everything
    }
    unreadable = {quote(each, safe="") for each in BAD[:4]} | set(RAW[:5])
    refused = {key for key, status in found.items() if status == 400}
    assert {key for key in found if key[-1] in unreadable} <= refused
    assert {key: status for key, status in found.items() if status >= 500} == {}


@pytest.mark.parametrize(
    "field", [*TYPED, "ticket", "service_area", "state", "csrf_token"]
)
def test_bad_input_in_the_form_is_refused_and_never_our_error(
    client: FlaskClient, session: Session, field: str
) -> None:
    make_event(session, slug="talk")
    ticket = open_form(client, "talk")
    found = {}
    for bad in BAD:
        data = TYPED | {"ticket": ticket, field: bad}
        found[bad] = client.post("/events/talk/register", data=data).status_code
    for raw in RAW:
        body = "&".join(
            f"{name}={raw if name == field else quote(value)}"
            for name, value in (TYPED | {"ticket": ticket, field: ""}).items()
        )
        kind = "application/x-www-form-urlencoded"
        answer = client.post("/events/talk/register", data=body, content_type=kind)
        found[raw] = answer.status_code
    assert set(found.values()) <= {303, 400, 422}
    assert {found[each] for each in RAW[:4] if each != "%00"} == {400}
    if field != "csrf_token":
        assert {found[each] for each in (*BAD[:4], "%00")} == {422}


def test_a_form_of_another_shape_is_never_our_error(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    bodies: list[dict[str, Any]] = [
        {"data": b"\xff\x00", "content_type": "application/x-www-form-urlencoded"},
        {"data": b"{", "content_type": "application/json"},
        {"data": b"--x", "content_type": "multipart/form-data; boundary=x"},
        {"data": b"x", "content_type": "multipart/form-data"},
        {
            "data": b"x=" + b"y" * 3_000_000,
            "content_type": "application/x-www-form-urlencoded",
        },
        {"data": "&".join(f"f{n}=1" for n in range(5000))},
    ]
    found = [
        client.post("/events/talk/register", **body).status_code for body in bodies
    ]
    assert all(400 <= status < 500 for status in found)


@pytest.mark.parametrize(
    "cookie", ["x", "eyJfdXNlcl9pZCI6IjEifQ.x.y", "\xff", "1|" + "0" * 128]
)
def test_a_cookie_that_is_not_ours_is_nobody(client: FlaskClient, cookie: str) -> None:
    for name in ("session", "remember_token"):
        answer = client.get("/me", headers={"Cookie": f"{name}={cookie}"})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "csd.test.evil.example", "csd.test:99999", "[", ""]
)
def test_a_host_that_is_not_ours_gets_no_page(client: FlaskClient, host: str) -> None:
    answer = client.get("/events", headers={"Host": host})
    assert 400 <= answer.status_code < 500


def test_links_in_mails_are_built_from_base_url_and_never_from_the_request(
    app: Flask,
) -> None:
    with app.test_request_context("/", headers={"Host": "localhost"}):
        assert external_url("home.event", slug="a b") == "http://csd.test/events/a%20b"


def test_money_is_written_with_its_currency() -> None:
    assert [money(cents, "USD") for cents in (0, 5, 2500, 123456789)] == [
        "USD 0.00",
        "USD 0.05",
        "USD 25.00",
        "USD 1,234,567.89",
    ]


@pytest.fixture
def counted(app: Flask) -> Iterator[Callable[[], int]]:
    """How many statements were sent since it was last asked."""
    with app.app_context():
        engine = db.engine
    sent: list[object] = []

    def note(*given: object) -> None:
        if not str(given[2]).startswith(("BEGIN", "PRAGMA")):
            sent.append(given[2])

    def counted() -> int:
        number = len(sent)
        sent.clear()
        return number

    sql.listen(engine, "before_cursor_execute", note)
    yield counted
    sql.remove(engine, "before_cursor_execute", note)


def pages_to_count(app: Flask, session: Session) -> list[str]:
    event = make_event(session, slug="counted", starts_at=NOON + HOUR / 2)
    made = make_registration(session, event)
    with app.app_context():
        own = links().token(Purpose.REGISTRATION, made.id, 1)
        join = links().token(Purpose.JOIN, made.id, 1)
    receipt = send_form(app.test_client(), "counted").location
    return [
        "/",
        "/events",
        "/events/counted",
        "/events/counted/register",
        "/events/counted.ics",
        receipt,
        f"{receipt}/address",
        f"/registrations/{own}",
        f"/registrations/{own}/cancel",
        f"/registrations/{own}/next",
        f"/registrations/{own}/invitation.ics",
        f"/join/{join}",
    ]


def test_a_page_asks_six_questions_at_most_however_much_there_is(
    app: Flask, session: Session, counted: Callable[[], int]
) -> None:
    paths = pages_to_count(app, session)

    def ask() -> dict[str, int]:
        client, asked = app.test_client(), {}
        client.get("/events")  # what a process reads once
        counted()
        for path in paths:
            assert client.get(path).status_code == 200
            asked[path] = counted()
        return asked

    few = ask()
    event = make_event(session, slug="another")
    for number in range(60):
        make_event(session, slug=f"more-{number}")
        make_registration(session, event)
    many = ask()
    assert many == few
    assert {path: number for path, number in few.items() if number > 6} == {}


def test_a_registration_takes_twenty_statements_at_most(
    app: Flask, session: Session, counted: Callable[[], int]
) -> None:
    event = make_event(session, slug="talk")
    numbers = []
    for count in (2, 40):
        for _ in range(count):
            make_registration(session, event)
        client = app.test_client()
        ticket = open_form(client, "talk")
        counted()
        send_form(client, "talk", ticket=ticket, email=f"x{count}@example.org")
        numbers.append(counted())
    assert max(numbers) <= 20
    assert len(set(numbers)) == 1


def test_a_clock_that_was_stopped_is_what_pages_see(app: Flask, now: datetime) -> None:
    assert app.config["CLOCK"]() == now == NOON


@pytest.mark.parametrize("path", ["/sign-in", "/events/talk/register"])
def test_a_file_where_words_are_asked_for_is_refused(
    client: FlaskClient, session: Session, path: str
) -> None:
    make_event(session, slug="talk")
    files = {"email": (BytesIO(b"ada@example.org"), "a.txt")}
    answer = client.post(path, data=files, content_type="multipart/form-data")
    assert answer.status_code == 400


def test_who_must_sign_in_is_led_there_and_back(
    client: FlaskClient, session: Session
) -> None:
    page = client.get("/staff/events")
    assert page.status_code == 401
    assert 'href="/sign-in?next=/staff/events"' in page.text


@pytest.mark.parametrize(
    "path", ["/events/", "/events/talk/", "/library/", "/sign-in/"]
)
def test_an_address_with_one_slash_too_many_leads_to_its_page(
    client: FlaskClient, session: Session, path: str
) -> None:
    make_event(session, slug="talk")
    page, meant = client.get(path), client.get(path.removesuffix("/"))
    assert (page.status_code, heading(page)) == (200, heading(meant))
