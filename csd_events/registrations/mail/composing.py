"""One composer a kind of mail: its words, or why it no longer applies."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.association.mail import speaker
from csd_events.core.time import short_time
from csd_events.core.words import gettext as _
from csd_events.events.models import EventChange
from csd_events.events.rules import State as EventState
from csd_events.outbox.message import Due, Message, Skip
from csd_events.registrations import queries, rules
from csd_events.registrations.mail.suggesting import best_case
from csd_events.registrations.mail.writing import (
    Letter,
    cancel,
    first_moved,
    old_words,
    relative_words,
    removed_since,
    request,
    write,
)
from csd_events.registrations.rules import State

Writer = Callable[[Session, Due, Letter], Message | Skip]


def confirmed(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You have a place."""
    if letter.registration.state is not State.CONFIRMED or _is_past(due, letter):
        return Skip("the place was given back before this went")
    return write(
        "confirmed",
        letter,
        _("You are registered: {title}"),
        case=best_case(session, letter.registration, letter.event, now=letter.now),
        calendars=request(letter),
    )


def waiting(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You are on the waiting list."""
    number = queries.rank_waiting(session, letter.registration)
    if number is None or _is_past(due, letter):
        return Skip("no longer waiting when this went")
    subject = _("Waiting list, number %(number)s: {title}", number=number)
    return write("waiting", replace(letter, position=number), subject)


def promoted(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """A place came free and it is yours."""
    if letter.registration.state is not State.CONFIRMED or _is_past(due, letter):
        return Skip("the place was given back before this went")
    return write(
        "promoted",
        letter,
        _("You have a place: {title}"),
        case=best_case(session, letter.registration, letter.event, now=letter.now),
        calendars=request(letter),
    )


def details(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You asked again, or we write to a corrected address."""
    if letter.registration.state is State.WAITING:
        return waiting(session, due, letter)
    return confirmed(session, due, letter)


def reminder(_session: Session, due: Due, letter: Letter) -> Message | Skip:
    """It starts soon."""
    reminded = rules.read_reminder_key(due.key)
    starts = [each.starts_at for each in letter.event.sessions]
    start = next((s for s in starts if rules.stamp(s) == reminded.start), None)
    if letter.registration.state is not State.CONFIRMED:
        return Skip("no place any more")
    if not letter.registration.person.wants_reminders:
        return Skip("they want no reminders")
    if start is None:
        return Skip("the event was moved; another reminder takes its place")
    if letter.now >= start:
        return Skip("it had begun before this went")
    if rules.leads_due(start, rules.LEADS, letter.now)[0] < reminded.lead:
        return Skip("a reminder nearer to the start says the same")
    relative = relative_words(start, letter.event.zone, now=letter.now)
    return write(
        "reminder",
        replace(letter, start=start),
        f"{relative}: {{title}}",
        relative_words=relative,
    )


def moved(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Time or place has changed."""
    change = session.get(EventChange, int(due.key.rpartition(":")[2]))
    if letter.registration.state is State.CANCELLED or change is None:
        return Skip("no place any more")
    if letter.event.sessions:
        index = first_moved(change.before, letter.event)
        letter = replace(letter, start=letter.event.sessions[index].starts_at)
    return write(
        "moved",
        letter,
        _("Changed, now %(when)s: {title}", when=_now_words(letter)),
        calendars=request(letter, removed_since(change, letter))
        if letter.had_place
        else (),
        old_when_words=old_words(change.before, letter),
    )


def _now_words(letter: Letter) -> str:
    start, zone = letter.starts_at, letter.event.zone
    return short_time(start, zone) if start else letter.when_words


def event_cancelled(_session: Session, _due: Due, letter: Letter) -> Message | Skip:
    """The event does not take place."""
    if letter.registration.state is State.CANCELLED:
        return Skip("no place any more")
    return write(
        "cancelled_event",
        letter,
        _("Cancelled: {title}"),
        calendars=cancel(letter),
        cancel_note=letter.event.cancel_note,
    )


def cancelled(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You gave your place back.

    Also to who has registered again since: nothing else takes the entry of the
    life that ended out of their calendar.
    """
    registration, life = letter.registration, _life(due)
    if life < registration.life:
        held = queries.held_place(session, registration.id, life=life)
        letter = replace(letter, held_then=held)
    return write(
        "cancelled_registration",
        letter,
        _("Your registration is cancelled: {title}"),
        calendars=cancel(letter, life=life),
    )


def _life(due: Due) -> int:
    """Read which life of a registration a mail is about: its key ends with it."""
    return int(due.key.rpartition(":")[2])


def _is_past(due: Due, letter: Letter) -> bool:
    """Tell whether a mail is about a life of the registration that has ended."""
    return due.kind in OF_A_LIFE and _life(due) < letter.registration.life


#: By kind of outbox row.
WRITERS: dict[str, Writer] = {
    "registration.cancelled": cancelled,
    "registration.confirmed": confirmed,
    "registration.details": details,
    "registration.event_cancelled": event_cancelled,
    "registration.moved": moved,
    "registration.promoted": promoted,
    "registration.reminder": reminder,
    "registration.waiting": waiting,
}
#: Mails whose key ends with the life of the registration they are about.
OF_A_LIFE = {"registration.confirmed", "registration.promoted", "registration.waiting"}
#: Mails that still say something once their event is over or off.
OF_ENDINGS = {"registration.cancelled", "registration.event_cancelled"}


def compose(session: Session, due: Due, now: datetime) -> Message | Skip:
    """Write the mail a row stands for, or say why it is not sent any more."""
    registration = queries.get(session, due.subject_id)
    event = registration.event
    if due.to_address != registration.person.email:
        return Skip("the address was corrected; another mail went there")
    if due.kind not in OF_ENDINGS:
        if event.state is EventState.CANCELLED:
            return Skip("the event is cancelled")
        if event.is_over(now) and event.starts_at:
            return Skip("the event was over before this went")
    letter = Letter(registration, event, speaker(session, now=now), now)
    return WRITERS[due.kind](session, due, letter)
