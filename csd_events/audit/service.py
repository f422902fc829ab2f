"""Write down who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry


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
        insert(AuditEntry),
        {
            "at": now,
            "actor_id": actor_id,
            "action": action,
            "subject_kind": action.split(".", maxsplit=1)[0],
            "subject_id": subject_id,
            "changes": changes or {},
        },
    )
