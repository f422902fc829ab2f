"""Who is not on the list of the conference that an event requires, and how many."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from csd_events.core.db import engine_name
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import Kind
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.queries import (
    ListFilters,
    ListLine,
    Sort,
    count_unlisted,
    page_of_event,
)
from csd_events.registrations.queries.listing import ids_in_order
from csd_events.registrations.queries.unlisted import FEW, missing_addresses
from csd_events.registrations.rules import State
from tests.desk import fill
from tests.factories import (
    NOON,
    make_conference,
    make_event,
    make_registration,
    writing,
)
from tests.plans import plan_of

OWN = "ix_registrations_event_id_email_key_state"


@pytest.fixture
def conference(session: Session) -> int:
    return make_conference(session)


@pytest.fixture
def forum(session: Session, conference: int) -> Event:
    return make_event(
        session, kind=Kind.FORUM, conference_id=conference, requires_conference=True
    )


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("missing", [3, FEW + 3], ids=["few", "many"])
def test_who_is_missing_is_found_in_any_order_be_they_few_or_many(
    session: Session, conference: int, forum: Event, sort: Sort, missing: int
) -> None:
    fill(session, forum.id, FEW + 10)
    everybody = _everybody(session, forum.id)
    wanted = everybody[:missing]
    elsewhere = make_event(session)
    fill(session, elsewhere.id, 5)
    make_registration(session, elsewhere, email=wanted[0].email_key)
    with writing(session):
        service.cancel(session, everybody[-1].id, now=NOON)
    _list(session, conference, *(each.email_key for each in everybody[missing:-1]))

    found: list[ListLine] = []
    after = None
    while not found or after is not None:
        filters = ListFilters(unlisted=True, sort=sort)
        page = page_of_event(session, forum.id, filters, after=after)
        found += page.items
        after = page.after
    in_order = sorted(wanted, key=lambda each: each.id)
    # `fill` names organizations the other way round than people.
    falls = sort is not Sort.NAME
    shown = [each.id for each in in_order]
    assert [line.id for line in found] == (shown[::-1] if falls else shown)
    assert all(line.is_unlisted for line in found)
    assert count_unlisted(session, forum.id) == missing


@pytest.mark.parametrize("missing", [2, FEW + 2], ids=["few", "many"])
def test_who_is_missing_is_narrowed_as_everybody_is(
    session: Session, conference: int, forum: Event, missing: int
) -> None:
    fill(session, forum.id, missing)
    fill(session, forum.id, 4, State.WAITING)
    waiting = _everybody(session, forum.id)[-4:]
    _list(session, conference, waiting[0].email_key)

    wanted = {
        ListFilters(unlisted=True, state=State.WAITING): waiting[1:],
        ListFilters(unlisted=True, words=waiting[1].email_key): [waiting[1]],
        ListFilters(unlisted=True, words=waiting[0].email_key): [],
    }
    for filters, registrations in wanted.items():
        page = page_of_event(session, forum.id, filters)
        assert {line.id for line in page.items} == {each.id for each in registrations}


def test_nobody_is_missing_where_no_conference_is_required(session: Session) -> None:
    event = make_event(session)
    make_registration(session, event)
    assert count_unlisted(session, event.id) == 0
    page = page_of_event(session, event.id, ListFilters(unlisted=True))
    assert page.items == []


def test_both_lists_are_gone_through_once_in_the_order_of_their_indexes(
    session: Session, forum: Event
) -> None:
    """PostgreSQL has a way of its own; it too reads no row of a registration."""
    fill(session, forum.id, 200)
    _take_an_index(session)

    plan = plan_of(session, missing_addresses(forum.id))
    if engine_name(session) == "sqlite":
        assert "MERGE (EXCEPT)" in plan
        assert f"COVERING INDEX {OWN}" in plan
        assert "TEMP B-TREE" not in plan
    else:
        assert f"Index Only Scan using {OWN}" in plan


@pytest.mark.parametrize("sort", list(Sort))
def test_a_few_who_are_missing_are_not_looked_for_in_the_order_of_a_list(
    session: Session, conference: int, forum: Event, sort: Sort
) -> None:
    fill(session, forum.id, 200)
    everybody = _everybody(session, forum.id)
    _list(session, conference, *(each.email_key for each in everybody[3:]))
    _take_an_index(session)

    filters = ListFilters(unlisted=True, sort=sort)
    asked = ids_in_order(session, forum.id, filters, falling=True).limit(51)
    plan = plan_of(session, asked)
    assert "ix_registrations_by" not in plan


def _everybody(session: Session, event_id: int) -> list[Registration]:
    of_event = select(Registration).where(Registration.event_id == event_id)
    return list(session.scalars(of_event.order_by(Registration.id)))


def _list(session: Session, conference: int, *keys: str) -> None:
    with writing(session):
        event_service.save_addresses(session, conference, keys, replace=True, now=NOON)


def _take_an_index(session: Session) -> None:
    """Have PostgreSQL answer as it does where many are: a few it reads one by one."""
    if engine_name(session) != "sqlite":
        for way in ("seqscan", "bitmapscan"):
            session.execute(text(f"SET LOCAL enable_{way} = off"))
