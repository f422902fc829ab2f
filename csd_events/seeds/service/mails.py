"""What the people of a bulk event were mailed: four rows each, written as sent."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, insert, literal, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.limits import hour_of
from csd_events.core.types import UtcDateTime
from csd_events.events.models import Event
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import LEADS, State, lead_name, stamp

#: Registration ends this long before the event, or before today.
QUIET = timedelta(days=1)
ID = cast(Registration.id, String)


def last_registration(starts_at: datetime, now: datetime) -> datetime:
    return min(starts_at, now) - QUIET


def write_mails(session: Session, event: Event, *, now: datetime) -> None:
    """Write the first mail to everybody, and three more.

    Those are reminders where they have come due, and details sent again where not.
    """
    first = case(
        (Registration.state == State.WAITING, "registration.waiting"),
        else_="registration.confirmed",
    )
    _write(session, event, kind=first, key=first + ":" + ID + ":1", at=None)
    for number, lead in enumerate(LEADS, start=1):
        _write_later_one(session, event, number=number, lead=lead, now=now)


def _write_later_one(
    session: Session, event: Event, *, number: int, lead: timedelta, now: datetime
) -> None:
    starts_at = event.sessions[0].starts_at
    due_at = starts_at - lead
    again_at = last_registration(starts_at, now) + number * timedelta(hours=1)
    due, again = literal(due_at, UtcDateTime()), literal(again_at, UtcDateTime())
    reminder = "registration.reminder:" + lead_name(lead) + ":"
    reminded = and_(
        literal(due_at <= now),
        Registration.state == State.CONFIRMED,
        Registration.confirmed_at <= due,
    )
    _write(
        session,
        event,
        kind=case((reminded, "registration.reminder"), else_="registration.details"),
        key=case(
            (reminded, reminder + ID + f":{stamp(starts_at)}"),
            else_="registration.details:" + ID + f":{stamp(hour_of(again_at))}",
        ),
        at=case((reminded, due), else_=again),
    )


def _write(
    session: Session,
    event: Event,
    *,
    kind: ColumnElement[str],
    key: ColumnElement[str],
    at: ColumnElement[datetime] | None,
) -> None:
    """Write one mail to everybody at an event, sent when it fell due.

    Args:
        at: When that was; None for the instant of registering.
    """
    instant = Registration.registered_at if at is None else at
    given: dict[str, Any] = {
        "key": key,
        "kind": kind,
        "subject_id": Registration.id,
        "event_id": Registration.event_id,
        "to_address": Person.email,
        "message_id": literal("bulk:") + key,
        "state": literal(MailState.SENT, OutboxMessage.state.type),
        "attempts": literal(1),
        "due_at": instant,
        "queued_at": instant,
        "sent_at": instant,
    }
    rows = (
        select(*given.values())
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.event_id == event.id)
        .order_by(Registration.id)
    )
    session.execute(insert(OutboxMessage).from_select(list(given), rows))
