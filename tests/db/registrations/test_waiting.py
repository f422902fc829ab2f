"""Places and the waiting list, at the boundary with the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event, EventOffer
from csd_events.events.rules import Audience, OfferDraft
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Refusal, State
from csd_events.registrations.service import check_counters
from tests.factories import (
    DAY,
    NOON,
    make_draft,
    make_event,
    make_member,
    make_registration,
    make_wish,
    writing,
)

START = NOON + 10 * DAY


def states(session: Session) -> list[State]:
    return list(session.scalars(select(Registration.state).order_by(Registration.id)))


def give_back(session: Session, registration: Registration) -> None:
    with writing(session):
        service.cancel(session, registration.id, now=NOON)


def change(session: Session, event: Event, **given: object) -> None:
    with writing(session):
        found = events.get(session, event.id)
        kept = [
            OfferDraft(id=o.id, audience=o.audience, quota=o.quota)
            for o in found.offers
        ]
        draft = make_draft(**{"offers": kept} | given)
        service.save_event(session, event.id, draft, version=found.version, now=NOON)


def test_capacity_raised_promotes_as_many_as_fit_in_order(session: Session) -> None:
    event = make_event(session, capacity=1)
    for _ in range(4):
        make_registration(session, event)
    change(session, event, capacity=3)
    assert states(session) == [State.CONFIRMED] * 3 + [State.WAITING]
    assert check_counters(session) == []


def test_capacity_lowered_below_registered_takes_no_place_away(
    session: Session,
) -> None:
    event = make_event(session, capacity=3)
    held = [make_registration(session, event) for _ in range(3)]
    change(session, event, capacity=1)
    make_registration(session, event)
    give_back(session, held[0])
    assert states(session) == [
        State.CANCELLED,
        State.CONFIRMED,
        State.CONFIRMED,
        State.WAITING,
    ]
    assert check_counters(session) == []


def test_no_limit_any_more_promotes_everybody(session: Session) -> None:
    event = make_event(session, capacity=1)
    for _ in range(3):
        make_registration(session, event)
    change(session, event, capacity=None)
    assert states(session) == [State.CONFIRMED] * 3


def test_cancelling_twice_gives_one_place_back(session: Session) -> None:
    event = make_event(session, capacity=2)
    held = [make_registration(session, event) for _ in range(4)]
    for _ in range(2):
        give_back(session, held[0])
    assert states(session) == [
        State.CANCELLED,
        State.CONFIRMED,
        State.CONFIRMED,
        State.WAITING,
    ]
    assert check_counters(session) == []


def test_nobody_is_promoted_once_the_event_has_begun(session: Session) -> None:
    event = make_event(session, capacity=1)
    first = make_registration(session, event)
    make_registration(session, event)
    with writing(session):
        service.cancel(session, first.id, now=START)
    assert states(session) == [State.CANCELLED, State.WAITING]


def test_nobody_is_promoted_into_a_cancelled_event(session: Session) -> None:
    event = make_event(session, capacity=1)
    first = make_registration(session, event)
    make_registration(session, event)
    with writing(session):
        service.cancel_event(session, event.id, note="", now=NOON)
    with writing(session), pytest.raises(RefusedError) as refused:
        service.cancel(session, first.id, now=NOON)
    assert refused.value.reason is Refusal.CLOSED
    assert states(session) == [State.CONFIRMED, State.WAITING]


def test_a_place_for_members_goes_to_the_next_member(session: Session) -> None:
    """An offer's own quota holds for who waits, too."""
    offers = [
        OfferDraft(audience=Audience.MEMBERS, quota=1),
        OfferDraft(audience=Audience.OTHERS),
    ]
    event = make_event(session, offers=offers, capacity=3)
    members = [
        make_registration(session, event, person_id=make_member(session).person_id)
        for _ in range(2)
    ]
    guest = make_registration(session, event)
    assert states(session) == [State.CONFIRMED, State.WAITING, State.CONFIRMED]
    give_back(session, guest)
    assert states(session) == [State.CONFIRMED, State.WAITING, State.CANCELLED]
    give_back(session, members[0])
    assert states(session) == [State.CANCELLED, State.CONFIRMED, State.CANCELLED]
    quotas = session.execute(
        select(EventOffer.quota, EventOffer.confirmed).order_by(EventOffer.id)
    ).all()
    assert [tuple(row) for row in quotas] == [(1, 1), (None, 0)]
    assert check_counters(session) == []


def test_a_larger_quota_lets_in_who_waits_for_it(session: Session) -> None:
    event = make_event(session, offers=[OfferDraft(quota=1)])
    for _ in range(3):
        make_registration(session, event)
    with writing(session):
        found = events.get(session, event.id)
        offer = OfferDraft(id=found.offers[0].id, quota=2)
        service.save_event(
            session,
            event.id,
            make_draft(offers=[offer]),
            version=found.version,
            now=NOON,
        )
    assert states(session) == [State.CONFIRMED, State.CONFIRMED, State.WAITING]


def test_an_unknown_registration_cannot_be_cancelled(session: Session) -> None:
    with writing(session), pytest.raises(NotFoundError):
        service.cancel(session, 4711, now=NOON)


def test_counters_that_differ_from_their_rows_are_named(session: Session) -> None:
    event = make_event(session, slug="talk")
    make_registration(session, event)
    assert check_counters(session) == []
    offer = events.get(session, event.id).offers[0]
    event.confirmed, event.waiting, offer.confirmed = 5, 1, 2
    session.commit()
    assert check_counters(session) == [
        "talk: says 5 confirmed, 0 held, 1 waiting; has 1, 0, 0",
        f"offer {offer.id}: says 2 confirmed, 0 held; has 1, 0",
    ]


def test_a_registration_and_its_mail_are_saved_together_or_not_at_all(
    session: Session,
) -> None:
    event = make_event(session)

    def broken() -> None:
        with writing(session):
            wish_made = make_wish_of(session, event)
            assert wish_made
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert states(session) == []
    assert session.scalars(select(OutboxMessage.id)).all() == []
    assert check_counters(session) == []


def make_wish_of(session: Session, event: Event) -> int:
    outcome = service.register(session, make_wish(event), now=NOON)
    return outcome.registration_id


def test_what_was_waited_for_longest_is_first_whatever_the_clock_says(
    session: Session,
) -> None:
    """The order is taken under the lock; the clock of a process may be behind."""
    event = make_event(session, capacity=1)
    held = make_registration(session, event)
    for minutes in (0, -5, -10):
        make_registration(session, event, at=NOON + timedelta(minutes=minutes))
    give_back(session, held)
    assert states(session) == [
        State.CANCELLED,
        State.CONFIRMED,
        State.WAITING,
        State.WAITING,
    ]


def test_who_waits_for_a_price_that_is_taken_keeps_nobody_from_another(
    session: Session,
) -> None:
    """Two places are free, and none at the price that the one in line asked for."""
    event = make_event(
        session,
        capacity=3,
        offers=[
            OfferDraft(price_cents=4900, quota=1, audience=Audience.OTHERS),
            OfferDraft(audience=Audience.INVITED, code="WELCOME"),
        ],
    )
    for place in (State.CONFIRMED, State.WAITING):
        assert make_registration(session, event).state is place
    made = [make_registration(session, event, code="WELCOME") for _ in range(3)]
    assert [each.state for each in made] == [
        State.CONFIRMED, State.CONFIRMED, State.WAITING,
    ]  # fmt: skip
    assert check_counters(session) == []
