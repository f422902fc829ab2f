"""The work of imports of organizations: what each piece of it is."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from csd_events.association import queries as association
from csd_events.core.time import to_wall
from csd_events.imports import service as imports
from csd_events.imports.rules import Flaws, Outcome, RunState, UnsoundLineError
from csd_events.organizations.models import ImportRun
from csd_events.organizations.rules import (
    PIECE,
    Column,
    Line,
    LineError,
    Problem,
    read_line,
)
from csd_events.organizations.service.importing.applying import apply_piece
from csd_events.organizations.service.importing.comparing import compare
from csd_events.organizations.service.importing.things import Thing, keep_things
from csd_events.organizations.service.importing.undoing import check_piece, undo_piece
from csd_events.organizations.service.importing.world import World


def work(session: Session, *, now: datetime) -> bool:
    """Do a piece of the oldest import that is under way. False if none is."""
    return imports.work(session, ImportRun, _PIECES, now=now)


def work_on(session: Session, run_id: int, *, now: datetime) -> ImportRun:
    """Do a piece of one import, and return how it stands after that."""
    return imports.work_on(session, ImportRun, run_id, _PIECES, now=now)


def _compare_piece(session: Session, run: ImportRun, *, now: datetime) -> None:
    imports.compare_lines(session, run, PIECE, partial(_judge_all, session, run))


def _judge_all(
    session: Session, run: ImportRun, lines: Sequence[Row[Any]]
) -> list[dict[str, Any]]:
    """Compare lines with what is there, and keep what they say of things."""
    columns = {int(key): Column(value) for key, value in run.columns.items()}
    read = {line.number: _read(run, line.cells, columns) for line in lines}
    zone = association.read(session).zone
    world = World(session, run.id, to_wall(run.created_at, zone).date())
    world.load([line for line, _flaws in read.values() if line])
    judged: list[dict[str, Any]] = []
    drafts: dict[str, Thing] = {}
    for number, (line, flaws) in read.items():
        outcome, facts, said = _judge(world, number, line, flaws)
        drafts.update(said)
        judged.append({"number": number, "outcome": outcome, "facts": facts})
    keep_things(session, run.id, list(drafts.values()))
    return judged


def _judge(
    world: World, number: int, line: Line | None, flaws: Flaws
) -> tuple[Outcome, dict[str, Any], dict[str, Thing]]:
    """Say what becomes of a line, why, and what it says of things."""
    if line is None:
        return Outcome.PROBLEM, flaws.all().facts, {}
    try:
        saying = compare(world, number, line, flaws)
    except UnsoundLineError as error:
        return Outcome.PROBLEM, error.facts, {}
    return saying.outcome, {"changes": saying.changes}, saying.drafts


def _read(
    run: ImportRun, cells: list[str], columns: dict[int, Column]
) -> tuple[Line | None, Flaws]:
    """Read a line, and gather what is wrong with it; None where it cannot be read."""
    flaws = Flaws()
    if len(cells) > len(run.headings):
        flaws.add(LineError(Problem.BEYOND, value=cells[-1]))
        return None, flaws
    return read_line(cells, columns, flaws), flaws


_PIECES: dict[RunState, imports.Piece[ImportRun]] = {
    RunState.COMPARING: _compare_piece,
    RunState.APPLYING: apply_piece,
    RunState.CHECKING: check_piece,
    RunState.UNDOING: undo_piece,
}
