"""Mails that say that something ends: an event, a registration, one of two."""

from dataclasses import replace

from sqlalchemy.orm import Session

from csd_events.core.tokens import new_reference
from csd_events.core.words import gettext as _
from csd_events.events.rules import Phase
from csd_events.events.words import session_lines
from csd_events.outbox.message import Calendar, Due, Message, Skip
from csd_events.registrations import exports, queries
from csd_events.registrations.mail.charging import Charged, credit_for
from csd_events.registrations.mail.having import life_of
from csd_events.registrations.mail.knowing import (
    change_of,
    hearer_of,
    sessions_known,
    until_called_off,
)
from csd_events.registrations.mail.letter import Letter, cancel
from csd_events.registrations.mail.naming import entry_words
from csd_events.registrations.mail.telling import gone_entries
from csd_events.registrations.mail.writing import (
    Said,
    credit_note,
    details,
    note,
    session_list,
    was_registered,
    write,
)
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State


def event_cancelled(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """The event does not take place: as its reader last heard that it would."""
    event, known = letter.event, letter.event.sessions
    gone: tuple[Calendar, ...] = ()
    if not letter.is_trial:
        if letter.registration.state is State.CANCELLED:
            return Skip("no place any more")
        hearer = hearer_of(letter.registration)
        news = until_called_off(session, event, change_of(due), hearer)
        known = sessions_known(news, event)
        gone = gone_entries(news.found, news.changes, letter)
    lines = session_lines(event, now=letter.now, sessions=known)
    falls_out = [line for line in lines if line.phase is not Phase.PAST]
    ids = {line.id for line in falls_out}
    letter = replace(letter, about=next((s for s in known if s.id in ids), None))
    was_to_be = _("Was to be: %(when)s", when=letter.when_words)
    heading = _("These sessions do not take place")
    charged = _credit_of(session, letter, letter.registration.life)
    calendars = (*cancel(letter), *gone)
    name = falls_out[0].name if len(falls_out) == 1 else ""
    said = Said(
        own={
            "credit": lambda: credit_note(charged),
            "details": lambda: details(letter, was_to_be, name=name),
            "entry": entry_words(len(calendars)),
            "note": lambda: note(letter.event.cancel_note),
            "sessions": lambda: session_list(letter, falls_out, heading),
        },
        button=_("See the details"),
        why=was_registered(letter),
        calendars=calendars,
        charged=charged,
    )
    return write(session, "registration.event_cancelled", letter, said)


def cancelled(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You gave your place back, or whoever registered you did.

    Also to who has registered again since: nothing else takes the entry of the
    life that ended out of their calendar.
    """
    registration = letter.registration
    life = registration.life if letter.is_trial else life_of(due)
    if life < registration.life:
        held = queries.held_place(session, registration.id, life=life)
        letter = replace(letter, held_then=held)
    had_place, by = letter.had_place, letter.registered_by or _("The colleague")
    freed = _("Your place has gone back to the others.") if had_place else ""
    if letter.event.on_demand:
        freed = _("The link that opened it to you has ended.")
    charged = _credit_of(session, letter, life)
    calendars = cancel(letter, life=life)
    said = Said(
        own={
            "credit": lambda: credit_note(charged),
            "entry": entry_words(len(calendars)),
            "freed": freed,
            "outcome": _("Your registration is cancelled")
            if had_place
            else _("You no longer wait for a place"),
            "withdrawn_by": _(
                "%(name)s, who had registered you, has cancelled it.", name=by
            )
            if due.kind == "registration.withdrawn"
            else "",
        },
        button=_("See your registration"),
        why=was_registered(letter),
        calendars=calendars,
        charged=charged,
    )
    return write(session, due.kind, letter, said)


def _credit_of(session: Session, letter: Letter, life: int) -> Charged | None:
    """Find the credit note for a place that was had, and is no more."""
    if not letter.had_place:
        return None
    return credit_for(session, letter.registration, life=life)


def merged(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You were registered twice, and are once: the second entry goes.

    Whatever became of the one that was kept.
    """
    if letter.is_trial:
        entries = _second_entries(letter, letter.registration)
        return _merged(session, letter, new_reference(), entries)
    dropped_id, life = map(int, due.key.rpartition(":")[2].split("-"))
    dropped = queries.get(session, dropped_id)
    calendars = _second_entries(letter, dropped, life=life)
    charged = credit_for(session, dropped, life=life) if dropped.confirmed_at else None
    return _merged(session, letter, dropped.reference, calendars, charged)


def _second_entries(
    letter: Letter, dropped: Registration, *, life: int = 1
) -> tuple[Calendar, ...]:
    """Take the entries of a second registration out of the calendar."""
    return exports.dropped_parts(
        letter.registration,
        letter.association,
        dropped,
        life=life,
        now=letter.now,
        news=_("One registration instead of two."),
    )


def _merged(
    session: Session,
    letter: Letter,
    ended_reference: str,
    calendars: tuple[Calendar, ...] = (),
    charged: Charged | None = None,
) -> Message:
    said = Said(
        own={
            "credit": lambda: credit_note(charged),
            "ended_reference": ended_reference,
            "entry": _("The entry attached takes the second one out of your calendar.")
            if calendars
            else "",
        },
        button=_("See your registration"),
        why=was_registered(letter),
        calendars=calendars,
        charged=charged,
    )
    return write(session, "registration.merged", letter, said)
