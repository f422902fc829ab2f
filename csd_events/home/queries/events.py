"""What was mailed about events, and what went wrong."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State


def list_mails_of_event(
    session: Session, event_id: int, *, limit: int
) -> Sequence[OutboxMessage]:
    """List the newest mails of an event."""
    newest = select(OutboxMessage).where(OutboxMessage.event_id == event_id)
    return session.scalars(newest.order_by(OutboxMessage.id.desc()).limit(limit)).all()


def list_last_problems(session: Session, event_ids: Collection[int]) -> dict[int, str]:
    """Return what went wrong last with the mail of each event, where anything did."""
    latest = (
        select(func.max(OutboxMessage.id).label("id"), OutboxMessage.event_id)
        .where(
            OutboxMessage.state.in_((State.FAILED, State.RETURNED)),
            OutboxMessage.event_id.in_(event_ids),
        )
        .group_by(OutboxMessage.event_id)
        .subquery()
    )
    notes = select(latest.c.event_id, func.coalesce(OutboxMessage.note, "")).join(
        OutboxMessage, OutboxMessage.id == latest.c.id
    )
    return dict(session.execute(notes).all())
