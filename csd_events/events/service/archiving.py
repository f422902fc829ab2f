"""Taking events out of lists that nobody needs there any more, and back."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import RefusedError
from csd_events.events import queries
from csd_events.events.rules import refuse_archiving
from csd_events.events.service.recordings import keep_recordings


def archive(
    session: Session, event_id: int, *, now: datetime, actor_id: int | None
) -> None:
    """Take an event out of every list. Its page, and what people have, stay.

    Again changes nothing. A draft is not published by itself any more.

    Raises:
        RefusedError: It is still to come, and somebody may look for it.
    """
    event = queries.lock(session, event_id)
    if event.archived_at is not None:
        return
    why = refuse_archiving(event.state, event.over_at, now)
    if why is not None:
        raise RefusedError(why)
    event.archived_at, event.publish_at, event.not_published_at = now, None, None
    _record(session, "event.archived", event_id, now=now, actor_id=actor_id)


def bring_back(
    session: Session, event_id: int, *, now: datetime, actor_id: int | None
) -> None:
    """Show an event in lists again. Again changes nothing."""
    event = queries.lock(session, event_id)
    if event.archived_at is None:
        return
    event.archived_at = None
    _record(session, "event.brought_back", event_id, now=now, actor_id=actor_id)


def _record(
    session: Session,
    action: str,
    event_id: int,
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    session.flush()
    keep_recordings(session, [queries.get(session, event_id)])
    audit.record(session, action, subject_id=event_id, now=now, actor_id=actor_id)
