"""The sample program, as the services have written it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.accounts.queries import get_account
from csd_events.association import queries as association
from csd_events.core.access import Role
from csd_events.core.db import Base
from csd_events.events import queries as events
from csd_events.events.models import Conference, Event, Program
from csd_events.events.rules import Access, State, terms
from csd_events.library.models import CaseStudy
from csd_events.organizations.queries import standing
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.service import check_counters
from csd_events.seeds.service import is_new, load
from tests.factories import CHEAP, NOON

HASH = CHEAP.hash("sample password")
PAST = {"worth-the-effort", "right-for-me"}
COMING = {
    "sharing-dispatch",
    "first-conversation",
    "managing-shared-services",
    "opening-the-question",
    "fire-together",
    "agreements-that-hold",
}


@pytest.fixture(autouse=True)
def added(session: Session) -> list[str]:
    words = load(session, password_hash=HASH, now=NOON)
    session.commit()
    return words


def _everything(session: Session) -> dict[str, list[Any]]:
    return {
        table.name: sorted(map(repr, session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
    }


def test_everything_is_there_and_public(session: Session, added: list[str]) -> None:
    published = session.scalars(
        select(Event.slug).where(Event.published_at.isnot(None))
    )
    assert set(published) == PAST | COMING
    assert session.scalar(select(func.count()).select_from(CaseStudy)) == 44
    assert len(added) == 2 + 3 + 8


def test_loading_again_on_another_day_changes_nothing(session: Session) -> None:
    before = _everything(session)
    later = NOON + timedelta(days=40)
    assert load(session, password_hash="another", now=later) == []
    session.commit()
    assert _everything(session) == before


def test_the_samples_queue_no_mail_and_count_nobody(session: Session) -> None:
    queued = session.scalar(select(func.count()).select_from(OutboxMessage))
    assert (queued, check_counters(session)) == (0, [])


def test_the_association_is_a_sample_and_says_so(session: Session) -> None:
    found = association.read(session)
    assert (found.name, found.is_sample) == (
        "Sample Association of Local Governments",
        True,
    )


def test_a_database_is_new_until_the_samples_are_in_it(session: Session) -> None:
    assert not is_new(session)


@pytest.mark.parametrize(
    ("email", "role", "through"),
    [
        ("member@example.org", Role.NONE, "City of Sampleton"),
        ("guest-account@example.org", Role.NONE, None),
        ("staff@example.org", Role.ADMINISTRATOR, None),
    ],
)
def test_each_sample_sign_in_may_do_what_it_is_for(
    session: Session, email: str, role: Role, through: str | None
) -> None:
    account = get_account(session, email)
    found = standing(session, account.person_id, NOON.date())
    assert (account.role, found.organization) == (role, through)
    assert account.person.email_confirmed_at == NOON
    assert CHEAP.matches("sample password", account.password_hash)


def test_the_webinar_of_2014_was_free_through_the_whole_15th(session: Session) -> None:
    event = events.get_by_slug(session, "worth-the-effort")
    (offer,) = event.terms_of_offers
    assert offer.window.closes_at == datetime(2014, 10, 16, 4, tzinfo=UTC)
    last = datetime(2014, 10, 16, 3, 59, 59, tzinfo=UTC)
    open_then = terms(event.terms_of_offers, member=False, now=last)
    closed_now = terms(event.terms_of_offers, member=False, now=NOON)
    assert (open_then.access, closed_now.access) == (Access.OPEN, Access.CLOSED)
    assert (event.on_demand, event.starts_at, event.over_at) == (
        True,
        None,
        offer.window.closes_at,
    )


def test_the_forum_of_2014_began_at_a_quarter_to_one_in_charlotte(
    session: Session,
) -> None:
    event = events.get_by_slug(session, "right-for-me")
    assert (event.starts_at, event.ends_at, event.state) == (
        datetime(2014, 9, 14, 16, 45, tzinfo=UTC),
        None,
        State.PUBLISHED,
    )
    assert event.conference is not None
    assert event.conference.first_on == event.conference.last_on == date(2014, 9, 14)


def test_after_the_free_days_members_pay_less_than_others(session: Session) -> None:
    event = events.get_by_slug(session, "sharing-dispatch")
    day_five = datetime(2030, 5, 7, 3, 59, tzinfo=UTC)  # still the 6th in New York
    day_six = day_five + timedelta(minutes=1)
    prices = [
        found.offer.price_cents
        for now, member in ((day_five, False), (day_six, True), (day_six, False))
        if (found := terms(event.terms_of_offers, member=member, now=now)).offer
    ]
    assert prices == [0, 2500, 4900]


def test_every_sample_belongs_to_the_program(session: Session) -> None:
    (program,) = session.scalars(select(Program)).all()
    assert set(session.scalars(select(Event.program_id))) == {program.id}
    assert set(session.scalars(select(Conference.slug))) == {
        "icma-annual-conference-2014",
        "sample-annual-conference",
    }


def test_what_is_pinned_to_a_sample_is_in_the_library(session: Session) -> None:
    cases = set(session.scalars(select(CaseStudy.id)))
    pinned = {
        case for reading in session.scalars(select(Event.reading)) for case in reading
    }
    assert pinned - cases == set()
    assert len(pinned) == 7


def test_every_sample_tells_whom_to_ask_about_access(session: Session) -> None:
    said = session.execute(select(Event.accessibility, Event.contact)).all()
    assert [
        row for row in said if not row.accessibility or "@" not in row.contact
    ] == []
