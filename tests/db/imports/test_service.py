"""What all imports share: how they are worked on, where they stop, what is kept."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from csd_events.core.db import db, transaction
from csd_events.core.errors import StaleError
from csd_events.core.tables import Table, TableLine
from csd_events.imports import queries, service
from csd_events.imports.models import Run
from csd_events.imports.rules import AT_WORK, Outcome, RunState
from csd_events.organizations.models import ImportRun
from csd_events.registrations.models import ListImport
from csd_events.registrations.rules import ImportKind
from tests.factories import DAY, NOON
from tests.statements import counted

KINDS: list[Callable[[], Run]] = [
    lambda: ImportRun(file_name="a\nb.csv", created_at=NOON),
    lambda: ListImport(
        kind=ImportKind.PRESENTERS, file_name="a\nb.csv", created_at=NOON
    ),
]
every_kind = pytest.mark.parametrize(
    "make", KINDS, ids=["organizations", "lists of people"]
)
LINES = [TableLine(number, [f"Line {number}"]) for number in range(2, 7)]


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session) -> Iterator[None]:
    with app.app_context():
        yield


def taken_in(run: Run) -> tuple[type[Run], int]:
    with transaction() as session:
        return type(run), service.take_in(session, run, Table(["Name"], LINES))


def look(kind: type[Run], run_id: int) -> Run:
    session = db.session()
    session.rollback()
    return queries.get_run(session, kind, run_id)


def work(kind: type[Run], run_id: int, piece: Callable[..., None]) -> Run:
    with transaction() as session:
        service.work_on(session, kind, run_id, dict.fromkeys(RunState, piece), now=NOON)
    return look(kind, run_id)


def compare(session: Session, run: Run, *, now: datetime) -> None:
    """Compare two lines, of which the even ones are wrong."""

    def judge(lines: Any) -> list[dict[str, Any]]:
        outcomes = Outcome.PROBLEM, Outcome.NEW
        return [
            {
                "number": each.number,
                "outcome": outcomes[each.number % 2],
                "facts": {"said": each.cells, "at": now.year},
            }
            for each in lines
        ]

    service.compare_lines(session, run, 2, judge)


def comparing(make: Callable[[], Run]) -> tuple[type[Run], int]:
    kind, run_id = taken_in(make())
    with transaction() as session:
        service.compare_anew(session, kind, run_id)
    return kind, run_id


@every_kind
def test_lines_are_compared_in_pieces_until_the_run_is_ready(
    make: Callable[[], Run],
) -> None:
    kind, run_id = comparing(make)
    shown = []
    while (run := work(kind, run_id, compare)).state is RunState.COMPARING:
        shown.append((run.done, run.known))
    assert shown == [(2, 5), (4, 5), (5, 5)]
    assert (run.state, run.done, run.known) == (RunState.READY, 5, 5)
    assert (run.counts["new"], run.counts["problem"]) == (2, 3)
    wrong = queries.list_lines(
        db.session(), run, run.LINE.outcome == Outcome.PROBLEM, limit=2
    )
    assert [line.number for line in wrong] == [2, 4]
    assert wrong[0].facts == {"said": ["Line 2"], "at": NOON.year}


@every_kind
def test_every_line_is_read_in_order_and_in_pieces(
    app: Flask, make: Callable[[], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    run = look(*taken_in(make()))
    with counted(app) as statements:
        read = list(queries.each_line(db.session(), run))
    assert [line.cells for line in read] == [line.cells for line in LINES]
    assert len(statements) == 4
    assert run.file_name == "ab.csv"


@every_kind
def test_a_piece_that_meets_a_row_just_written_is_tried_once_more(
    make: Callable[[], Run],
) -> None:
    tries = []

    def piece(session: Session, run: Run, *, now: datetime) -> None:
        tries.append(run.done)
        run.done += 1
        if len(tries) == 1:
            session.flush()
            raise IntegrityError("INSERT", {}, ValueError(now))

    run = work(*comparing(make), piece)
    assert (tries, run.done, run.state) == ([0, 0], 1, RunState.COMPARING)


class LockedError(Exception):
    """What either database says of a lock that others hold."""

    sqlite_errorname, sqlstate = "SQLITE_BUSY", "55P03"


@every_kind
def test_what_goes_wrong_ends_a_run_and_the_busy_database_does_not(
    make: Callable[[], Run],
) -> None:
    def wrong(_session: Session, run: Run, *, now: datetime) -> None:
        run.done = 3
        raise ZeroDivisionError(now)

    def busy(_session: Session, _run: Run, *, now: datetime) -> None:
        raise OperationalError("UPDATE", {}, LockedError(now))

    def out_of_reach(_session: Session, _run: Run, *, now: datetime) -> None:
        why = ConnectionError(now)
        raise OperationalError("UPDATE", {}, why, connection_invalidated=True)

    def full(_session: Session, _run: Run, *, now: datetime) -> None:
        raise OperationalError("UPDATE", {}, OSError(now))

    kind, run_id = comparing(make)
    for passing in (busy, out_of_reach):
        with pytest.raises(OperationalError):
            work(kind, run_id, passing)
        assert look(kind, run_id).state is RunState.COMPARING
    run = work(kind, run_id, full)  # tried for ever, it would keep all others waiting
    assert (run.state, run.note) == (RunState.FAILED, "OperationalError")
    with transaction() as session:
        service.go_on(session, kind, run_id)
    run = work(kind, run_id, wrong)
    assert (run.state, run.note, run.done) == (RunState.FAILED, "ZeroDivisionError", 0)
    with transaction() as session:
        assert queries.is_any_at_work(session, kind, now=NOON) is False
        service.go_on(session, kind, run_id)
        assert queries.is_any_at_work(session, kind, now=NOON) is True
    run = work(kind, run_id, compare)
    assert (run.state, run.note, run.done) == (RunState.COMPARING, "", 2)


@every_kind
def test_a_run_is_moved_on_only_from_where_it_stands(make: Callable[[], Run]) -> None:
    kind, run_id = comparing(make)
    for act in (service.compare_anew, service.go_on, service.lock_to_undo):
        with pytest.raises(StaleError), transaction() as session:
            act(session, kind, run_id)
    assert look(kind, run_id).state is RunState.COMPARING


@every_kind
def test_a_file_is_forgotten_after_a_day_and_the_lines_of_one_written_after_thirty(
    make: Callable[[], Run],
) -> None:
    taken_in(make())
    kind, confirmed = taken_in(make())
    with transaction() as session:
        run = service.lock(session, kind, confirmed)
        run.confirmed_at, run.state = NOON, RunState.DONE

    def kept(days: int) -> tuple[int, int]:
        with transaction() as session:
            service.forget_old(session, kind, now=NOON + days * DAY)
            found = [
                session.scalars(select(func.count()).select_from(each)).one()
                for each in (kind, kind.LINE)
            ]
        return found[0], found[1]

    assert [kept(1), kept(2), kept(30), kept(31)] == [(2, 10), (1, 5), (1, 5), (1, 0)]
    assert look(kind, confirmed).counts["forgotten"] is True
    with pytest.raises(StaleError), transaction() as session:
        service.lock_to_undo(session, kind, confirmed)
    with pytest.raises(StaleError), transaction() as session:
        service.drop(session, kind, confirmed)


@every_kind
@pytest.mark.parametrize("state", sorted(AT_WORK))
def test_what_is_written_or_taken_back_is_finished_before_its_lines_are_forgotten(
    make: Callable[[], Run], state: RunState
) -> None:
    kind, run_id = taken_in(make())
    late = NOON + 31 * DAY
    for now_in, is_forgotten in ((state, False), (RunState.UNDONE, True)):
        with transaction() as session:
            run = service.lock(session, kind, run_id)
            run.confirmed_at, run.state = NOON, now_in
            service.forget_old(session, kind, now=late)
        assert look(kind, run_id).is_forgotten is is_forgotten


@every_kind
def test_what_stopped_goes_on_no_more_once_its_lines_are_forgotten(
    make: Callable[[], Run],
) -> None:
    """It would be done at once, and the trail would say that all was written."""
    kind, run_id = taken_in(make())
    with transaction() as session:
        run = service.lock(session, kind, run_id)
        run.confirmed_at, run.state = NOON, RunState.FAILED
        run.counts = {"failed_in": RunState.APPLYING.value}
        service.forget_old(session, kind, now=NOON + 31 * DAY)
    with pytest.raises(StaleError), transaction() as session:
        service.go_on(session, kind, run_id)
    assert look(kind, run_id).state is RunState.FAILED
