"""What strangers and scanners learn and change: nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.accounts.models import Account
from csd_events.core.access import Role
from csd_events.core.db import Base, db
from csd_events.outbox.models import OutboxBody, OutboxMessage
from tests.desk import fields_of
from tests.factories import PASSWORD, make_account, make_person
from tests.letters import by_address, deliver, links_in
from tests.mailbox import link_in, mail_for, signed_in_as, submit

pytestmark = pytest.mark.usefixtures("now")

KNOWN, GUEST, UNKNOWN = "known@example.org", "guest@example.org", "newco@example.org"
ASKED = ["/sign-up", "/sign-in/link", "/sign-in/forgotten", "/me/account/address"]


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Write down what is asked of the database."""
    seen: list[str] = []

    def watch(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(re.sub(r"\s+", " ", statement))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", watch)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", watch)


def shape(answer: TestResponse, typed: str) -> tuple[object, ...]:
    """Return what an answer says, without the address and the form's own token."""
    body = re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", answer.text)
    headers = [
        (name, value)
        for name, value in answer.headers
        if name not in {"Content-Length", "Set-Cookie"}
    ]
    return answer.status_code, headers, body.replace(typed, "…")


@pytest.mark.parametrize("path", ASKED)
def test_nothing_tells_a_stranger_whether_an_address_is_known(
    app: Flask, session: Session, path: str
) -> None:
    """Status, headers, words and statements are the same; only the mail differs."""
    make_account(session, email=KNOWN)
    make_person(session, email=GUEST, email_confirmed_at=None)
    me = make_account(session)
    found = {}
    for address in (KNOWN, GUEST, UNKNOWN):
        client = (
            app.test_client(user=me) if path.startswith("/me") else app.test_client()
        )
        data = fields_of(client.get(path).text) | {
            "email": address,
            "full_name": "Ada Sample",
            "present": PASSWORD,
        }
        with statements(app) as asked:
            answer = client.post(path, data=data)
        found[address] = (shape(answer, address), asked)
    assert found[KNOWN][0][0] == 200
    assert "Look in your mail" in str(found[KNOWN][0])
    assert found[GUEST] == found[KNOWN]
    assert found[UNKNOWN] == found[KNOWN]


def dump(session: Session) -> dict[str, list[tuple[object, ...]]]:
    session.rollback()
    return {
        table.name: sorted(
            (tuple(row) for row in session.execute(select(table))), key=repr
        )
        for table in Base.metadata.sorted_tables
    }


def test_scanner_gets_every_link_in_the_mail_before_the_person_and_sign_in_still_works(
    app: Flask, session: Session
) -> None:
    """Nothing is cancelled or unsubscribed, nobody signed in, no link used up."""
    account = make_account(session, email=KNOWN, full_name="Ada Sample")
    own = app.test_client(user=account)
    visitor = app.test_client()
    asked = [
        ("/sign-up", "new@example.org"),
        ("/sign-up", KNOWN),
        ("/sign-in/forgotten", KNOWN),
        ("/sign-in/link", "nobody@example.org"),
    ]
    for path, address in asked:
        submit(visitor, path, {"email": address, "full_name": "New Sample"})
    submit(own, "/me/account/address", {"email": "b@example.org", "present": PASSWORD})
    mails = by_address(deliver(app))
    before = dump(session)

    scanner = app.test_client()
    answers = {}
    for mail in mails.values():
        for link in links_in(mail):
            path = urlsplit(link)._replace(scheme="", netloc="").geturl()
            answers[path] = (
                scanner.get(path, follow_redirects=True).status_code,
                scanner.head(path, follow_redirects=True).status_code,
            )

    assert set(answers.values()) == {(200, 200)}
    assert dump(session) == before
    assert signed_in_as(scanner) is None
    person = app.test_client()
    assert submit(person, link_in(mails["new@example.org"])).location == "/me"
    assert signed_in_as(person) == "New Sample"
    moved = submit(own, link_in(mails["b@example.org"]))
    assert (moved.status_code, moved.location) == (303, "/me/account")


@pytest.mark.usefixtures("session")
def test_a_press_from_another_site_signs_nobody_in(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    """Else somebody could be made to work in another's account."""
    make_account(session, email=KNOWN)
    submit(client, "/sign-in/link", {"email": KNOWN})
    page = link_in(mail_for(app, KNOWN))
    elsewhere = app.test_client()
    assert elsewhere.post(page).status_code == 422
    assert signed_in_as(elsewhere) is None
    assert submit(elsewhere, page).status_code == 303


def test_what_holds_a_link_is_never_kept_and_never_sent_again(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_account(session, email=KNOWN)
    submit(client, "/sign-in/link", {"email": KNOWN})
    link = link_in(mail_for(app, KNOWN))
    mail = session.scalars(select(OutboxMessage)).one()
    staff = app.test_client(user=make_account(session, role=Role.ADMINISTRATOR))

    shown = staff.get(f"/staff/outbox/{mail.id}")

    assert session.scalars(select(OutboxBody)).all() == []
    assert link not in shown.text
    assert "Link to sign in" in shown.text
    token = fields_of(staff.get("/me/account/name").text)["csrf_token"]
    again = staff.post(
        f"/staff/outbox/{mail.id}/send-again", data={"csrf_token": token}
    )
    session.rollback()
    assert len(session.scalars(select(OutboxMessage)).all()) == 1
    assert again.status_code in {303, 409}
    assert session.scalars(select(Account.session_version)).all() == [1, 1]
