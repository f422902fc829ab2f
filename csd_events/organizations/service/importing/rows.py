"""Adding and changing rows by hundreds, with what they were before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.db import among
from csd_events.organizations.models import Affiliation, Membership, Organization
from csd_events.organizations.rules import Step
from csd_events.organizations.service.recording import keys_of

TABLES: dict[Step, Table] = {
    Step.ORGANIZATION: cast("Table", Organization.__table__),
    Step.PARENT: cast("Table", Organization.__table__),
    Step.PERSON: cast("Table", Person.__table__),
    Step.AFFILIATION: cast("Table", Affiliation.__table__),
    Step.MEMBERSHIP: cast("Table", Membership.__table__),
}
DAYS = {"from_on", "until_on"}


@dataclass(frozen=True, slots=True)
class Written:
    """What was made of one thing; values as JSON holds them."""

    thing_id: int
    row_id: int
    before: dict[str, Any] | None
    after: dict[str, Any]


def parsed(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as rows hold them: days as days."""
    return {
        name: date.fromisoformat(value) if name in DAYS and value else value
        for name, value in values.items()
    }


def kept(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as JSON holds them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def add(
    session: Session, table: Table, things: Sequence[Any], rows: list[dict[str, Any]]
) -> list[Written]:
    if not rows:
        return []
    adding = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    ids = session.scalars(adding, rows).all()
    return [
        Written(thing.id, row_id, None, kept(row))
        for thing, row_id, row in zip(things, ids, rows, strict=True)
    ]


def change(
    session: Session,
    table: Table,
    changes: Sequence[tuple[Any, int, dict[str, Any]]],
) -> list[Written]:
    """Change rows, each to what was said of it, as far as that differs now."""
    if not changes:
        return []
    rows = session.execute(
        select(table)
        .where(among(session, table.c.id, [row_id for _, row_id, _ in changes]))
        .order_by(table.c.id)
        .with_for_update()
    )
    present = {row.id: row._asdict() for row in rows}
    written = []
    for thing, row_id, said in changes:
        now = kept(present.get(row_id, said))
        after = {name: v for name, v in said.items() if now[name] != v}
        if not after:
            continue
        if "state" in after:
            after |= keys_of(now["name"], after["state"])
        before = {name: now[name] for name in after}
        written.append(Written(thing.id, row_id, before, after))
    write_back(session, table, [(w.row_id, w.after) for w in written])
    return written


def write_back(
    session: Session, table: Table, rows: Sequence[tuple[int, dict[str, Any]]]
) -> None:
    """Change rows by id, those with the same fields by one statement.

    No form that was opened before is saved over them.
    """
    by_fields: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row_id, values in rows:
        mine = by_fields.setdefault(tuple(sorted(values)), [])
        mine.append({f"to_{n}": v for n, v in parsed(values).items()} | {"of": row_id})
    raised = {"version": table.c.version + 1} if "version" in table.c else {}
    for fields, given in by_fields.items():
        values = {name: bindparam(f"to_{name}") for name in fields} | raised
        session.execute(
            update(table).where(table.c.id == bindparam("of")).values(values), given
        )
