"""Joining."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from csd_events.attendance.models import Visit


def record_visit(
    session: Session, *, registration_id: int, session_id: int | None, now: datetime
) -> None:
    """Write down that somebody was given the link; again after a dropped line."""
    session.execute(
        insert(Visit),
        {
            "registration_id": registration_id,
            "session_id": session_id,
            "joined_at": now,
        },
    )
