"""Who is not on the list of the conference that an event requires, and how many."""

from collections.abc import Callable

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from csd_events.core.db import engine_name
from csd_events.events.models import Event
from csd_events.events.rules import Kind
from csd_events.registrations import service
from csd_events.registrations.models import Registration, Selected
from csd_events.registrations.queries import (
    ListFilters,
    ListLine,
    Sort,
    count_unlisted,
    page_of_event,
    pieces_of_event,
)
from csd_events.registrations.queries.listing import ids_in_order
from csd_events.registrations.queries.unlisted import (
    FEW,
    number_missing,
    some_missing,
)
from csd_events.registrations.rules import Deed, State
from tests.desk import fill
from tests.factories import (
    NOON,
    make_conference,
    make_event,
    make_registration,
    put_on_list,
    writing,
)
from tests.plans import plan_of, take_an_index

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
    put_on_list(
        session, conference, *(each.email_key for each in everybody[missing:-1])
    )

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
    put_on_list(session, conference, waiting[0].email_key)

    wanted = {
        ListFilters(unlisted=True, state=State.WAITING): waiting[1:],
        ListFilters(unlisted=True, words=waiting[1].email_key): [waiting[1]],
        ListFilters(unlisted=True, words=waiting[0].email_key): [],
    }
    for filters, registrations in wanted.items():
        page = page_of_event(session, forum.id, filters)
        assert {line.id for line in page.items} == {each.id for each in registrations}


@pytest.mark.parametrize("missing", [2, FEW + 2], ids=["few", "many"])
def test_all_who_are_missing_can_be_chosen_and_are_what_a_file_holds(
    session: Session, conference: int, forum: Event, missing: int
) -> None:
    fill(session, forum.id, missing + 2)
    everybody = _everybody(session, forum.id)
    put_on_list(session, conference, *(each.email_key for each in everybody[missing:]))
    wanted = {each.id for each in everybody[:missing]}
    only = ListFilters(unlisted=True)

    with writing(session):
        service.choose(session, forum.id, Deed.CANCEL, only, now=NOON, actor_id=None)
    assert set(session.scalars(select(Selected.registration_id))) == wanted
    lines = [
        line
        for piece in pieces_of_event(session, forum.id, only, with_answers=False)
        for line in piece
    ]
    references = {each.reference for each in everybody[:missing]}
    assert {line.reference for line in lines} == references


def test_the_list_goes_back_a_page_among_who_is_missing(
    session: Session, forum: Event
) -> None:
    fill(session, forum.id, 60)
    only = ListFilters(unlisted=True)
    first = page_of_event(session, forum.id, only)
    second = page_of_event(session, forum.id, only, after=first.after)
    back = page_of_event(session, forum.id, only, before=second.before)
    assert (len(first.items), len(second.items)) == (50, 10)
    assert back.items == first.items


def test_who_is_listed_between_the_looking_and_the_reading_is_not_shown(
    session: Session, conference: int, forum: Event
) -> None:
    late, still = (make_registration(session, forum) for _ in range(2))
    only = ListFilters(unlisted=True)
    asked = ids_in_order(session, forum.id, only, falling=True)
    put_on_list(session, conference, late.email_key)
    assert session.scalars(asked).all() == [still.id]


def test_nobody_is_missing_where_no_conference_is_required(
    session: Session, conference: int
) -> None:
    event = make_event(session, kind=Kind.FORUM, conference_id=conference)
    make_registration(session, event)
    assert count_unlisted(session, event.id) == 0
    page = page_of_event(session, event.id, ListFilters(unlisted=True))
    assert page.items == []


@pytest.mark.parametrize("asked", [number_missing, some_missing])
def test_both_lists_are_gone_through_once_in_the_order_of_their_indexes(
    session: Session, forum: Event, asked: Callable[[Session, int], Select[int]]
) -> None:
    fill(session, forum.id, 200)
    take_an_index(session)

    plan = plan_of(session, asked(session, forum.id))
    if engine_name(session) == "sqlite":
        assert "MERGE (EXCEPT)" in plan
        assert f"COVERING INDEX {OWN}" in plan
        assert "TEMP B-TREE" not in plan
    else:
        assert "Merge Full Join" in plan
        assert f"Index Only Scan using {OWN}" in plan
        assert "Sort" not in plan


@pytest.mark.parametrize("sort", list(Sort))
def test_a_few_who_are_missing_are_not_looked_for_in_the_order_of_a_list(
    session: Session, conference: int, forum: Event, sort: Sort
) -> None:
    fill(session, forum.id, 200)
    everybody = _everybody(session, forum.id)
    put_on_list(session, conference, *(each.email_key for each in everybody[3:]))
    take_an_index(session)

    filters = ListFilters(unlisted=True, sort=sort)
    asked = ids_in_order(session, forum.id, filters, falling=True).limit(51)
    plan = plan_of(session, asked)
    assert "ix_registrations_by" not in plan


def _everybody(session: Session, event_id: int) -> list[Registration]:
    of_event = select(Registration).where(Registration.event_id == event_id)
    return list(session.scalars(of_event.order_by(Registration.id)))
