"""Recording organizations and memberships, and reading who is a member."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from csd_events.audit.queries import list_about
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.organizations import queries, service
from csd_events.organizations.rules import Refusal, Standing, Term, Through
from csd_events.organizations.service import NewOrganization
from tests.factories import NOON, make_person

CITY = NewOrganization("City of Sample", "city", "10000-24999", "NC")
FIRST, DAY, LAST = date(2030, 1, 1), date(2030, 5, 1), date(2030, 12, 31)


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def city() -> int:
    with transaction() as session:
        return service.create_organization(session, CITY, now=NOON)


def belong(person_id: int, organization_id: int, term: Term) -> int:
    with transaction() as session:
        return service.affiliate(
            session,
            person_id=person_id,
            organization_id=organization_id,
            term=term,
            now=NOON,
        )


def standing(person_id: int, on: date) -> Standing:
    with transaction() as session:
        return queries.standing(session, person_id, on)


def profile_of(person_id: int, on: date) -> queries.Profile | None:
    with transaction() as session:
        return queries.profile_of(session, person_id, on)


def make_city_a_member(city: int) -> int:
    with transaction() as session:
        return service.record_membership(
            session, organization_id=city, term=Term(FIRST, LAST), now=NOON
        )


def test_who_belongs_to_a_member_city_is_a_member_through_it(
    session: Session, city: int
) -> None:
    person = make_person(session)
    make_city_a_member(city)
    assert standing(person.id, DAY) == Standing()

    belong(person.id, city, Term(FIRST, DAY))

    assert standing(person.id, DAY) == Standing(
        Through.ORGANIZATION, "City of Sample", DAY
    )
    assert standing(person.id, LAST) == Standing()


def test_a_person_may_be_a_member_on_their_own(session: Session) -> None:
    person, other = make_person(session), make_person(session)
    with transaction() as ours:
        service.record_membership(
            ours, person_id=person.id, term=Term(FIRST, LAST), now=NOON
        )

    assert standing(person.id, LAST) == Standing(Through.OWN, None, LAST)
    assert standing(other.id, LAST) == Standing()


def test_belonging_to_a_city_that_is_no_member_makes_no_member(
    session: Session, city: int
) -> None:
    person = make_person(session)
    belong(person.id, city, Term(FIRST))
    assert standing(person.id, DAY) == Standing()


def test_a_standing_takes_one_statement_however_many_memberships(
    session: Session, city: int
) -> None:
    person = make_person(session)
    for day in range(3):
        make_city_a_member(city)
        belong(person.id, city, Term(FIRST + timedelta(days=day)))
    statements: list[str] = []

    def watch(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", watch)
    try:
        found = queries.standing(session, person.id, DAY)
    finally:
        event.remove(db.engine, "before_cursor_execute", watch)

    reads = [statement for statement in statements if statement != "BEGIN"]
    assert (found.is_member, len(reads)) == (True, 1)


def test_a_profile_is_that_of_the_latest_organization_of_the_day(
    session: Session, city: int
) -> None:
    person = make_person(session)
    with transaction() as ours:
        county = service.create_organization(
            ours, NewOrganization("Sample County"), now=NOON
        )
    belong(person.id, county, Term(FIRST, DAY))
    assert profile_of(person.id, LAST) is None
    assert profile_of(person.id, DAY) == queries.Profile(
        "Sample County", None, None, None
    )

    belong(person.id, city, Term(DAY))

    assert profile_of(person.id, DAY) == queries.Profile(
        "City of Sample", "city", "10000-24999", "NC"
    )


def test_no_two_organizations_have_one_name(city: int) -> None:
    with pytest.raises(RefusedError) as refused, transaction() as session:
        service.create_organization(session, CITY, now=NOON)
    assert refused.value.reason is Refusal.NAME_TAKEN


def test_every_record_is_in_the_audit_trail(session: Session, city: int) -> None:
    person = make_person(session)
    membership = make_city_a_member(city)
    affiliation = belong(person.id, city, Term(FIRST))

    entries = [
        list_about(session, kind, subject)[0]
        for kind, subject in (
            ("organization", city),
            ("membership", membership),
            ("affiliation", affiliation),
        )
    ]
    dates = {"from_on": "2030-01-01", "until_on": "2030-12-31"}
    assert [(entry.action, entry.changes) for entry in entries] == [
        (
            "organization.created",
            {
                "name": [None, "City of Sample"],
                "kind": [None, "city"],
                "population_class": [None, "10000-24999"],
                "state": [None, "NC"],
            },
        ),
        ("membership.recorded", {"organization_id": city, **dates}),
        (
            "affiliation.recorded",
            {
                "person_id": person.id,
                "organization_id": city,
                **dates,
                "until_on": None,
            },
        ),
    ]
