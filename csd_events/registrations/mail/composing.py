"""One composer a kind of mail: its words, or why it no longer applies."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy.orm import Session

from csd_events.association.mail import speaker
from csd_events.core.words import gettext as _
from csd_events.events.models import EventChange, EventSession
from csd_events.events.queries import heard
from csd_events.events.rules import Phase
from csd_events.events.rules import State as EventState
from csd_events.events.words import session_lines
from csd_events.outbox.message import Due, Message, Skip
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import exports, queries, rules
from csd_events.registrations.mail import placing
from csd_events.registrations.mail.charging import Charged, credit_for
from csd_events.registrations.mail.grouping import sender_name
from csd_events.registrations.mail.placing import life_of
from csd_events.registrations.mail.telling import (
    about_of,
    entries_of,
    lines_of,
    names_of,
    subject_of,
)
from csd_events.registrations.mail.writing import (
    Letter,
    cancel,
    relative_words,
    write,
)
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

ON_THE_WAY = (MailState.QUEUED, MailState.SENDING)
LATER = "a later notice tells the whole change"

Writer = Callable[[Session, Due, Letter], Message | Skip]


def _another_goes(lead: timedelta, about: EventSession, letter: Letter) -> Skip | None:
    """Say which other reminder says what this one would, if one does."""
    leads = rules.leads_called(letter.event.reminders)
    if lead not in leads:
        return Skip("staff chose other reminders before this went")
    if rules.leads_due(about.starts_at, leads, letter.now)[0] < lead:
        return Skip("a reminder nearer to the start says the same")
    return None


def reminder(_session: Session, due: Due, letter: Letter) -> Message | Skip:
    """It starts soon."""
    reminded = rules.read_reminder_key(due.key)
    sessions = letter.event.sessions
    about = next(
        (s for s in sessions if rules.stamp(s.starts_at) == reminded.start), None
    )
    if letter.registration.state is not State.CONFIRMED:
        return Skip("no place any more")
    if unwanted := _not_wanted(letter.registration):
        return unwanted
    if about is None:
        return Skip(rules.ELSEWHERE)
    if letter.now >= about.starts_at:
        return Skip("it had begun before this went")
    if other := _another_goes(reminded.lead, about, letter):
        return other
    relative = relative_words(about.starts_at, about.zone, now=letter.now)
    subject = f"{relative}: {{title}}"
    if len(sessions) > 1:
        subject = f"{subject}, {_number_words(about, letter)}"
    return write(
        "reminder", replace(letter, about=about), subject, relative_words=relative
    )


def _not_wanted(registration: Registration) -> Skip | None:
    if not registration.person.wants_reminders:
        return Skip("they want no reminders")
    if registration.reminders_off:
        return Skip("they want no reminders of this event")
    return None


def moved(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Time or place has changed, once or several times since they heard."""
    change_id = int(due.key.rpartition(":")[2])
    if letter.registration.state is State.CANCELLED:
        return Skip("no place any more")
    notices = queries.list_notices(session, letter.registration.id)
    if any(n.change_id > change_id and n.state in ON_THE_WAY for n in notices):
        return Skip(LATER)
    untold = _untold(session, change_id, notices)
    change, before = untold[0], untold[-1].before
    found = rules.compare(before, heard(letter.event))
    if not found:
        return Skip("everything is again as people had been told")
    return write(
        "moved",
        replace(letter, about=about_of(found, letter)),
        subject_of(found),
        calendars=entries_of(found, [each.before for each in untold], change, letter),
        changes=lines_of(found, letter),
        removed=names_of(found.removed),
        added=names_of(found.added),
    )


def _untold(
    session: Session, change_id: int, notices: Sequence[queries.Notice]
) -> list[EventChange]:
    """Return a change and those before it whose own notices did not go.

    The latest first: what people had been told is what held before the last.
    """
    earlier = (n for n in notices if n.change_id < change_id)
    left = takewhile(
        lambda n: (
            n.state is MailState.FAILED
            or (n.state is MailState.SKIPPED and n.note == LATER)
        ),
        earlier,
    )
    ids = [change_id, *(n.change_id for n in left)]
    return [session.get_one(EventChange, each) for each in ids]


def _number_words(about: EventSession, letter: Letter) -> str:
    number, of = about.position + 1, len(letter.event.sessions)
    return str(_("session %(number)s of %(all)s", number=number, all=of))


def event_cancelled(session: Session, _due: Due, letter: Letter) -> Message | Skip:
    """The event does not take place."""
    if letter.registration.state is State.CANCELLED:
        return Skip("no place any more")
    lines = session_lines(letter.event, now=letter.now)
    falls_out = [line for line in lines if line.phase is not Phase.PAST]
    ids = {line.id for line in falls_out}
    about = next((s for s in letter.event.sessions if s.id in ids), None)
    return write(
        "cancelled_event",
        replace(letter, about=about),
        _("Cancelled: {title}"),
        calendars=cancel(letter),
        charged=_credit_of(session, letter, letter.registration.life),
        cancel_note=letter.event.cancel_note,
        falls_out=falls_out,
    )


def cancelled(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You gave your place back, or whoever registered you did.

    Also to who has registered again since: nothing else takes the entry of the
    life that ended out of their calendar.
    """
    registration, life = letter.registration, life_of(due)
    if life < registration.life:
        held = queries.held_place(session, registration.id, life=life)
        letter = replace(letter, held_then=held)
    return write(
        "cancelled_registration",
        letter,
        _("Your registration is cancelled: {title}")
        if letter.had_place
        else _("You no longer wait for a place: {title}"),
        calendars=cancel(letter, life=life),
        by_another=due.kind == "registration.withdrawn",
        charged=_credit_of(session, letter, life),
    )


def _credit_of(session: Session, letter: Letter, life: int) -> Charged | None:
    """Find the credit note for a place that was had, and is no more."""
    if not letter.had_place:
        return None
    return credit_for(session, letter.registration, life=life)


def merged(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You were registered twice, and are once: the second entry goes.

    Whatever became of the one that was kept.
    """
    dropped_id, life = map(int, due.key.rpartition(":")[2].split("-"))
    dropped = queries.get(session, dropped_id)
    about = letter.registration, letter.event, letter.association
    return write(
        "merged",
        letter,
        _("One registration instead of two: {title}"),
        calendars=exports.dropped_parts(*about, dropped, life=life),
        charged=credit_for(session, dropped, life=life)
        if dropped.confirmed_at
        else None,
        dropped_reference=dropped.reference,
    )


#: By kind of outbox row.
WRITERS: dict[str, Writer] = {
    "registration.approved": placing.approved,
    "registration.cancelled": cancelled,
    "registration.confirmed": placing.confirmed,
    "registration.declined": placing.declined,
    "registration.details": placing.details,
    "registration.event_cancelled": event_cancelled,
    "registration.handed": placing.handed,
    "registration.lapsed": placing.lapsed,
    "registration.let_in": placing.let_in,
    "registration.merged": merged,
    "registration.moved": moved,
    "registration.offered": placing.offered,
    "registration.placed": placing.placed,
    "registration.promoted": placing.promoted,
    "registration.reminder": reminder,
    "registration.requested": placing.requested,
    "registration.unlisted": placing.unlisted,
    "registration.waiting": placing.waiting,
    "registration.withdrawn": cancelled,
}
#: Mails that still say something once their event is over or off.
OF_ENDINGS = {
    "registration.cancelled",
    "registration.event_cancelled",
    "registration.merged",
    "registration.withdrawn",
}


def compose(session: Session, due: Due, now: datetime) -> Message | Skip:
    """Write the mail a row stands for, or say why it is not sent any more."""
    registration = queries.get(session, due.subject_id)
    event = registration.event
    # Of an ending no other mail tells: it goes where the person reads mail now.
    if due.to_address != registration.person.email and due.kind not in OF_ENDINGS:
        return Skip("the address was corrected; another mail went there")
    if due.to_address != registration.person.email and queries.has_gone_from(
        session, registration.id, due.to_address
    ):
        return Skip("the place is somebody else's by now")
    if due.kind not in OF_ENDINGS:
        if event.state is EventState.CANCELLED:
            return Skip(rules.CALLED_OFF)
        if event.is_over(now) and event.starts_at:
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
