"""``flask accounts make-staff``, as an operator types it."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from csd_events.accounts import queries
from csd_events.accounts.models import Account
from csd_events.core.access import Role
from csd_events.core.passwords import passwords
from tests.factories import make_account

pytestmark = pytest.mark.usefixtures("now")

EMAIL = "ada@example.org"
PASSWORD = "four plain words here"


def make_staff(app: Flask, *words: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(
        args=["accounts", "make-staff", *words], input=typed
    )


def account_of(session: Session, email: str = EMAIL) -> Account:
    session.expire_all()
    return queries.get_account(session, email)


def said(result: Result) -> tuple[int, str]:
    return result.exit_code, result.output.splitlines()[-1]


def test_the_first_one_becomes_administrator_and_is_asked_for_a_name(
    app: Flask, session: Session
) -> None:
    typed = f"Ada  Sample\n{PASSWORD}\n{PASSWORD}\n"
    result = make_staff(app, f" {EMAIL} ", typed=typed)

    account = account_of(session)
    assert said(result) == (0, f"{EMAIL} is an administrator now.")
    assert PASSWORD not in result.output
    assert (account.role, account.full_name) == (Role.ADMINISTRATOR, "Ada Sample")
    assert account.person.email_confirmed_at is not None
    with app.app_context():
        assert passwords().matches(PASSWORD, account.password_hash)


def test_the_next_one_becomes_scheduler(app: Flask, session: Session) -> None:
    make_account(session, role=Role.ADMINISTRATOR)

    result = make_staff(
        app, EMAIL, "--name", "Ada", "--password-stdin", typed=f"{PASSWORD}\n"
    )

    assert said(result) == (0, f"{EMAIL} is a scheduler now.")
    assert account_of(session).role is Role.SCHEDULER


def test_an_account_is_promoted_and_keeps_its_password(
    app: Flask, session: Session
) -> None:
    make_account(session, role=Role.ADMINISTRATOR)
    before = make_account(session, email=EMAIL)

    result = make_staff(app, "ADA@example.org", "--role", "administrator")

    after = account_of(session)
    assert said(result) == (0, "ADA@example.org is an administrator now.")
    assert (after.id, after.password_hash) == (before.id, before.password_hash)
    assert after.role is Role.ADMINISTRATOR


def test_saying_it_again_changes_nothing(app: Flask, session: Session) -> None:
    make_account(session, email=EMAIL, role=Role.ADMINISTRATOR)
    assert said(make_staff(app, EMAIL)) == (0, f"{EMAIL} is an administrator now.")


def test_the_last_administrator_is_not_made_less(app: Flask, session: Session) -> None:
    make_account(session, email=EMAIL, role=Role.ADMINISTRATOR)

    result = make_staff(app, EMAIL, "--role", "scheduler")

    words = "Error: This is the last administrator; make somebody else one first."
    assert said(result) == (1, words)


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("words", "typed", "error"),
    [
        (["ada"], "", "Enter an email address in the format name@example.org"),
        ([EMAIL, "--password-stdin"], "", "With --password-stdin, give --name too."),
        (
            [EMAIL, "--name", "A\0da"],
            "",
            "A name is one line of ordinary letters.",
        ),
        (
            [EMAIL, "--name", "Ada", "--password-stdin"],
            "too short\n",
            "A password needs 12 characters or more.",
        ),
        (
            [EMAIL, "--name", "Ada", "--password-stdin"],
            f"{EMAIL}\n",
            "The address itself is no password.",
        ),
    ],
)
def test_an_error_is_one_clear_line(
    app: Flask, words: list[str], typed: str, error: str
) -> None:
    result = make_staff(app, *words, typed=typed)
    assert (result.exit_code, result.output) == (1, f"Error: {error}\n")


def test_an_account_whose_address_nobody_confirmed_does_not_become_staff(
    app: Flask, session: Session
) -> None:
    account = make_account(session, email=EMAIL)
    account.person.email_confirmed_at = None
    session.commit()

    result = make_staff(app, EMAIL)

    assert said(result) == (
        1,
        "Error: Nobody has confirmed this address yet: its owner signs in by mail "
        "first.",
    )
    assert account_of(session).role is Role.NONE
