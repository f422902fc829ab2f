"""Reminders: found, not scheduled, so that a missed run is caught up."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    delete,
    exists,
    func,
    literal,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session, aliased

from csd_events.accounts.models import Person
from csd_events.core import limits
from csd_events.core.db import INSERTS, engine_name
from csd_events.core.errors import NotFoundError
from csd_events.core.types import UtcDateTime
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import State as EventState
from csd_events.outbox import service as outbox
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import rules
from csd_events.registrations.models import Receipt, Registration, ReminderRun
from csd_events.registrations.rules import State
from csd_events.registrations.service.telling import about

KIND = "registration.reminder"
NEARER = "a reminder nearer to the start says the same"
EARLIER = "an earlier session comes first, and its own reminders"


def queue_reminders(session: Session, *, now: datetime) -> int:
    """Queue the reminders that are due; return how many go.

    Run it as often as you like, in as many processes: a key is queued once. Of
    several due at once for a person the one for the nearest start goes, nearest to
    it, and the others are kept as skipped. A statement or two for each start and
    lead that has not settled yet.
    """
    queued = 0
    told: set[int] = set()  # events of which people hear in this run
    for each, previous, names in _coming(session, now):
        due = rules.leads_due(each.starts_at, rules.leads_called(names), now)
        done = _leads_done(session, each)
        for lead in due:
            name = rules.lead_name(lead)
            if name in done:
                continue
            if lead != due[0]:
                _queue(session, each, lead, skipped=NEARER, now=now)
            elif not rules.says_something_new(each.starts_at, lead, previous):
                _queue(session, each, lead, skipped=EARLIER, now=now)
            else:
                queued += _send(session, each, lead, now, told)
            if now >= each.starts_at - lead + rules.SETTLED_AFTER:
                _settle(session, each, name, now)
    return queued


def _send(
    session: Session, each: EventSession, lead: timedelta, now: datetime, told: set[int]
) -> int:
    """Queue a reminder, but as skipped for who hears of a nearer start in this run."""
    if each.event_id in told:
        heard = exists().where(
            OutboxMessage.subject_id == Registration.id,
            OutboxMessage.kind == KIND,
            OutboxMessage.state == MailState.QUEUED,
            OutboxMessage.queued_at == now,
        )
        _queue(session, each, lead, heard, skipped=NEARER, now=now)
    made = _queue(session, each, lead, skipped=None, now=now)
    if made:
        told.add(each.event_id)
    return made


def _settle(session: Session, each: EventSession, lead: str, now: datetime) -> None:
    """Note that a reminder's people have been found; another process may have too."""
    row = {"session_id": each.id, "starts_at": each.starts_at, "lead": lead}
    note = INSERTS[engine_name(session)](ReminderRun).values(**row, ran_at=now)
    session.execute(note.on_conflict_do_nothing())


def pass_over(
    session: Session, event: Event, added: Collection[str], *, now: datetime
) -> None:
    """Send no reminders that staff add when their moment is over already."""
    for each in event.sessions:
        for name in added:
            if each.starts_at - rules.lead_called(name) <= now:
                _settle(session, each, name, now)


def switch_reminders(
    session: Session, registration_id: int, *, link_version: int, off: bool
) -> None:
    """Let a registration have no reminders, or have them again.

    Raises:
        NotFoundError: Its link has ended.
    """
    switched = session.execute(
        update(Registration)
        .where(
            Registration.id == registration_id,
            Registration.link_version == link_version,
        )
        .values(reminders_off=off)
        .returning(Registration.id)
    )
    if switched.first() is None:
        raise NotFoundError(str(registration_id))


def forget_old_receipts(session: Session, *, now: datetime) -> None:
    """Drop receipts that can no longer be opened, and counts of hours long past."""
    end = now - rules.RECEIPT_KEPT
    session.execute(delete(Receipt).where(Receipt.sent_at < end))
    limits.forget_old(session, now=now)


def _coming(
    session: Session, now: datetime
) -> list[tuple[EventSession, datetime | None, Sequence[str]]]:
    """List the sessions that start soon.

    Each with the start of the one before it, and when its reminders go.
    """
    before = aliased(EventSession)
    previous = (
        select(func.max(before.starts_at))
        .where(
            before.event_id == EventSession.event_id,
            before.starts_at < EventSession.starts_at,
        )
        .scalar_subquery()
    )
    starting = (
        select(EventSession, type_coerce(previous, UtcDateTime()), Event.reminders)
        .join(Event, Event.id == EventSession.event_id)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.confirmed > 0,
            EventSession.starts_at > now,
            EventSession.starts_at <= now + rules.FARTHEST,
        )
        .order_by(EventSession.starts_at)
    )
    return [(each, at, names) for each, at, names in session.execute(starting)]


def _leads_done(session: Session, each: EventSession) -> set[str]:
    done = select(ReminderRun.lead).where(
        ReminderRun.session_id == each.id, ReminderRun.starts_at == each.starts_at
    )
    return set(session.scalars(done))


def _queue(
    session: Session,
    each: EventSession,
    lead: timedelta,
    *more: ColumnElement[bool],
    skipped: str | None,
    now: datetime,
) -> int:
    """Queue one reminder for who wants it and to whom it says something new."""
    known_by = literal(each.starts_at - lead, UtcDateTime())
    if each.announced_at > each.starts_at - lead:
        return 0
    prefix = literal(f"{KIND}:{rules.lead_name(lead)}")
    people = about(prefix, rules.stamp(each.starts_at)).where(
        Registration.event_id == each.event_id,
        Registration.state == State.CONFIRMED,
        func.coalesce(Registration.confirmed_at, now) <= known_by,
        Person.wants_reminders,
        ~Registration.reminders_off,
        *more,
    )
    return outbox.enqueue_all(
        session,
        people,
        kind=KIND,
        due_at=now,
        now=now,
        event_id=each.event_id,
        skipped=skipped,
    )
