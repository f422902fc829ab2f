"""Making an event of a form that somebody may send twice."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events import queries
from csd_events.events.models import Event
from csd_events.events.queries import as_saved
from csd_events.events.rules import EventDraft
from csd_events.events.service.saving import create
from csd_events.events.service.slugs import lock_names

#: By what they are told apart, beside the starts of their sessions.
ALIKE = (
    "title",
    "format",
    "summary",
    "description",
    "place",
    "capacity",
    "program_id",
    "conference_id",
)


def create_once(
    session: Session,
    draft: EventDraft,
    nonce: str | None,
    *,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Save a new event, unless the same form has just done so. Return its id.

    Who goes back to the form, and changes what it says, makes another.

    Args:
        nonce: Of the form.

    Raises:
        ProblemsError: As `create` raises it.
    """
    lock_names(session)
    made_id = find_made(session, nonce)
    if made_id is None:
        event = create(session, draft, now=now, actor_id=actor_id)
        event.nonce = nonce or None
        return event.id
    there = as_saved(queries.get(session, made_id))
    if _told_apart(there) == _told_apart(draft):
        return made_id
    return create(session, draft, now=now, actor_id=actor_id).id


def find_made(session: Session, nonce: str | None) -> int | None:
    """Find the event that a form has made; None if it has made none."""
    if not nonce:
        return None
    return session.scalar(select(Event.id).where(Event.nonce == nonce))


def _told_apart(draft: EventDraft) -> list[object]:
    starts = sorted((each.wall_start, each.zone) for each in draft.sessions)
    return [*(getattr(draft, name) for name in ALIKE), starts]
