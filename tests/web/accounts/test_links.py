"""Signing up, signing in by mail, and forgotten passwords, as visitors do it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.accounts import service
from csd_events.accounts.mail import compose
from csd_events.accounts.models import Account, MailedLink, Person
from csd_events.accounts.rules import LinkKind
from csd_events.core import limits
from csd_events.core.passwords import passwords
from csd_events.outbox.message import Due, Message
from csd_events.outbox.models import OutboxMessage
from tests.desk import errors_in, fields_of
from tests.factories import HOUR, NOON, PASSWORD, make_account, make_person, writing
from tests.letters import deliver, links_in, side
from tests.mailbox import link_in, mail_for, newest_link, signed_in_as, submit
from tests.visitors import errors_on, heading, words

pytestmark = pytest.mark.usefixtures("now")

At = Callable[[datetime], None]
EMAIL = "ada@example.org"
NEW = {"full_name": "Ada Sample", "email": EMAIL}
LOOK = "Look in your mail"
SECOND = timedelta(seconds=1)
NEW_PASSWORD = "four words are good"


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, email=EMAIL, full_name="Ada Sample")


def kinds_queued(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def ask(client: FlaskClient, path: str, **typed: str) -> str:
    answer = submit(client, path, {"email": EMAIL} | typed)
    assert answer.status_code == 200
    return heading(answer)


# Signing up


def test_signing_up_takes_a_name_and_an_address_and_the_mail_does_the_rest(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    looked = submit(client, "/sign-up", NEW)
    assert (heading(looked), EMAIL in looked.text) == (LOOK, True)
    assert session.scalars(select(Person)).all() == []

    page = link_in(mail_for(app, EMAIL))
    answer = submit(client, page, {"password": NEW_PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/me")
    assert signed_in_as(client) == "Ada Sample"
    assert client.get_cookie("remember_token", domain="csd.test") is None
    session.rollback()
    made = session.scalars(select(Account)).one()
    assert (made.email, made.person.email_confirmed_at) == (EMAIL, NOON)
    with app.app_context():
        assert passwords().matches(NEW_PASSWORD, made.password_hash)


def test_a_password_may_be_left_out(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    submit(client, "/sign-up", NEW)
    submit(client, link_in(mail_for(app, EMAIL)), {"remember": "y"})

    made = session.scalars(select(Account)).one()
    assert (signed_in_as(client), made.password_hash) == ("Ada Sample", None)
    client.delete_cookie("session", domain="csd.test")
    assert signed_in_as(client) == "Ada Sample"  # kept signed in, as they asked
    other = app.test_client()
    wrong = [
        submit(other, "/sign-in", {"email": EMAIL, "password": typed}).status_code
        for typed in ("nobody's", "!", "None")
    ]
    assert wrong == [422] * 3


def test_a_guest_who_signs_up_stays_the_same_person_by_the_name_now_given(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    guest = make_person(session, email=EMAIL, full_name="a s", email_confirmed_at=None)
    submit(client, "/sign-up", NEW)
    submit(client, link_in(mail_for(app, EMAIL)), {"full_name": "Ada B. Sample"})

    made = session.execute(
        select(Account.person_id, Person.full_name).join(Account.person)
    ).one()
    assert tuple(made) == (guest.id, "Ada B. Sample")


@pytest.mark.usefixtures("account")
def test_who_has_an_account_already_is_told_by_mail_and_let_in(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    assert heading(submit(client, "/sign-up", NEW)) == LOOK
    mail = mail_for(app, EMAIL)

    assert kinds_queued(session) == ["accounts.known"]
    assert mail["Subject"] == "You have an account already"
    assert submit(client, link_in(mail)).location == "/me"
    assert signed_in_as(client) == "Ada Sample"


def test_a_mail_to_a_strangers_address_repeats_nothing_that_was_typed(
    app: Flask, client: FlaskClient
) -> None:
    submit(client, "/sign-up", NEW | {"full_name": "Win at www.example.net"})
    mail = mail_for(app, EMAIL)
    both = side(mail, "text/plain") + side(mail, "text/html") + str(mail["To"])
    assert "example.net" not in both


def test_an_account_that_came_to_be_meanwhile_is_not_made_again(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    submit(client, "/sign-up", NEW)
    page = link_in(mail_for(app, EMAIL))
    make_account(session, email=EMAIL)

    answer = submit(client, page, {"password": NEW_PASSWORD})

    assert (answer.status_code, signed_in_as(client)) == (409, None)
    assert heading(answer) == "You have an account already"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"full_name": "", "email": ""}, ["Enter your full name", "Enter your email"]),
        ({"email": "ada"}, ["Enter an email address in the format name@example.org"]),
    ],
)
def test_what_is_missing_of_a_sign_up_is_said_and_what_was_typed_kept(
    client: FlaskClient, typed: dict[str, str], said: list[str]
) -> None:
    answer = submit(client, "/sign-up", NEW | typed)
    found = errors_in(answer)
    assert (answer.status_code, len(found)) == (422, len(said))
    assert all(f.startswith(s) for f, s in zip(found, said, strict=True))
    assert f'value="{(NEW | typed)["full_name"]}"' in answer.text


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "Use 12 characters or more: a few words are good"),
        ("aaaaaaaaaaaaa", "Use 5 different characters or more"),
        ("x" * 100 + "abcd" * 30, "Use 200 characters or fewer"),
        (" ADA@example.org", "Choose something other than your address"),
    ],
)
@pytest.mark.parametrize("asked", ["/sign-up", "/sign-in/forgotten"])
def test_a_password_that_is_too_weak_is_refused_in_words_and_the_link_still_holds(
    app: Flask,
    client: FlaskClient,
    session: Session,
    asked: str,
    password: str,
    said: str,
) -> None:
    if asked == "/sign-in/forgotten":
        make_account(session, email=EMAIL)
    submit(client, asked, NEW)
    page = link_in(mail_for(app, EMAIL))

    answer = submit(client, page, {"password": password})

    assert (answer.status_code, errors_in(answer)) == (422, [said])
    assert submit(client, page, {"password": NEW_PASSWORD}).status_code == 303


# Signing in by a mailed link


@pytest.mark.usefixtures("account")
def test_a_mailed_link_signs_in_by_its_button_once(
    app: Flask, client: FlaskClient
) -> None:
    assert ask(client, "/sign-in/link") == LOOK
    page = link_in(mail_for(app, EMAIL))
    shown = client.get(page)
    assert (shown.status_code, signed_in_as(client)) == (200, None)

    assert submit(client, page).location == "/me"
    assert signed_in_as(client) == "Ada Sample"

    again = client.get(page)
    assert (again.status_code, heading(again)) == (410, "This link has been used")


def test_a_mailed_link_confirms_the_address_and_may_keep_one_signed_in(
    app: Flask, client: FlaskClient, session: Session, account: Account
) -> None:
    account.person.email_confirmed_at = None
    session.commit()
    ask(client, "/sign-in/link")
    submit(client, link_in(mail_for(app, EMAIL)), {"remember": "y"})

    session.refresh(account.person)
    assert account.person.email_confirmed_at == NOON
    assert client.get_cookie("remember_token", domain="csd.test") is not None


def test_who_has_no_account_is_told_so_by_mail_with_the_way_to_one(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    for path in ("/sign-in/link", "/sign-in/forgotten"):
        assert ask(client, f"{path}?next=/events/talk") == LOOK
        mail = mail_for(app, EMAIL)
        assert mail["Subject"] == "There is no account for this address"
        found = [link for link in links_in(mail) if "/sign-" in link]
        # Nothing of what was typed: a stranger may have typed it to be read here.
        assert found == ["http://csd.test/sign-up"]
    assert kinds_queued(session) == ["accounts.unknown"] * 2


@pytest.mark.usefixtures("account")
def test_five_wrong_passwords_do_not_keep_out_who_has_the_mailbox(
    app: Flask, client: FlaskClient
) -> None:
    for _ in range(6):
        submit(client, "/sign-in", {"email": EMAIL, "password": "wrong"})
    ask(client, "/sign-in/link")
    submit(client, link_in(mail_for(app, EMAIL)))
    assert signed_in_as(client) == "Ada Sample"

    other = app.test_client()
    answer = submit(other, "/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 303  # and the failures are forgiven


# Forgotten passwords


def test_a_forgotten_password_is_chosen_anew_and_everybody_else_signed_out(
    app: Flask, client: FlaskClient, session: Session, account: Account
) -> None:
    other = app.test_client()
    typed = {"email": EMAIL, "password": PASSWORD, "remember": "y"}
    submit(other, "/sign-in", typed)
    assert signed_in_as(other) == "Ada Sample"

    assert ask(client, "/sign-in/forgotten") == LOOK
    answer = submit(client, link_in(mail_for(app, EMAIL)), {"password": NEW_PASSWORD})

    assert (answer.location, signed_in_as(client)) == ("/me", "Ada Sample")
    assert signed_in_as(other) is None
    other.delete_cookie("session", domain="csd.test")
    assert signed_in_as(other) is None  # nor by the browser that was kept signed in
    session.refresh(account)
    with app.app_context():
        assert passwords().matches(NEW_PASSWORD, account.password_hash)
    assert kinds_queued(session) == ["accounts.reset", "accounts.password_changed"]


@pytest.mark.usefixtures("account")
def test_the_old_password_holds_until_a_new_one_is_chosen(
    app: Flask, client: FlaskClient
) -> None:
    ask(client, "/sign-in/forgotten")
    client.get(link_in(mail_for(app, EMAIL)))
    other = app.test_client()
    answer = submit(other, "/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 303


# Where people came from


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ("/sign-up", "unknown"),
        ("/sign-up", "known"),
        ("/sign-in/link", "known"),
        ("/sign-in/forgotten", "known"),
    ],
)
def test_who_comes_from_an_event_ends_at_the_event(
    app: Flask, client: FlaskClient, session: Session, asked: str, who: str
) -> None:
    if who == "known":
        make_account(session, email=EMAIL)
    submit(client, f"{asked}?next=/events/talk", NEW)
    mail = mail_for(app, EMAIL)
    answer = submit(client, link_in(mail), {"password": NEW_PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/events/talk")


@pytest.mark.parametrize("target", ["//example.net/", "https://example.net/", "/\\x"])
def test_nobody_is_led_elsewhere_by_a_mailed_link(
    app: Flask, client: FlaskClient, session: Session, target: str
) -> None:
    make_account(session, email=EMAIL)
    page = client.get("/sign-in/link")
    typed = fields_of(page.text) | {"email": EMAIL, "next": target}
    client.post("/sign-in/link", data=typed)
    assert submit(client, link_in(mail_for(app, EMAIL))).location == "/me"


def test_the_ways_in_lead_to_each_other_and_keep_where_one_came_from(
    client: FlaskClient,
) -> None:
    page = client.get("/sign-in?next=/events/talk").text
    for path in ("/sign-in/link", "/sign-in/forgotten", "/sign-up"):
        assert f'href="{path}?next=/events/talk"' in page


@pytest.mark.parametrize("path", ["/sign-up", "/sign-in/link"])
def test_who_is_signed_in_has_no_use_for_a_way_in(
    app: Flask, account: Account, path: str
) -> None:
    answer = app.test_client(user=account).get(f"{path}?next=/events")
    assert (answer.status_code, answer.location) == (303, "/events")


# Links that end


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("asked", "kind"),
    [("/sign-in/link", LinkKind.SIGN_IN), ("/sign-in/forgotten", LinkKind.RESET)],
)
def test_a_link_of_an_hour_holds_for_an_hour(
    app: Flask,
    client: FlaskClient,
    session: Session,
    at: At,
    asked: str,
    kind: LinkKind,
) -> None:
    ask(client, asked)
    page = f"{asked}/{newest_link(app, session, kind)}"
    at(NOON + HOUR - SECOND)
    assert client.get(page).status_code == 200
    at(NOON + HOUR)
    ended = client.get(page)
    assert (ended.status_code, heading(ended)) == (410, "This link has ended")
    assert "It held for an hour." in words(ended)
    assert f'href="{asked}"' in ended.text
    assert ("Ada" in ended.text, EMAIL in ended.text) == (False, False)


def test_a_sign_up_may_be_finished_for_three_days(
    app: Flask, client: FlaskClient, session: Session, at: At
) -> None:
    submit(client, "/sign-up", NEW)
    page = f"/sign-up/{newest_link(app, session, LinkKind.SIGN_UP)}"
    at(NOON + 72 * HOUR - SECOND)
    assert client.get(page).status_code == 200
    at(NOON + 72 * HOUR)
    ended = client.get(page)
    assert (ended.status_code, "Ada" in ended.text) == (410, False)
    assert "It held for three days." in words(ended)


@pytest.mark.usefixtures("account")
def test_a_newer_link_ends_the_one_before(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    ask(client, "/sign-in/link")
    first = newest_link(app, session, LinkKind.SIGN_IN)
    ask(client, "/sign-in/link", email=" ADA@example.org")
    second = newest_link(app, session, LinkKind.SIGN_IN)

    page = client.get(f"/sign-in/link/{first}")
    assert (page.status_code, heading(page)) == (410, "This link has ended")
    assert "Something newer has taken its place" in words(page)
    assert client.get(f"/sign-in/link/{second}").status_code == 200
    assert len(deliver(app)) == 1  # the mail with the first one does not go any more


def test_a_link_of_one_kind_opens_no_other_page(
    app: Flask, client: FlaskClient, session: Session, account: Account
) -> None:
    ask(client, "/sign-in/link")
    token = newest_link(app, session, LinkKind.SIGN_IN)
    pages = [
        "/sign-up/",
        "/sign-in/forgotten/",
        "/account/address/",
        "/account/not-me/",
    ]
    found = [client.get(f"{page}{token}").status_code for page in pages]
    found += [client.post(f"{page}{token}").status_code for page in pages]
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert found == [404] * 8
    assert client.get(f"/sign-in/link/{changed}").status_code == 404


def test_an_id_that_is_given_twice_opens_nothing_for_an_old_link(
    app: Flask, client: FlaskClient, session: Session, account: Account
) -> None:
    """As after a way back of the tables and forth again."""
    ask(client, "/sign-in/link")
    token = newest_link(app, session, LinkKind.SIGN_IN)
    row = session.scalars(select(MailedLink)).one()
    row.version += 1
    session.commit()
    assert client.get(f"/sign-in/link/{token}").status_code == 404


@pytest.mark.parametrize("path", ["/sign-in/link", "/sign-in/forgotten"])
def test_a_link_to_an_address_that_is_theirs_no_more_lets_nobody_in(
    app: Flask, client: FlaskClient, session: Session, account: Account, path: str
) -> None:
    """Whoever reads the old mailbox now may be somebody else."""
    ask(client, path)
    page = link_in(mail_for(app, EMAIL))
    typed = fields_of(client.get(page).text) | {"password": NEW_PASSWORD}
    with writing(session):
        service.give_address(
            session, account.person_id, "new@example.org", holder_id=None, now=NOON
        )

    answers = client.get(page), client.post(page, data=typed)

    assert [answer.status_code for answer in answers] == [410, 410]
    assert signed_in_as(client) is None
    other = app.test_client()
    known = {"email": "new@example.org", "password": PASSWORD}
    assert submit(other, "/sign-in", known).status_code == 303


@pytest.mark.usefixtures("account")
def test_a_mail_that_is_written_again_holds_the_same_link(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    ask(client, "/sign-in/link")
    row = session.scalars(select(OutboxMessage)).one()
    due = Due(
        id=row.id,
        key=row.key,
        kind=row.kind,
        subject_id=row.subject_id,
        to_address=row.to_address,
        message_id=row.message_id,
        attempts=1,
        due_at=row.due_at,
    )
    with app.app_context():
        first, second = (compose(session, due, NOON) for _ in range(2))
    assert isinstance(first, Message)
    assert first == second


# Limits


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_three_such_mails_go_to_one_address_within_any_hour(
    client: FlaskClient, session: Session, at: At, email: str
) -> None:
    spelled = [email, email.upper(), f" {email}", email.title()]
    for minutes, typed in enumerate(spelled):
        at(NOON + timedelta(minutes=minutes))
        assert ask(client, "/sign-in/link", email=typed) == LOOK
    assert len(kinds_queued(session)) == 3
    at(NOON + HOUR - SECOND)
    ask(client, "/sign-up", full_name="Ada", email=email)
    assert len(kinds_queued(session)) == 3
    at(NOON + HOUR)
    ask(client, "/sign-in/link", email=email)
    assert len(kinds_queued(session)) == 4


def test_news_of_an_account_keep_nobody_from_a_link(
    app: Flask, client: FlaskClient, session: Session, account: Account
) -> None:
    for number in range(3):
        at = NOON - number * SECOND
        with writing(session):
            service.set_password(session, account.person_id, password_hash="x", now=at)
    deliver(app)
    ask(client, "/sign-in/forgotten")
    assert len(deliver(app)) == 1


@pytest.mark.usefixtures("account")
def test_the_last_link_that_was_mailed_holds_however_often_one_asks(
    app: Flask, client: FlaskClient
) -> None:
    for _ in range(5):
        ask(client, "/sign-in/link")
    pages = {link_in(mail) for mail in deliver(app)}
    assert [client.get(page).status_code for page in pages] == [200]


def test_mail_about_registrations_keeps_nobody_out(
    app: Flask, client: FlaskClient, session: Session, account: Account
) -> None:
    for number in range(3):
        session.add(
            OutboxMessage(
                key=f"registration.confirmed:{number}",
                kind="registration.confirmed",
                subject_id=number,
                to_address=EMAIL,
                message_id="m",
                due_at=NOON,
                queued_at=NOON,
            )
        )
    session.commit()
    ask(client, "/sign-in/link")
    assert kinds_queued(session)[-1] == "accounts.sign_in"


def test_a_city_hall_behind_one_address_may_ask_600_times_an_hour(
    app: Flask, session: Session, at: At
) -> None:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    with writing(session):
        for _ in range(597):
            limits.count(session, what="mailed link", who="192.0.2.7", now=NOON)
    for number, path in enumerate(("/sign-up", "/sign-in/link", "/sign-in/forgotten")):
        typed = {"email": f"p{number}@example.org", "full_name": "P"}
        assert submit(client, path, typed).status_code == 200
    answer = submit(client, "/sign-in/link", {"email": EMAIL})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    said = {"": "Your network has asked for many mails. Try again in an hour"}
    assert errors_on(answer) == said
    assert f'value="{EMAIL}"' in answer.text
    assert len(kinds_queued(session)) == 3
    at(NOON + HOUR)
    assert submit(client, "/sign-in/link", {"email": EMAIL}).status_code == 200


def test_old_links_are_forgotten_in_time(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    submit(client, "/sign-up", NEW)
    chores = {name: do for name, _every, do in app.extensions["csd_chores"]}
    found = []
    for later in (timedelta(days=33), timedelta(days=33, seconds=1)):
        with app.app_context():
            chores["links"](NOON + later)
        session.rollback()
        found.append(session.scalar(select(func.count(MailedLink.id))))
    assert found == [1, 0]
