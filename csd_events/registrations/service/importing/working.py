"""The work of imports of registrations and presenters: what each piece of it is."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.orm import Session

from csd_events.core.db import among
from csd_events.imports import service as imports
from csd_events.imports.rules import Flaws, Outcome, RunState, UnsoundLineError
from csd_events.registrations.models import ListImport
from csd_events.registrations.rules import (
    COMPARED_AT_ONCE,
    MADE_AT_ONCE,
    FileLine,
    FlawError,
    ImportKind,
    LineFlaw,
    read_file_line,
)
from csd_events.registrations.service.importing import people, presenters
from csd_events.registrations.service.importing.judging import Maker
from csd_events.registrations.service.importing.runs import LINES

_MAKERS: dict[ImportKind, type[Maker]] = {
    ImportKind.REGISTRATIONS: people.People,
    ImportKind.PRESENTERS: presenters.Presenters,
}


def work(session: Session, *, now: datetime) -> bool:
    """Do a piece of the oldest import that is under way. False if none is."""
    return imports.work(session, ListImport, _PIECES, now=now)


def work_on(session: Session, import_id: int, *, now: datetime) -> ListImport:
    """Do a piece of one import, and return how it stands after that."""
    return imports.work_on(session, ListImport, import_id, _PIECES, now=now)


def _compare(session: Session, row: ListImport, *, now: datetime) -> None:
    maker = _MAKERS[row.kind](session, row, now)
    imports.compare_lines(
        session, row, COMPARED_AT_ONCE, partial(_judge_all, session, maker)
    )


def _judge_all(
    session: Session, maker: Maker, lines: Sequence[Row[Any]]
) -> list[dict[str, Any]]:
    read = {line.number: _read(maker, line.cells) for line in lines}
    said = [line for line, _flaws in read.values() if line]
    maker.load(said)
    keys = {maker.key_of(each) for each in said} - {""}  # what has a problem has none
    seen = _seen(session, maker.row, keys)
    return [
        {"number": number} | _judge(maker, number, line, flaws, seen)
        for number, (line, flaws) in read.items()
    ]


def _read(maker: Maker, cells: list[str]) -> tuple[FileLine | None, Flaws]:
    """Read a line, and gather what is wrong with it; None where it cannot be read."""
    flaws = Flaws()
    if len(cells) > len(maker.row.headings):
        flaws.add(FlawError(LineFlaw.BEYOND, cells[-1]))
        return None, flaws
    return read_file_line(cells, maker.row.columns, maker.questions, flaws), flaws


def _judge(
    maker: Maker,
    number: int,
    line: FileLine | None,
    flaws: Flaws,
    seen: dict[str, int],
) -> dict[str, Any]:
    """Say what becomes of a line; later lines of the piece know of it."""
    key = maker.key_of(line) if line else ""
    if key in seen:
        flaws.add(FlawError(LineFlaw.TWICE, line=seen[key]))
    judged = maker.judge(line, flaws) if line else None
    if judged is None or flaws:
        return {"outcome": Outcome.PROBLEM, "facts": flaws.all().facts, "key": ""}
    seen[key] = number
    return {"outcome": judged.outcome, "facts": judged.facts, "key": key}


def _apply(session: Session, row: ListImport, *, now: datetime) -> None:
    news = LINES.c.outcome.in_((Outcome.NEW, Outcome.CHANGED))
    lines = imports.next_lines(session, row, MADE_AT_ONCE, news)
    if not lines:
        written = row.counts.get("written", 0)
        row.begin(RunState.DONE, written, done=written)
        waiting = _MAKERS[row.kind](session, row, now).count_waiting()
        imports.count(row, {"waiting": waiting})
        imports.record(session, row, "list_import.done", now=now)
        return
    maker = _MAKERS[row.kind](session, row, now)
    maker.begin()
    counts: Counter[str] = Counter()
    for line in lines:
        mine = update(LINES).where(
            LINES.c.run_id == row.id, LINES.c.number == line.number
        )
        try:
            with session.begin_nested():
                said, flaws = _read(maker, line.cells)
                if said is None or flaws:
                    raise flaws.all()
                written = maker.write(said)
        except UnsoundLineError as error:
            # It was good when it was compared, and something has happened since.
            counts.update({line.outcome.value: -1, Outcome.PROBLEM.value: 1})
            session.execute(
                mine.values(outcome=Outcome.PROBLEM, facts=error.facts, key="")
            )
            continue
        counts["written"] += 1
        session.execute(
            mine.values(
                row_id=written.row_id, before=written.before, after=written.after
            )
        )
    imports.count(row, counts)
    row.cursor = lines[-1].number
    row.done += len(lines)


def _take_back(session: Session, row: ListImport, *, now: datetime) -> None:
    maker = _MAKERS[row.kind](session, row, now)
    lines = _written(session, row, maker.undone_first()) or _written(session, row)
    if not lines:
        row.begin(RunState.UNDONE, row.done, done=row.done)
        imports.record(session, row, "list_import.undone", now=now)
        return
    maker.begin()
    counts: Counter[str] = Counter()
    for line in lines:
        kept = maker.take_back(line.row_id, line.before, line.after)
        counts["kept" if kept else "taken_back"] += 1
        mine = LINES.c.run_id == row.id, LINES.c.number == line.number
        became = {"kept": kept} if kept else {"row_id": None}
        session.execute(update(LINES).where(*mine).values(became))
    imports.count(row, counts)
    row.done += len(lines)


def _written(
    session: Session, row: ListImport, *chosen: ColumnElement[bool]
) -> list[Row[Any]]:
    """Return the last lines that are still to be taken back."""
    mine = LINES.c.run_id == row.id, LINES.c.row_id.is_not(None), LINES.c.kept == ""
    some = select(LINES).where(*mine, *chosen).order_by(LINES.c.number.desc())
    return list(session.execute(some.limit(MADE_AT_ONCE)).all())


def _seen(session: Session, row: ListImport, keys: set[str]) -> dict[str, int]:
    """Return which lines before this piece said something of the same people."""
    earlier = select(LINES.c.key, LINES.c.number).where(
        LINES.c.run_id == row.id,
        LINES.c.number <= row.cursor,
        among(session, LINES.c.key, keys),
    )
    return dict(session.execute(earlier).all())


_PIECES: dict[RunState, imports.Piece[ListImport]] = {
    RunState.COMPARING: _compare,
    RunState.APPLYING: _apply,
    RunState.UNDOING: _take_back,
}
