"""An address that is corrected while its owner confirms it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event as Signal

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.db import db, transaction
from csd_events.registrations import service
from csd_events.registrations.models import Receipt, Registration
from tests.factories import NOON, make_event, make_registration, writing


@contextmanager
def registration_wanted(app: Flask) -> Iterator[Signal]:
    """Give a signal when a registration is about to be locked or written."""
    signal = Signal()

    def watch(connection: object, cursor: object, statement: str, *_: object) -> None:
        locks = "FROM registrations" in statement and "FOR UPDATE" in statement
        if locks or statement.startswith("UPDATE registrations"):
            signal.set()

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", watch)
    try:
        yield signal
    finally:
        event.remove(engine, "before_cursor_execute", watch)


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
            with registration_wanted(app) as wanted:
                correcting = pool.submit(correct)
                correcting.add_done_callback(lambda _: wanted.set())
                wanted.wait()
        correcting.result()

    holder = select(Person.email, Registration.link_version).join(Registration.person)
    assert session.execute(holder).all() == [("adda@example.org", 1)]
