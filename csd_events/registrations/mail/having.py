"""Mails to who has a place, with everything that goes with one."""

from functools import partial

from sqlalchemy.orm import Session

from csd_events.core.web import money
from csd_events.core.words import gettext as _
from csd_events.outbox.mail import NOTHING, Block, Value, part
from csd_events.outbox.message import Due, Message, Skip
from csd_events.registrations import queries
from csd_events.registrations.mail.charging import Charged, invoice_for
from csd_events.registrations.mail.letter import (
    Letter,
    join_link,
    own_link,
    request,
    worksheet_link,
)
from csd_events.registrations.mail.suggesting import best_case, linked
from csd_events.registrations.mail.writing import Said, terms_of, write
from csd_events.registrations.rules import State

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


def had(
    kind: str,
    session: Session,
    due: Due,
    letter: Letter,
    *,
    giver: str | None = None,
) -> Message | Skip:
    """Say to who has a place how they came to it, with all that goes with a place."""
    has_it = letter.registration.state is State.CONFIRMED
    if not letter.is_trial and (not has_it or is_past(due, letter)):
        return Skip("the place was given back before this went")
    on_demand = letter.event.on_demand
    charged = invoice_for(session, letter.registration)
    said = Said(
        own={
            "booked": _("It is open to you, to watch whenever you like.")
            if on_demand
            else _("Your place is booked."),
            "from_whom": _(
                "You come in place of %(name)s, who asked us for it.", name=giver
            )
            if giver
            else _("Somebody who cannot come has given you their place."),
            "join_link": partial(join_link, letter),
            **_parts(session, letter, charged),
        },
        button=_("See your registration"),
        way_back=_("Not for you after all? Cancel your registration")
        if on_demand
        else _("Cannot come? Cancel your registration"),
        preheader=letter.when_words,
        calendars=request(letter),
        charged=charged,
    )
    return write(session, kind, letter, said)


def _parts(
    session: Session, letter: Letter, charged: Charged | None
) -> dict[str, Value]:
    """Return the parts that only mails to who has a place know."""
    return {
        "answers": partial(_answers, session, letter),
        "button": partial(_button, letter),
        "invoice": partial(_invoice, letter, charged),
        "join": partial(_join, letter),
        "prepare": partial(_prepare, session, letter),
        "terms": partial(terms_of, session, letter.event),
    }


def _answers(session: Session, letter: Letter) -> Block:
    if not letter.event.has_questions:
        return NOTHING
    if not queries.lacks_answers(session, letter.registration):
        return NOTHING
    return part("answers", own_link(letter, "answers"))


def _button(letter: Letter) -> Block:
    page, watch = own_link(letter, "show"), join_link(letter)
    if letter.event.on_demand and watch:
        return part("watch", watch, page)
    return part("button", page, _("See your registration"))


def _invoice(letter: Letter, charged: Charged | None) -> Block:
    registration = letter.registration
    if not registration.price_cents:
        return NOTHING
    price = money(registration.price_cents, registration.currency)
    return part("invoice", charged, price)


def _join(letter: Letter) -> Block:
    if letter.event.on_demand or not letter.is_online:
        return NOTHING
    return part("join", join_link(letter), len(letter.event.sessions) > 1)


def _prepare(session: Session, letter: Letter) -> Block:
    case = best_case(session, letter.registration, letter.event, now=letter.now)
    return part("prepare", linked(case), worksheet_link(letter))


def life_of(due: Due) -> int:
    """Read which life of a registration a mail is about: its key ends with it."""
    return int(due.key.rpartition(":")[2])


def is_past(due: Due, letter: Letter) -> bool:
    """Tell whether a mail is about a life of the registration that has ended."""
    if letter.is_trial:
        return False
    return due.kind in OF_A_LIFE and life_of(due) < letter.registration.life
