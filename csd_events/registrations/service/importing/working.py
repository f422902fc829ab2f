"""The work of such imports, a piece at a time: each is one short unit of work.

A piece and the note of how far it came are saved together, under the lock of the
import. So whoever does the next one, in whichever process, finds where to begin.
"""

import logging
from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from csd_events.core.db import among, given_rows
from csd_events.organizations.rules import AT_WORK, Outcome, RunState
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
from csd_events.registrations.service.importing.judging import Judged, Maker
from csd_events.registrations.service.importing.runs import LINES, lock, record, start

log = logging.getLogger(__name__)
_MAKERS: dict[ImportKind, type[Maker]] = {
    ImportKind.REGISTRATIONS: people.People,
    ImportKind.PRESENTERS: presenters.Presenters,
}


def work(session: Session, *, now: datetime) -> bool:
    """Do a piece of the oldest import that is under way. False if none is."""
    found = session.scalar(
        select(ListImport.id)
        .where(ListImport.state.in_(AT_WORK))
        .order_by(ListImport.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None:
        return False
    work_on(session, found, now=now)
    return True


def work_on(session: Session, import_id: int, *, now: datetime) -> ListImport:
    """Do a piece of one import, and return how it stands after that.

    What goes wrong ends the import, whose earlier pieces stay; a database that is
    busy does not: the piece is tried again.
    """
    row = lock(session, import_id)
    if row.state not in AT_WORK:
        return row
    state = row.state
    try:
        with session.begin_nested():
            maker = _MAKERS[row.kind](session, row, now)
            _PIECES[state](session, row, maker, now)
            session.flush()
    except OperationalError:
        raise
    except Exception as error:
        log.exception("the import %s stopped", import_id)
        row = lock(session, import_id)
        row.state = RunState.FAILED
        row.note = type(error).__name__
        row.counts = row.counts | {"failed_in": state.value}
    return row


def _compare(session: Session, row: ListImport, maker: Maker, now: datetime) -> None:
    lines = _next(session, row, COMPARED_AT_ONCE)
    if not lines:
        start(session, row, RunState.READY, row.known)
        row.done = row.known
        return
    read: dict[int, FileLine | FlawError] = {}
    for line in lines:
        try:
            if len(line.cells) > len(row.headings):
                raise FlawError(LineFlaw.BEYOND, line.cells[-1])  # noqa: TRY301 - a line like any other
            read[line.number] = read_file_line(line.cells, row.columns, maker.questions)
        except FlawError as error:
            read[line.number] = error
    good = {n: each for n, each in read.items() if isinstance(each, FileLine)}
    maker.load(good.values())
    seen = _seen(session, row, {maker.key_of(each) for each in good.values()})
    judged = [_judge(maker, number, each, seen) for number, each in read.items()]
    known = given_rows(session, [LINES.c[name] for name in judged[0]], judged)
    session.execute(
        update(LINES)
        .where(LINES.c.import_id == row.id, LINES.c.number == known.c.number)
        .values(outcome=known.c.outcome, facts=known.c.facts, key=known.c.key)
    )
    counts: Counter[str] = Counter(row.counts)
    counts.update(each["outcome"].value for each in judged)
    row.counts = dict(counts)
    row.cursor = lines[-1].number
    row.done += len(lines)


def _judge(
    maker: Maker, number: int, line: FileLine | FlawError, seen: dict[str, int]
) -> dict[str, Any]:
    """Say what becomes of a line; later lines of the piece know of it."""
    key = ""
    try:
        if isinstance(line, FlawError):
            raise line
        key = maker.key_of(line)
        if key in seen:
            raise FlawError(LineFlaw.TWICE, line=seen[key])  # noqa: TRY301 - said below
        verdict = maker.judge(line)
        seen[key] = number
    except FlawError as error:
        verdict = Judged(Outcome.PROBLEM, error.facts)
        key = ""
    return {
        "number": number,
        "outcome": verdict.outcome,
        "facts": verdict.facts,
        "key": key,
    }


def _apply(session: Session, row: ListImport, maker: Maker, now: datetime) -> None:
    news = LINES.c.outcome.in_((Outcome.NEW, Outcome.CHANGED))
    lines = _next(session, row, MADE_AT_ONCE, news)
    if not lines:
        start(session, row, RunState.DONE, row.counts.get("written", 0))
        row.done = row.counts.get("written", 0)
        record(session, row, "list_import.done", now=now)
        return
    maker.begin()
    counts: Counter[str] = Counter(row.counts)
    for line in lines:
        said = read_file_line(line.cells, row.columns, maker.questions)
        mine = update(LINES).where(
            LINES.c.import_id == row.id, LINES.c.number == line.number
        )
        try:
            with session.begin_nested():
                written = maker.write(said)
        except FlawError as error:
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
    row.counts = dict(counts)
    row.cursor = lines[-1].number
    row.done += len(lines)


def _take_back(session: Session, row: ListImport, maker: Maker, now: datetime) -> None:
    lines = _written(session, row, maker.undone_first()) or _written(session, row)
    if not lines:
        start(session, row, RunState.UNDONE, row.done)
        row.done = row.counts["to_do"]
        record(session, row, "list_import.undone", now=now)
        return
    maker.begin()
    counts: Counter[str] = Counter(row.counts)
    for line in lines:
        kept = maker.take_back(line.row_id, line.before, line.after)
        counts["kept" if kept else "taken_back"] += 1
        mine = LINES.c.import_id == row.id, LINES.c.number == line.number
        became = {"kept": kept} if kept else {"row_id": None}
        session.execute(update(LINES).where(*mine).values(became))
    row.counts = dict(counts)
    row.done += len(lines)


def _written(
    session: Session, row: ListImport, *chosen: ColumnElement[bool]
) -> list[Row[Any]]:
    """Return the last lines that are still to be taken back."""
    mine = LINES.c.import_id == row.id, LINES.c.row_id.is_not(None), LINES.c.kept == ""
    some = select(LINES).where(*mine, *chosen).order_by(LINES.c.number.desc())
    return list(session.execute(some.limit(MADE_AT_ONCE)).all())


def _next(
    session: Session, row: ListImport, number: int, *chosen: ColumnElement[bool]
) -> list[Row[Any]]:
    mine = LINES.c.import_id == row.id, LINES.c.number > row.cursor
    some = select(LINES).where(*mine, *chosen).order_by(LINES.c.number).limit(number)
    return list(session.execute(some).all())


def _seen(session: Session, row: ListImport, keys: set[str]) -> dict[str, int]:
    """Return which lines before this piece said something of the same people."""
    earlier = select(LINES.c.key, LINES.c.number).where(
        LINES.c.import_id == row.id,
        LINES.c.number <= row.cursor,
        among(session, LINES.c.key, keys),
    )
    return dict(session.execute(earlier).all())


_PIECES = {
    RunState.COMPARING: _compare,
    RunState.APPLYING: _apply,
    RunState.UNDOING: _take_back,
}
