"""A forum that requires its conference: who is not on its list has a place held."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.errors import RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Kind, OfferDraft
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import queries, service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Hold, NotPlaced, State
from csd_events.registrations.service import ByHand, check_counters
from tests.factories import (
    DAY,
    NOON,
    make_conference,
    make_event,
    make_registration,
    make_wish,
    put_on_list,
    writing,
)
from tests.statements import counted

START = NOON + 10 * DAY
SECOND = timedelta(seconds=1)
LISTED, OTHER = "listed@example.org", "other@example.org"
HELD, GIVEN = (State.HELD, Hold.CONFERENCE), (State.CONFIRMED, None)


@pytest.fixture
def conference(session: Session) -> int:
    made = make_conference(session)
    put_on_list(session, made, LISTED)
    return made


def make_forum(session: Session, conference: int, **given: Any) -> Event:
    return make_event(
        session,
        kind=Kind.FORUM,
        platform_url=None,
        place="Hall",
        conference_id=conference,
        requires_conference=True,
        **given,
    )


def stand(session: Session) -> list[tuple[State, Hold | None]]:
    session.rollback()
    rows = select(Registration.state, Registration.hold).order_by(Registration.id)
    return [(state, hold) for state, hold in session.execute(rows)]


def kinds(session: Session, registration: Registration) -> Sequence[str]:
    mailed = select(OutboxMessage.kind).where(
        OutboxMessage.subject_id == registration.id,
        OutboxMessage.kind.startswith("registration."),
    )
    mails = session.scalars(mailed.order_by(OutboxMessage.id)).all()
    return [kind.removeprefix("registration.") for kind in mails]


def let_in(session: Session, **given: Any) -> int:
    with writing(session):
        return service.let_in(session, **({"now": NOON} | given))


def test_who_is_on_the_list_has_a_place_and_for_others_one_is_held(
    session: Session, conference: int
) -> None:
    forum = make_forum(session, conference, capacity=2)
    listed, other, third = (
        make_registration(session, forum, email=email)
        for email in ("Listed@Example.org", OTHER, "third@example.org")
    )
    assert stand(session) == [GIVEN, HELD, (State.WAITING, None)]
    assert [kinds(session, each) for each in (listed, other, third)] == [
        ["confirmed"],
        ["unlisted"],
        ["waiting"],
    ]
    assert queries.get(session, other.id).confirmed_at is None
    assert check_counters(session) == []


def test_a_held_place_is_theirs_once_the_list_has_their_address_and_they_hear_it(
    session: Session, conference: int
) -> None:
    forum = make_forum(session, conference)
    other, third = (
        make_registration(session, forum, email=email)
        for email in (OTHER, "third@example.org")
    )
    assert let_in(session) == 0
    put_on_list(session, conference, OTHER)
    assert let_in(session, now=NOON + DAY) == 1
    assert let_in(session, now=NOON + DAY) == 0
    assert stand(session) == [GIVEN, HELD]
    assert queries.get(session, other.id).confirmed_at == NOON + DAY
    assert kinds(session, other) == ["unlisted", "let_in"]
    assert kinds(session, third) == ["unlisted"]
    changes = select(AuditEntry.changes).where(
        AuditEntry.action == "registration.let_in", AuditEntry.subject_id == other.id
    )
    assert session.scalars(changes).one() == {"state": ["held", "confirmed"]}
    assert check_counters(session) == []


def test_a_place_and_its_mail_are_given_together_or_not_at_all(
    session: Session, conference: int
) -> None:
    forum = make_forum(session, conference)
    other = make_registration(session, forum, email=OTHER)
    put_on_list(session, conference, OTHER)
    with writing(session):
        assert service.let_in(session, now=NOON) == 1
        session.rollback()
    assert stand(session) == [HELD]
    assert kinds(session, other) == ["unlisted"]


def test_a_list_of_another_conference_gives_no_place(
    session: Session, conference: int
) -> None:
    make_registration(session, make_forum(session, conference), email=OTHER)
    put_on_list(session, make_conference(session, name="Another"), OTHER)
    assert let_in(session) == 0
    assert stand(session) == [HELD]


def test_who_need_not_be_on_the_list_any_more_gets_what_was_held(
    session: Session, conference: int
) -> None:
    make_registration(session, make_forum(session, conference), email=OTHER)
    session.execute(update(Event).values(requires_conference=False))
    session.commit()
    assert let_in(session) == 1
    assert stand(session) == [GIVEN]


def test_the_list_gives_nothing_once_the_forum_has_begun(
    session: Session, conference: int
) -> None:
    make_registration(session, make_forum(session, conference), email=OTHER)
    put_on_list(session, conference, OTHER)
    assert let_in(session, now=START) == 0
    assert stand(session) == [HELD]
    assert let_in(session, now=START - SECOND) == 1


@pytest.mark.parametrize("what", ["called off", "looked at"])
def test_the_list_gives_nothing_that_staff_call_off_or_look_at_by_now(
    session: Session, conference: int, what: str
) -> None:
    forum = make_forum(session, conference)
    make_registration(session, forum, email=OTHER)
    put_on_list(session, conference, OTHER)
    with writing(session):
        if what == "called off":
            service.cancel_event(session, forum.id, note="", now=NOON)
        else:
            session.execute(update(Event).values(needs_approval=True))
    assert let_in(session) == 0
    assert stand(session) == [HELD]


def test_staff_approve_or_decline_who_is_not_on_the_list(
    session: Session, conference: int
) -> None:
    forum = make_forum(session, conference, capacity=2)
    yes, no, third = (make_registration(session, forum) for _ in range(3))
    with writing(session):
        service.approve(session, yes.id, now=NOON, actor_id=None)
        service.decline(session, no.id, note="Full.", now=NOON, actor_id=None)
    assert stand(session) == [GIVEN, (State.CANCELLED, None), HELD]
    assert [kinds(session, each) for each in (yes, no, third)] == [
        ["unlisted", "approved"],
        ["unlisted", "declined"],
        ["waiting", "unlisted"],
    ]
    with pytest.raises(RefusedError) as refused, writing(session):
        service.give_place(session, third.id, now=NOON, actor_id=None, beyond=False)
    assert refused.value.reason is NotPlaced.DECIDED
    assert check_counters(session) == []


def test_where_every_request_is_looked_at_the_list_is_looked_at_with_it(
    session: Session, conference: int
) -> None:
    forum = make_forum(session, conference, needs_approval=True)
    for email in (LISTED, OTHER):
        make_registration(session, forum, email=email)
    assert stand(session) == [(State.HELD, Hold.APPROVAL)] * 2


def test_a_place_that_comes_free_is_held_for_who_is_next_and_not_on_the_list(
    session: Session, conference: int
) -> None:
    forum = make_forum(session, conference, capacity=1)
    first, second, third = (
        make_registration(session, forum, email=email)
        for email in (LISTED, OTHER, "third@example.org")
    )
    put_on_list(session, conference, "third@example.org")
    for registration in (first, second):
        with writing(session):
            service.cancel(session, registration.id, now=NOON)
    assert stand(session)[1:] == [(State.CANCELLED, None), GIVEN]
    assert kinds(session, second) == ["waiting", "unlisted", "cancelled"]
    assert kinds(session, third) == ["waiting", "promoted"]
    assert check_counters(session) == []


def test_who_takes_a_priced_place_is_compared_with_the_list_then(
    session: Session, conference: int
) -> None:
    priced = [OfferDraft(price_cents=4900)]
    forum = make_forum(session, conference, capacity=1, offers=priced)
    first = make_registration(session, forum, email=LISTED)
    second = make_registration(session, forum, email=OTHER)
    with writing(session):
        service.cancel(session, first.id, now=NOON)
    assert stand(session)[1] == (State.HELD, Hold.ANSWER)
    with writing(session):
        service.take(session, second.id, link_version=1, now=NOON)
    assert stand(session)[1] == HELD
    assert queries.get(session, second.id).held_until is None
    assert kinds(session, second) == ["waiting", "offered", "unlisted"]
    put_on_list(session, conference, OTHER)
    assert let_in(session) == 1
    assert stand(session)[1] == GIVEN
    assert check_counters(session) == []


def test_whom_staff_register_by_hand_has_a_place_whoever_is_on_the_list(
    session: Session, conference: int
) -> None:
    forum = make_forum(session, conference)
    wish = make_wish(forum, offer_id=forum.offers[0].id)
    given = ByHand(wish=wish, beyond=False, tell=True)
    with writing(session):
        service.register_by_hand(session, given, now=NOON, actor_id=None)
    assert stand(session) == [GIVEN]


@pytest.mark.parametrize(
    ("typed", "right", "before", "after"),
    [(LISTED, OTHER, GIVEN, HELD), (OTHER, LISTED, HELD, HELD)],
)
def test_a_corrected_address_is_compared_with_the_list(
    session: Session,
    conference: int,
    typed: str,
    right: str,
    before: tuple[State, Hold | None],
    after: tuple[State, Hold | None],
) -> None:
    """Nobody gets a place by an address of the list that is not theirs."""
    forum = make_forum(session, conference)
    with writing(session):
        wish = make_wish(forum, email=typed)
        outcome = service.register(session, wish, now=NOON)
    assert stand(session) == [before]
    assert outcome.receipt_id is not None
    with writing(session):
        service.change_address(session, outcome.receipt_id, right, now=NOON)
    assert stand(session) == [after]
    assert let_in(session) == (1 if right == LISTED else 0)
    assert check_counters(session) == []


def test_an_event_that_requires_nothing_asks_nothing_of_a_list(
    app: Flask, session: Session
) -> None:
    event = make_event(session, capacity=1)
    with counted(app) as said:
        first, _second = (make_registration(session, event) for _ in range(2))
        with writing(session):
            service.cancel(session, first.id, now=NOON)
    assert [each for each in said if "conference_addresses" in each] == []
    assert events.get(session, event.id).confirmed == 1


def test_whoever_is_not_on_the_list_yet_is_not_looked_at_one_by_one(
    app: Flask, session: Session, conference: int
) -> None:
    forum = make_forum(session, conference)
    asked = []
    for _ in range(2):
        for _more in range(2):
            make_registration(session, forum)
        with counted(app) as said:
            assert let_in(session) == 0
        asked.append(len(said))
    assert asked[0] == asked[1]
