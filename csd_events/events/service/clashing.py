"""Clashes that staff know of: no more to mend, until either event moves.

Nothing is locked: a row names the times that were seen, so that one written while an
event moves is of no account, and two who lock one of two events each would wait for
each other.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.db import INSERTS, engine_name
from csd_events.core.errors import StaleError
from csd_events.events import queries
from csd_events.events.models import Event, SeenClash
from csd_events.events.rules import Clash, Meeting, clash_key
from csd_events.events.words import clash_words


def leave_clash(
    session: Session, event_id: int, key: str, *, now: datetime, actor_id: int | None
) -> None:
    """Leave one clash of an event as it is, for both whom it concerns.

    Again changes nothing.

    Args:
        key: As `rules.clash_key` names it.

    Raises:
        StaleError: There is no such clash any more: one of the two has changed.
    """
    event = queries.get(session, event_id)
    meeting, clash = _find(session, event, key)
    other_id = meeting.other.event_id or 0
    first_id, second_id = sorted((event_id, other_id))
    added = INSERTS[engine_name(session)](SeenClash).values(
        key=key, first_id=first_id, second_id=second_id, seen_at=now, seen_by=actor_id
    )
    # Who presses it at the other event at this moment has said the same.
    again = added.on_conflict_do_nothing().returning(SeenClash.key)
    if session.scalar(again) is None:
        return
    words = clash_words(clash, meeting)
    for about, title in ((event_id, meeting.other.title), (other_id, event.title)):
        audit.record(
            session,
            "event.clash_left",
            subject_id=about,
            now=now,
            actor_id=actor_id,
            changes={"clashes_with": [None, f"{title}: {words}"]},
        )


def show_clash_again(
    session: Session, event_id: int, key: str, *, now: datetime, actor_id: int | None
) -> None:
    """Count a clash again that was left as it is. Again changes nothing."""
    theirs = or_(SeenClash.first_id == event_id, SeenClash.second_id == event_id)
    gone = session.execute(
        delete(SeenClash)
        .where(SeenClash.key == key, theirs)
        .returning(SeenClash.first_id, SeenClash.second_id)
    ).one_or_none()
    if gone is None:
        return
    titles = queries.list_titles(session, list(gone))
    for about, other in (gone, reversed(gone)):
        audit.record(
            session,
            "event.clash_shown",
            subject_id=about,
            now=now,
            actor_id=actor_id,
            changes={"clashes_with": [None, titles[other]]},
        )


def _find(session: Session, event: Event, key: str) -> tuple[Meeting, Clash]:
    """Find one clash of an event.

    Raises:
        StaleError: There is none of this name.
    """
    for meeting, clash in _clashes(session, event):
        if clash_key(meeting, clash) == key:
            return meeting, clash
    raise StaleError(str(event.id))


def _clashes(session: Session, event: Event) -> Iterator[tuple[Meeting, Clash]]:
    for meeting in queries.list_meetings(session, queries.slots_held(event)):
        for clash in meeting.clashes:
            yield meeting, clash
