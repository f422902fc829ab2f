"""An import of registrations that several work on, and one beside who registers."""

import io
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.core.tables import read_table
from csd_events.events.models import Event
from csd_events.imports.rules import AT_WORK, RunState
from csd_events.registrations import service
from csd_events.registrations.models import ListImport, Registration
from csd_events.registrations.rules import State, Wish
from csd_events.registrations.service import check_counters, importing
from csd_events.registrations.service.importing import working
from tests.factories import NOON, make_event, make_registration, make_wish
from tests.together import together

ROUNDS, WORKERS, PEOPLE = 4, 3, 5

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "COMPARED_AT_ONCE", 2)
    monkeypatch.setattr(working, "MADE_AT_ONCE", 2)


def confirming(import_id: int) -> Callable[[], None]:
    def confirm() -> None:
        with transaction() as session:
            importing.confirm(session, import_id, now=NOON)

    return confirm


def working_on(import_id: int) -> Callable[[], None]:
    def go_on() -> None:
        state = RunState.APPLYING
        while state in AT_WORK:
            with transaction() as session:
                state = importing.work_on(session, import_id, now=NOON).state

    return go_on


def ready(app: Flask, event: Event, people: int = PEOPLE) -> int:
    """Take in a file of new people, and compare it."""
    lines = [f"Sample {n},in-{event.id}-{n}@example.org\n" for n in range(people)]
    content = "".join(["Name,Email\n", *lines]).encode()
    event_id, offer_id = event.id, event.offers[0].id
    with app.app_context():
        with transaction() as session:
            import_id = importing.take_in(
                session,
                read_table(io.BytesIO(content)),
                file_name="people.csv",
                event_id=event_id,
                now=NOON,
                actor_id=None,
            )
            columns = session.get_one(ListImport, import_id).columns
            given = importing.Matched(columns=columns, offer_id=offer_id)
            importing.match_columns(session, import_id, given)
        working_on(import_id)()
    return import_id


def states(session: Session, event: Event) -> Counter[State]:
    session.rollback()
    mine = select(Registration.state).where(Registration.event_id == event.id)
    return Counter(session.scalars(mine.order_by(Registration.id)))


def test_an_import_that_several_confirm_and_work_on_registers_everybody_once(
    app: Flask, session: Session
) -> None:
    event = make_event(session, slug="talk")
    import_id = ready(app, event)
    assert together(app, *[confirming(import_id)] * WORKERS) == []
    assert together(app, *[working_on(import_id)] * WORKERS) == []
    assert states(session, event) == {State.CONFIRMED: PEOPLE}
    row = session.get_one(ListImport, import_id)
    assert (row.state, row.done, row.counts["written"]) == (
        RunState.DONE,
        PEOPLE,
        PEOPLE,
    )
    assert check_counters(session) == []


def test_an_import_written_while_somebody_takes_the_last_place_never_overbooks(
    app: Flask, session: Session
) -> None:
    def register(wish: Wish) -> None:
        with transaction() as inside:
            service.register(inside, wish, now=NOON)

    for turn in range(ROUNDS):
        event = make_event(session, slug=f"last-{turn}", capacity=2)
        make_registration(session, event)
        import_id = ready(app, event, people=1)
        wish = make_wish(event, offer_id=event.offers[0].id)
        assert together(app, confirming(import_id)) == []
        both = working_on(import_id), partial(register, wish)
        assert together(app, *both) == []
        assert states(session, event) == {State.CONFIRMED: 2, State.WAITING: 1}
        row = session.get_one(ListImport, import_id)
        assert (row.state, row.counts["written"]) == (RunState.DONE, 1)
        assert check_counters(session) == []
