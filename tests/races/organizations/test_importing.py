"""One import that several work on, and two that are about the same rows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.db import transaction
from csd_events.core.errors import RefusedError, StaleError
from csd_events.imports.rules import AT_WORK, RunState
from csd_events.organizations.models import Affiliation, ImportRun, Organization
from csd_events.organizations.rules import Refusal
from csd_events.organizations.rules import runs as pieces
from csd_events.organizations.service import importing
from csd_events.organizations.service.importing import things, working
from tests.factories import NOON, writing
from tests.importing import HEAD, WHOLE, compare, work
from tests.together import announced, together

WORKERS = 3


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (working, things, pieces):
        monkeypatch.setattr(module, "PIECE", 2)


def confirming(run_id: int) -> Callable[[], None]:
    def confirm() -> None:
        with transaction() as session:
            importing.confirm(session, run_id, now=NOON)

    return confirm


def working_on(run_id: int) -> Callable[[], None]:
    def go_on() -> None:
        state = next(iter(AT_WORK))
        while state in AT_WORK:
            with transaction() as session:
                state = importing.work_on(session, run_id, now=NOON).state

    return go_on


def ready(app: Flask, content: str) -> int:
    with app.app_context():
        return compare(content)


def written(session: Session) -> dict[str, int]:
    session.rollback()
    ids = {"organizations": Organization.id, "stays": Affiliation.id}
    found = {
        name: session.scalars(select(func.count(each))).one()
        for name, each in ids.items()
    }
    actions = select(func.count()).where(AuditEntry.action == "organization.created")
    return found | {"in the trail": session.scalars(actions).one()}


def state_of(session: Session, run_id: int) -> RunState:
    session.rollback()
    run = select(ImportRun.state).where(ImportRun.id == run_id)
    return session.scalars(run).one()


def test_an_import_confirmed_by_several_and_worked_on_by_several_is_written_once(
    app: Flask, session: Session
) -> None:
    run_id = ready(app, WHOLE)
    assert together(app, *[confirming(run_id)] * WORKERS) == []
    assert together(app, *[working_on(run_id)] * WORKERS) == []
    assert state_of(session, run_id) is RunState.DONE
    assert written(session) == {"organizations": 2, "stays": 2, "in the trail": 2}
    run = session.get_one(ImportRun, run_id)
    assert run.counts["organizations"] == 2
    assert run.counts["affiliations"] == 2


def test_two_imports_of_the_same_file_at_once_make_nothing_twice(
    app: Flask, session: Session
) -> None:
    runs = [ready(app, WHOLE) for _ in range(2)]
    for run_id in runs:
        assert together(app, confirming(run_id)) == []
    assert together(app, *map(working_on, runs)) == []
    assert [state_of(session, run_id) for run_id in runs] == [RunState.DONE] * 2
    assert written(session) == {"organizations": 2, "stays": 2, "in the trail": 2}


def test_an_import_that_is_undone_while_another_builds_on_it_leaves_no_half(
    app: Flask, session: Session
) -> None:
    """Whichever is first, the other comes to an end of its own."""
    first = ready(app, WHOLE)
    together(app, confirming(first))
    together(app, working_on(first))
    more = f"{HEAD}\nCity of Sample,2,,NC,,,,,,Cy Cedar,cy@example.org,Mayor,,,\n"
    second = ready(app, more)

    def undo() -> None:
        with transaction() as own:
            importing.undo(own, first)
        working_on(first)()

    def take_in() -> None:
        confirming(second)()
        working_on(second)()

    errors = together(app, undo, take_in)
    reasons = [e.reason for e in errors if isinstance(e, RefusedError)]
    assert len(reasons) == len(errors)
    ends = state_of(session, first), state_of(session, second)
    if reasons:  # it is being taken back, or what the second builds on has gone
        assert set(reasons) < {Refusal.BEING_UNDONE, Refusal.COMPARED_WITH_GONE}
        assert ends == (RunState.UNDONE, RunState.READY)
        assert written(session)["organizations"] == 0
    else:  # it had been built on: nothing was taken back
        assert ends == (RunState.DONE, RunState.DONE)
        whole = {"organizations": 2, "stays": 3}
        assert {k: v for k, v in written(session).items() if k in whole} == whole


def test_an_import_is_undone_once_whoever_presses(app: Flask, session: Session) -> None:
    run_id = ready(app, WHOLE)
    together(app, confirming(run_id))
    together(app, working_on(run_id))

    def undo() -> None:
        with transaction() as own:
            importing.undo(own, run_id)

    errors = together(app, *[undo] * WORKERS)
    assert [type(each) for each in errors] == [StaleError] * (WORKERS - 1)
    assert together(app, *[working_on(run_id)] * WORKERS) == []
    with app.app_context():
        assert work(run_id) is RunState.UNDONE
    assert written(session)["organizations"] == 0


@pytest.mark.postgres_only
def test_who_confirms_waits_for_who_has_begun_to_undo(
    app: Flask, session: Session
) -> None:
    """SQLite lets one write at a time anyway."""
    first = ready(app, WHOLE)
    together(app, confirming(first))
    together(app, working_on(first))
    second = ready(app, WHOLE)
    waits = announced(app, lambda sent: "pg_advisory_xact_lock" in sent)
    with waits as signal, ThreadPoolExecutor() as pool:
        with writing(session):
            importing.undo(session, first)
            signal.clear()
            errors = pool.submit(together, app, confirming(second))
            assert signal.wait(timeout=30)
        assert [e.args for e in errors.result()] == [(Refusal.BEING_UNDONE.value,)]
