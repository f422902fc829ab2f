"""Write down who did what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, literal, select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.db import given_rows

ENTRIES = cast("Table", AuditEntry.__table__)
_ADD = insert(ENTRIES)  # made once: every form that is saved adds one


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done to one thing; the action's first word says what kind it is."""

    action: str
    subject_id: int
    changes: dict[str, Any]


def record(
    session: Session,
    action: str,
    *,
    subject_id: int,
    now: datetime,
    actor_id: int | None = None,
    changes: dict[str, Any] | None = None,
) -> None:
    """Add an entry; the action's first word says what kind of thing it is about."""
    row = _row(Entry(action, subject_id, changes or {}))
    session.execute(_ADD, row | {"at": now, "actor_id": actor_id})


def record_all(
    session: Session, entries: Sequence[Entry], *, now: datetime, actor_id: int | None
) -> None:
    """Add many entries at once, all of one person and one instant."""
    if not entries:
        return
    rows = [_row(entry) for entry in entries]
    given = given_rows(session, [ENTRIES.c[name] for name in rows[0]], rows)
    who_and_when = {
        "at": literal(now, ENTRIES.c.at.type),
        "actor_id": literal(actor_id, ENTRIES.c.actor_id.type),
    }
    session.execute(
        insert(ENTRIES).from_select(
            [*who_and_when, *rows[0]], select(*who_and_when.values(), given)
        )
    )


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "action": entry.action,
        "subject_kind": entry.action.split(".", maxsplit=1)[0],
        "subject_id": entry.subject_id,
        "changes": entry.changes,
    }
