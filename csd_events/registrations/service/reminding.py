"""Reminders: found, not scheduled, so that a missed run is caught up."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, literal, select
from sqlalchemy.orm import Session

from csd_events.core import limits
from csd_events.core.types import UtcDateTime
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import State as EventState
from csd_events.outbox import service as outbox
from csd_events.registrations import rules
from csd_events.registrations.models import Receipt, Registration, ReminderRun
from csd_events.registrations.rules import LEADS, State
from csd_events.registrations.service.telling import about

NEARER = "a reminder nearer to the start says the same"


def queue_reminders(session: Session, *, now: datetime) -> int:
    """Queue the reminders that are due; return how many go.

    Run it as often as you like, in as many processes: a key is queued once. Of
    several due for one start the nearest goes and the others are kept as skipped.
    One statement for each start and lead that has not settled yet.
    """
    queued = 0
    for each in _coming(session, now):
        due = rules.leads_due(each.starts_at, LEADS, now)
        done = _leads_done(session, each)
        for lead in due:
            name = rules.lead_name(lead)
            if name in done:
                continue
            note = None if lead == due[0] else NEARER
            made = _queue(session, each, lead, skipped=note, now=now)
            queued += made if note is None else 0
            if now >= each.starts_at - lead + rules.SETTLED_AFTER:
                session.add(
                    ReminderRun(
                        session_id=each.id,
                        starts_at=each.starts_at,
                        lead=name,
                        ran_at=now,
                    )
                )
    return queued


def forget_old_receipts(session: Session, *, now: datetime) -> None:
    """Drop receipts that can no longer be opened, and counts of hours long past."""
    end = now - rules.RECEIPT_KEPT
    session.execute(delete(Receipt).where(Receipt.sent_at < end))
    limits.forget_old(session, now=now)


def _coming(session: Session, now: datetime) -> list[EventSession]:
    starting = (
        select(EventSession)
        .join(Event, Event.id == EventSession.event_id)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.confirmed > 0,
            EventSession.starts_at > now,
            EventSession.starts_at <= now + max(LEADS),
        )
        .order_by(EventSession.starts_at)
    )
    return list(session.scalars(starting))


def _leads_done(session: Session, each: EventSession) -> set[str]:
    done = select(ReminderRun.lead).where(
        ReminderRun.session_id == each.id, ReminderRun.starts_at == each.starts_at
    )
    return set(session.scalars(done))


def _queue(
    session: Session,
    each: EventSession,
    lead: timedelta,
    *,
    skipped: str | None,
    now: datetime,
) -> int:
    """Queue one reminder for everyone to whom it says something new."""
    known_by = literal(each.starts_at - lead, UtcDateTime())
    if each.announced_at > each.starts_at - lead:
        return 0
    prefix = literal(f"registration.reminder:{rules.lead_name(lead)}")
    people = about(prefix, rules.stamp(each.starts_at)).where(
        Registration.event_id == each.event_id,
        Registration.state == State.CONFIRMED,
        func.coalesce(Registration.confirmed_at, now) <= known_by,
    )
    return outbox.enqueue_all(
        session,
        people,
        kind="registration.reminder",
        due_at=now,
        now=now,
        skipped=skipped,
    )
