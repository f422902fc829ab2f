"""The one row that says who the association is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from csd_events.association import queries, service
from csd_events.association.models import ONLY_ID, Association
from csd_events.association.rules import AssociationView
from csd_events.audit.queries import list_about
from csd_events.core.db import transaction
from tests.factories import NOON, make_person

A_WHILE = timedelta(seconds=5)
NEW = replace(queries.first(), name="Sample Association", is_sample=True)


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session) -> Iterator[None]:
    with app.app_context():
        yield
    queries.forget()


def save(association: AssociationView, *, actor_id: int | None = None) -> None:
    with transaction() as session:
        service.save(session, association, now=NOON, actor_id=actor_id)


def test_there_is_an_association_before_anyone_wrote_about_it(
    session: Session,
) -> None:
    assert queries.read(session) == queries.first()
    assert queries.get(session, now=NOON, keep_for=A_WHILE) == queries.first()


def test_the_sample_is_written_once_and_never_over_what_staff_wrote(
    session: Session,
) -> None:
    with transaction() as ours:
        service.ensure(ours, NEW)
    assert queries.read(session) == NEW

    with transaction() as ours:
        service.ensure(ours, queries.first())
    assert queries.read(session) == NEW


def test_a_save_is_written_down_with_before_and_after(session: Session) -> None:
    person = make_person(session)
    save(NEW)

    save(replace(NEW, telephone="555 0100"), actor_id=person.id)
    save(replace(NEW, telephone="555 0100"), actor_id=person.id)  # changes nothing

    latest, *others = list_about(session, "association", ONLY_ID)
    assert queries.read(session).telephone == "555 0100"
    assert (latest.actor_id, latest.changes) == (
        person.id,
        {"telephone": ["", "555 0100"]},
    )
    assert [entry.changes for entry in others] == [
        {
            "name": ["Association of Local Governments", "Sample Association"],
            "is_sample": [False, True],
        }
    ]


def test_pages_read_it_once_in_a_while(session: Session) -> None:
    save(NEW)
    first = queries.get(session, now=NOON, keep_for=A_WHILE)
    with transaction() as ours:  # as another process would
        ours.execute(delete(Association))

    soon = queries.get(session, now=NOON + A_WHILE / 2, keep_for=A_WHILE)
    session.rollback()
    later = queries.get(session, now=NOON + A_WHILE, keep_for=A_WHILE)

    assert (first, soon, later) == (NEW, NEW, queries.first())


def test_a_save_is_on_the_very_next_page(session: Session) -> None:
    assert queries.get(session, now=NOON, keep_for=A_WHILE) == queries.first()
    session.rollback()

    save(NEW)

    assert queries.get(session, now=NOON, keep_for=A_WHILE) == NEW


class Interrupted(datetime):
    """An instant at whose reckoning another thread saves a change."""

    def __sub__(self, other: Any) -> Any:
        queries.forget()
        return super().__sub__(other)


def test_a_save_at_this_very_moment_breaks_no_page(session: Session) -> None:
    save(NEW)
    queries.get(session, now=NOON, keep_for=A_WHILE)

    interrupted = Interrupted.fromisoformat(NOON.isoformat())
    found = queries.get(session, now=interrupted, keep_for=A_WHILE)

    assert found == NEW


def test_the_clock_set_back_does_not_keep_it_for_ever(session: Session) -> None:
    queries.get(session, now=NOON, keep_for=A_WHILE)
    session.rollback()
    with transaction() as ours:
        service.ensure(ours, NEW)
    assert queries.get(session, now=NOON, keep_for=A_WHILE) == NEW
    session.rollback()
    with transaction() as ours:
        ours.execute(delete(Association))

    before = queries.get(session, now=NOON - A_WHILE, keep_for=A_WHILE)

    assert before == queries.first()
