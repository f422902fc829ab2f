"""What keeps a mail from going for good only once it cannot be undone any more."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.events.models import Event
from csd_events.events.rules import State
from csd_events.outbox.message import Later, Skip
from csd_events.registrations import queries, rules


def called_off(session: Session, event: Event, now: datetime) -> Later | Skip | None:
    """Say why no mail about an event goes, or not yet; None while it takes place."""
    if event.state is State.PUBLISHED:
        return None
    return unless_undone(session, event.id, rules.CALLED_OFF, now)


def unless_undone(
    session: Session, event_id: int, why: str, now: datetime
) -> Later | Skip:
    """Skip a mail for what staff did to its event; wait while they can undo that.

    So none is lost that somebody has in hand at the moment they do.
    """
    until = queries.find_undoable_until(session, event_id, now=now)
    return Later(why, until) if until else Skip(why)
