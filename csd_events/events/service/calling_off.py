"""Taking an event's date away: for good, or until there is another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.events import queries
from csd_events.events.models import Event
from csd_events.events.rules import State
from csd_events.events.service.indexing import index_event
from csd_events.events.service.recordings import keep_recordings


def mark_cancelled(
    session: Session,
    event_id: int,
    *,
    note: str,
    now: datetime,
    actor_id: int | None = None,
) -> Event:
    """Call an event off. `registrations.service.cancel_event` tells its people."""
    queries.lock(session, event_id)
    event = queries.get(session, event_id)
    if event.state is State.CANCELLED:
        return event
    was = event.state
    event.state, event.cancelled_at, event.cancel_note = State.CANCELLED, now, note
    event.version += 1
    for each in event.sessions:
        each.sequence += 1
    keep_recordings(session, [event])
    audit.record(
        session,
        "event.cancelled",
        subject_id=event_id,
        actor_id=actor_id,
        now=now,
        changes={"state": [was, State.CANCELLED], "cancel_note": ["", note]},
    )
    return event


def mark_postponed(
    session: Session,
    event_id: int,
    *,
    note: str,
    now: datetime,
    actor_id: int | None = None,
) -> Event:
    """Say of a published event that its date holds no more, and nobody knows another.

    Its people keep what they have. `registrations.service.postpone_event` tells them.
    """
    queries.lock(session, event_id)
    event = queries.get(session, event_id)
    if event.state is not State.PUBLISHED:
        return event
    event.state, event.postponed_at = State.POSTPONED, now
    event.postpone_note = note
    event.version += 1
    for each in event.sessions:
        each.sequence += 1
    index_event(event)
    keep_recordings(session, [event])
    audit.record(
        session,
        "event.postponed",
        subject_id=event_id,
        actor_id=actor_id,
        now=now,
        changes={
            "state": [State.PUBLISHED, State.POSTPONED],
            "postpone_note": ["", note],
        },
    )
    return event


def mark_redated(
    session: Session,
    event: Event,
    *,
    told_at: datetime,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Let a locked, postponed event take place at the time that it has by now.

    Every session's entry was taken out of calendars, so each is announced anew.

    Args:
        told_at: When its people are told.
    """
    note = event.postpone_note
    event.state, event.postponed_at, event.postpone_note = State.PUBLISHED, None, ""
    event.version += 1
    for each in event.sessions:
        each.sequence += 1
        each.announced_at = told_at
    index_event(event)
    keep_recordings(session, [event])
    audit.record(
        session,
        "event.redated",
        subject_id=event.id,
        actor_id=actor_id,
        now=now,
        changes={
            "state": [State.POSTPONED, State.PUBLISHED],
            "postpone_note": [note, ""],
        },
    )


def standing_before(event: Event) -> dict[str, Any]:
    """Say how an event stands, as JSON holds it, for `put_standing_back`."""
    since = event.postponed_at
    return {
        "state": event.state.value,
        "postponed_at": since.isoformat() if since else None,
        "postpone_note": event.postpone_note,
    }


def put_standing_back(
    session: Session,
    event: Event,
    before: Mapping[str, Any],
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Let a locked event stand as it did before it was called off, or postponed.

    Args:
        before: With what `queries.before_change` and `standing_before` wrote; of long
            ago without the latter: then it was published.
    """
    was, since = event.state, before.get("postponed_at")
    notes = {"cancel_note": event.cancel_note, "postpone_note": event.postpone_note}
    event.state = State(before.get("state", State.PUBLISHED))
    event.cancelled_at, event.cancel_note = None, ""
    event.postponed_at = datetime.fromisoformat(since) if since else None
    event.postpone_note = before.get("postpone_note", "")
    event.version += 1
    numbers = {each["id"]: each["sequence"] for each in before["sessions"]}
    for row in event.sessions:
        row.sequence = numbers[row.id]
    index_event(event)
    keep_recordings(session, [event])
    audit.record(
        session,
        "event.reinstated",
        subject_id=event.id,
        actor_id=actor_id,
        now=now,
        changes={"state": [was, event.state]}
        | {
            name: [note, getattr(event, name)]
            for name, note in notes.items()
            if note != getattr(event, name)
        },
    )
