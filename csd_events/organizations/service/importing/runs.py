"""What is its own in the life of an import of organizations."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import cast, delete, func, select
from sqlalchemy.orm import Session

from csd_events.core.db import Turn, take_turns
from csd_events.core.errors import RefusedError
from csd_events.core.tables import Table as FileTable
from csd_events.imports import service as imports
from csd_events.imports.models import table_of
from csd_events.imports.rules import RunState
from csd_events.organizations.models import ImportRun, ImportThing
from csd_events.organizations.rules import Column, Refusal, Step, guess_columns
from csd_events.organizations.service.importing.rows import TABLES

TAKEN_BACK = (RunState.CHECKING, RunState.UNDOING)
#: What may be on record already, so that a thing is named by its number.
COMPARED_WITH = (Step.ORGANIZATION, Step.AFFILIATION, Step.MEMBERSHIP)
THINGS = table_of(ImportThing)


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
    run = ImportRun(
        file_name=file_name,
        actor_id=actor_id,
        created_at=now,
        columns={str(position): column for position, column in guessed.items()},
    )
    return imports.take_in(session, run, table)


def match_columns(session: Session, run_id: int, columns: Mapping[int, Column]) -> None:
    """Say what the columns hold, and let the lines be compared, perhaps once more."""
    run = imports.compare_anew(session, ImportRun, run_id)
    session.execute(delete(THINGS).where(THINGS.c.run_id == run_id))
    run.columns = {str(position): column.value for position, column in columns.items()}


def confirm(
    session: Session,
    run_id: int,
    *,
    now: datetime,
    actor_id: int | None = None,
    compared: int | None = None,
) -> None:
    """Let what was shown be written. Confirming twice does it once.

    Raises:
        StaleError: Something else was shown, see `imports.lock_to_confirm`.
        RefusedError: Another import is being taken back, or was since this one was
            compared, with rows that it counts on.
    """
    run = imports.lock_to_confirm(
        session, ImportRun, run_id, compared=compared, actor_id=actor_id
    )
    if run is None:
        return
    take_turns(session, Turn.IMPORTS)
    undoing = select(ImportRun.id).where(ImportRun.state.in_(TAKEN_BACK))
    if session.scalar(undoing.limit(1)) is not None:
        raise RefusedError(Refusal.BEING_UNDONE)
    if _counts_on_what_is_gone(session, run_id):
        raise RefusedError(Refusal.COMPARED_WITH_GONE)
    run.confirmed_at = now
    news = select(func.count()).where(ImportThing.run_id == run_id, ImportThing.is_news)
    run.begin(RunState.APPLYING, session.scalars(news).one())


def undo(session: Session, run_id: int, *, actor_id: int | None = None) -> None:
    """Look whether everything is as the import left it, and if so take it back."""
    run = imports.lock_to_undo(session, ImportRun, run_id, actor_id=actor_id)
    take_turns(session, Turn.IMPORTS)
    run.counts = run.counts | {"touched": []}
    written = select(func.count()).where(
        ImportThing.run_id == run_id, ImportThing.row_id.is_not(None)
    )
    # Each thing is looked at once, and then taken back.
    run.begin(RunState.CHECKING, 2 * session.scalars(written).one())


def _counts_on_what_is_gone(session: Session, run_id: int) -> bool:
    """Tell whether a row that was there when a file was compared is there no more."""
    for step in COMPARED_WITH:
        known = TABLES[step].c.id
        row_id = cast(func.substr(THINGS.c.key, 3), known.type)
        gone = select(THINGS.c.id).where(
            THINGS.c.run_id == run_id,
            THINGS.c.step == step,
            THINGS.c.key.like("_#%"),
            ~select(known).where(known == row_id).exists(),
        )
        if session.scalar(gone.limit(1)) is not None:
            return True
    return False
