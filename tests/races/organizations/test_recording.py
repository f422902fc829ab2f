"""One organization, or one stay in it, recorded by several at one moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.db import transaction
from csd_events.core.errors import RefusedError
from csd_events.organizations import service
from csd_events.organizations.models import Affiliation, Organization
from csd_events.organizations.rules import Refusal, Term
from csd_events.organizations.service import NewOrganization
from tests.factories import NOON, make_person, writing
from tests.together import announced, together

STAFF, ROUNDS = 4, 5


def count(session: Session, action: str) -> int:
    written = select(func.count()).where(AuditEntry.action == action)
    return session.scalars(written).one()


def test_an_organization_that_several_record_at_once_is_there_once(
    app: Flask, session: Session
) -> None:
    for turn in range(1, ROUNDS + 1):
        name = f"City of Sample {turn}"

        def create(name: str = name) -> None:
            with transaction() as own:
                given = NewOrganization(name=name, state="NC")
                service.create_organization(own, given, now=NOON)

        errors = together(app, *[create] * STAFF)
        reasons = [e.reason for e in errors if isinstance(e, RefusedError)]
        assert reasons == [Refusal.NAME_TAKEN] * (STAFF - 1)
        session.rollback()
        assert session.scalar(select(func.count(Organization.id))) == turn
        assert count(session, "organization.created") == turn
        session.rollback()


def test_a_stay_that_several_record_at_once_is_there_once(
    app: Flask, session: Session
) -> None:
    with writing(session):
        given = NewOrganization(name="City of Sample")
        city = service.create_organization(session, given, now=NOON)
    for turn in range(1, ROUNDS + 1):
        person_id = make_person(session).id
        session.rollback()

        def affiliate(person_id: int = person_id) -> None:
            with transaction() as own:
                service.affiliate(
                    own,
                    person_id=person_id,
                    organization_id=city,
                    term=Term(date(2030, 1, 1), None),
                    now=NOON,
                )

        errors = together(app, *[affiliate] * STAFF)
        assert [type(e) for e in errors] == [RefusedError] * (STAFF - 1)
        session.rollback()
        assert session.scalar(select(func.count(Affiliation.id))) == turn
        session.rollback()


@pytest.mark.postgres_only
def test_who_records_a_membership_waits_for_who_has_begun_to(
    app: Flask, session: Session
) -> None:
    """SQLite lets one write at a time anyway."""
    with writing(session):
        given = NewOrganization(name="City of Sample")
        city = service.create_organization(session, given, now=NOON)
    term = Term(date(2030, 1, 1), date(2030, 12, 31))

    def record() -> None:
        with transaction() as own:
            service.record_membership(own, term=term, organization_id=city, now=NOON)

    waits = announced(app, lambda sent: "FOR UPDATE" in sent)
    with waits as signal, ThreadPoolExecutor() as pool:
        with writing(session):
            service.record_membership(
                session, term=term, organization_id=city, now=NOON
            )
            signal.clear()
            errors = pool.submit(together, app, record)
            assert signal.wait(timeout=30)
        assert errors.result() == []
    assert count(session, "membership.recorded") == 1
