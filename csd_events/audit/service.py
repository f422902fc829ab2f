"""Write down who did what."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry

_ADD = insert(cast("Table", AuditEntry.__table__))


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
    session.execute(
        _ADD,
        {
            "at": now,
            "actor_id": actor_id,
            "action": action,
            "subject_kind": action.split(".", maxsplit=1)[0],
            "subject_id": subject_id,
            "changes": changes or {},
        },
    )
