"""Staff's list of an event: how it finds who fits, and by which address."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Person
from csd_events.registrations.models import Registration
from csd_events.registrations.queries import Days, ListFilters, Sort, page_of_event
from csd_events.registrations.queries.listing import ids_in_order
from csd_events.registrations.rules import State
from tests.desk import fill
from tests.factories import (
    NOON,
    make_event,
    make_person,
    make_registration,
    writing,
)
from tests.plans import plan_of, reads_rows, take_an_index

INDEXES = {
    Sort.NEWEST: "ix_registrations_by_instant",
    Sort.NAME: "ix_registrations_by_name",
    Sort.ORGANIZATION: "ix_registrations_by_organization",
    Sort.STATE: "ix_registrations_by_state",
}
#: Orders that are the same where all are in one state.
ONE_STATE = {Sort.NEWEST, Sort.STATE}
NARROWED = {
    "nobody left out": ListFilters(),
    "a state": ListFilters(state=State.CANCELLED),
    "a search": ListFilters(words="person 17"),
    "an address": ListFilters(words="17@example.org"),
    "an organization": ListFilters(organization="Town"),
    "days": ListFilters(days=Days(date(2030, 1, 1), None, "America/New_York")),
    "who is missing": ListFilters(unlisted=True),
    "a search in a state": ListFilters(state=State.CONFIRMED, words="person"),
}


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("filters", NARROWED.values(), ids=NARROWED)
def test_who_fits_is_found_in_an_index_of_the_list_alone(
    session: Session, filters: ListFilters, sort: Sort
) -> None:
    event = make_event(session)
    fill(session, event.id, 200)
    take_an_index(session)

    sorted_so = replace(filters, sort=sort)
    asked = ids_in_order(event.id, sorted_so, falling=True).limit(51)
    plan = plan_of(session, asked)

    own = {INDEXES[sort]}
    if filters.state is not None and sort in ONE_STATE:
        own = {INDEXES[each] for each in ONE_STATE}
    assert any(name in plan for name in own), plan
    assert "TEMP B-TREE" not in plan  # as SQLite says that it sorts
    assert "Sort" not in plan
    assert not reads_rows(session, asked)


@pytest.mark.parametrize("sort", list(Sort))
def test_a_search_of_a_reference_reads_no_row_but_its_own(
    session: Session, sort: Sort
) -> None:
    event = make_event(session)
    fill(session, event.id, 30)
    wanted = make_registration(session, event)
    filters = ListFilters(sort=sort, words=wanted.reference.lower())
    take_an_index(session)

    asked = ids_in_order(event.id, filters, falling=True).limit(51)
    assert INDEXES[sort] in plan_of(session, asked)
    assert not reads_rows(session, asked)
    assert session.scalars(asked).all() == [wanted.id]


def test_lists_by_organization_go_on_by_name(session: Session) -> None:
    """One organization after the other, also where one's name begins as another's."""
    event = make_event(session)
    wanted = [("Town of A", "Bo"), ("Town of A", "Zoë"), ("Town of A B", "Ada")]
    for organization, name in reversed(wanted):
        make_registration(session, event, full_name=name, organization=organization)

    page = page_of_event(session, event.id, ListFilters(sort=Sort.ORGANIZATION))
    assert [(line.organization, line.full_name) for line in page.items] == wanted


def test_who_begins_so_is_found_by_the_name_of_their_organization_alone(
    session: Session,
) -> None:
    event = make_event(session)
    make_registration(session, event, full_name="Sam Sample", organization="Lake")
    found = make_registration(session, event, organization="Lake Sample County")

    page = page_of_event(session, event.id, ListFilters(organization="LAKE s"))
    assert [line.id for line in page.items] == [found.id]


def test_no_word_of_a_search_lies_across_an_organization_and_a_name(
    session: Session,
) -> None:
    event = make_event(session)
    make_registration(session, event, full_name="Ada", organization="Town")

    for words, number in (("townada", 0), ("town ada", 1), ("ada town", 1)):
        page = page_of_event(session, event.id, ListFilters(words=words))
        assert len(page.items) == number


@pytest.mark.parametrize("sort", list(Sort))
def test_a_search_in_any_order_finds_the_same_people(
    session: Session, sort: Sort
) -> None:
    event = make_event(session)
    fill(session, event.id, 30)
    fill(session, make_event(session).id, 30)
    wanted = make_registration(session, event, full_name="Zoë Sample")

    found = page_of_event(session, event.id, ListFilters(sort=sort, words="zoe"))
    assert [line.id for line in found.items] == [wanted.id]


def test_a_persons_new_address_is_that_of_their_registrations_at_once(
    session: Session,
) -> None:
    """Two people change addresses: each is found by the one they have now."""
    event = make_event(session)
    ada, bo = (make_registration(session, event) for _ in range(2))
    old, new = ada.email_key, bo.email_key
    with writing(session):
        accounts.give_address(
            session, ada.person_id, new, holder_id=bo.person_id, now=NOON
        )

    assert _found(session, event.id, new) == [ada.id]
    assert _found(session, event.id, old) == [bo.id]


def test_no_registration_names_an_address_that_is_not_its_persons(
    session: Session,
) -> None:
    made = make_registration(session, make_event(session))
    other = make_person(session)
    mine = update(Registration).where(Registration.id == made.id)
    for wrong in ({"email_key": other.email_key}, {"person_id": other.id}):
        with pytest.raises(IntegrityError):
            session.execute(mine.values(wrong))
        session.rollback()
    assert session.get_one(Person, made.person_id).email_key == made.email_key


def _found(session: Session, event_id: int, words: str) -> list[int]:
    page = page_of_event(session, event_id, ListFilters(words=words))
    return [line.id for line in page.items]
