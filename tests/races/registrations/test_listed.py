"""A conference's list that changes while somebody registers, or has another address."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from csd_events.accounts.service import give_address
from csd_events.core.db import transaction
from csd_events.events import service as events
from csd_events.events.models import Event
from csd_events.events.rules import Kind
from csd_events.registrations import service
from csd_events.registrations.queries import ListFilters, page_of_event
from csd_events.registrations.rules import Newcomer
from csd_events.registrations.service import By, check_unlisted
from tests.factories import (
    NOON,
    make_conference,
    make_event,
    make_registration,
    make_wish,
    put_on_list,
    writing,
)
from tests.together import somebody_waits

pytestmark = pytest.mark.postgres_only  # on SQLite the second does not even begin
ADA = "ada@example.org"
BO = "bo@example.org"

Doing = Callable[[Session], object]


@pytest.fixture
def conference(session: Session) -> int:
    return make_conference(session)


@pytest.fixture
def forum(session: Session, conference: int) -> Event:
    return make_event(
        session, kind=Kind.FORUM, conference_id=conference, requires_conference=True
    )


def _while(
    app: Flask, session: Session, first: Doing, second: Doing, then: Doing
) -> None:
    """Do something, let another begin on something else and wait, and go on."""

    def do() -> None:
        with app.app_context(), transaction() as own:
            second(own)

    with ThreadPoolExecutor(1) as pool:
        with writing(session):
            first(session)
            doing = pool.submit(do)
            while not (doing.done() or somebody_waits(session)):
                pass
            then(session)
        doing.result()


def _nothing(_session: Session) -> None:
    """Let who came first commit at once."""


def _missing(session: Session, forum: Event) -> set[str]:
    session.rollback()
    assert check_unlisted(session) == []
    page = page_of_event(session, forum.id, ListFilters(unlisted=True))
    return {each.email for each in page.items}


def test_who_registers_while_their_address_is_listed_is_listed(
    app: Flask, session: Session, conference: int, forum: Event
) -> None:
    def list_ada(session: Session) -> None:
        events.save_addresses(session, conference, (ADA,), replace=False, now=NOON)

    def register(session: Session) -> None:
        service.register(session, make_wish(forum, email=ADA), now=NOON)

    _while(app, session, list_ada, register, _nothing)
    assert _missing(session, forum) == set()


def test_who_gets_an_address_while_it_is_taken_off_the_list_is_missing(
    app: Flask, session: Session, conference: int, forum: Event
) -> None:
    put_on_list(session, conference, ADA, BO)
    ada = make_registration(session, forum, email=ADA).person_id

    def take_bo_off(session: Session) -> None:
        events.remove_address(session, conference, BO, now=NOON)

    def be_bo(session: Session) -> None:
        give_address(session, ada, BO, holder_id=None, now=NOON)

    _while(app, session, take_bo_off, be_bo, _nothing)
    assert _missing(session, forum) == {BO}


def test_a_forum_that_begins_to_require_another_conference_reads_its_list_as_it_will_be(
    app: Flask, session: Session, conference: int
) -> None:
    before = make_conference(session, name="Another Conference")
    forum = make_event(session, kind=Kind.FORUM, conference_id=before)
    make_registration(session, forum, email=ADA)
    event_id = forum.id

    def list_ada(session: Session) -> None:
        events.save_addresses(session, conference, (ADA,), replace=False, now=NOON)

    def require(session: Session) -> None:
        own = session.get_one(Event, event_id)
        own.conference_id, own.requires_conference = conference, True

    _while(app, session, list_ada, require, _nothing)
    assert _missing(session, forum) == set()


def test_who_hands_a_place_on_is_not_waited_for_by_who_changes_the_list_for_ever(
    app: Flask, session: Session, conference: int, forum: Event
) -> None:
    """Both take the event first, and so neither holds what the other is to have."""
    put_on_list(session, conference, ADA)
    made = make_registration(session, forum, email=ADA)
    newcomer = Newcomer(full_name="Bo Sample", email=BO, organization="Town")

    def hold(session: Session) -> None:
        events.save_addresses(session, conference, (), replace=False, now=NOON)

    def hand_on(session: Session) -> None:
        service.replace(session, made.id, newcomer, now=NOON, by=By())

    def take_ada_off(session: Session) -> None:
        events.remove_address(session, conference, ADA, now=NOON)

    _while(app, session, hold, hand_on, take_ada_off)
    assert _missing(session, forum) == {BO}
