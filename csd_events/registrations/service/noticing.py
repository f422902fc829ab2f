"""Telling people of what became of an event, once it cannot be undone any more."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from csd_events.billing import service as billing
from csd_events.events import queries as events
from csd_events.events.models import EventChange
from csd_events.events.rules import ChangeKind
from csd_events.registrations import queries
from csd_events.registrations.rules import NOTICE_WAITS
from csd_events.registrations.service.staging import tell_stage
from csd_events.registrations.service.telling import tell_everybody
from csd_events.registrations.service.waiting import promote

#: Longer than a form waits for an event that is being changed.
UNDER_WAY = timedelta(seconds=10)
#: By which mail. Of what was moved the mails are queued with the change.
KINDS = {
    ChangeKind.CANCELLED: "registration.event_cancelled",
    ChangeKind.POSTPONED: "registration.postponed",
    ChangeKind.REDATED: "registration.redated",
}


def tell_of_cancellations(session: Session, *, now: datetime) -> int:
    """Tell people of what was called off, or postponed, or has a date again.

    Only once it cannot be undone. Return how many are told.
    """
    told = 0
    for change_id, event_id in queries.list_untold_cancellations(session, now=now):
        events.lock(session, event_id)
        change = session.get_one(EventChange, change_id, populate_existing=True)
        due = change.leaves_at <= now
        if due and change.told_at is None and change.undone_at is None:
            told += tell_of(session, change, now)
    return told


def tell_of(session: Session, change: EventChange, now: datetime) -> int:
    """Queue the mails about a change of a locked event. Return how many are told.

    What people were charged for what is called off is credited in the same unit of
    work; who waits for what has a date again gets the places that came free meanwhile.
    """
    change.told_at = now
    told = tell_stage(session, change, now=now)
    told += tell_everybody(
        session,
        kind=KINDS[change.kind],
        event_id=change.event_id,
        occasion=str(change.id),
        due_at=now,
        now=now,
        here_by=_here_by(change),
    )
    if change.kind is ChangeKind.CANCELLED:
        billing.take_back_all(session, change.event_id, now=now)
    if change.kind is ChangeKind.REDATED:
        promote(session, events.get(session, change.event_id), now=now)
    return told


def _here_by(change: EventChange) -> datetime | None:
    """Say since when whoever registered has read the new date in their first mail.

    Some moments after it was given, or was moved before anybody was told of it: a form
    that was sent just before may have been waiting for the event. None where that can
    be nobody: registration is closed, or the mails go at once.
    """
    if change.kind is not ChangeKind.REDATED:
        return None
    last_changed_at = change.leaves_at - NOTICE_WAITS
    if last_changed_at < change.changed_at:
        return None
    return last_changed_at + UNDER_WAY
