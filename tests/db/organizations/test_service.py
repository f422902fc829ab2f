"""Recording organizations and memberships, and reading who is a member."""

from collections.abc import Iterator
from dataclasses import replace
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
from csd_events.organizations.service import NewOrganization, TypeFacts
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


def test_the_type_of_a_membership_is_said_of_a_person_and_through_a_city(
    session: Session, city: int
) -> None:
    mine, theirs = make_person(session), make_person(session)
    belong(theirs.id, city, Term(FIRST))
    owners: list[dict[str, int]] = [{"person_id": mine.id}, {"organization_id": city}]
    for name, owner in zip(("Single", "Large city"), owners, strict=True):
        with transaction() as ours:
            type_id = service.create_type(ours, TypeFacts(name=name), now=NOON)
            service.record_membership(
                ours, term=Term(FIRST, LAST), type_id=type_id, now=NOON, **owner
            )
    said = [standing(each.id, DAY).membership_type for each in (mine, theirs)]
    assert said == ["Single", "Large city"]


def test_a_parent_that_there_is_not_is_refused(city: int) -> None:
    given = NewOrganization("Town of Sample", parent_id=city + 1)
    with pytest.raises(RefusedError) as at_first, transaction() as session:
        service.create_organization(session, given, now=NOON)
    with pytest.raises(RefusedError) as later, transaction() as session:
        service.save_organization(
            session, city, given, version=1, now=NOON, actor_id=None
        )
    assert [each.value.reason for each in (at_first, later)] == [
        Refusal.PARENT_UNKNOWN,
        Refusal.PARENT_UNKNOWN,
    ]


def test_a_number_of_another_is_refused_as_such_by_a_save_too(city: int) -> None:
    with transaction() as session:
        given = NewOrganization("Town of Sample", external_id="4711")
        service.create_organization(session, given, now=NOON)
    with pytest.raises(RefusedError) as refused, transaction() as session:
        service.save_organization(
            session,
            city,
            replace(CITY, external_id="4711"),
            version=1,
            now=NOON,
            actor_id=None,
        )
    assert refused.value.reason is Refusal.NUMBER_TAKEN


def test_a_position_is_corrected_with_its_days_but_not_to_a_day_on_record(
    session: Session, city: int
) -> None:
    person = make_person(session)
    belong(person.id, city, Term(FIRST, FIRST))
    later = belong(person.id, city, Term(DAY))

    def save(first_on: date) -> None:
        with transaction() as ours:
            service.save_affiliation(
                ours,
                later,
                term=Term(first_on, LAST),
                position="Clerk",
                is_contact=False,
                now=NOON,
                actor_id=None,
            )

    with pytest.raises(RefusedError) as refused:
        save(FIRST)
    save(DAY + timedelta(days=1))

    assert refused.value.reason is Refusal.ALREADY_THERE
    line = queries.get_person_line(session, city, later)
    assert (line.position, line.from_on, line.until_on) == (
        "Clerk",
        DAY + timedelta(days=1),
        LAST,
    )


def test_somebody_belongs_to_an_organization_from_the_first_day_to_the_last(
    session: Session, city: int
) -> None:
    person = make_person(session)
    belong(person.id, city, Term(FIRST, LAST))
    one_day = timedelta(days=1)
    found = [
        (
            queries.page_people(session, city, day).total,
            queries.page_people(session, city, day, others=True).total,
            len(queries.list_belonging(session, person.id, day)),
        )
        for day in (FIRST - one_day, FIRST, LAST, LAST + one_day)
    ]
    assert found == [(0, 1, 0), (1, 0, 1), (1, 0, 1), (0, 1, 0)]


def test_no_two_types_of_membership_have_one_name_after_a_save_either() -> None:
    with transaction() as session:
        service.create_type(session, TypeFacts(name="Large city"), now=NOON)
        other = service.create_type(session, TypeFacts(name="Small city"), now=NOON)
    with pytest.raises(RefusedError) as refused, transaction() as session:
        service.save_type(
            session, other, TypeFacts(name="LARGE city"), now=NOON, actor_id=None
        )
    assert refused.value.reason is Refusal.TYPE_TAKEN


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
