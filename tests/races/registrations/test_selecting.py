"""What is done with several registrations, while others do it or their own."""

from collections import Counter
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.db import transaction
from csd_events.events.models import Event
from csd_events.registrations import service
from csd_events.registrations.models import Registration, Selected, Selection
from csd_events.registrations.rules import Deed, Done, State, Work
from csd_events.registrations.service import check_counters
from tests.crowd import mailed, states
from tests.factories import NOON, make_event, make_registration, writing
from tests.together import together

pytestmark = pytest.mark.usefixtures("now")
ROUNDS, PEOPLE, TURNS = 4, 6, 3


def begun(
    session: Session, event: Event, ids: list[int], there: Event | None = None
) -> int:
    """Let staff say yes to cancelling some, or to moving them to another event."""
    deed = Deed.MOVE if there else Deed.CANCEL
    target = (there.id, there.offers[0].id) if there else None
    with writing(session):
        made = service.choose(session, event.id, deed, ids, now=NOON, actor_id=None)
        service.begin(session, made, tell=True, target=target, now=NOON, actor_id=None)
    return made


def work_all(app: Flask) -> None:
    """Take turns, as a worker does, until all is done."""
    errand = dict(app.extensions["csd_errands"])["selections"]
    with app.app_context():
        for _ in range(TURNS):
            errand(NOON)


def people(session: Session, event: Event) -> list[int]:
    return [make_registration(session, event).id for _ in range(PEOPLE)]


def results(session: Session, made: int) -> Counter[Done | None]:
    """Count how it went; nobody is left without a word, and it counts each once."""
    session.rollback()
    row = session.get_one(Selection, made, populate_existing=True)
    assert (row.work, row.done) == (Work.DONE, row.known)
    mine = select(Selected.outcome).where(Selected.selection_id == made)
    return Counter(session.scalars(mine.order_by(Selected.registration_id)))


def entries(session: Session, action: str, ids: list[int]) -> Counter[int]:
    rows = select(AuditEntry.subject_id).where(
        AuditEntry.action == action, AuditEntry.subject_id.in_(ids)
    )
    return Counter(session.scalars(rows.order_by(AuditEntry.id)))


def test_several_workers_of_one_selection_do_it_with_each_once_and_report_once(
    app: Flask, session: Session
) -> None:
    for _ in range(ROUNDS):
        event = make_event(session)
        ids = people(session, event)
        made = begun(session, event, ids)
        assert together(app, *[partial(work_all, app)] * 3) == []
        work_all(app)
        assert results(session, made) == {Done.DONE: PEOPLE}
        assert states(session, event) == {State.CANCELLED: PEOPLE}
        once = dict.fromkeys(ids, 1)
        assert entries(session, "registration.cancelled", ids) == once
        assert mailed(session, event)["cancelled"] == PEOPLE


def test_who_cancels_while_a_selection_cancels_them_is_cancelled_and_told_once(
    app: Flask, session: Session
) -> None:
    def give_back(ids: list[int]) -> None:
        for each in reversed(ids):
            with transaction() as inside:
                service.cancel(inside, each, now=NOON)

    for _ in range(ROUNDS):
        event = make_event(session)
        ids = people(session, event)
        made = begun(session, event, ids)
        both = partial(work_all, app), partial(give_back, ids)
        assert together(app, *both) == []
        work_all(app)
        outcome = results(session, made)
        assert outcome[Done.DONE] + outcome[Done.NOT] == PEOPLE
        once = dict.fromkeys(ids, 1)
        assert entries(session, "registration.cancelled", ids) == once
        assert mailed(session, event)["cancelled"] == PEOPLE
        assert check_counters(session) == []


def test_who_cancels_while_a_selection_moves_them_stands_here_or_there_and_not_twice(
    app: Flask, session: Session
) -> None:
    """Whoever was moved first holds what they were given there; else nobody moves."""

    def give_back(ids: list[int]) -> None:
        for each in reversed(ids):
            with transaction() as inside:
                service.cancel(inside, each, now=NOON)

    for _ in range(ROUNDS):
        event, there = make_event(session), make_event(session, capacity=PEOPLE)
        ids = people(session, event)
        made = begun(session, event, ids, there)
        both = partial(work_all, app), partial(give_back, ids)
        assert together(app, *both) == []
        work_all(app)
        outcome = results(session, made)
        assert outcome[Done.DONE] + outcome[Done.NOT] == PEOPLE
        assert states(session, event) == {State.CANCELLED: PEOPLE}
        moved = Counter({State.CONFIRMED: outcome[Done.DONE]})
        assert states(session, there) == +moved
        once = dict.fromkeys(ids, 1)
        assert entries(session, "registration.cancelled", ids) == once
        whose = select(func.count(func.distinct(Registration.person_id))).where(
            Registration.event_id == there.id
        )
        assert session.scalar(whose) == outcome[Done.DONE]
        assert check_counters(session) == []
