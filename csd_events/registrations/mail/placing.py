"""Mails about a place: asked for, had, held, waited for, refused."""

from sqlalchemy.orm import Session

from csd_events.core.time import local_time
from csd_events.core.words import gettext as _
from csd_events.events.words import required_conference
from csd_events.outbox.mail import Value, part
from csd_events.outbox.message import Due, Message, Skip
from csd_events.registrations import queries
from csd_events.registrations.mail.handing import had_it_before
from csd_events.registrations.mail.having import had, is_past
from csd_events.registrations.mail.letter import Letter, worksheet_link
from csd_events.registrations.mail.writing import Said, note, write
from csd_events.registrations.rules import ANSWER_KEPT, Hold, State
from csd_events.registrations.words import queue_words, taken_words


def confirmed(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You have a place."""
    return had("registration.confirmed", session, due, letter)


def placed(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Staff gave you a place, before your turn."""
    return had("registration.placed", session, due, letter)


def handed(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """You come in somebody's place, or wait with their number."""
    giver = had_it_before(session, letter.registration)
    if letter.is_trial:
        return had(due.kind, session, due, letter, giver=giver)
    if letter.registration.state is State.WAITING:
        return waiting(session, due, letter, giver=giver)
    if letter.registration.hold is not None:  # by the list of a conference
        return ASKING[letter.registration.hold](session, due, letter)
    return had("registration.handed", session, due, letter, giver=giver)


def waiting(
    session: Session, due: Due, letter: Letter, *, giver: str | None = None
) -> Message | Skip:
    """You are on the waiting list."""
    number = queries.rank_waiting(session, letter.registration)
    if letter.is_trial:
        number = number or letter.event.waiting + 1
    if number is None or is_past(due, letter):
        return Skip("no longer waiting when this went")
    taken, price_cents = taken_words(letter.event), letter.registration.price_cents
    own: dict[str, Value] = {
        "given_by": _("%(name)s has given you this number.", name=giver)
        if giver
        else "",
        "number": str(number),
        "taken": taken,
        "queue": queue_words(letter.event, price_cents=price_cents),
        "prepare": lambda: part("prepare", None, worksheet_link(letter)),
    }
    said = Said(
        own=own,
        button=_("See where you stand"),
        way_back=_("Leave the waiting list"),
        preheader=letter.when_words,
    )
    return write(session, "registration.waiting", letter, said)


def promoted(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """A place came free and it is yours."""
    return had("registration.promoted", session, due, letter)


def requested(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """A place is held for you until staff have looked at your request."""
    if _is_decided(due, letter, Hold.APPROVAL):
        return Skip("it was decided before this went")
    said = Said(
        button=_("See where it stands"),
        way_back=_("Take your request back"),
        preheader=letter.when_words,
        why=_(
            "You get this mail because a place was asked for with %(email)s. If that "
            "was not you, take the request back by the link above; nothing else is "
            "needed.",
            email=letter.registration.person.email,
        ),
    )
    return write(session, "registration.requested", letter, said)


def unlisted(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """A place is held for you until the conference's list has your address."""
    if _is_decided(due, letter, Hold.CONFERENCE):
        return Skip("it was decided before this went")
    conference = required_conference(letter.event)
    said = Said(
        own={"missing": lambda: part("conference_missing", conference)},
        button=_("See where it stands"),
        way_back=_("Let the place go"),
        preheader=letter.when_words,
        why=_(
            "You get this mail because a place was asked for with %(email)s. If that "
            "was not you, let the place go by the link above; nothing else is needed.",
            email=letter.registration.person.email,
        ),
    )
    return write(session, "registration.unlisted", letter, said)


def _is_decided(due: Due, letter: Letter, hold: Hold) -> bool:
    if letter.is_trial:
        return False
    return letter.registration.hold is not hold or is_past(due, letter)


def let_in(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Nothing is missing any more: the place is yours."""
    return had("registration.let_in", session, due, letter)


def approved(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Staff said yes."""
    return had("registration.approved", session, due, letter)


def declined(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Staff said no."""
    gone = letter.registration.state is State.CANCELLED
    if not letter.is_trial and (not gone or is_past(due, letter)):
        return Skip("they have asked again since")
    said = Said(
        own={"note": lambda: note(letter.registration.decline_note)},
        button=_("See your request"),
        why=_(
            "You get this mail because %(email)s asked for a place at this event.",
            email=letter.registration.person.email,
        ),
    )
    return write(session, "registration.declined", letter, said)


def offered(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """A priced place came free: do you take it?"""
    until = letter.registration.held_until
    if letter.is_trial:
        until = until or letter.now + ANSWER_KEPT
    if until is None or until <= letter.now or is_past(due, letter):
        return Skip("it was answered before this went")
    until_words = local_time(until, letter.own_zone or letter.event.zone)
    said = Said(
        own={"until": until_words},
        button=_("Take the place, or let it go"),
        preheader=_("Until %(when)s", when=until_words),
        why=_(
            "You get this mail because %(email)s is on the waiting list of this event.",
            email=letter.registration.person.email,
        ),
    )
    return write(session, "registration.offered", letter, said)


def lapsed(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """Nobody answered in time; the place went on."""
    if not letter.is_trial:
        gone = letter.registration.state is State.CANCELLED
        if not gone or is_past(due, letter):
            return Skip("they have registered again since")
        if letter.starts_at is not None and letter.starts_at <= letter.now:
            return Skip("the event had begun: the place went to nobody")
    said = Said(
        button=_("See your registration"),
        why=_(
            "You get this mail because %(email)s was on the waiting list of this "
            "event.",
            email=letter.registration.person.email,
        ),
    )
    return write(session, "registration.lapsed", letter, said)


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
