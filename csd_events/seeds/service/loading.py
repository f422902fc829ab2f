"""The sample program, made through the services that staff's pages use.

So that it can never be what the program itself would refuse. It queues no mail.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts import queries as account_queries
from csd_events.accounts import service as accounts
from csd_events.association import queries as association_queries
from csd_events.association import service as association
from csd_events.association.models import Association
from csd_events.core.access import Role
from csd_events.core.time import to_wall
from csd_events.events import service as events
from csd_events.events.models import Conference, EventSlug, Program
from csd_events.library import service as library
from csd_events.organizations import service as organizations
from csd_events.organizations.models import MembershipType, Organization
from csd_events.organizations.rules import Term, name_key, organization_key
from csd_events.organizations.service import NewOrganization, TypeFacts
from csd_events.seeds import rules
from csd_events.seeds.rules import SampleEvent, SamplePerson

#: The sample city's membership: long enough for whoever tries the program for long.
MEMBER_FOR = timedelta(days=3653)


def is_new(session: Session) -> bool:
    """Tell whether nobody has begun to use this database."""
    return session.scalar(select(Association.id)) is None


def load(session: Session, *, password_hash: str, now: datetime) -> list[str]:
    """Add what is missing of the sample program, and leave alone what is there.

    Returns:
        What was added, in words; empty if nothing was.
    """
    today = to_wall(now, rules.ASSOCIATION["zone"]).date()
    first = replace(association_queries.first(), **rules.ASSOCIATION)
    association.ensure(session, first)
    taken = library.import_cases(session, library.built_in_document())
    numbers = {"case studies": taken.cases, "works of others": taken.citations}
    added = [f"{each.added} {name}" for name, each in numbers.items() if each.added]
    city_id = _find_or_create_city(session, today, now)
    for person in rules.PEOPLE:
        if account_queries.find_account(session, person.email) is None:
            _add_person(session, person, password_hash=password_hash, now=now)
            if person.is_member:
                _affiliate(session, person, city_id, today=today, now=now)
            added.append(person.email)
    program_id = _find_or_create_program(session, now)
    for event in (*rules.FOUNDING, *rules.upcoming(today)):
        if session.get(EventSlug, event.slug) is None:
            _add_event(session, event, program_id, now=event.announced_at or now)
            added.append(event.slug)
    return added


def _find_or_create_city(session: Session, today: date, now: datetime) -> int:
    county = NewOrganization(**rules.COUNTY)
    county_id = _find_organization(session, county)
    if county_id is None:
        county_id = organizations.create_organization(session, county, now=now)
    city = NewOrganization(**rules.CITY, parent_id=county_id)
    known = _find_organization(session, city)
    if known is not None:
        return known
    created = organizations.create_organization(session, city, now=now)
    organizations.record_membership(
        session,
        organization_id=created,
        term=Term(today, today + MEMBER_FOR),
        type_id=_find_or_create_type(session, now),
        now=now,
    )
    return created


def _find_organization(session: Session, sample: NewOrganization) -> int | None:
    key = organization_key(sample.name, sample.state)
    return session.scalar(select(Organization.id).where(Organization.key == key))


def _find_or_create_type(session: Session, now: datetime) -> int:
    facts = TypeFacts(**rules.MEMBERSHIP_TYPE)
    known = select(MembershipType.id).where(
        MembershipType.name_key == name_key(facts.name)
    )
    found = session.scalar(known)
    return found or organizations.create_type(session, facts, now=now)


def _add_person(
    session: Session, person: SamplePerson, *, password_hash: str, now: datetime
) -> None:
    person_id = accounts.find_or_create_person(
        session, email=person.email, full_name=person.full_name, now=now
    )
    accounts.confirm_address(session, person_id, now=now)
    account_id = accounts.create_account(
        session,
        person_id,
        full_name=person.full_name,
        password_hash=password_hash,
        now=now,
    )
    if person.is_staff:
        accounts.grant_role(session, account_id, Role.ADMINISTRATOR, now=now)


def _affiliate(
    session: Session,
    person: SamplePerson,
    city_id: int,
    *,
    today: date,
    now: datetime,
) -> None:
    account = account_queries.get_account(session, person.email)
    organizations.affiliate(
        session,
        person_id=account.person_id,
        organization_id=city_id,
        term=Term(today),
        position="City manager",
        is_contact=True,
        now=now,
    )


def _find_or_create_program(session: Session, now: datetime) -> int:
    known = select(Program.id).where(Program.slug == rules.PROGRAM_SLUG)
    found = session.scalar(known)
    if found is not None:
        return found
    return events.create_program(
        session, rules.PROGRAM, slug=rules.PROGRAM_SLUG, now=now
    )


def _add_event(
    session: Session, sample: SampleEvent, program_id: int, *, now: datetime
) -> None:
    draft = replace(
        sample.draft,
        program_id=program_id,
        conference_id=_find_or_create_conference(session, sample, now),
        prerequisites=_required(session, sample),
    )
    event = events.create(session, draft, now=now, slug=sample.slug)
    events.publish(session, event.id, now=now)


def _required(session: Session, sample: SampleEvent) -> list[int]:
    """Find the events to attend before a sample; one that is gone asks nothing."""
    found = (session.get(EventSlug, slug) for slug in sample.requires)
    return [each.event_id for each in found if each]


def _find_or_create_conference(
    session: Session, sample: SampleEvent, now: datetime
) -> int | None:
    if sample.conference is None:
        return None
    known = select(Conference.id).where(Conference.slug == sample.conference.slug)
    found = session.scalar(known)
    if found is not None:
        return found
    draft, slug = sample.conference.draft, sample.conference.slug
    return events.create_conference(session, draft, slug=slug, now=now)
