"""The life of an import of any kind, and its work, a piece at a time.

A piece and the note of how far it came are saved together, under the lock of the run.
So whoever does the next one, in whichever process, finds where to begin, and a piece
is done once.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.db import given_rows, waited_in_vain
from csd_events.core.errors import NotFoundError, StaleError
from csd_events.core.tables import Table as FileTable
from csd_events.imports.models import COMPARED, FORGOTTEN, Run, table_of
from csd_events.imports.rules import (
    AT_WORK,
    CONFIRMED_KEPT,
    UNCONFIRMED_KEPT,
    Outcome,
    RunState,
)

log = logging.getLogger(__name__)
R = TypeVar("R", bound=Run)
R_contra = TypeVar("R_contra", bound=Run, contravariant=True)


class Piece(Protocol[R_contra]):
    """Does a little more of the present work of a run, and notes how far it came."""

    def __call__(
        self, session: Session, run: R_contra, /, *, now: datetime
    ) -> None: ...


def take_in(session: Session, run: Run, table: FileTable) -> int:
    """Keep the lines of a file until it is confirmed; return the run's id."""
    run.file_name = "".join(c for c in run.file_name if c.isprintable())[:200]
    run.headings = table.headings
    run.state, run.known = RunState.MATCHING, len(table.lines)
    session.add(run)
    session.flush()
    rows = [
        {"run_id": run.id, "number": each.number, "cells": each.cells, "facts": {}}
        for each in table.lines
    ]
    if rows:
        session.execute(insert(table_of(run.LINE)), rows)
    return run.id


def lock(session: Session, kind: type[R], run_id: int, *states: RunState) -> R:
    """Return a run that nobody else works on meanwhile.

    Raises:
        NotFoundError: There is none by this id.
        StaleError: It is in none of the states, where any are given.
    """
    found = session.get(kind, run_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError("import")
    if states and found.state not in states:
        raise StaleError(f"the import is {found.state}")
    return found


def compare_anew(session: Session, kind: type[R], run_id: int) -> R:
    """Let the lines be compared, perhaps once more; return the locked run."""
    run = lock(session, kind, run_id, RunState.MATCHING, RunState.READY)
    counts = dict.fromkeys((each.value for each in Outcome), 0)
    run.counts = counts | {COMPARED: run.compared + 1}
    run.begin(RunState.COMPARING, run.known)
    return run


def lock_to_confirm(
    session: Session,
    kind: type[R],
    run_id: int,
    *,
    compared: int | None,
    actor_id: int | None,
) -> R | None:
    """Return a locked run whose differences were shown; None where that was before.

    Args:
        compared: The comparison that somebody has seen; None where nothing else can
            have been shown.
        actor_id: Who answers for what is written.

    Raises:
        StaleError: It was compared anew since, perhaps by other columns.
    """
    run = lock(session, kind, run_id)
    if run.state is not RunState.READY:
        return None
    if compared not in {None, run.compared}:
        raise StaleError("it was compared anew")
    run.actor_id = actor_id
    return run


def go_on(
    session: Session, kind: type[Run], run_id: int, *, actor_id: int | None = None
) -> None:
    """Go on with a run that an error has ended, where it stopped."""
    run = lock(session, kind, run_id, RunState.FAILED)
    if run.is_forgotten:
        raise StaleError("its lines are forgotten")
    run.state = RunState(run.counts["failed_in"])
    run.note = ""
    run.actor_id = actor_id


def lock_to_undo(
    session: Session, kind: type[R], run_id: int, *, actor_id: int | None = None
) -> R:
    """Return a locked run that wrote something, of which we still know what.

    Args:
        actor_id: Who answers for what is taken back.
    """
    run = lock(session, kind, run_id, RunState.DONE, RunState.FAILED)
    if run.confirmed_at is None or run.is_forgotten:
        raise StaleError("nothing to undo")
    run.note = ""
    run.actor_id = actor_id
    return run


def drop(session: Session, kind: type[Run], run_id: int) -> None:
    """Forget a file that was not confirmed, with all its lines."""
    run = lock(session, kind, run_id)
    if run.confirmed_at is not None:
        raise StaleError("it was confirmed")
    _forget_lines(session, run)
    session.delete(run)


def forget_old(session: Session, kind: type[Run], *, now: datetime) -> None:
    """Drop files that nobody confirmed within a day, and lines of those long done.

    What is being written or taken back by them is finished first.
    """
    old = select(kind).where(kind.created_at < now - UNCONFIRMED_KEPT)
    for run in session.scalars(old.with_for_update(skip_locked=True)).all():
        if run.confirmed_at is None:
            _forget_lines(session, run)
            session.delete(run)
        elif (
            run.confirmed_at < now - CONFIRMED_KEPT
            and not run.is_forgotten
            and run.state not in AT_WORK
        ):
            _forget_lines(session, run)
            run.counts = run.counts | {FORGOTTEN: True}
            run.headings, run.columns = [], {}


def record(session: Session, run: Run, action: str, *, now: datetime) -> None:
    """Write into the audit trail what became of a run, with its counts.

    By whoever has last said what becomes of it.
    """
    audit.record(
        session,
        action,
        subject_id=run.id,
        now=now,
        actor_id=run.actor_id,
        changes={"file_name": run.file_name} | run.counts,
    )


def work(
    session: Session,
    kind: type[R],
    pieces: Mapping[RunState, Piece[R]],
    *,
    now: datetime,
) -> bool:
    """Do a piece of the oldest import that is under way. False if none is."""
    found = session.scalar(
        select(kind.id)
        .where(kind.state.in_(AT_WORK))
        .order_by(kind.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None:
        return False
    work_on(session, kind, found, pieces, now=now)
    return True


def work_on(
    session: Session,
    kind: type[R],
    run_id: int,
    pieces: Mapping[RunState, Piece[R]],
    *,
    now: datetime,
) -> R:
    """Do a piece of one import, and return how it stands after that.

    What goes wrong ends the import, whose earlier pieces stay; a database that is
    busy or out of reach does not: the piece is tried again.
    """
    run = lock(session, kind, run_id)
    if run.state not in AT_WORK:
        return run
    state = run.state
    try:
        try:
            _do_piece(session, run, pieces[state], now=now)
        except IntegrityError:
            # Somebody has just written the same: now that shows.
            run = lock(session, kind, run_id)
            _do_piece(session, run, pieces[state], now=now)
    except Exception as error:
        if isinstance(error, OperationalError) and (
            waited_in_vain(error) or error.connection_invalidated
        ):
            raise
        log.exception("the import %s stopped", run_id)
        run = lock(session, kind, run_id)
        run.state = RunState.FAILED
        run.note = type(error).__name__
        run.counts = run.counts | {"failed_in": state.value}
    return run


def compare_lines(
    session: Session,
    run: Run,
    number: int,
    judge: Callable[[Sequence[Row[Any]]], Sequence[Mapping[str, Any]]],
) -> None:
    """Compare so many of the next lines; behind the last the run is ready.

    Args:
        session: To write in.
        run: Whose lines they are.
        number: How many at the most.
        judge: Says of each line its number, its outcome, and what else is kept of it.
    """
    lines = next_lines(session, run, number)
    if not lines:
        run.begin(RunState.READY, run.known, done=run.known)
        return
    judged, table = judge(lines), table_of(run.LINE)
    known = given_rows(session, [table.c[name] for name in judged[0]], judged)
    session.execute(
        update(table)
        .where(table.c.run_id == run.id, table.c.number == known.c.number)
        .values({name: known.c[name] for name in judged[0] if name != "number"})
    )
    count(run, Counter(each["outcome"].value for each in judged))
    run.cursor = lines[-1].number
    run.done += len(lines)


def next_lines(
    session: Session, run: Run, number: int, *chosen: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    """Return so many of the lines behind the last one that was worked on."""
    table = table_of(run.LINE)
    mine = table.c.run_id == run.id, table.c.number > run.cursor
    some = select(table).where(*mine, *chosen).order_by(table.c.number)
    return session.execute(some.limit(number)).all()


def count(run: Run, more: Mapping[str, int]) -> None:
    """Add to the counts of a run."""
    counts: Counter[str] = Counter(run.counts)
    counts.update(more)
    run.counts = dict(counts)


def _do_piece(session: Session, run: R, piece: Piece[R], *, now: datetime) -> None:
    with session.begin_nested():
        piece(session, run, now=now)
        session.flush()


def _forget_lines(session: Session, run: Run) -> None:
    for part in run.PARTS:
        session.execute(delete(part).where(part.c.run_id == run.id))
