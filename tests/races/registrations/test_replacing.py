"""A place that several press to pass on, or to take back, at one moment."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.core.errors import EndedError, NotFoundError
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import Handover, OpeningWish, Registration
from csd_events.registrations.rules import Colleague, Newcomer, State
from csd_events.registrations.service import By, check_counters
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_party,
    make_registration,
    writing,
)
from tests.together import together

AT_ONCE = 6


def mailed(session: Session, kind: str) -> int:
    session.rollback()
    return len(session.scalars(select(OutboxMessage).filter_by(kind=kind)).all())


def test_one_link_passes_a_place_on_once(app: Flask, session: Session) -> None:
    made = make_registration(session, make_event(session, capacity=1))

    def press(number: int) -> None:
        who = Newcomer(
            full_name="Bo", email=f"bo{number}@example.org", organization="Town"
        )
        with transaction() as own:
            service.replace(own, made.id, who, now=NOON, by=By(link_version=1))

    works = [lambda number=number: press(number) for number in range(AT_ONCE)]
    errors = together(app, *works)
    assert [type(each) for each in errors] == [NotFoundError] * (AT_ONCE - 1)
    assert mailed(session, "registration.handed") == 1
    states = session.scalars(select(Registration.state)).all()
    assert (states, check_counters(session)) == ([State.CONFIRMED], [])


def test_a_place_is_taken_back_once(app: Flask, session: Session) -> None:
    made = make_registration(session, make_event(session, capacity=1))
    who = Newcomer(full_name="Bo", email="bo@example.org", organization="Town")
    with writing(session):
        service.replace(session, made.id, who, now=NOON, by=By())
    handover_id = session.scalars(select(Handover.id)).one()

    def press() -> None:
        with transaction() as own:
            service.take_place_back(own, handover_id, now=NOON)

    errors = together(app, *[press] * AT_ONCE)
    assert [type(each) for each in errors] == [EndedError] * (AT_ONCE - 1)
    assert mailed(session, "handovers.returned") == 1
    assert check_counters(session) == []


def test_an_opening_is_told_once_by_however_many(app: Flask, session: Session) -> None:
    """Two processes may come to the chore at one moment."""
    made = make_event(session, slug="open")
    wish = {"email": "ada@example.org", "email_key": "ada@example.org", "version": 1}
    times = {"asked_at": NOON, "confirmed_at": NOON}
    session.add(OpeningWish(event_id=made.id, **wish, **times))
    session.commit()

    def tell() -> None:
        with transaction() as own:
            service.tell_of_openings(own, now=NOON)

    assert together(app, *[tell] * AT_ONCE) == []
    assert mailed(session, "wishes.opened") == 1


def test_a_row_that_is_named_anew_by_several_presses_holds_one_place(
    app: Flask, session: Session
) -> None:
    event = make_event(session, capacity=1)
    ada = Colleague(full_name="Ada", email="ada@example.org", organization="Town")
    dana = make_account(session).person_id
    party = make_party(event, colleagues=[ada], person_id=dana)
    with writing(session):
        group_id = service.register_party(session, party, now=NOON).group_id or 0

    def press(number: int) -> None:
        who = Newcomer(
            full_name="Bo", email=f"bo{number}@example.org", organization="Town"
        )
        with transaction() as own:
            service.let_another_come(
                own, group_id, 1, who, by=By(link_version=1), now=NOON
            )

    works = [lambda number=number: press(number) for number in range(AT_ONCE)]
    assert together(app, *works) == []
    session.rollback()
    in_it = select(Registration.state).where(Registration.state != State.CANCELLED)
    assert session.scalars(in_it).all() == [State.CONFIRMED]
    assert mailed(session, "registration.handed") == AT_ONCE
    assert check_counters(session) == []
