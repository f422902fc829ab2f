"""From a file to a run: taken in, its columns named, confirmed, dropped, forgotten."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.db import Turn, take_turns
from csd_events.core.errors import NotFoundError, RefusedError, StaleError
from csd_events.core.tables import Table as FileTable
from csd_events.organizations.models import ImportLine, ImportRun, ImportThing
from csd_events.organizations.rules import (
    CONFIRMED_KEPT,
    UNCONFIRMED_KEPT,
    Column,
    Outcome,
    Refusal,
    RunState,
    Step,
    guess_columns,
)
from csd_events.organizations.service.importing.rows import TABLES

TAKEN_BACK = (RunState.CHECKING, RunState.UNDOING)
#: What may be on record already, so that a thing is named by its number.
COMPARED_WITH = (Step.ORGANIZATION, Step.AFFILIATION, Step.MEMBERSHIP)
LINES = cast("Table", ImportLine.__table__)
THINGS = cast("Table", ImportThing.__table__)


def take_in(
    session: Session,
    table: FileTable,
    *,
    file_name: str,
    now: datetime,
    actor_id: int | None = None,
) -> int:
    """Keep the lines of a file until it is confirmed; return the run's id."""
    guessed = guess_columns(table.headings)
    run_id = session.scalars(
        insert(ImportRun)
        .values(
            file_name="".join(c for c in file_name if c.isprintable())[:200],
            actor_id=actor_id,
            created_at=now,
            state=RunState.MATCHING,
            headings=table.headings,
            columns={str(position): column for position, column in guessed.items()},
            rows_known=len(table.lines),
        )
        .returning(ImportRun.id)
    ).one()
    rows = [
        {"run_id": run_id, "number": line.number, "cells": line.cells, "facts": {}}
        for line in table.lines
    ]
    if rows:
        session.execute(insert(LINES), rows)
    return run_id


def lock(session: Session, run_id: int) -> ImportRun:
    """Return a run that nobody else works on meanwhile.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.scalar(
        select(ImportRun)
        .where(ImportRun.id == run_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError("import")
    return found


def match_columns(session: Session, run_id: int, columns: Mapping[int, Column]) -> None:
    """Say what the columns hold, and let the lines be compared, perhaps once more."""
    run = _in_state(session, run_id, RunState.MATCHING, RunState.READY)
    session.execute(delete(THINGS).where(THINGS.c.run_id == run_id))
    run.columns = {str(position): column.value for position, column in columns.items()}
    run.counts = dict.fromkeys((each.value for each in Outcome), 0)
    start(run, RunState.COMPARING, run.rows_known)


def confirm(session: Session, run_id: int, *, now: datetime) -> None:
    """Let what was shown be written. Confirming twice does it once.

    Raises:
        RefusedError: Another import is being taken back, or was since this one was
            compared, with rows that it counts on.
    """
    run = lock(session, run_id)
    if run.state is not RunState.READY:
        return
    take_turns(session, Turn.IMPORTS)
    undoing = select(ImportRun.id).where(ImportRun.state.in_(TAKEN_BACK))
    if session.scalar(undoing.limit(1)) is not None:
        raise RefusedError(Refusal.BEING_UNDONE)
    if _counts_on_what_is_gone(session, run_id):
        raise RefusedError(Refusal.COMPARED_WITH_GONE)
    run.confirmed_at = now
    news = select(func.count()).where(ImportThing.run_id == run_id, ImportThing.is_news)
    start(run, RunState.APPLYING, session.scalars(news).one())


def go_on(session: Session, run_id: int) -> None:
    """Go on with a run that an error has ended, where it stopped."""
    run = _in_state(session, run_id, RunState.FAILED)
    run.state = RunState(run.counts["failed_in"])
    run.note = ""


def undo(session: Session, run_id: int) -> None:
    """Look whether everything is as the import left it, and if so take it back."""
    run = _in_state(session, run_id, RunState.DONE, RunState.FAILED)
    if run.confirmed_at is None or run.counts.get("forgotten"):
        raise StaleError("nothing to undo")
    take_turns(session, Turn.IMPORTS)
    run.note = ""
    run.counts = run.counts | {"touched": []}
    written = select(func.count()).where(
        ImportThing.run_id == run_id, ImportThing.row_id.is_not(None)
    )
    # Each thing is looked at once, and then taken back.
    start(run, RunState.CHECKING, 2 * session.scalars(written).one())


def drop(session: Session, run_id: int) -> None:
    """Forget a file that was not confirmed, with all its lines."""
    run = lock(session, run_id)
    if run.confirmed_at is not None:
        raise StaleError("it was confirmed")
    _forget(session, run_id)
    session.execute(delete(ImportRun).where(ImportRun.id == run_id))


def forget_old_imports(session: Session, *, now: datetime) -> None:
    """Drop files that nobody confirmed within a day, and lines of those long done."""
    old = select(ImportRun).where(ImportRun.created_at < now - UNCONFIRMED_KEPT)
    for run in session.scalars(old.with_for_update(skip_locked=True)):
        if run.confirmed_at is None:
            _forget(session, run.id)
            session.execute(delete(ImportRun).where(ImportRun.id == run.id))
        elif run.confirmed_at < now - CONFIRMED_KEPT and "forgotten" not in run.counts:
            _forget(session, run.id)
            run.counts = run.counts | {"forgotten": True}
            session.execute(
                update(ImportRun)
                .where(ImportRun.id == run.id)
                .values(counts=run.counts, headings=[], columns={})
            )


def start(run: ImportRun, state: RunState, rows_known: int) -> None:
    run.state = state
    run.rows_known, run.rows_done = rows_known, 0
    run.step = run.cursor = 0


def record(session: Session, run: ImportRun, action: str, *, now: datetime) -> None:
    """Write into the audit trail what became of a run, with its counts."""
    audit.record(
        session,
        f"import_run.{action}",
        subject_id=run.id,
        now=now,
        actor_id=run.actor_id,
        changes={"file_name": run.file_name} | run.counts,
    )


def _in_state(session: Session, run_id: int, *states: RunState) -> ImportRun:
    run = lock(session, run_id)
    if run.state not in states:
        raise StaleError(f"the import is {run.state}")
    return run


def _counts_on_what_is_gone(session: Session, run_id: int) -> bool:
    """Tell whether a row that was there when a file was compared is there no more."""
    for step in COMPARED_WITH:
        known = TABLES[step].c.id
        row_id = cast_to(func.substr(THINGS.c.key, 3), known.type)
        gone = select(THINGS.c.id).where(
            THINGS.c.run_id == run_id,
            THINGS.c.step == step,
            THINGS.c.key.like("_#%"),
            ~select(known).where(known == row_id).exists(),
        )
        if session.scalar(gone.limit(1)) is not None:
            return True
    return False


def _forget(session: Session, run_id: int) -> None:
    session.execute(delete(THINGS).where(THINGS.c.run_id == run_id))
    session.execute(delete(LINES).where(LINES.c.run_id == run_id))
