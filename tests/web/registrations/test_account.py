"""Pages that change an account and reach its registrations."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts import queries as account_queries
from csd_events.accounts import service as accounts
from csd_events.accounts.models import Account, MailedLink, Person
from csd_events.accounts.rules import LinkKind, Preferences
from csd_events.audit.queries import list_about
from csd_events.core.access import Role
from csd_events.registrations import service as registrations
from csd_events.registrations.models import Registration
from tests.desk import errors_in, fields_of
from tests.factories import (
    NOON,
    PASSWORD,
    make_account,
    make_event,
    make_person,
    make_registration,
    writing,
)
from tests.letters import deliver, links_in
from tests.mailbox import link_in, mail_for, newest_link, signed_in_as, submit
from tests.visitors import heading, hidden_on, words

pytestmark = pytest.mark.usefixtures("now")

CHICAGO = "America/Chicago"
OLD, NEW = "ada@example.org", "new@example.org"


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, email=OLD, full_name="Ada Sample")


@pytest.fixture
def own(app: Flask, account: Account) -> FlaskClient:
    client = app.test_client()
    submit(client, "/sign-in", {"email": OLD, "password": PASSWORD})
    return client


def ask(app: Flask, session: Session, own: FlaskClient, email: str = NEW) -> str:
    """Ask for another address. Return the page of the link that confirms it."""
    submit(own, "/me/account/address", {"email": email, "present": PASSWORD})
    return f"/account/address/{newest_link(app, session, LinkKind.NEW_ADDRESS)}"


def address_of(session: Session, account: Account) -> str:
    session.rollback()
    session.refresh(account.person)
    return account.email


def test_a_new_address_holds_here_and_signs_out_everywhere_else(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    other = app.test_client()
    submit(other, "/sign-in", {"email": OLD, "password": PASSWORD, "remember": "y"})
    page = ask(app, session, own)
    shown = own.get(page)
    assert (heading(shown), address_of(session, account)) == (
        "Confirm your new address",
        OLD,
    )

    answer = submit(own, page)

    assert (answer.location, address_of(session, account)) == ("/me/account", NEW)
    assert (signed_in_as(own), signed_in_as(other)) == ("Ada Sample", None)
    other.delete_cookie("session", domain="csd.test")
    assert signed_in_as(other) is None
    assert own.get(page).status_code == 410
    typed = {"email": NEW, "password": PASSWORD}
    assert submit(app.test_client(), "/sign-in", typed).status_code == 303


def test_the_links_in_earlier_mails_end_and_new_ones_come(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    event = make_event(session)
    make_registration(session, event, email=OLD)
    before = links_in(mail_for(app, OLD))
    page = ask(app, session, own)
    deliver(app)
    submit(own, page)
    fresh = links_in(mail_for(app, NEW))
    found = {
        link: own.get(link).status_code
        for link in (*before, *fresh)
        if "/registrations/" in link and not link.endswith("/cancel")
    }
    assert {link for link, status in found.items() if status == 410} == {
        link for link in found if link in before
    }
    assert {link for link, status in found.items() if status == 200} == {
        link for link in found if link in fresh
    }


def test_an_address_of_another_account_is_said_to_its_owner_and_changes_nothing(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    page = ask(app, session, own)
    assert own.get(page).status_code == 200
    make_account(session, email=NEW)  # before the button is pressed
    shown, pressed = own.get(page), own.post(page)
    for answer in (shown, pressed):
        assert (answer.status_code, heading(answer)) == (
            409,
            "This address has an account of its own",
        )
    assert address_of(session, account) == OLD


def test_the_page_says_what_comes_along(
    app: Flask, session: Session, own: FlaskClient
) -> None:
    make_registration(session, make_event(session), email=NEW)
    page = own.get(ask(app, session, own))
    assert "1 upcoming registration made with this address comes" in words(page)


@pytest.mark.parametrize("who", ["a stranger", "another account"])
def test_a_new_address_is_confirmed_only_by_the_account_that_asked_for_it(
    app: Flask, session: Session, own: FlaskClient, account: Account, who: str
) -> None:
    """Else a guest who presses once would hand over what they registered for."""
    page = ask(app, session, own)
    other = make_account(session, email="other@example.org")
    device = app.test_client(user=other if who == "another account" else None)
    assert heading(device.get(page)) == "Sign in to confirm this address"
    answer = device.post(page)
    assert (answer.status_code, address_of(session, account)) == (403, OLD)
    submit(own, page)
    assert address_of(session, account) == NEW


def test_this_was_not_me_puts_everything_back_and_leads_to_a_new_password(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    submit(own, ask(app, session, own))
    page = link_in([m for m in deliver(app) if OLD in m["To"]][-1])
    owner = app.test_client()

    answer = submit(owner, page)

    assert (answer.location, address_of(session, account)) == (
        "/sign-in/forgotten",
        OLD,
    )
    assert signed_in_as(own) is None
    typed = {"email": OLD, "password": PASSWORD}
    assert submit(app.test_client(), "/sign-in", typed).status_code == 422
    submit(owner, "/sign-in/forgotten", {"email": OLD})
    submit(owner, link_in(mail_for(app, OLD)), {"password": "four words are good"})
    assert signed_in_as(owner) == "Ada Sample"
    assert owner.get(page).status_code == 410


def test_whoever_changed_the_address_twice_cannot_put_theirs_back(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    """The address in between was told of the second change, as every old one is."""
    submit(own, ask(app, session, own))
    first = f"/account/not-me/{newest_link(app, session, LinkKind.NOT_ME)}"
    submit(own, ask(app, session, own, "third@example.org"))
    second = f"/account/not-me/{newest_link(app, session, LinkKind.NOT_ME)}"
    typed = fields_of(own.get(second).text)

    submit(app.test_client(), first)

    answers = own.get(second), own.post(second, data=typed)
    assert [answer.status_code for answer in answers] == [410, 410]
    assert address_of(session, account) == OLD


def test_a_new_address_is_confirmed_by_its_link(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    account.person.email_confirmed_at = None
    session.commit()
    submit(own, ask(app, session, own))
    assert address_of(session, account) == NEW
    assert account.person.email_confirmed_at == NOON


def test_an_old_address_with_an_account_of_its_own_is_left_to_it(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    submit(own, ask(app, session, own))
    page = link_in([m for m in deliver(app) if OLD in m["To"]][-1])
    session.rollback()
    make_account(session, email=OLD)
    answers = [own.get(page), own.post(page)]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert address_of(session, account) == NEW


def test_a_new_password_by_mail_calls_off_what_somebody_else_asked_for(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    page, owner = ask(app, session, own), app.test_client()
    (notice,) = [m for m in deliver(app) if OLD in m["To"]]
    (way,) = [link for link in links_in(notice) if "/sign-in/forgotten" in link]
    submit(owner, way.removeprefix("http://csd.test"), {"email": OLD})
    submit(owner, link_in(mail_for(app, OLD)), {"password": "four words are good"})
    ended = app.test_client().get(page)
    assert (ended.status_code, heading(ended)) == (410, "This link has ended")


def test_closing_an_account_says_what_stays_and_leaves_it_reachable(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    make_registration(session, make_event(session), email=OLD)
    person_id = account.person_id
    (link,) = {
        link
        for link in links_in(mail_for(app, OLD))
        if "/registrations/" in link and not link.endswith("/cancel")
    }
    assert "Your 1 upcoming registration stays." in words(own.get("/me/account/close"))
    wrong = submit(own, "/me/account/close", {"present": "wrong"})
    assert (wrong.status_code, errors_in(wrong)) == (
        422,
        ["This is not your present password"],
    )

    answer = submit(own, "/me/account/close", {"present": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/")
    assert signed_in_as(own) is None
    session.rollback()
    assert session.scalars(select(Account.id)).all() == []
    assert own.get(link).status_code == 200
    assert mail_for(app, OLD)["Subject"] == "Your account is closed"
    held = session.scalars(select(Registration.person_id)).all()
    assert held == [person_id]


def test_closing_an_account_says_what_becomes_of_its_worksheets(
    app: Flask, session: Session, own: FlaskClient
) -> None:
    page = words(own.get("/me/account/close"))
    assert "worksheet" not in page
    token = hidden_on(own.get("/worksheets"), "csrf_token")
    typed = {"service_area": "police", "csrf_token": token}
    sheet = own.post("/worksheets", data=typed).location
    group = own.post("/worksheets/groups", data=typed).location
    page = words(own.get("/me/account/close"))
    assert "2 worksheets and groups of yours are then nobody's" in page
    submit(own, "/me/account/close", {"present": PASSWORD})
    visitor = app.test_client()
    assert "removed 180 days after your last answer" in words(visitor.get(sheet))
    assert "removed 180 days after its last change" in words(visitor.get(group))


def test_a_closed_account_leaves_no_preference_but_to_be_left_in_peace(
    session: Session, own: FlaskClient, account: Account
) -> None:
    person_id, account_id = account.person_id, account.id
    wishes = Preferences(areas=("dispatch_911",), zone=CHICAGO, wants_reminders=False)
    with writing(session):
        accounts.save_preferences(session, person_id, wishes)

    submit(own, "/me/account/close", {"present": PASSWORD})

    session.rollback()
    session.expire_all()
    kept = account_queries.get_preferences(session, person_id)
    assert kept == Preferences(wants_reminders=False)
    (closed,) = list_about(session, "account", account_id)
    assert (closed.action, closed.actor_id, closed.changes) == (
        "account.closed",
        person_id,
        {"role": ["none", None]},
    )


def test_links_that_were_on_their_way_end_with_the_account(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    visitor, person_id = app.test_client(), account.person_id
    submit(visitor, "/sign-in/link", {"email": OLD})
    page = link_in(mail_for(app, OLD))
    submit(own, "/me/account/close", {"present": PASSWORD})
    assert visitor.get(page).status_code == 410
    with writing(session):  # nor does it open the account they may have later
        accounts.create_account(
            session, person_id, full_name="Ada Sample", password_hash=None, now=NOON
        )
    assert visitor.get(page).status_code == 410


def test_the_last_administrator_reads_why_their_account_stays(
    app: Flask, session: Session
) -> None:
    last = make_account(session, role=Role.ADMINISTRATOR)
    client = app.test_client(user=last)
    answer = submit(client, "/me/account/close", {"present": PASSWORD})
    assert (answer.status_code, heading(answer)) == (
        409,
        "Your account stays for now",
    )
    assert session.scalars(select(Account.id)).all() == [last.id]


def test_a_link_about_nobody_opens_nothing(
    app: Flask, session: Session, client: FlaskClient, own: FlaskClient
) -> None:
    page = ask(app, session, own)
    link = session.scalars(select(MailedLink)).one()
    link.person_id = None
    session.commit()
    assert submit(client, page).status_code == 410


def test_a_place_at_an_event_goes_to_the_next_when_two_become_one(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    event = make_event(session, capacity=2)
    guest = make_person(session, email=NEW, email_confirmed_at=None)
    for person in (account, guest):
        make_registration(session, event, email=person.email)
    make_registration(session, event, email="next@example.org")
    page = ask(app, session, own)
    deliver(app)
    submit(own, page)
    told = {
        mail["To"].rpartition("<")[2].strip(">"): mail["Subject"]
        for mail in deliver(app)
    }
    assert told["next@example.org"] == "You have a place: Sharing dispatch"
    assert told[NEW] == "You are registered: Sharing dispatch"
    assert "cancelled" not in " ".join(told.values())


def test_news_that_an_event_is_off_follows_to_the_new_address(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    event = make_event(session, title="Sharing dispatch")
    make_registration(session, event, person_id=account.person_id, email=OLD)
    page = ask(app, session, own)
    deliver(app)
    with writing(session):
        registrations.cancel_event(session, event.id, note="", now=NOON)
    submit(own, page)
    told = [mail["To"] for mail in deliver(app) if "Cancelled" in mail["Subject"]]
    assert len(told) == 1
    assert NEW in told[0]


def test_closing_the_account_leaves_the_way_to_say_this_was_not_me(
    app: Flask, session: Session, own: FlaskClient, account: Account
) -> None:
    person_id = account.person_id
    submit(own, ask(app, session, own))
    page = link_in([m for m in deliver(app) if OLD in m["To"]][-1])
    submit(own, "/me/account/close", {"present": PASSWORD})
    answer = submit(app.test_client(), page)
    session.rollback()
    session.expire_all()
    kept = session.get_one(Person, person_id)
    assert (answer.location, kept.email) == ("/sign-in/forgotten", OLD)
