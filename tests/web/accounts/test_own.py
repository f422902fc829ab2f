"""A person's own account and preferences."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, PersonArea
from csd_events.core import limits
from csd_events.core.passwords import passwords
from csd_events.outbox.models import OutboxMessage
from tests.desk import errors_in, fields_of
from tests.factories import (
    DAY,
    NOON,
    PASSWORD,
    make_account,
    make_event,
    make_member,
    make_registration,
    writing,
)
from tests.letters import deliver, side
from tests.mailbox import mail_for, signed_in_as, submit
from tests.visitors import errors_on, heading, words

pytestmark = pytest.mark.usefixtures("now")

EMAIL = "ada@example.org"
NEW_PASSWORD = "four words are good"
PAGES = ["", "/name", "/password", "/address", "/close"]


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, email=EMAIL, full_name="Ada Sample")


@pytest.fixture
def own(app: Flask, account: Account) -> FlaskClient:
    return app.test_client(user=account)


def without_password(session: Session, account: Account) -> None:
    account.password_hash = None
    session.commit()


def test_a_new_name_leaves_registrations_as_they_were_made(
    own: FlaskClient, session: Session, account: Account
) -> None:
    event = make_event(session)
    made = make_registration(
        session, event, person_id=account.person_id, full_name="Ada Sample"
    )
    answer = submit(own, "/me/account/name", {"full_name": "Ada B. Sample"})

    assert (answer.location, signed_in_as(own)) == ("/me/account", "Ada B. Sample")
    session.refresh(made)
    assert made.full_name == "Ada Sample"


def test_a_name_is_asked_for_when_none_was_given(own: FlaskClient) -> None:
    answer = submit(own, "/me/account/name", {"full_name": " "})
    assert (answer.status_code, errors_in(answer)) == (422, ["Enter your full name"])


def test_a_password_is_changed_by_who_knows_the_present_one(
    app: Flask, own: FlaskClient, session: Session, account: Account
) -> None:
    other = app.test_client()
    submit(other, "/sign-in", {"email": EMAIL, "password": PASSWORD, "remember": "y"})
    wrong = submit(
        own, "/me/account/password", {"present": "wrong", "password": NEW_PASSWORD}
    )
    assert (wrong.status_code, errors_in(wrong)) == (
        422,
        ["This is not your present password"],
    )
    assert NEW_PASSWORD not in wrong.text

    typed = {"present": PASSWORD, "password": NEW_PASSWORD}
    answer = submit(own, "/me/account/password", typed)

    assert (answer.status_code, answer.location) == (303, "/me/account")
    assert (signed_in_as(own), signed_in_as(other)) == ("Ada Sample", None)
    other.delete_cookie("session", domain="csd.test")
    assert signed_in_as(other) is None
    session.refresh(account)
    with app.app_context():
        assert passwords().matches(NEW_PASSWORD, account.password_hash)
    mail = mail_for(app, EMAIL)
    assert mail["Subject"] == "Your password was changed"
    said = [" ".join(side(mail, kind).split()) for kind in ("text/plain", "text/html")]
    when = "Wednesday, May 1, 2030, 8:00 am Eastern"
    assert [when in words for words in said] == [True, True]
    assert ["http://csd.test/sign-in/forgotten" in words for words in said] == [
        True,
        True,
    ]


def test_a_browser_that_is_kept_signed_in_stays_so_when_it_changes_the_password(
    app: Flask, account: Account
) -> None:
    client = app.test_client()
    submit(client, "/sign-in", {"email": EMAIL, "password": PASSWORD, "remember": "y"})
    submit(
        client, "/me/account/password", {"present": PASSWORD, "password": NEW_PASSWORD}
    )
    client.delete_cookie("session", domain="csd.test")
    assert signed_in_as(client) == "Ada Sample"


def test_who_has_no_password_chooses_a_first_one_without_typing_one(
    app: Flask, own: FlaskClient, session: Session, account: Account
) -> None:
    without_password(session, account)
    page = own.get("/me/account/password")
    assert (heading(page), "Present password" in page.text) == (
        "Choose a password",
        False,
    )
    assert (
        submit(own, "/me/account/password", {"password": NEW_PASSWORD}).status_code
        == 303
    )
    other = app.test_client()
    answer = submit(other, "/sign-in", {"email": EMAIL, "password": NEW_PASSWORD})
    assert answer.status_code == 303


@pytest.mark.parametrize("page", ["/password", "/address", "/close"])
def test_five_wrong_tries_at_the_present_password_lock_it_as_signing_in_does(
    own: FlaskClient, page: str
) -> None:
    typed = {"present": "wrong", "password": NEW_PASSWORD, "email": "b@example.org"}
    for _ in range(5):
        assert submit(own, f"/me/account{page}", typed).status_code == 422
    answer = submit(own, f"/me/account{page}", typed | {"present": PASSWORD})
    assert answer.status_code == 429
    assert errors_on(answer) == {"": "Too many wrong tries. Try again in 15 minutes"}


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_an_account_are_for_who_is_signed_in(
    client: FlaskClient, page: str
) -> None:
    assert client.get(f"/me/account{page}").status_code == 401


def test_signing_out_everywhere_ends_every_session_this_one_too(
    app: Flask, session: Session, account: Account
) -> None:
    browsers = [app.test_client() for _ in range(2)]
    for browser in browsers:
        typed = {"email": EMAIL, "password": PASSWORD, "remember": "y"}
        submit(browser, "/sign-in", typed)
    token = fields_of(browsers[0].get("/me/account/name").text)["csrf_token"]

    answer = browsers[0].post("/me/account/sign-out", data={"csrf_token": token})

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert browsers[0].get_cookie("remember_token", domain="csd.test") is None
    for browser in browsers:
        assert signed_in_as(browser) is None
        browser.delete_cookie("session", domain="csd.test")
        assert signed_in_as(browser) is None


def test_nobody_is_signed_out_everywhere_by_another_site(own: FlaskClient) -> None:
    assert own.post("/me/account/sign-out").status_code == 400
    assert own.get("/me/account/sign-out").status_code == 405
    assert signed_in_as(own) == "Ada Sample"


def test_asking_for_another_address_tells_the_present_one_at_once(
    app: Flask, own: FlaskClient, session: Session
) -> None:
    typed = {"email": "b@example.org", "present": PASSWORD}
    answer = submit(own, "/me/account/address", typed)
    assert heading(answer) == "Look in your mail"
    mails = {mail["Subject"]: mail["To"] for mail in deliver(app)}
    assert mails == {
        "Confirm your new address": "b@example.org",
        "Somebody asked to change your address": f"Ada Sample <{EMAIL}>",
    }
    assert session.scalars(select(Account)).one().email == EMAIL


def test_three_mails_an_hour_go_to_an_address_that_somebody_says_is_theirs(
    own: FlaskClient, session: Session
) -> None:
    """Nobody's mailbox is filled by whoever has an account, and nothing tells."""
    typed = {"email": "b@example.org", "present": PASSWORD}
    said = [heading(submit(own, "/me/account/address", typed)) for _ in range(4)]
    to_it = select(OutboxMessage).where(OutboxMessage.to_address == "b@example.org")
    assert said == ["Look in your mail"] * 4
    assert len(session.scalars(to_it).all()) == 3


def test_a_network_that_has_asked_for_600_mails_gets_none_for_a_new_address_either(
    app: Flask, own: FlaskClient, session: Session
) -> None:
    own.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    with writing(session):
        for _ in range(600):
            limits.count(session, what="mailed link", who="192.0.2.7", now=NOON)
    typed = {"email": "b@example.org", "present": PASSWORD}
    answer = submit(own, "/me/account/address", typed)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert 'value="b@example.org"' in answer.text
    assert deliver(app) == []


def test_the_present_address_is_no_new_one_however_it_is_written(
    own: FlaskClient, session: Session
) -> None:
    answer = submit(
        own, "/me/account/address", {"email": "ADA@Example.org", "present": PASSWORD}
    )
    assert (answer.status_code, errors_in(answer)) == (
        422,
        ["This is your address already"],
    )
    assert session.scalars(select(OutboxMessage)).all() == []


def test_preferences_are_kept_in_their_order_and_gaps_close(
    own: FlaskClient, session: Session, account: Account
) -> None:
    typed = {
        "area_1": "fire_ems",
        "area_2": "",
        "area_3": "dispatch_911",
        "form": "public_private",
        "stage": "setting up",
        "zone": "America/Denver",
    }
    page = fields_of(own.get("/me/preferences").text)
    assert page.pop("reminders") == "y"
    answer = own.post("/me/preferences", data=page | typed)

    assert (answer.status_code, answer.location) == (303, "/me")
    areas = select(PersonArea.area).order_by(PersonArea.position)
    assert session.scalars(areas).all() == ["fire_ems", "dispatch_911"]
    person = account.person
    session.refresh(person)
    assert (person.preferred_form, person.stage, person.zone) == (
        "public_private",
        "setting up",
        "America/Denver",
    )
    assert person.wants_reminders is False
    shown = fields_of(own.get("/me/preferences").text)
    kept = {name: shown.get(name) for name in (*typed, "reminders")}
    assert kept == typed | {
        "area_2": "dispatch_911",
        "area_3": "",
        "reminders": None,
    }
    submit(own, "/me/preferences", dict.fromkeys(typed, "") | {"reminders": "y"})
    session.rollback()  # to see what another has saved
    session.refresh(person)
    assert session.scalars(areas).all() == []
    assert (person.zone, person.wants_reminders) == (None, True)


@pytest.mark.parametrize("name", ["area_1", "form", "stage", "zone"])
def test_what_is_not_on_the_list_is_no_preference(own: FlaskClient, name: str) -> None:
    answer = submit(own, "/me/preferences", {name: "elsewhere"})
    assert (answer.status_code, errors_in(answer)) == (
        422,
        ["Choose one from the list"],
    )


def test_my_page_says_what_we_know_and_why_somebody_is_a_member(
    app: Flask, session: Session
) -> None:
    member = make_member(session, email=EMAIL, full_name="Ada Sample")
    page = words(app.test_client(user=member).get("/me"))
    assert "Name Ada Sample Email address ada@example.org" in page
    assert "Membership Member in your own name, through December 31, 2030" in page


def test_a_person_with_a_zone_sees_their_own_time_beside_the_events(
    app: Flask, own: FlaskClient, session: Session, account: Account
) -> None:
    make_event(session, slug="talk", starts_at=NOON + 10 * DAY)  # 8:00 am in New York
    assert "data-zone" in own.get("/events/talk").text
    for zone, shown in [
        ("America/Denver", "6:00 am your time"),
        ("Pacific/Guam", "10:00 pm your time"),
        ("America/Toronto", ""),
    ]:
        account.person.zone = zone
        session.commit()
        page = own.get("/events/talk").text
        assert "data-zone" not in page  # the script would say it again
        assert ("your time</span>" in page) is bool(shown)
        assert shown in page
