"""Drafts that are published by themselves, at an instant that staff chose."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import ProblemsError
from csd_events.events import queries
from csd_events.events.models import TO_BE_PUBLISHED, Event
from csd_events.events.rules import State
from csd_events.events.service.publishing import publish


def plan_publishing(
    session: Session,
    event_id: int,
    publish_at: datetime | None,
    *,
    now: datetime,
    actor_id: int | None,
) -> bool:
    """Have a draft published by itself at an instant; None calls that off.

    Return whether it is a draft in use; anything else stays as it is.
    """
    event = queries.lock(session, event_id)
    if event.state is not State.DRAFT or event.archived_at is not None:
        return False
    was, event.not_published_at = event.publish_at, None
    event.publish_at = publish_at
    if was != publish_at:
        audit.record(
            session,
            "event.publishing_planned" if publish_at else "event.publishing_called_off",
            subject_id=event_id,
            actor_id=actor_id,
            now=now,
            changes={"publish_at": [_iso(was), _iso(publish_at)]},
        )
    return True


def publish_due(session: Session, *, now: datetime) -> int:
    """Publish what was planned for now, once. Return how many.

    A draft that lacks something stays one, and staff are told what it lacks.
    """
    due = (
        select(Event.id)
        .where(TO_BE_PUBLISHED, Event.publish_at <= now)
        .order_by(Event.publish_at, Event.id)
    )
    return sum(
        _publish(session, event_id, now) for event_id in session.scalars(due).all()
    )


def _publish(session: Session, event_id: int, now: datetime) -> bool:
    event = queries.lock(session, event_id)
    planned = event.publish_at
    if planned is None or planned > now:
        return False  # another process was faster, or staff thought better of it
    event.publish_at = None
    session.flush()
    try:
        publish(session, event_id, now=now)
    except ProblemsError as error:
        event.not_published_at = now
        audit.record(
            session,
            "event.not_published",
            subject_id=event_id,
            now=now,
            changes={
                "publish_at": [_iso(planned), None],
                "lacks": [None, sorted(error.problems)],
            },
        )
        return False
    return True


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
