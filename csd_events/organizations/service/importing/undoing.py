"""Take an import back: whole, or not at all where somebody has touched its rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Column, Table, delete, select, union_all
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.audit import service as audit
from csd_events.audit.service import Entry
from csd_events.core.db import Base, Turn, among, take_turns
from csd_events.core.errors import StaleError
from csd_events.imports import service as imports
from csd_events.imports.rules import RunState
from csd_events.organizations.models import (
    Affiliation,
    ImportRun,
    Membership,
    Organization,
)
from csd_events.organizations.rules import Step
from csd_events.organizations.service.importing.applying import SUBJECTS
from csd_events.organizations.service.importing.rows import TABLES, kept, write_back
from csd_events.organizations.service.importing.things import THINGS, next_things

#: Names that are said of what was touched; there may be thousands.
NAMED = 20
ORGANIZATIONS = cast("Table", Organization.__table__)


def check_piece(session: Session, run: ImportRun, *, now: datetime) -> None:
    """Look whether the next things are as the import left them."""
    mine = next_things(session, run, THINGS.c.row_id.is_not(None), backward=False)
    if not mine:
        _decide(session, run, now=now)
        return
    touched = [*run.counts["touched"], *_touched(session, run, mine)]
    run.counts = run.counts | {"touched": list(dict.fromkeys(touched))[:NAMED]}
    run.step, run.cursor = mine[-1].step, mine[-1].id
    run.done += len(mine)


def undo_piece(session: Session, run: ImportRun, *, now: datetime) -> None:
    """Take the last things back that are still there.

    Raises:
        StaleError: Somebody has touched one since it was looked at.
    """
    take_turns(session, Turn.IMPORTS)
    mine = next_things(session, run, THINGS.c.row_id.is_not(None), backward=True)
    if not mine:
        run.begin(RunState.UNDONE, run.known, done=run.known)
        imports.record(session, run, "import_run.undone", now=now)
        return
    if _touched(session, run, mine):
        raise StaleError("touched while it was being undone")
    step = Step(mine[0].step)
    added = [thing.row_id for thing in mine if thing.before is None]
    _remove(session, step, added)
    changed = [(t.row_id, t.before) for t in mine if t.before is not None]
    write_back(session, TABLES[step], changed)
    _note(session, run, mine, now=now)
    session.execute(
        THINGS.update()
        .where(among(session, THINGS.c.id, [thing.id for thing in mine]))
        .values(row_id=None)
    )
    run.step, run.cursor = step, mine[-1].id
    run.done += len(mine)


def _decide(session: Session, run: ImportRun, *, now: datetime) -> None:
    if run.counts["touched"]:
        run.begin(RunState.DONE, run.done, done=run.done)
        imports.record(session, run, "import_run.not_undone", now=now)
        return
    run.begin(RunState.UNDOING, run.known, done=run.done)


def _touched(session: Session, run: ImportRun, things: Sequence[Any]) -> list[str]:
    """Name what is not as the import left it.

    What people have told us about themselves is theirs: a person never counts.
    """
    step = Step(things[0].step)
    if step is Step.PERSON:
        return []
    table = TABLES[step]
    rows = session.execute(
        select(table)
        .where(among(session, table.c.id, [thing.row_id for thing in things]))
        .order_by(table.c.id)
        .with_for_update()
    )
    present = {row.id: kept(row._asdict()) for row in rows}
    differing = [t for t in things if not _is_as_left(t.after, present.get(t.row_id))]
    ids = {t.row_id for t in things if t.before is None}
    used = _used_since(session, run, ids) if step is Step.ORGANIZATION else set()
    ids = {t.row_id for t in differing} | used | _claimed(session, run, things)
    return _names(session, step, [t for t in things if t.row_id in ids], present)


def _claimed(session: Session, run: ImportRun, things: Sequence[Any]) -> set[int]:
    """Find new rows that another import, confirmed and not undone, names as well.

    It may have been compared before they were there: then it calls them as this one
    does. Nobody confirms one meanwhile.
    """
    added = [t for t in things if t.before is None]
    names = {t.key: t.row_id for t in added}
    names |= {f"{t.key[0]}#{t.row_id}": t.row_id for t in added}
    others = (
        select(THINGS.c.key)
        .join(ImportRun, ImportRun.id == THINGS.c.run_id)
        .where(
            among(session, THINGS.c.key, names),
            ImportRun.id != run.id,
            ImportRun.confirmed_at.is_not(None),
            ImportRun.state != RunState.UNDONE,
        )
    )
    return {names[key] for key in session.scalars(others)}


def _is_as_left(after: Mapping[str, Any], row: Mapping[str, Any] | None) -> bool:
    return row is not None and all(row[name] == v for name, v in after.items())


def _used_since(session: Session, run: ImportRun, ids: set[int]) -> set[int]:
    """Find new organizations that somebody has put something under since."""
    if not ids:
        return set()
    found = []
    for column in referring_to(ORGANIZATIONS):
        step = _STEPS.get(column.table.name)
        uses = select(column).where(among(session, column, ids))
        if step is not None:
            own = select(THINGS.c.row_id).where(
                THINGS.c.run_id == run.id,
                THINGS.c.step == step,
                THINGS.c.row_id.is_not(None),
            )
            uses = uses.where(column.table.c.id.not_in(own))
        found.append(uses)
    return set(session.scalars(union_all(*found)))


_STEPS = {
    Organization.__tablename__: Step.PARENT,
    Affiliation.__tablename__: Step.AFFILIATION,
    Membership.__tablename__: Step.MEMBERSHIP,
}


def referring_to(table: Table) -> list[Column[Any]]:
    """List the columns of the whole program that refer to a table's rows by id."""
    return [
        key.parent
        for each in Base.metadata.sorted_tables
        for key in each.foreign_keys
        if key.column is table.c.id
    ]


def _names(
    session: Session,
    step: Step,
    things: Sequence[Any],
    present: Mapping[int, Mapping[str, Any]],
) -> list[str]:
    """Name organizations and people that things are about."""
    rows = [present.get(t.row_id) or t.after for t in things[:NAMED]]
    if step in {Step.ORGANIZATION, Step.PARENT}:
        return [row.get("name", "") for row in rows]
    return [
        name
        for table, field, column in (
            (TABLES[Step.PERSON], "person_id", "full_name"),
            (ORGANIZATIONS, "organization_id", "name"),
        )
        for name in session.scalars(
            select(table.c[column]).where(
                table.c.id.in_([row[field] for row in rows if row.get(field)])
            )
        )
    ]


def _remove(session: Session, step: Step, ids: Sequence[int]) -> None:
    """Remove what the import added; people who have come since stay."""
    table = TABLES[step]
    removing = delete(table).where(among(session, table.c.id, ids))
    if step is Step.PERSON:
        for column in referring_to(cast("Table", Person.__table__)):
            in_use = select(column).where(column == table.c.id)
            removing = removing.where(~in_use.exists())
    session.execute(removing)


def _note(
    session: Session, run: ImportRun, things: Sequence[Any], *, now: datetime
) -> None:
    step = Step(things[0].step)
    if step not in SUBJECTS:
        return
    kind, _made = SUBJECTS[step]
    entries = [
        Entry(
            f"{kind}.{'removed' if t.before is None else 'saved'}",
            t.row_id,
            {name: [v, (t.before or {}).get(name)] for name, v in t.after.items()}
            | {"import_run": run.id},
        )
        for t in things
    ]
    audit.record_all(session, entries, now=now, actor_id=run.actor_id)
