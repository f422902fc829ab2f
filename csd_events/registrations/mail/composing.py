"""One composer a kind of mail: its words, or why it no longer applies."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from csd_events.association.mail import speaker
from csd_events.events import queries as events
from csd_events.outbox.mail import once
from csd_events.outbox.message import Due, Later, Message, Skip
from csd_events.registrations import queries, rules
from csd_events.registrations.mail import ending, placing
from csd_events.registrations.mail.following import follow_up
from csd_events.registrations.mail.grouping import sender_name
from csd_events.registrations.mail.letter import Letter
from csd_events.registrations.mail.moving import moved
from csd_events.registrations.mail.postponing import postponed, redated
from csd_events.registrations.mail.reminding import reminder
from csd_events.registrations.mail.waiting import called_off
from csd_events.registrations.models import Registration

Writer = Callable[[Session, Due, Letter], Message | Later | Skip]


#: By kind of outbox row.
WRITERS: dict[str, Writer] = {
    "registration.approved": placing.approved,
    "registration.cancelled": ending.cancelled,
    "registration.confirmed": placing.confirmed,
    "registration.declined": placing.declined,
    "registration.details": placing.details,
    "registration.event_cancelled": ending.event_cancelled,
    "registration.follow_up": follow_up,
    "registration.handed": placing.handed,
    "registration.lapsed": placing.lapsed,
    "registration.let_in": placing.let_in,
    "registration.merged": ending.merged,
    "registration.moved": moved,
    "registration.offered": placing.offered,
    "registration.placed": placing.placed,
    "registration.postponed": postponed,
    "registration.promoted": placing.promoted,
    "registration.redated": redated,
    "registration.reminder": reminder,
    "registration.requested": placing.requested,
    "registration.unlisted": placing.unlisted,
    "registration.waiting": placing.waiting,
    "registration.withdrawn": ending.cancelled,
}
#: Mails that still say something once their event is over or off.
OF_ENDINGS = {
    "registration.cancelled",
    "registration.event_cancelled",
    "registration.merged",
    "registration.withdrawn",
}
#: Mails that say something only when their event is over.
AFTERWARDS = {"registration.follow_up"}


def compose(session: Session, due: Due, now: datetime) -> Message | Later | Skip:
    """Write the mail a row stands for, or say why it is not sent any more."""
    registration = _read(session, due.subject_id)
    event = registration.event
    # Of an ending no other mail tells: it goes where the person reads mail now.
    if due.to_address != registration.person.email and due.kind not in OF_ENDINGS:
        return Skip("the address was corrected; another mail went there")
    if due.to_address != registration.person.email and queries.has_gone_from(
        session, registration.id, due.to_address
    ):
        return Skip("the place is somebody else's by now")
    if due.kind not in OF_ENDINGS:
        if off := called_off(session, event, due.kind, now):
            return off
        if event.is_over(now) and event.starts_at and due.kind not in AFTERWARDS:
            return Skip("the event was over before this went")
    letter = Letter(
        registration,
        event,
        speaker(session, now=now),
        now,
        registered_by=sender_name(session, due, registration),
        was_there=rules.read_group(due.key) is not None,
    )
    return WRITERS[due.kind](session, due, letter)


def _read(session: Session, registration_id: int) -> Registration:
    """Read who a mail is about as it is now, and the event once for many mails.

    What changes of the event in the moment between is told to everybody who was
    registered, and they were: a batch holds the mails of people who are.
    """
    registration = queries.get_with_person(session, registration_id)
    event_id = registration.event_id
    event = once(("event", event_id), partial(events.get_apart, session, event_id))
    set_committed_value(registration, "event", event)
    return registration
