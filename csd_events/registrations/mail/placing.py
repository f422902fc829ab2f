"""Mails about a place: asked for, had, held, waited for, refused."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from csd_events.core.time import local_time
from csd_events.core.words import gettext as _
from csd_events.outbox.message import Due, Message, Skip
from csd_events.registrations import queries
from csd_events.registrations.mail.charging import invoice_for
from csd_events.registrations.mail.handing import had_it_before
from csd_events.registrations.mail.suggesting import best_case
from csd_events.registrations.mail.writing import (
    Letter,
    conditions_of,
    request,
    write,
)
from csd_events.registrations.rules import Hold, State
from csd_events.registrations.words import queue_words, taken_words

#: Mails whose key ends with the life of the registration they are about.
OF_A_LIFE = {
    "registration.approved",
    "registration.confirmed",
    "registration.declined",
    "registration.handed",
    "registration.lapsed",
    "registration.let_in",
    "registration.offered",
    "registration.placed",
    "registration.promoted",
    "registration.requested",
    "registration.unlisted",
    "registration.waiting",
}


def confirmed(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You have a place."""
    return _placed("confirmed", session, due, letter)


def placed(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Staff gave you a place, before your turn."""
    return _placed("placed", session, due, letter)


def handed(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You come in somebody's place, or wait with their number."""
    giver = had_it_before(session, letter.registration)
    if letter.registration.state is State.WAITING:
        return waiting(session, due, letter, giver=giver)
    if letter.registration.hold is not None:  # by the list of a conference
        return ASKING[letter.registration.hold](session, due, letter)
    return _placed("handed", session, due, letter, giver=giver)


def waiting(
    session: Session, due: Due, letter: Letter, *, giver: str | None = None
) -> Message | Skip:
    """You are on the waiting list."""
    number = queries.rank_waiting(session, letter.registration)
    if number is None or is_past(due, letter):
        return Skip("no longer waiting when this went")
    subject = _("Waiting list, number %(number)s: {title}", number=number)
    return write(
        "waiting",
        replace(letter, position=number),
        subject,
        giver=giver,
        taken_words=taken_words(letter.event),
        queue_words=queue_words(
            letter.event, price_cents=letter.registration.price_cents
        ),
    )


def promoted(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """A place came free and it is yours."""
    return _placed("promoted", session, due, letter)


def _placed(
    template: str, session: Session, due: Due, letter: Letter, **others: Any
) -> Message | Skip:
    """Say to who has a place how they came to it, with all that goes with a place."""
    if letter.registration.state is not State.CONFIRMED or is_past(due, letter):
        return Skip("the place was given back before this went")
    subject = _("You have a place: {title}")
    if template == "confirmed":
        subject = _("You are registered: {title}")
    return write(
        template,
        letter,
        subject,
        case=best_case(session, letter.registration, letter.event, now=letter.now),
        calendars=request(letter),
        charged=invoice_for(session, letter.registration),
        terms=conditions_of(session, letter.event),
        lacks_answers=letter.event.has_questions
        and queries.lacks_answers(session, letter.registration),
        **others,
    )


def requested(_session: Session, due: Due, letter: Letter) -> Message | Skip:
    """A place is held for you until staff have looked at your request."""
    if letter.registration.hold is not Hold.APPROVAL or is_past(due, letter):
        return Skip("it was decided before this went")
    return write("requested", letter, _("We have your request: {title}"))


def unlisted(_session: Session, due: Due, letter: Letter) -> Message | Skip:
    """A place is held for you until the conference's list has your address."""
    if letter.registration.hold is not Hold.CONFERENCE or is_past(due, letter):
        return Skip("it was decided before this went")
    return write("unlisted", letter, _("Something is missing: {title}"))


def let_in(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Nothing is missing any more: the place is yours."""
    return _placed("let_in", session, due, letter)


def approved(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Staff said yes."""
    return _placed("approved", session, due, letter)


def declined(_session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Staff said no."""
    if letter.registration.state is not State.CANCELLED or is_past(due, letter):
        return Skip("they have asked again since")
    note = letter.registration.decline_note
    subject = _("We cannot give you a place: {title}")
    return write("declined", letter, subject, decline_note=note)


def offered(_session: Session, due: Due, letter: Letter) -> Message | Skip:
    """A priced place came free: do you take it?"""
    until = letter.registration.held_until
    if until is None or until <= letter.now or is_past(due, letter):
        return Skip("it was answered before this went")
    zone = letter.own_zone or letter.event.zone
    return write(
        "offered",
        letter,
        _("A place is held for you: {title}"),
        until_words=local_time(until, zone),
    )


def lapsed(_session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Nobody answered in time; the place went on."""
    if letter.registration.state is not State.CANCELLED or is_past(due, letter):
        return Skip("they have registered again since")
    if letter.starts_at is not None and letter.starts_at <= letter.now:
        return Skip("the event had begun: the place went to nobody")
    return write("lapsed", letter, _("The place went to the next in line: {title}"))


def details(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You asked again, or we write to a corrected address."""
    if letter.registration.is_pending:
        return Skip("it waits for who registered them")
    if letter.registration.state is State.WAITING:
        return waiting(session, due, letter)
    if letter.registration.hold is not None:
        return ASKING[letter.registration.hold](session, due, letter)
    return confirmed(session, due, letter)


#: The mail that says what stands between somebody and the place held for them.
ASKING = {
    Hold.APPROVAL: requested,
    Hold.CONFERENCE: unlisted,
    Hold.ANSWER: offered,
}


def life_of(due: Due) -> int:
    """Read which life of a registration a mail is about: its key ends with it."""
    return int(due.key.rpartition(":")[2])


def is_past(due: Due, letter: Letter) -> bool:
    """Tell whether a mail is about a life of the registration that has ended."""
    return due.kind in OF_A_LIFE and life_of(due) < letter.registration.life
