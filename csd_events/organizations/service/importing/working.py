"""The work of imports, a piece at a time: each is one short unit of work.

A piece and the note of how far it came are saved together, under the lock of the run.
So whoever does the next one, in whichever process, finds where to begin, and a piece
is done once.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from csd_events.association import queries as association
from csd_events.core.db import given_rows
from csd_events.core.time import to_wall
from csd_events.organizations.models import ImportLine, ImportRun
from csd_events.organizations.rules import (
    AT_WORK,
    PIECE,
    Column,
    Line,
    LineError,
    Outcome,
    Problem,
    RunState,
    read_line,
)
from csd_events.organizations.service.importing.applying import apply_piece
from csd_events.organizations.service.importing.comparing import compare
from csd_events.organizations.service.importing.runs import lock, start
from csd_events.organizations.service.importing.things import Thing, keep_things
from csd_events.organizations.service.importing.undoing import check_piece, undo_piece
from csd_events.organizations.service.importing.world import World

log = logging.getLogger(__name__)
LINES = cast("Table", ImportLine.__table__)


def work(session: Session, *, now: datetime) -> bool:
    """Do a piece of the oldest import that is under way. False if none is."""
    found = session.scalar(
        select(ImportRun.id)
        .where(ImportRun.state.in_(AT_WORK))
        .order_by(ImportRun.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None:
        return False
    work_on(session, found, now=now)
    return True


def work_on(session: Session, run_id: int, *, now: datetime) -> ImportRun:
    """Do a piece of one import, and return how it stands after that.

    What goes wrong ends the import, whose earlier pieces stay; a database that is
    busy does not: the piece is tried again.
    """
    run = lock(session, run_id)
    if run.state not in AT_WORK:
        return run
    state = run.state
    try:
        try:
            _do_piece(session, run, now=now)
        except IntegrityError:
            # Somebody has just written the same: now that shows.
            _do_piece(session, lock(session, run_id), now=now)
    except OperationalError:
        raise
    except Exception as error:
        log.exception("the import %s stopped", run_id)
        run = lock(session, run_id)
        run.state = RunState.FAILED
        run.note = type(error).__name__
        run.counts = run.counts | {"failed_in": state.value}
    return run


def _do_piece(session: Session, run: ImportRun, *, now: datetime) -> None:
    with session.begin_nested():
        _PIECES[run.state](session, run, now=now)
        session.flush()


def _compare_piece(session: Session, run: ImportRun, *, now: datetime) -> None:
    rows = session.execute(
        select(LINES.c.number, LINES.c.cells)
        .where(LINES.c.run_id == run.id, LINES.c.number > run.cursor)
        .order_by(LINES.c.number)
        .limit(PIECE)
    ).all()
    if not rows:
        start(run, RunState.READY, run.rows_known)
        run.rows_done = run.rows_known
        return
    columns = {int(key): Column(value) for key, value in run.columns.items()}
    read = {number: _read(run, cells, columns) for number, cells in rows}
    zone = association.read(session).zone
    world = World(session, run.id, to_wall(run.created_at, zone).date())
    world.load([line for line in read.values() if isinstance(line, Line)])
    counts: Counter[str] = Counter(run.counts)
    judged: list[dict[str, Any]] = []
    drafts: dict[str, Thing] = {}
    for number, line in read.items():
        outcome, facts, said = _judge(world, number, line)
        drafts.update(said)
        counts[outcome.value] += 1
        judged.append({"number": number, "outcome": outcome, "facts": facts})
    _keep_judged(session, run, judged)
    keep_things(session, run.id, list(drafts.values()))
    run.cursor = rows[-1].number
    run.rows_done += len(rows)
    run.counts = dict(counts)


def _judge(
    world: World, number: int, line: Line | LineError
) -> tuple[Outcome, dict[str, Any], dict[str, Thing]]:
    """Say what becomes of a line, why, and what it says of things."""
    try:
        if isinstance(line, LineError):
            raise line
        saying = compare(world, number, line)
    except LineError as error:
        return Outcome.PROBLEM, error.facts, {}
    return saying.outcome, {"changes": saying.changes}, saying.drafts


def _keep_judged(
    session: Session, run: ImportRun, judged: Sequence[Mapping[str, Any]]
) -> None:
    known = given_rows(session, [LINES.c[name] for name in judged[0]], judged)
    session.execute(
        update(LINES)
        .where(LINES.c.run_id == run.id, LINES.c.number == known.c.number)
        .values(outcome=known.c.outcome, facts=known.c.facts)
    )


def _read(
    run: ImportRun, cells: list[str], columns: dict[int, Column]
) -> Line | LineError:
    if len(cells) > len(run.headings):
        return LineError(Problem.BEYOND, value=cells[-1])
    try:
        return read_line(cells, columns)
    except LineError as error:
        return error


_PIECES: dict[RunState, Callable[..., None]] = {
    RunState.COMPARING: _compare_piece,
    RunState.APPLYING: apply_piece,
    RunState.CHECKING: check_piece,
    RunState.UNDOING: undo_piece,
}
