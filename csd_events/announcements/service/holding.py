"""Pausing an announcement, letting it go on, and stopping it for good."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.announcements import queries, rules
from csd_events.announcements.models import Announcement
from csd_events.announcements.rules import Stage
from csd_events.announcements.service.leaving import of_announcement, take_up
from csd_events.announcements.service.writing import lock, note
from csd_events.core.errors import RefusedError
from csd_events.outbox import service as outbox


def pause(
    session: Session, announcement_id: int, *, now: datetime, actor_id: int | None
) -> None:
    """Let what has not left wait, for as long as it takes.

    A mail that is being sent at this moment leaves; one that is only claimed does
    not: its composer looks.

    Raises:
        RefusedError: It is not under way.
    """
    row = _lock_to_move(session, announcement_id, to=Stage.PAUSED)
    row.stage = Stage.PAUSED
    outbox.set_aside(session, of_announcement(row), why=rules.PAUSED, now=now)
    note(session, row, "announcement.paused", {}, now=now, actor_id=actor_id)


def resume(
    session: Session, announcement_id: int, *, now: datetime, actor_id: int | None
) -> None:
    """Let an announcement go on where it was paused; nobody gets it twice.

    Raises:
        RefusedError: It is not paused.
    """
    row = _lock_to_move(session, announcement_id, to=Stage.LEAVING)
    row.stage = Stage.LEAVING
    take_up(session, row, now=now)
    note(session, row, "announcement.resumed", {}, now=now, actor_id=actor_id)


def stop(
    session: Session, announcement_id: int, *, now: datetime, actor_id: int | None
) -> int:
    """Stop an announcement for good. Return to how many it has gone.

    Raises:
        RefusedError: It is not under way.
    """
    row = _lock_to_move(session, announcement_id, to=Stage.STOPPED)
    row.stage = Stage.STOPPED
    take_up(session, row, now=now)
    outbox.set_aside(session, of_announcement(row), why=rules.STOPPED, now=now)
    sent = queries.list_progress(session, [row])[row.id].sent
    note(
        session, row, "announcement.stopped", {"sent": sent}, now=now, actor_id=actor_id
    )
    return sent


def _lock_to_move(session: Session, announcement_id: int, *, to: Stage) -> Announcement:
    """Return an announcement, locked, that may become what it is to be."""
    row = lock(session, announcement_id)
    waiting = queries.list_progress(session, [row])[row.id].waiting > 0
    if refusal := rules.refuse_moving(row.stage, to=to, waiting=waiting):
        raise RefusedError(refusal)
    return row
