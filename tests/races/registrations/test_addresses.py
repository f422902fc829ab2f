"""An address that is corrected, or taken, while somebody else comes by with it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Account, MailedLink, Person
from csd_events.accounts.service import Asking
from csd_events.core.db import transaction
from csd_events.registrations import service
from csd_events.registrations.models import Receipt, Registration
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_registration,
    make_wish,
    writing,
)
from tests.together import announced


def ask_for_new_address(session: Session, me: Account) -> int:
    """Return the link by which an account takes its new address."""
    with writing(session):
        asking = Asking(email="new@example.org")
        accounts.ask_for_address(session, me.person_id, asking, now=NOON)
    return session.scalars(select(MailedLink.id)).one()


def wants_registration(statement: str) -> bool:
    """Tell whether a statement is about to lock or to write a registration."""
    locks = "FROM registrations" in statement and "FOR UPDATE" in statement
    return locks or statement.startswith("UPDATE registrations")


@pytest.mark.postgres_only  # on SQLite the second does not even begin
def test_what_its_owner_is_confirming_at_this_very_moment_does_not_move(
    app: Flask, session: Session
) -> None:
    made = make_registration(session, make_event(session), email="adda@example.org")
    receipt = session.scalars(select(Receipt)).one()

    def correct() -> None:
        with app.app_context(), transaction() as own:
            service.change_address(own, receipt.id, "ada@example.org", now=NOON)

    with ThreadPoolExecutor(1) as pool:
        with writing(session):
            service.confirm_address(session, made.id, link_version=1, now=NOON)
            with announced(app, wants_registration) as wanted:
                correcting = pool.submit(correct)
                correcting.add_done_callback(lambda _: wanted.set())
                wanted.wait()
        correcting.result()

    holder = select(Person.email, Registration.link_version).join(Registration.person)
    assert session.execute(holder).all() == [("adda@example.org", 1)]


@pytest.mark.postgres_only  # on SQLite the second does not even begin
def test_who_registers_first_with_an_address_while_it_becomes_an_accounts_is_the_same(
    app: Flask, session: Session
) -> None:
    me = make_account(session, email="old@example.org")
    event = make_event(session)
    link_id = ask_for_new_address(session, me)

    def take() -> None:
        with app.app_context(), transaction() as own:
            service.take_new_address(own, link_id, now=NOON)

    def wants_address(statement: str) -> bool:
        return statement.startswith(("INSERT INTO people", "UPDATE people SET email"))

    with ThreadPoolExecutor(1) as pool:
        with writing(session):
            wish = make_wish(event, email="new@example.org", full_name="Ada Sample")
            service.register(session, wish, now=NOON)
            with announced(app, wants_address) as wanted:
                taking = pool.submit(take)
                taking.add_done_callback(lambda _: wanted.set())
                wanted.wait()
        taking.result()

    holder = select(Person.id, Person.email).join(
        Registration, Registration.person_id == Person.id
    )
    assert session.execute(holder).all() == [(me.person_id, "new@example.org")]


@pytest.mark.postgres_only  # on SQLite the second does not even begin
def test_who_is_signed_in_registers_by_the_address_that_is_becoming_theirs(
    app: Flask, session: Session
) -> None:
    me = make_account(session, email="old@example.org")
    event = make_event(session)
    link_id = ask_for_new_address(session, me)
    wish = make_wish(event, email="old@example.org", person_id=me.person_id)

    def register() -> None:
        with app.app_context(), transaction() as own:
            service.register(own, wish, now=NOON)

    def names_the_address(statement: str) -> bool:
        return "FOR KEY SHARE" in statement or "INTO registrations" in statement

    with ThreadPoolExecutor(1) as pool:
        with writing(session):
            service.take_new_address(session, link_id, now=NOON)
            with announced(app, names_the_address) as wanted:
                registering = pool.submit(register)
                registering.add_done_callback(lambda _: wanted.set())
                wanted.wait()
        registering.result()

    found = select(Registration.person_id, Registration.email_key)
    assert session.execute(found).all() == [(me.person_id, "new@example.org")]
