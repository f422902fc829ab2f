"""From a file to an import: taken in, matched, confirmed, undone, forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.db import after_commit
from csd_events.core.errors import NotFoundError, StaleError
from csd_events.core.tables import Table as FileTable
from csd_events.events import queries as events
from csd_events.organizations.rules import (
    CONFIRMED_KEPT,
    UNCONFIRMED_KEPT,
    Outcome,
    RunState,
)
from csd_events.outbox import service as outbox
from csd_events.registrations.models import ListImport, ListImportLine
from csd_events.registrations.rules import ImportKind, guess_file_columns

LINES = cast("Table", ListImportLine.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What staff say of a file before its lines are compared.

    Attributes:
        columns: Where each of what it holds stands, by name.
        offer_id: The offer of those whose line names none.
        offers: By which words a line may name an offer.
        tell: Whether each who is registered by it is mailed.
    """

    columns: Mapping[str, int]
    offer_id: int | None = None
    offers: Mapping[str, int] = field(default_factory=dict)
    tell: bool = False


def take_in(
    session: Session,
    table: FileTable,
    *,
    file_name: str,
    event_id: int | None,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Keep the lines of a file until it is confirmed; return the import's id.

    Args:
        event_id: Whose registrations it holds; None for presenters.
    """
    kind = ImportKind.PRESENTERS if event_id is None else ImportKind.REGISTRATIONS
    asked = events.list_all_questions(session, event_id) if event_id else []
    row = ListImport(
        kind=kind,
        event_id=event_id,
        file_name="".join(c for c in file_name if c.isprintable())[:200],
        actor_id=actor_id,
        created_at=now,
        state=RunState.MATCHING,
        headings=table.headings,
        columns=guess_file_columns(table.headings, kind, asked),
        known=len(table.lines),
    )
    session.add(row)
    session.flush()
    lines = [
        {"import_id": row.id, "number": each.number, "cells": each.cells, "facts": {}}
        for each in table.lines
    ]
    if lines:
        session.execute(insert(LINES), lines)
    return row.id


def lock(session: Session, import_id: int) -> ListImport:
    """Return an import that nobody else works on meanwhile.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.get(
        ListImport, import_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise NotFoundError("import")
    return found


def match_columns(session: Session, import_id: int, given: Matched) -> None:
    """Say what the columns hold, and let the lines be compared, perhaps once more."""
    row = _in_state(session, import_id, RunState.MATCHING, RunState.READY)
    row.columns = dict(given.columns)
    row.offer_id, row.tell = given.offer_id, given.tell
    row.offers = dict(given.offers)
    row.counts = dict.fromkeys((each.value for each in Outcome), 0)
    mine = update(LINES).where(LINES.c.import_id == import_id)
    session.execute(mine.values(key="", outcome=None, facts={}))
    start(session, row, RunState.COMPARING, row.known)


def confirm(session: Session, import_id: int, *, now: datetime) -> None:
    """Let what was shown be written. Confirming twice does it once."""
    row = lock(session, import_id)
    if row.state is not RunState.READY:
        return
    row.confirmed_at = now
    number = row.counts.get(Outcome.NEW, 0) + row.counts.get(Outcome.CHANGED, 0)
    start(session, row, RunState.APPLYING, number)


def go_on(session: Session, import_id: int) -> None:
    """Go on with an import that an error has ended, where it stopped."""
    row = _in_state(session, import_id, RunState.FAILED)
    row.state = RunState(row.counts["failed_in"])
    row.note = ""
    after_commit(session, outbox.BELL.set)


def undo(session: Session, import_id: int) -> None:
    """Take back what nobody has touched since; the report names the rest."""
    row = _in_state(session, import_id, RunState.DONE, RunState.FAILED)
    if row.confirmed_at is None or row.counts.get("forgotten"):
        raise StaleError("nothing to undo")
    row.note = ""
    row.counts = row.counts | {"taken_back": 0, "kept": 0}
    start(session, row, RunState.UNDOING, row.counts.get("written", 0))


def drop(session: Session, import_id: int) -> None:
    """Forget a file that was not confirmed, with all its lines."""
    row = lock(session, import_id)
    if row.confirmed_at is not None:
        raise StaleError("it was confirmed")
    session.execute(delete(LINES).where(LINES.c.import_id == import_id))
    session.delete(row)


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop files that nobody confirmed within a day, and lines of those long done."""
    old = select(ListImport).where(ListImport.created_at < now - UNCONFIRMED_KEPT)
    for row in session.scalars(old.with_for_update(skip_locked=True)).all():
        if row.confirmed_at is None:
            session.execute(delete(LINES).where(LINES.c.import_id == row.id))
            session.delete(row)
        elif row.confirmed_at < now - CONFIRMED_KEPT and "forgotten" not in row.counts:
            session.execute(delete(LINES).where(LINES.c.import_id == row.id))
            row.counts = row.counts | {"forgotten": True}
            row.headings, row.columns = [], {}


def start(session: Session, row: ListImport, state: RunState, known: int) -> None:
    row.state, row.cursor, row.done = state, 0, 0
    if state is not RunState.COMPARING:
        row.counts = row.counts | {"to_do": known}
    after_commit(session, outbox.BELL.set)


def record(session: Session, row: ListImport, action: str, *, now: datetime) -> None:
    """Write into the audit trail what became of an import, with its counts."""
    audit.record(
        session,
        action,
        subject_id=row.id,
        now=now,
        actor_id=row.actor_id,
        changes={"file_name": row.file_name} | row.counts,
    )


def _in_state(session: Session, import_id: int, *states: RunState) -> ListImport:
    row = lock(session, import_id)
    if row.state not in states:
        raise StaleError(f"the import is {row.state}")
    return row
