"""Signed-out pages kept for seconds, and nobody else's ever."""

import gzip
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from flask_login import FlaskLoginClient
from sqlalchemy import event as sql
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import config
from csd_events.app import create_app
from csd_events.association import queries
from csd_events.core.access import Role
from csd_events.core.db import db
from csd_events.core.pagecache import Own
from csd_events.events.models import Event
from csd_events.events.rules import OfferDraft, QuestionKind
from csd_events.registrations.forms import read_ticket
from csd_events.registrations.models import Registration
from tests.asking import ask
from tests.desk import fields_of, send
from tests.factories import DAY, NOON, PASSWORD, make_account, make_event
from tests.visitors import TYPED, hidden_on, open_form, send_form, words

SetClock = Callable[[datetime], None]
SECOND = timedelta(seconds=1)
PUBLIC = ("/", "/events", "/events/talk", "/events?kind=webinar&free=1")


@pytest.fixture(scope="module")
def cached(app: Flask, database_url: str) -> Iterator[Flask]:
    """The application with its page cache on, on the tables that the tests have."""
    settings = config.Testing(database_url)
    settings.PAGE_CACHE_SECONDS = 5.0
    cached = create_app(settings)
    yield cached
    with cached.app_context():
        db.engine.dispose()
    assert app.config["PAGE_CACHE_SECONDS"] == 0


@pytest.fixture
def set_clock(cached: Flask, monkeypatch: pytest.MonkeyPatch) -> SetClock:
    def set_clock(instant: datetime) -> None:
        monkeypatch.setitem(cached.config, "CLOCK", lambda: instant)

    set_clock(NOON)
    return set_clock


@pytest.fixture
def visitor(cached: Flask, set_clock: SetClock, session: Session) -> FlaskClient:
    """A visitor without cookies, and an event to look at."""
    cached.extensions["csd_pages"].forget()
    make_event(session, slug="talk")
    set_clock(NOON)
    return cached.test_client()


def rename(session: Session, title: str) -> None:
    session.execute(update(Event).values(title=title))
    session.commit()


def sign_in(cached: Flask, email: str) -> FlaskClient:
    browser = cached.test_client()
    token = hidden_on(browser.get("/sign-in"), "csrf_token")
    data = {"email": email, "password": PASSWORD, "csrf_token": token}
    assert browser.post("/sign-in", data=data).status_code == 303
    return browser


@pytest.mark.parametrize("path", PUBLIC)
def test_a_second_look_asks_the_database_nothing_and_is_the_same(
    cached: Flask, visitor: FlaskClient, path: str
) -> None:
    first = visitor.get(path)
    asked: list[object] = []
    with cached.app_context():
        engine = db.engine
    sql.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    second = visitor.get(path)
    assert asked == []
    assert second.data == first.data
    assert dict(second.headers) == dict(first.headers) | {
        "Content-Length": second.headers["Content-Length"]
    }


@pytest.mark.parametrize("path", PUBLIC)
def test_a_kept_page_has_every_header_of_a_fresh_one(
    visitor: FlaskClient, path: str
) -> None:
    names = [set(visitor.get(path).headers.keys()) for _ in range(2)]
    assert names[0] == names[1]
    assert {"Content-Security-Policy", "X-Content-Type-Options"} <= names[0]
    assert "Set-Cookie" not in names[0]


def test_who_has_the_page_is_told_so_with_304(
    visitor: FlaskClient, set_clock: SetClock
) -> None:
    tag = visitor.get("/events").headers["ETag"]
    kept = visitor.get("/events", headers={"If-None-Match": tag})
    set_clock(NOON + 6 * SECOND)
    fresh = visitor.get("/events", headers={"If-None-Match": tag})
    other = visitor.get("/events", headers={"If-None-Match": '"other"'})
    assert [a.status_code for a in (kept, fresh, other)] == [304, 304, 200]
    assert (kept.data, fresh.data) == (b"", b"")
    assert {kept.headers["ETag"], fresh.headers["ETag"]} == {tag}


def test_a_kept_page_is_sent_compressed_to_who_takes_that(visitor: FlaskClient) -> None:
    plain = visitor.get("/events")
    packed = visitor.get("/events", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_page_is_kept_for_five_seconds(
    visitor: FlaskClient, session: Session, set_clock: SetClock
) -> None:
    visitor.get("/events/talk")
    rename(session, "Another title")
    seen = []
    for moment in (timedelta(seconds=4.9), 5 * SECOND):
        set_clock(NOON + moment)
        seen.append("Another title" in visitor.get("/events/talk").text)
    assert seen == [False, True]


def test_a_page_is_not_kept_beyond_the_instant_its_words_change(
    visitor: FlaskClient, session: Session, set_clock: SetClock
) -> None:
    """Free until midnight: not free for a second after."""
    offers = [
        OfferDraft(closes_on=(NOON + DAY).date()),
        OfferDraft(price_cents=4900, opens_on=(NOON + 2 * DAY).date()),
    ]
    make_event(session, slug="free", offers=offers)
    midnight = datetime.fromisoformat("2030-05-03T00:00-04:00")
    set_clock(midnight - SECOND)
    assert '"price">Free' in visitor.get("/events/free").text
    set_clock(midnight)
    assert '"price">USD\N{NO-BREAK SPACE}49.00' in visitor.get("/events/free").text


@pytest.mark.parametrize("path", ["/", "/events", "/events/other"])
def test_a_list_is_not_kept_beyond_the_instant_its_words_change(
    visitor: FlaskClient, session: Session, set_clock: SetClock, path: str
) -> None:
    offers = [
        OfferDraft(closes_on=(NOON + DAY).date()),
        OfferDraft(price_cents=4900, opens_on=(NOON + 2 * DAY).date()),
    ]
    make_event(session, slug="free", offers=offers)
    make_event(session, slug="other")
    midnight = datetime.fromisoformat("2030-05-03T00:00-04:00")
    found = []
    for moment in (midnight - SECOND, midnight):
        set_clock(moment)
        found.append("USD 49.00" in words(visitor.get(path)))
    assert found == [False, True]


def test_pages_of_who_is_signed_in_are_never_kept(
    cached: Flask, visitor: FlaskClient, session: Session
) -> None:
    """Sign in, look, sign out, go back."""
    account = make_account(session, email="ada@example.org")
    browser = sign_in(cached, "ada@example.org")
    own = [browser.get(path) for path in PUBLIC]
    assert {page.headers["Cache-Control"] for page in own} == {"private, no-store"}
    assert [account.full_name in page.text for page in own] == [True] * 4

    strangers = [visitor.get(path) for path in PUBLIC]
    assert [account.full_name in page.text for page in strangers] == [False] * 4

    token = hidden_on(own[0], "csrf_token")
    assert browser.post("/sign-out", data={"csrf_token": token}).status_code == 303
    back = [browser.get(path) for path in PUBLIC]
    assert ["Sign out" in page.text for page in back] == [False] * 4
    assert [account.full_name in page.text for page in back] == [False] * 4


def test_two_visitors_never_see_each_others_token(
    cached: Flask, visitor: FlaskClient
) -> None:
    forms = [open_form(cached.test_client(), "talk") for _ in range(2)]
    assert len(set(forms)) == 2
    page = visitor.get("/events/talk/register")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in page.headers


def test_a_form_asks_the_database_once_and_is_the_same_but_for_its_ticket(
    cached: Flask, visitor: FlaskClient
) -> None:
    first = visitor.get("/events/talk/register")
    asked: list[object] = []
    with cached.app_context():
        engine = db.engine
    sql.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    second = cached.test_client().get("/events/talk/register")
    assert asked == []
    assert dict(second.headers) == dict(first.headers)
    without = [
        page.text.replace(hidden_on(page, "ticket"), "") for page in (first, second)
    ]
    assert without[0] == without[1]


def test_who_gets_a_form_from_memory_registers_with_it(
    cached: Flask, visitor: FlaskClient, session: Session
) -> None:
    visitor.get("/events/talk/register")
    names = ("Ada Byron", "Grace Murray")
    for number, name in enumerate(names):
        browser = cached.test_client()
        email = f"visitor{number}@example.org"
        typed = {"full_name": name, "email": email}
        assert send_form(browser, "talk", **typed).status_code == 303
    session.rollback()
    kept = session.scalars(select(Registration.full_name).order_by(Registration.id))
    assert tuple(kept) == names


def test_a_form_from_memory_was_opened_when_it_was_asked_for(
    cached: Flask, visitor: FlaskClient, set_clock: SetClock
) -> None:
    visitor.get("/events/talk/register")
    set_clock(NOON + 4 * SECOND)
    with cached.app_context():
        ticket = read_ticket(open_form(visitor, "talk"))
    assert ticket is not None
    assert ticket.opened_at == NOON + 4 * SECOND


def test_a_form_from_memory_asks_what_the_event_asks(
    cached: Flask, visitor: FlaskClient, session: Session
) -> None:
    question = ask(QuestionKind.SHORT, "Which town?", required=True)
    make_event(session, slug="asks", questions=[question])
    pages = [open_form(visitor, "asks") for _ in range(2)]
    with cached.app_context():
        tickets = [read_ticket(page) for page in pages]
    assert [ticket and ticket.asks for ticket in tickets] == [True, True]
    answer = send_form(visitor, "asks", ticket=pages[1])
    assert answer.status_code == 422
    assert "Which town?" in answer.text


def test_a_form_is_kept_for_five_seconds_and_not_beyond_what_changes_its_words(
    visitor: FlaskClient, session: Session, set_clock: SetClock
) -> None:
    """Until when it can be sent is said from an hour before."""
    make_event(session, slug="free", offers=[OfferDraft(closes_on=NOON.date())])
    hour_before = datetime.fromisoformat("2030-05-01T23:00-04:00")
    seen = []
    for moment in (hour_before - SECOND, hour_before):
        set_clock(moment)
        page = visitor.get("/events/free/register")
        seen.append("You can send this form until" in page.text)
    assert seen == [False, True]

    set_clock(NOON)
    visitor.get("/events/talk/register")
    rename(session, "Another title")
    seen = []
    for later in (timedelta(seconds=4.9), 5 * SECOND):
        set_clock(NOON + later)
        seen.append("Another title" in visitor.get("/events/talk/register").text)
    assert seen == [False, True]


def test_an_invitations_code_is_on_nobody_elses_form(visitor: FlaskClient) -> None:
    visitor.get("/events/talk/register?code=SECRET")
    assert "SECRET" not in visitor.get("/events/talk/register").text


def test_a_page_whose_token_stands_twice_is_kept_for_nobody(cached: Flask) -> None:
    pages = cached.extensions["csd_pages"]
    with cached.test_request_context("/form"):
        pages.keep_form(Response("one token, one token"), None, Own("token", str))
        pages.keep_form(Response("none"), None, Own("token", str))
    browser = cached.test_client()
    assert browser.get("/form").status_code == 404


def test_a_visitors_own_cookie_is_never_handed_to_another(
    cached: Flask, visitor: FlaskClient
) -> None:
    """A page that sets a cookie, or was asked with one, is nobody else's."""
    with_cookie = cached.test_client()
    with_cookie.get("/sign-in")
    asked = with_cookie.get("/events")
    assert asked.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in visitor.get("/events").headers


@pytest.mark.parametrize(
    "path",
    ["/events?q=a&q=b", "/events?kind=forum&kind=webinar", "/events?free=&free=1"],
)
def test_a_question_asked_twice_over_is_not_taken_for_another(
    visitor: FlaskClient, path: str
) -> None:
    base, _, query = path.partition("?")
    turned = f"{base}?{'&'.join(reversed(query.split('&')))}"
    pages = [visitor.get(each).text for each in (path, turned, path, turned)]
    assert pages[:2] == pages[2:]
    assert pages[0] != pages[1]


def test_an_address_with_more_to_it_is_not_kept(
    visitor: FlaskClient, session: Session
) -> None:
    visitor.get("/events/talk?utm_source=x")
    rename(session, "Another title")
    assert "Another title" in visitor.get("/events/talk?utm_source=x").text


def test_what_is_not_there_is_asked_anew(
    visitor: FlaskClient, session: Session
) -> None:
    assert visitor.get("/events/soon").status_code == 404
    make_event(session, slug="soon")
    assert visitor.get("/events/soon").status_code == 200


def test_what_is_saved_of_the_association_is_on_every_page_at_once(
    cached: Flask, visitor: FlaskClient, session: Session
) -> None:
    make_account(session, email="ada@example.org", role=Role.ADMINISTRATOR)
    browser = sign_in(cached, "ada@example.org")
    before = visitor.get("/")
    typed = fields_of(browser.get("/staff/association").text)
    named = typed | {"name": "Another Association", "reply_address": "a@example.org"}

    saved = browser.post("/staff/association", data=named)

    after = visitor.get("/")
    queries.forget()
    found = ["Another Association" in page.text for page in (before, after)]
    assert (saved.status_code, found) == (303, [False, True])


def test_who_is_signed_in_is_never_given_a_visitors_page(
    cached: Flask, visitor: FlaskClient, session: Session
) -> None:
    account = make_account(session)
    visitor.get("/events/talk")
    own = FlaskLoginClient(cached, cached.response_class, user=account)
    page = own.get("/events/talk")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert account.full_name in page.text


@pytest.mark.parametrize(
    ("what", "typed", "shown"),
    [
        ("move", {"sessions-0-start_time": "7:00 am"}, "7:00"),
        ("cancel", {"note": "A storm."}, "A storm."),
        ("edit", {"title": "Another title"}, "Another title"),
    ],
)
def test_what_staff_change_is_on_the_very_next_page(
    cached: Flask,
    visitor: FlaskClient,
    session: Session,
    what: str,
    typed: dict[str, str],
    shown: str,
) -> None:
    account = make_account(session, role=Role.SCHEDULER)
    desk = FlaskLoginClient(cached, cached.response_class, user=account)
    event_id = session.scalars(select(Event.id)).one()
    session.rollback()
    before = words(visitor.get("/events/talk"))
    answer = send(desk, f"/staff/events/{event_id}/{what}", typed)
    assert answer.status_code == 303
    after = words(visitor.get("/events/talk"))
    assert (shown in before, shown in after) == (False, True)


def test_registering_reaches_the_database_at_once(
    cached: Flask, visitor: FlaskClient
) -> None:
    """What is decided is decided on what is there, whatever is kept of its form."""
    visitor.get("/events/talk")
    data = TYPED | {"ticket": open_form(visitor, "talk")}
    answer = visitor.post("/events/talk/register", data=data)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert visitor.get(answer.location).headers["Cache-Control"] == "no-store"
    assert Path(cached.static_folder or "").is_dir()
