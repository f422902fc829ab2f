"""Signing in and out, as a browser does it."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import Cookie, TestResponse

from csd_events.accounts.models import Account
from csd_events.core.access import Role
from csd_events.core.passwords import Passwords, passwords
from tests.factories import PASSWORD, make_account
from tests.visitors import heading

pytestmark = pytest.mark.usefixtures("now")

HOST = "csd.test"
EMAIL = "ada@example.org"
NOT_TOGETHER = "This email address and password do not belong together"


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, email=EMAIL)


def token_on(client: FlaskClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def sign_in(client: FlaskClient, **typed: str) -> TestResponse:
    data = {"email": EMAIL, "password": PASSWORD, "csrf_token": token_on(client)}
    return client.post("/sign-in", data=data | typed)


def words_of_errors(answer: TestResponse) -> list[str]:
    box = re.search(r"data-errors.*?</div>", answer.text, re.DOTALL)
    if box is None:
        return []
    items = re.findall(r"<li>(.*?)</li>", box[0], re.DOTALL)
    return [re.sub(r"<[^>]+>", "", item).strip() for item in items]


def signed_in_as(client: FlaskClient) -> str | None:
    with client.session_transaction() as cookie:
        found: str | None = cookie.get("_user_id")
        return found


def remembered(client: FlaskClient) -> Cookie | None:
    return client.get_cookie("remember_token", domain=HOST)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("", "/me"),
        ("/events/right-for-me", "/events/right-for-me"),
        ("//example.org/", "/me"),
        ("https://example.org/", "/me"),
    ],
)
def test_people_go_on_to_the_page_they_came_for_and_never_elsewhere(
    client: FlaskClient, target: str, path: str
) -> None:
    answer = sign_in(client, next=target)
    assert (answer.status_code, answer.location) == (303, path)


def test_staff_go_on_to_their_desk(
    client: FlaskClient, session: Session, account: Account
) -> None:
    account.role = Role.SCHEDULER
    session.commit()
    assert sign_in(client).location == "/staff"


def test_signing_in_begins_a_session_of_twelve_idle_hours(
    client: FlaskClient, account: Account
) -> None:
    with client.session_transaction() as cookie:
        cookie["a visitor's"] = "thing"

    sign_in(client, email=" ADA@example.org ")

    with client.session_transaction() as cookie:
        kept = {name: cookie.get(name) for name in ("a visitor's", "_user_id")}
        assert (kept, cookie.permanent) == (
            {"a visitor's": None, "_user_id": account.get_id()},
            True,
        )
    lifetime = client.application.permanent_session_lifetime
    assert lifetime == timedelta(hours=12)
    assert remembered(client) is None


@pytest.mark.usefixtures("account")
def test_the_session_is_kept_from_scripts_and_from_other_sites(
    client: FlaskClient,
) -> None:
    sign_in(client)

    cookie = client.get_cookie("session", domain=HOST)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")


@pytest.mark.usefixtures("account")
def test_kept_signed_in_means_thirty_days_and_no_longer(client: FlaskClient) -> None:
    sign_in(client, remember="y")

    cookie = remembered(client)
    assert cookie is not None
    assert client.application.config["REMEMBER_COOKIE_DURATION"] == timedelta(days=30)
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")


def test_a_new_session_version_ends_session_and_remembered_browser(
    client: FlaskClient, session: Session, account: Account
) -> None:
    sign_in(client, remember="y")
    assert client.get("/sign-in").status_code == 303  # signed in: nothing to do here

    account.session_version += 1
    session.add(account)
    session.commit()

    page = client.get("/sign-in")
    assert (page.status_code, heading(page)) == (200, "Sign in")


@pytest.mark.usefixtures("account")
def test_signing_in_anew_forgets_whom_the_browser_remembered(
    client: FlaskClient, session: Session
) -> None:
    make_account(session, email="grace@example.org")
    sign_in(client, remember="y")
    client.delete_cookie("session", domain=HOST)  # twelve idle hours later
    client.set_cookie("remember_token", "not a token of ours", domain=HOST)

    sign_in(client, email="grace@example.org")

    assert remembered(client) is None


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    "typed", [{"password": "wrong"}, {"email": "nobody@example.org"}]
)
def test_nothing_tells_whether_an_address_is_known(
    client: FlaskClient, typed: dict[str, str]
) -> None:
    answer = sign_in(client, **typed)

    assert (answer.status_code, words_of_errors(answer)) == (422, [NOT_TOGETHER])
    assert signed_in_as(client) is None


@pytest.mark.usefixtures("account")
def test_what_was_typed_is_kept_but_for_the_password(client: FlaskClient) -> None:
    answer = sign_in(client, password="wrong one", remember="y", next="/events")

    shown = re.findall(r'<input[^>]*name="(email|remember|next)"[^>]*>', answer.text)
    assert sorted(shown) == ["email", "next", "remember"]
    assert 'value="ada@example.org"' in answer.text
    assert re.search(r'name="remember"[^>]*checked', answer.text)
    assert re.search(r'name="next"[^>]*value="/events"', answer.text)
    assert "wrong one" not in answer.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            {"email": "", "password": ""},
            ["Enter your email address", "Enter your password"],
        ),
        ({"email": "ada"}, ["Enter an email address in the format name@example.org"]),
        ({"password": "x" * 201}, ["Passwords here are shorter"]),
        (
            {"email": "ada\0@example.org"},
            ["Email address holds a character that cannot be shown. Type it again"],
        ),
    ],
)
def test_a_form_of_the_wrong_shape_says_what_to_enter(
    client: FlaskClient, typed: dict[str, str], words: list[str]
) -> None:
    answer = sign_in(client, **typed)
    assert (answer.status_code, words_of_errors(answer)) == (422, words)


@pytest.mark.usefixtures("account")
def test_a_page_left_open_too_long_comes_back_with_what_was_typed(
    client: FlaskClient,
) -> None:
    answer = sign_in(client, csrf_token="of another session")

    words = ["This page was open for a while. Nothing is lost: send it again"]
    assert (answer.status_code, words_of_errors(answer)) == (422, words)
    assert 'value="ada@example.org"' in answer.text
    assert signed_in_as(client) is None


@pytest.mark.usefixtures("account")
def test_five_wrong_tries_lock_an_address_for_fifteen_minutes(
    app: Flask, client: FlaskClient, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        assert sign_in(client, password="wrong").status_code == 422

    locked = sign_in(client)
    monkeypatch.setitem(app.config, "CLOCK", lambda: now + timedelta(minutes=15))
    later = sign_in(client)

    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    assert words_of_errors(locked) == ["Too many wrong tries. Try again in 15 minutes"]
    assert later.status_code == 303


def test_an_unknown_address_is_locked_like_a_known_one(client: FlaskClient) -> None:
    for _ in range(5):
        sign_in(client)
    assert sign_in(client).status_code == 429


@pytest.mark.usefixtures("account")
def test_when_all_sign_in_at_once_the_rest_are_asked_to_wait(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        checker = passwords()
    monkeypatch.setattr(checker, "_longest_wait", 0)
    with checker.turn(), checker.turn():
        answer = sign_in(client)

    words = ["Many people are signing in. Try again in a moment"]
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert words_of_errors(answer) == words


def test_an_old_hash_is_made_anew_when_its_owner_comes(
    app: Flask, client: FlaskClient, session: Session, account: Account
) -> None:
    other_days = Passwords(memory_kib=16, time_cost=1, lanes=1)
    with app.app_context():
        today = passwords()
    account.password_hash = other_days.hash(PASSWORD)
    session.add(account)
    session.commit()

    assert sign_in(client).status_code == 303

    session.refresh(account)
    assert not today.is_outdated(account.password_hash)
    assert today.matches(PASSWORD, account.password_hash)


@pytest.mark.usefixtures("account")
def test_signing_out_ends_session_and_remembering(client: FlaskClient) -> None:
    sign_in(client, remember="y")
    token = token_on(client, "/privacy")  # the account menu is on every page

    answer = client.post("/sign-out", data={"csrf_token": token})

    assert (answer.status_code, answer.location) == (303, "/")
    assert signed_in_as(client) is None
    assert remembered(client) is None


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("mode", "writes"),
    [
        ({}, True),
        ({"Sec-Fetch-Mode": "navigate"}, True),
        ({"Sec-Fetch-Mode": "cors"}, False),
    ],
    ids=["older browser", "gone to", "asked by a page"],
)
def test_only_going_to_a_page_makes_a_session_last_longer(
    client: FlaskClient, mode: dict[str, str], *, writes: bool
) -> None:
    """What a page asked would come after signing out, and take it back."""
    sign_in(client)
    client.get("/privacy")  # its forms have their token now

    answer = client.get("/privacy", headers=mode)

    assert (
        any("session=" in each for each in answer.headers.getlist("Set-Cookie"))
        is writes
    )
    assert signed_in_as(client) is not None


@pytest.mark.usefixtures("account")
def test_nobody_is_signed_out_by_another_site(client: FlaskClient) -> None:
    sign_in(client)

    assert client.post("/sign-out").status_code == 400
    assert client.get("/sign-out").status_code == 405
    assert signed_in_as(client) is not None


@pytest.mark.parametrize("garbage", ["", "x", "1", "1.1.1", "9" * 30])
def test_garbage_in_a_session_is_a_visitor(client: FlaskClient, garbage: str) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = garbage
    page = client.get("/sign-in")
    assert (page.status_code, heading(page)) == (200, "Sign in")
