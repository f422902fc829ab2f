"""What has happened between comparing a file, writing it and taking it back."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.db import transaction
from csd_events.imports.rules import RunState
from csd_events.organizations import service
from csd_events.organizations.models import (
    Affiliation,
    ImportRun,
    Membership,
    Organization,
)
from csd_events.organizations.rules import Term
from csd_events.organizations.service import NewOrganization, importing
from tests.factories import NOON
from tests.importing import WHOLE, compare, confirm, lines_of, take_in, undo, work


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session) -> Iterator[None]:
    with app.app_context():
        yield


def create(name: str, number: str | None = None, parent: int | None = None) -> int:
    given = NewOrganization(name, state="NC", external_id=number, parent_id=parent)
    with transaction() as session:
        return service.create_organization(session, given, now=NOON)


def put_under(session: Session, child: int, parent: int) -> None:
    session.execute(
        update(Organization)
        .where(Organization.id == child)
        .values(parent_id=parent)
        .execution_options(synchronize_session=False)
    )
    session.commit()


def write(run_id: int) -> None:
    confirm(run_id)
    assert work(run_id) is RunState.DONE


def known(session: Session) -> dict[str, tuple[str | None, int | None]]:
    session.rollback()
    columns = Organization.name, Organization.external_id, Organization.parent_id
    rows = session.execute(select(*columns)).all()
    return {name: (number, parent) for name, number, parent in rows}


def test_a_number_that_another_has_by_now_is_left_out(session: Session) -> None:
    run_id = compare(lines_of("Town of Y,5,,NC,,,,,,,,,,,"))
    create("Town of Z", "5")
    write(run_id)
    assert known(session) == {"Town of Y": (None, None), "Town of Z": ("5", None)}


def test_a_state_that_would_make_it_another_recorded_meanwhile_is_left_out(
    session: Session,
) -> None:
    with transaction() as ours:
        service.create_organization(ours, NewOrganization("Springfield"), now=NOON)
    run_id = compare(lines_of("Springfield,5,,NC,,,,,,,,,,,"))
    create("Springfield")
    write(run_id)
    session.rollback()
    rows = session.execute(select(Organization.state, Organization.external_id))
    assert {tuple(row) for row in rows} == {(None, "5"), ("NC", None)}


def test_who_was_recorded_meanwhile_keeps_the_name_as_it_was_written(
    session: Session,
) -> None:
    run_id = compare(lines_of("TOWN OF Y,5,,NC,,,,,,,,,,,"))
    create("Town of Y")
    write(run_id)
    assert known(session) == {"Town of Y": ("5", None)}


def test_nobody_comes_to_stand_under_themselves_by_what_was_moved_meanwhile(
    session: Session,
) -> None:
    a, b, c = (create(name) for name in "ABC")
    run_id = compare(lines_of("A,,,NC,,B,,,,,,,,,", "C,,,NC,,A,,,,,,,,,"))
    put_under(session, b, c)
    write(run_id)
    assert known(session) == {"A": (None, b), "B": (None, c), "C": (None, None)}
    run_id = compare(lines_of("C,,,NC,,,,,,,,,,,", "D,,,NC,,A,,,,,,,,,"))
    write(run_id)
    assert known(session)["D"] == (None, a)


def test_a_stay_that_was_recorded_meanwhile_is_changed(session: Session) -> None:
    city = create("City of X")
    take_in(lines_of(",,,,,,,2030-01-01,2030-12-31,Ada,ada@example.org,,,,"))
    person = session.scalars(select(Person.id)).one()
    session.rollback()
    line = "City of X,,,NC,,,,,,,ada@example.org,Mayor,2020-01-01,,yes"
    run_id = compare(lines_of(line))
    with transaction() as ours:
        service.affiliate(
            ours,
            person_id=person,
            organization_id=city,
            term=Term(date(2020, 1, 1)),
            position="Clerk",
            now=NOON,
        )
    write(run_id)
    stays = select(Affiliation.position, Affiliation.is_contact)
    session.rollback()
    assert [tuple(each) for each in session.execute(stays)] == [("Mayor", True)]


@pytest.mark.parametrize("meanwhile", [False, True])
def test_of_two_memberships_from_one_day_the_first_is_meant(
    session: Session, *, meanwhile: bool
) -> None:
    city = create("City of X")
    line = lines_of("City of X,,,NC,,,,2030-01-01,2030-09-30,,,,,,")
    run_id = compare(line) if meanwhile else 0
    for last in (date(2030, 6, 30), date(2030, 7, 31)):
        with transaction() as ours:
            term = Term(date(2030, 1, 1), last)
            service.record_membership(ours, term=term, organization_id=city, now=NOON)
    write(run_id or compare(line))
    session.rollback()
    ends = session.scalars(select(Membership.until_on).order_by(Membership.id)).all()
    assert ends == [date(2030, 9, 30), date(2030, 7, 31)]


def test_what_is_touched_after_it_was_looked_at_ends_the_undo(
    session: Session,
) -> None:
    run_id = take_in(WHOLE)
    with transaction() as ours:
        importing.undo(ours, run_id)
    state = RunState.CHECKING
    while state is RunState.CHECKING:
        state = work(run_id, pieces=1)
    assert state is RunState.UNDOING
    session.execute(update(Affiliation).values(position="Mayor"))
    session.commit()
    assert work(run_id) is RunState.FAILED
    run = session.get_one(ImportRun, run_id, populate_existing=True)
    assert run.note == "StaleError"
    assert len(session.scalars(select(Affiliation.id)).all()) == 2


def test_an_undo_that_was_refused_can_be_asked_for_again(session: Session) -> None:
    run_id = take_in(WHOLE)
    old = session.execute(select(Affiliation.id, Affiliation.position)).all()
    for position in ("Mayor", None):
        for stay_id, was in old:
            mine = update(Affiliation).where(Affiliation.id == stay_id)
            session.execute(mine.values(position=position or was))
        session.commit()
        expected = RunState.DONE if position else RunState.UNDONE
        assert undo(run_id) is expected


def test_who_confirms_what_is_done_begins_nothing_anew(session: Session) -> None:
    run_id = take_in(WHOLE)
    confirm(run_id)
    run = session.get_one(ImportRun, run_id, populate_existing=True)
    assert (run.state, run.done) == (RunState.DONE, run.known)
