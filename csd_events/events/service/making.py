"""Making an event of a form that somebody may send twice."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events.models import Event
from csd_events.events.rules import EventDraft
from csd_events.events.service.saving import create
from csd_events.events.service.slugs import lock_names


def create_once(
    session: Session,
    draft: EventDraft,
    nonce: str | None,
    *,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Save a new event, unless the same form has just done so. Return its id.

    Who goes back to the form, and changes anything in it, makes another.

    Args:
        nonce: Of the form.

    Raises:
        ProblemsError: As `create` raises it.
    """
    lock_names(session)
    sent = sent_by(nonce, draft)
    made_id = find_made(session, sent)
    if made_id is not None:
        return made_id
    event = create(session, draft, now=now, actor_id=actor_id)
    event.sent = sent
    return event.id


def sent_by(nonce: str | None, said: object) -> str | None:
    """Name a form and all that it said, by which it is known when it is sent again."""
    if not nonce:
        return None
    return f"{nonce}-{sha256(repr(said).encode()).hexdigest()[:16]}"


def find_made(session: Session, sent: str | None) -> int | None:
    """Find the event that a form has made, saying the same; None if there is none."""
    if sent is None:
        return None
    return session.scalar(select(Event.id).where(Event.sent == sent))
