"""An account that is closed, and a mailed link that is pressed, at one moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Account, MailedLink
from csd_events.accounts.service import Asking
from csd_events.core.db import transaction
from csd_events.core.errors import EndedError
from csd_events.registrations import service as registrations
from tests.factories import NOON, make_account, writing
from tests.together import announced

Press = Callable[[Session, int], Any]
Ask = Callable[[Session, Account], None]


def ask_to_reset(session: Session, account: Account) -> None:
    accounts.ask_to_reset(session, Asking(email=account.email), now=NOON)


def ask_for_address(session: Session, account: Account) -> None:
    asking = Asking(email="new@example.org")
    accounts.ask_for_address(session, account.person_id, asking, now=NOON)


def reset(session: Session, link_id: int) -> None:
    accounts.reset_password(session, link_id, password_hash="new", now=NOON)


def take_address(session: Session, link_id: int) -> None:
    registrations.take_new_address(session, link_id, now=NOON)


@pytest.mark.postgres_only  # on SQLite the second does not even begin
@pytest.mark.parametrize(
    ("ask", "press"), [(ask_to_reset, reset), (ask_for_address, take_address)]
)
def test_a_link_that_is_pressed_while_its_account_is_closed_has_ended(
    app: Flask, session: Session, ask: Ask, press: Press
) -> None:
    """Neither waits for what the other holds."""
    me = make_account(session)
    with writing(session):
        ask(session, me)
    link_id = session.scalars(select(MailedLink.id)).one()

    def use() -> None:
        with app.app_context(), transaction() as own:
            press(own, link_id)

    def wants_account(statement: str) -> bool:
        locks = "FROM accounts" in statement and "FOR UPDATE" in statement
        return locks or statement.startswith("UPDATE accounts")

    with ThreadPoolExecutor(1) as pool:
        with writing(session):
            session.execute(select(Account.id).with_for_update()).all()
            with announced(app, wants_account) as wanted:
                using = pool.submit(use)
                using.add_done_callback(lambda _: wanted.set())
                wanted.wait()
                accounts.close_account(session, me.person_id, now=NOON)
        with pytest.raises(EndedError):
            using.result()
    assert session.scalars(select(Account)).all() == []
