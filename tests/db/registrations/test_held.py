"""Places that are held: asked for, offered, approved, declined, taken, lapsed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.audit.models import AuditEntry
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import OfferDraft
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import queries, service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import ANSWER_KEPT, Hold, NotPlaced, State
from csd_events.registrations.service import check_counters
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    call_off,
    make_account,
    make_event,
    make_registration,
    writing,
)

START = NOON + 10 * DAY
SECOND = timedelta(seconds=1)
PRICE = 4900


def asked(session: Session, **given: Any) -> Event:
    return make_event(session, needs_approval=True, **given)


def priced(session: Session, *, places: int = 1, **given: Any) -> Event:
    offers = [OfferDraft(price_cents=PRICE)]
    return make_event(session, capacity=places, offers=offers, **given)


def stand(session: Session) -> list[tuple[State, Hold | None]]:
    rows = select(Registration.state, Registration.hold).order_by(Registration.id)
    return [(state, hold) for state, hold in session.execute(rows)]


def kinds(session: Session, registration: Registration) -> Sequence[str]:
    mailed = select(OutboxMessage.kind).where(
        OutboxMessage.subject_id == registration.id,
        OutboxMessage.kind.startswith("registration."),
    )
    mails = session.scalars(mailed.order_by(OutboxMessage.id)).all()
    return [kind.removeprefix("registration.") for kind in mails]


def approve(session: Session, registration: Registration, **given: Any) -> None:
    with writing(session):
        service.approve(
            session, registration.id, **({"now": NOON, "actor_id": None} | given)
        )


def decline(session: Session, registration: Registration, note: str = "") -> None:
    with writing(session):
        service.decline(session, registration.id, note=note, now=NOON, actor_id=None)


def give_back(session: Session, registration: Registration) -> None:
    with writing(session):
        service.cancel(session, registration.id, now=NOON)


def take(session: Session, registration: Registration, *, now: datetime = NOON) -> None:
    version = registration.link_version
    with writing(session):
        service.take(session, registration.id, link_version=version, now=now)


def lapse(session: Session, now: datetime) -> int:
    with writing(session):
        return service.let_lapse(session, now=now)


def offered(session: Session, event: Event) -> Registration:
    """Somebody to whom a place of a full event with a price came."""
    first, second = (make_registration(session, event) for _ in range(2))
    give_back(session, first)
    return queries.get(session, second.id)


def test_a_request_holds_the_place_until_staff_approve_it(session: Session) -> None:
    event = asked(session, capacity=1)
    one, other = (make_registration(session, event) for _ in range(2))
    assert stand(session) == [(State.HELD, Hold.APPROVAL), (State.WAITING, None)]
    assert queries.get(session, one.id).confirmed_at is None
    approve(session, one, now=NOON + HOUR)
    assert stand(session) == [(State.CONFIRMED, None), (State.WAITING, None)]
    assert queries.get(session, one.id).confirmed_at == NOON + HOUR
    assert kinds(session, one) == ["requested", "approved"]
    assert kinds(session, other) == ["waiting"]
    assert check_counters(session) == []


def test_a_request_that_is_declined_lets_the_next_in_line_ask(session: Session) -> None:
    event = asked(session, capacity=1)
    one, other = (make_registration(session, event) for _ in range(2))
    decline(session, one, "It is for fire chiefs.")
    assert stand(session) == [(State.CANCELLED, None), (State.HELD, Hold.APPROVAL)]
    assert queries.get(session, one.id).decline_note == "It is for fire chiefs."
    assert kinds(session, one) == ["requested", "declined"]
    assert kinds(session, other) == ["waiting", "requested"]
    assert check_counters(session) == []


def test_who_asks_again_after_a_no_begins_anew(session: Session) -> None:
    event = asked(session)
    one = make_registration(session, event, email="ada@example.org")
    decline(session, one, "No.")
    again = make_registration(session, event, email="ada@example.org")
    session.refresh(again)
    assert (again.id, again.hold, again.decline_note) == (one.id, Hold.APPROVAL, "")
    assert kinds(session, again) == ["requested", "declined", "requested"]


def test_a_request_is_decided_once(session: Session) -> None:
    event = asked(session)
    one, other = (make_registration(session, event) for _ in range(2))
    approve(session, one)
    decline(session, other)
    for registration in (one, other):
        for decide in (approve, decline):
            with pytest.raises(RefusedError) as refused:
                decide(session, registration)
            assert refused.value.reason == NotPlaced.DECIDED
    assert stand(session) == [(State.CONFIRMED, None), (State.CANCELLED, None)]


def test_nothing_is_decided_of_an_event_that_is_over_or_called_off(
    session: Session,
) -> None:
    event = asked(session)
    one = make_registration(session, event)
    with pytest.raises(RefusedError) as late:
        approve(session, one, now=START + HOUR)
    call_off(session, event.id)
    with pytest.raises(RefusedError) as off:
        approve(session, one)
    assert {late.value.reason, off.value.reason} == {NotPlaced.OVER}


def test_whoever_decides_stands_in_the_trail(session: Session) -> None:
    event, staff = asked(session), make_account(session)
    yes, no = (make_registration(session, event) for _ in range(2))
    approve(session, yes, actor_id=staff.person_id)
    with writing(session):
        service.decline(session, no.id, note="", now=NOON, actor_id=staff.person_id)
    entries = session.execute(
        select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.changes)
        .where(AuditEntry.actor_id == staff.person_id)
        .order_by(AuditEntry.id)
    ).all()
    assert [tuple(each) for each in entries] == [
        ("registration.approved", staff.person_id, {"state": ["held", "confirmed"]}),
        ("registration.declined", staff.person_id, {"state": ["held", "cancelled"]}),
    ]


def test_a_priced_place_that_came_free_is_held_for_48_hours(session: Session) -> None:
    second = offered(session, priced(session))
    assert (second.state, second.hold) == (State.HELD, Hold.ANSWER)
    assert second.held_until == NOON + ANSWER_KEPT
    assert kinds(session, second) == ["waiting", "offered"]
    assert check_counters(session) == []


def test_a_held_place_is_taken_once_and_then_is_theirs(session: Session) -> None:
    event = priced(session)
    second = offered(session, event)
    for _ in range(2):
        take(session, second, now=NOON + ANSWER_KEPT - SECOND)
    taken = queries.get(session, second.id)
    assert (taken.state, taken.hold, taken.held_until) == (State.CONFIRMED, None, None)
    assert kinds(session, taken) == ["waiting", "offered", "confirmed"]
    assert check_counters(session) == []


def test_a_held_place_that_nobody_takes_goes_to_the_next(session: Session) -> None:
    event = priced(session)
    second = offered(session, event)
    third = make_registration(session, event)
    assert lapse(session, NOON + ANSWER_KEPT - SECOND) == 0
    assert lapse(session, NOON + ANSWER_KEPT) == 1
    assert stand(session)[1:] == [(State.CANCELLED, None), (State.HELD, Hold.ANSWER)]
    assert queries.get(session, third.id).held_until == NOON + 2 * ANSWER_KEPT
    assert kinds(session, second) == ["waiting", "offered", "lapsed"]
    assert check_counters(session) == []


def test_what_was_held_at_an_event_that_is_called_off_stays_as_it_was(
    session: Session,
) -> None:
    event = priced(session)
    second = offered(session, event)
    call_off(session, event.id)
    assert lapse(session, NOON + ANSWER_KEPT) == 0
    assert stand(session)[1] == (State.HELD, Hold.ANSWER)
    assert kinds(session, second) == ["waiting", "offered", "event_cancelled"]


def test_who_comes_too_late_for_a_held_place_is_refused(session: Session) -> None:
    second = offered(session, priced(session))
    with pytest.raises(RefusedError) as late:
        take(session, second, now=NOON + ANSWER_KEPT)
    lapse(session, NOON + ANSWER_KEPT)
    with pytest.raises(RefusedError) as later:
        take(session, second, now=NOON + ANSWER_KEPT)
    assert {late.value.reason, later.value.reason} == {NotPlaced.LAPSED}


def test_a_link_that_has_ended_takes_no_place(session: Session) -> None:
    second = offered(session, priced(session))
    session.execute(
        update(Registration).where(Registration.id == second.id).values(link_version=2)
    )
    session.commit()
    with writing(session), pytest.raises(NotFoundError):
        service.take(session, second.id, link_version=1, now=NOON)


def test_a_priced_place_is_taken_before_staff_look_at_it(session: Session) -> None:
    event = priced(session, needs_approval=True)
    first, second = (make_registration(session, event) for _ in range(2))
    give_back(session, first)
    take(session, second)
    take(session, second)
    assert stand(session)[1] == (State.HELD, Hold.APPROVAL)
    assert lapse(session, NOON + 5 * DAY) == 0
    approve(session, second)
    assert stand(session)[1] == (State.CONFIRMED, None)
    assert kinds(session, second) == ["waiting", "offered", "requested", "approved"]
    assert check_counters(session) == []


def test_nobody_is_offered_a_place_for_longer_than_until_the_start(
    session: Session,
) -> None:
    second = offered(session, priced(session, starts_at=NOON + HOUR))
    assert second.held_until == NOON + HOUR


def test_a_held_place_counts_against_the_quota_of_its_offer(session: Session) -> None:
    offers = [OfferDraft(quota=1)]
    event = make_event(session, capacity=9, offers=offers, needs_approval=True)
    for _ in range(2):
        make_registration(session, event)
    offer = events.get(session, event.id).offers[0]
    assert (offer.confirmed, offer.held, offer.taken) == (0, 1, 1)
    assert stand(session) == [(State.HELD, Hold.APPROVAL), (State.WAITING, None)]


@pytest.mark.parametrize("hold", [Hold.APPROVAL, Hold.ANSWER])
def test_who_gives_a_held_place_back_frees_it_for_the_next(
    session: Session, hold: Hold
) -> None:
    if hold is Hold.APPROVAL:
        mine = make_registration(session, asked(session, capacity=1))
    else:
        mine = offered(session, priced(session))
    next_one = make_registration(session, events.get(session, mine.event_id))
    give_back(session, mine)
    found = queries.get(session, next_one.id)
    assert (found.state, found.hold) == (State.HELD, hold)
    assert kinds(session, mine)[-1] == "cancelled"
    assert check_counters(session) == []


def test_who_has_a_place_held_hears_of_a_cancelled_event_and_of_no_reminder(
    session: Session,
) -> None:
    event = asked(session)
    mine = make_registration(session, event)
    person = session.get_one(Person, mine.person_id)
    assert person.wants_reminders
    with writing(session):
        service.queue_reminders(session, now=START - HOUR)
    call_off(session, event.id, now=START - HOUR)
    assert kinds(session, mine) == ["requested", "event_cancelled"]
