"""Many at once, as HTTP requests to two server processes."""

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.models import Receipt, Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import check_counters
from tests.crowd import Post, cancelling, form, positions, states
from tests.factories import make_event, make_person, make_registration

ROUNDS = 4


def test_20_parallel_requests_for_the_last_place_one_registered_19_waiting(
    app: Flask, session: Session, post: Post
) -> None:
    for turn in range(ROUNDS):
        event = make_event(session, slug=f"last-{turn}", capacity=3)
        for _ in range(2):
            make_registration(session, event)
        forms = [form(app, event, f"g{turn}-{n}@example.org") for n in range(20)]
        assert post(forms) == {303: 20}
        assert states(session, event) == {State.CONFIRMED: 3, State.WAITING: 19}
        assert len(set(positions(session, event))) == 19
        assert check_counters(session) == []


def test_the_same_form_sent_8_times_at_once_is_one_registration_and_one_mail(
    app: Flask, session: Session, post: Post
) -> None:
    for turn in range(ROUNDS):
        event = make_event(session, slug=f"same-{turn}")
        assert post([form(app, event, f"same{turn}@example.org")] * 8) == {303: 8}
        session.rollback()
        numbers = [
            session.scalar(select(func.count()).select_from(table))
            for table in (Registration, Receipt, OutboxMessage)
        ]
        assert numbers == [turn + 1] * 3
        assert check_counters(session) == []


def test_one_person_in_8_tabs_at_once_has_one_registration(
    app: Flask, session: Session, post: Post
) -> None:
    for turn in range(ROUNDS):
        event = make_event(session, slug=f"tabs-{turn}")
        make_person(session, email=f"tabs{turn}@example.org")
        forms = [form(app, event, f"Tabs{turn}@example.org") for _ in range(8)]
        assert post(forms) == {303: 8}
        assert states(session, event) == {State.CONFIRMED: 1}
        assert check_counters(session) == []


def test_cancelling_and_registering_at_once_never_overbooks(
    app: Flask, session: Session, post: Post
) -> None:
    for turn in range(ROUNDS):
        event = make_event(session, slug=f"both-{turn}", capacity=4)
        held = [make_registration(session, event) for _ in range(6)]
        forms = [cancelling(app, each) for each in held[:3]]
        forms += [form(app, event, f"new{turn}-{n}@example.org") for n in range(9)]
        assert post(forms) == {303: 12}
        assert states(session, event) == {
            State.CONFIRMED: 4,
            State.WAITING: 8,
            State.CANCELLED: 3,
        }
        assert check_counters(session) == []


def test_cancelling_twice_at_once_gives_one_place_back(
    app: Flask, session: Session, post: Post
) -> None:
    """Promotion, and another's cancelling, at the same moment."""
    for turn in range(ROUNDS):
        event = make_event(session, slug=f"twice-{turn}", capacity=2)
        held = [make_registration(session, event) for _ in range(5)]
        assert post([cancelling(app, held[0])] * 6) == {303: 6}
        assert states(session, event) == {
            State.CONFIRMED: 2,
            State.WAITING: 2,
            State.CANCELLED: 1,
        }
        assert check_counters(session) == []
