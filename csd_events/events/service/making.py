"""Making an event of a form that somebody sends twice."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events import queries
from csd_events.events.models import Event
from csd_events.events.queries import as_saved
from csd_events.events.rules import EventDraft
from csd_events.events.service.saving import create
from csd_events.events.service.slugs import lock_names

#: Within it, an event like the one just made is the same form, sent again.
A_SLIP = timedelta(minutes=1)
#: What was made in a minute is among so many of the newest.
NEWEST = 20
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
    *,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Save a new event, unless a button that was pressed twice has just done so.

    Return its id.

    Raises:
        ProblemsError: As `create` raises it.
    """
    lock_names(session)
    newest = (
        select(Event.id, Event.created_at, Event.title)
        .order_by(Event.id.desc())
        .limit(NEWEST)
    )
    for event_id, made_at, title in session.execute(newest):
        is_recent = now - A_SLIP < made_at <= now
        if is_recent and title == draft.title:
            there = as_saved(queries.get(session, event_id))
            if _told_apart(there) == _told_apart(draft):
                return event_id
    return create(session, draft, now=now, actor_id=actor_id).id


def _told_apart(draft: EventDraft) -> list[object]:
    starts = sorted((each.wall_start, each.zone) for each in draft.sessions)
    return [*(getattr(draft, name) for name in ALIKE), starts]
