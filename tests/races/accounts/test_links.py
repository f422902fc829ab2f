"""Links and addresses at one moment, as HTTP requests to two server processes."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Account, Person
from csd_events.accounts.rules import LinkKind
from csd_events.accounts.service import Asking
from csd_events.core.clock import utc_now
from csd_events.registrations.forms import new_ticket
from csd_events.registrations.models import Registration
from csd_events.registrations.service import check_counters
from tests.factories import make_account, make_event, make_person, writing
from tests.mailbox import newest_link
from tests.visitors import TYPED

KIND = {"Content-Type": "application/x-www-form-urlencoded"}
AT_ONCE = 6
Press = Callable[..., Counter[int]]
NONE: Mapping[str, str] = {}  # cookies, by the path at which they are sent


@pytest.fixture
def press(site: str) -> Press:
    """Send forms at one moment, each by a browser that has opened its page before."""
    host = urlsplit(site).netloc

    def opened(path: str, cookie: str) -> tuple[dict[str, str], dict[str, str]]:
        """Open a page; return the token of its form, and headers with its cookie."""
        connection = HTTPConnection(host, timeout=60)
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        page = connection.getresponse()
        cookie = (page.getheader("Set-Cookie") or cookie).partition(";")[0]
        found = re.search(
            r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode()
        )
        connection.close()
        return (
            {"csrf_token": found[1]} if found else {},
            KIND | ({"Cookie": cookie} if cookie else {}),
        )

    def press(
        forms: Sequence[tuple[str, dict[str, str]]], cookies: Mapping[str, str] = NONE
    ) -> Counter[int]:
        gate = Barrier(len(forms))
        ready = [
            (path, data, *opened(path, cookies.get(path, ""))) for path, data in forms
        ]

        def send(
            path: str, data: dict[str, str], token: dict[str, str], kind: dict[str, str]
        ) -> int:
            connection = HTTPConnection(host, timeout=60)
            connection.connect()
            gate.wait()
            connection.request("POST", path, urlencode(token | data), kind)
            status = connection.getresponse().status
            connection.close()
            return status

        with ThreadPoolExecutor(len(forms)) as pool:
            return Counter(pool.map(send, *zip(*ready, strict=True)))

    return press


def test_a_link_that_is_pressed_6_times_at_once_signs_in_once(
    app: Flask, session: Session, press: Press
) -> None:
    make_account(session, email="ada@example.org")
    with writing(session):
        asking = Asking(email="ada@example.org")
        accounts.ask_to_sign_in(session, asking, now=utc_now())
    page = f"/sign-in/link/{newest_link(app, session, LinkKind.SIGN_IN)}"
    assert press([(page, {})] * AT_ONCE) == {303: 1, 410: AT_ONCE - 1}


def test_a_sign_up_that_is_finished_6_times_at_once_makes_one_account(
    app: Flask, session: Session, press: Press
) -> None:
    with writing(session):
        asking = Asking(email="ada@example.org", full_name="Ada Sample")
        accounts.ask_to_sign_up(session, asking, now=utc_now())
    page = f"/sign-up/{newest_link(app, session, LinkKind.SIGN_UP)}"
    typed = {"full_name": "Ada Sample", "password": ""}
    assert press([(page, typed)] * AT_ONCE) == {303: 1, 410: AT_ONCE - 1}
    session.rollback()
    numbers = [session.scalar(select(func.count(t.id))) for t in (Person, Account)]
    assert numbers == [1, 1]


def test_who_registers_with_an_address_while_it_becomes_an_accounts_is_not_lost(
    app: Flask, session: Session, press: Press
) -> None:
    """Whatever comes first: every place is the account's, and none is held twice."""
    me = make_account(session, email="old@example.org")
    make_person(session, email="new@example.org", email_confirmed_at=None)
    slugs = [f"talk-{n}" for n in range(AT_ONCE)]
    for slug in slugs:
        make_event(session, slug=slug)
    with writing(session):
        asking = Asking(email="new@example.org")
        accounts.ask_for_address(session, me.person_id, asking, now=utc_now())
    page = f"/account/address/{newest_link(app, session, LinkKind.NEW_ADDRESS)}"
    forms: list[tuple[str, dict[str, str]]] = [(page, {})]
    for slug in slugs:
        with app.app_context():
            ticket = new_ticket(slug, None, now=utc_now())
        data = TYPED | {"email": "new@example.org", "ticket": ticket}
        forms.append((f"/events/{slug}/register", data))

    assert press(forms, {page: _cookie(app, me)}) == {303: 1 + AT_ONCE}

    session.rollback()
    holders = select(Registration.person_id, func.count()).group_by(
        Registration.person_id
    )
    assert [tuple(row) for row in session.execute(holders)] == [(me.person_id, AT_ONCE)]
    assert check_counters(session) == []


def _cookie(app: Flask, account: Account) -> str:
    """Return what the browser of somebody who has signed in sends."""
    client = app.test_client(user=account)
    client.get("/")
    cookie = client.get_cookie("session", app.config["SERVER_NAME"])
    assert cookie is not None
    return f"session={cookie.value}"
