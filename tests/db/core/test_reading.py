"""Reading and writing: what only looks holds nothing open, and cannot write."""

from collections.abc import Callable

import pytest
from flask import Flask
from psycopg.pq import TransactionStatus
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.db import Turn, db, take_turns, transaction
from tests.factories import make_person


@pytest.mark.postgres_only  # SQLite answers from the same process
def test_who_only_reads_holds_no_transaction_open(app: Flask, session: Session) -> None:
    make_person(session)
    with app.app_context():
        reading = db.session()
        number = reading.scalar(select(func.count(Person.id)))
        driver = reading.connection().connection.driver_connection
        assert driver is not None
        status = driver.info.transaction_status
    assert (number, status) == (1, TransactionStatus.IDLE)


def test_what_others_saved_meanwhile_is_read_once_a_unit_of_work_has_begun(
    app: Flask, session: Session
) -> None:
    people = select(func.count(Person.id))
    with app.app_context():
        before = db.session().scalar(people)
        make_person(session)
        with transaction() as inside:
            after = inside.scalar(people)
    assert (before, after) == (0, 1)


def test_nothing_is_written_outside_of_a_unit_of_work(
    app: Flask, session: Session
) -> None:
    make_person(session)
    with app.app_context():
        reading = db.session()
        reading.scalar(select(func.count(Person.id)))
        with pytest.raises(RuntimeError, match="only a unit of work writes"):
            reading.execute(update(Person).values(full_name="Bea Sample"))
    assert list(session.scalars(select(Person.full_name))) != ["Bea Sample"]


LOCKS: list[Callable[[Session, int], object]] = [
    lambda session, _id: session.scalars(select(Person).with_for_update()).all(),
    lambda session, _id: session.scalars(select(Person.id).with_for_update()).all(),
    lambda session, its: session.get(Person, its, with_for_update=True),
    lambda session, _id: take_turns(session, Turn.EVENT_NAMES),
]


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_is_locked_outside_of_a_unit_of_work(
    app: Flask, session: Session, lock: Callable[[Session, int], object]
) -> None:
    """It would be free again as soon as the statement is over, and nobody would see."""
    person = make_person(session)
    with app.app_context():
        with pytest.raises(RuntimeError, match="only a unit of work locks"):
            lock(db.session(), person.id)
        with transaction() as inside:
            lock(inside, person.id)
