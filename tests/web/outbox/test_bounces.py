"""Mail that came back, as staff and the owner of the address see it."""

import html
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account
from csd_events.core.access import Role
from csd_events.core.db import transaction
from csd_events.outbox import queries, service
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.reports import Failure
from tests.desk import fields_of, said, staff_browser
from tests.factories import NOON, PASSWORD, make_account, make_event, make_registration
from tests.letters import deliver
from tests.mailbox import link_in, mail_for, submit
from tests.mailing import queue_sent
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")

ADA = "ada@example.org"
TOLD = f"Mail to {ADA} came back on May 1: the mailbox is full."


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, email=ADA)


def come_back(
    app: Flask, mail: OutboxMessage, *, status: str = "5.2.2", said: str = "552 full"
) -> None:
    with app.app_context(), transaction() as session:
        service.take(session, Failure(mail.message_id, status, said), now=NOON)


def come_back_from(app: Flask, session: Session, address: str) -> OutboxMessage:
    (mail,) = queue_sent(session, address, sent_at=NOON - timedelta(hours=1))
    come_back(app, mail)
    return mail


def the_one_comes_back(app: Flask, session: Session) -> OutboxMessage:
    """Let the one mail there is come back."""
    (mail,) = session.scalars(select(OutboxMessage)).all()
    session.expunge(mail)
    session.rollback()
    come_back(app, mail)
    return mail


def is_marked(session: Session) -> bool:
    session.rollback()
    return queries.find_mark(session, {ADA}) is not None


def test_the_desk_counts_what_came_back_and_leads_to_it(
    app: Flask, session: Session
) -> None:
    staff = staff_browser(app, session)
    assert "came back" not in staff.get("/staff").text
    mail = come_back_from(app, session, ADA)
    desk = staff.get("/staff").text
    assert '<a href="/staff/outbox?state=returned">1 mail came back</a>' in desk
    assert "could not be delivered" not in desk
    listed = staff.get("/staff/outbox?state=returned")
    assert f'href="/staff/outbox/{mail.id}"' in listed.text
    assert "Came back" in words(listed)
    assert "5.2.2 552 full" in words(listed)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("5.1.1", "nobody has a mailbox at this address"),
        ("5.2.2", "the mailbox is full"),
        ("5.4.4", "no mail server belongs to what stands after the @"),
        ("4.4.7", "its mail server could not be reached for days"),
        ("5.7.1", "its mail server does not want this mail"),
        ("5.0.0", "its mail server did not deliver it"),
    ],
)
def test_the_page_of_a_mail_says_in_plain_words_why_it_came_back(
    app: Flask, session: Session, status: str, why: str
) -> None:
    (mail,) = queue_sent(session, ADA)
    come_back(app, mail, status=status)
    page = words(staff_browser(app, session).get(f"/staff/outbox/{mail.id}"))
    assert f"Why {why}" in page
    assert f"{status} 552 full" in page


def test_what_the_server_said_is_shown_as_text(app: Flask, session: Session) -> None:
    (mail,) = queue_sent(session, ADA)
    come_back(app, mail, said="<script>alert(1)</script>")
    page = staff_browser(app, session).get(f"/staff/outbox/{mail.id}").text
    assert "<script>alert" not in page
    assert html.escape("<script>alert(1)</script>") in page


def test_a_mail_that_came_back_goes_elsewhere_by_correcting_its_address(
    app: Flask, session: Session
) -> None:
    made = make_registration(session, make_event(session), email=ADA)
    deliver(app)
    row = the_one_comes_back(app, session)
    staff = staff_browser(app, session)
    way = f"/staff/registrations/{made.id}/address"
    assert f'href="{way}"' in staff.get(f"/staff/outbox/{row.id}").text
    corrected = {"email": "ada@new.example.org", "tell": "y"}
    typed = fields_of(staff.get(way).text) | corrected
    staff.post(way, data=typed)
    assert "came back" not in staff.get("/staff").text


def test_a_mail_that_came_back_can_be_sent_again(app: Flask, session: Session) -> None:
    made = make_registration(session, make_event(session), email=ADA)
    deliver(app)
    row = the_one_comes_back(app, session)
    staff = staff_browser(app, session)
    staff.post(
        f"/staff/outbox/{row.id}/send-again",
        data=fields_of(staff.get(f"/staff/outbox/{row.id}").text),
    )
    assert [str(mail["To"]).count(ADA) for mail in deliver(app)] == [1]
    mails = words(staff.get(f"/staff/registrations/{made.id}/mails"))
    assert "Came back" in mails


def test_the_page_of_a_person_says_that_mail_to_them_comes_back(
    app: Flask, session: Session, account: Account
) -> None:
    staff = staff_browser(app, session)
    page = f"/staff/people/{account.person_id}"
    assert "came back" not in words(staff.get(page))
    come_back_from(app, session, ADA)
    assert TOLD in words(staff.get(page))
    assert "Mail that went, and came back" in words(staff.get(page))


def test_the_owner_is_told_on_signing_in_wherever_they_go_on_to(
    app: Flask, session: Session, client: FlaskClient, account: Account
) -> None:
    come_back_from(app, session, ADA)
    typed = {"email": ADA, "password": PASSWORD}
    answer = submit(client, "/sign-in?next=/events", typed)
    assert answer.location == "/events"
    assert said(client, answer) == [f"{TOLD} What to do stands under My registrations."]
    own = client.get("/me")
    assert TOLD in words(own)
    assert TOLD in words(client.get("/me")), "until it is settled"


def test_the_owner_is_told_once_where_their_own_page_tells_them(
    app: Flask, session: Session, client: FlaskClient, account: Account
) -> None:
    come_back_from(app, session, ADA)
    submit(client, "/sign-in", {"email": ADA, "password": PASSWORD})
    assert words(client.get("/me")).count(TOLD) == 1
    assert "What to do" not in client.get("/me").text


def test_nobody_else_is_told(app: Flask, session: Session) -> None:
    other = make_account(session, email="ben@example.org", role=Role.NONE)
    come_back_from(app, session, ADA)
    assert "came back" not in words(app.test_client(user=other).get("/me"))


def test_an_address_that_works_proves_it_by_a_mailed_link(
    app: Flask, session: Session, account: Account
) -> None:
    come_back_from(app, session, ADA)
    own = app.test_client(user=account)
    answer = own.post("/me/account/address/try", data=fields_of(own.get("/me").text))
    assert answer.location == "/me"
    assert said(own, answer) == [
        f"A mail goes to {ADA}. Once you press the button behind its link, we know "
        "that mail arrives there."
    ]
    assert is_marked(session), "asking proves nothing"
    link = link_in(mail_for(app, ADA))
    assert submit(own, link).location == "/me"
    assert not is_marked(session)
    assert "came back" not in words(own.get("/me"))


def test_signing_in_by_a_mailed_link_proves_the_address_without_asking(
    app: Flask, session: Session, client: FlaskClient, account: Account
) -> None:
    come_back_from(app, session, ADA)
    submit(client, "/sign-in/link", {"email": ADA})
    submit(client, link_in(mail_for(app, ADA)))
    assert not is_marked(session)


def test_signing_in_by_password_proves_nothing(
    app: Flask, session: Session, client: FlaskClient, account: Account
) -> None:
    come_back_from(app, session, ADA)
    submit(client, "/sign-in", {"email": ADA, "password": PASSWORD})
    assert is_marked(session)


def test_mail_about_registrations_goes_to_a_marked_address_all_the_same(
    app: Flask, session: Session
) -> None:
    come_back_from(app, session, ADA)
    make_registration(session, make_event(session), email=ADA)
    assert [str(mail["To"]).count(ADA) for mail in deliver(app)] == [1]


def test_a_network_that_asks_too_often_is_told_so(
    app: Flask,
    session: Session,
    account: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("csd_events.accounts.service.asking.LINKS_A_NETWORK", 0)
    come_back_from(app, session, ADA)
    own = app.test_client(user=account)
    answer = own.post(
        "/me/account/address/try",
        data=fields_of(own.get("/me").text),
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert said(own, answer) == [
        "Your network has asked for many mails. Try again in an hour."
    ]
