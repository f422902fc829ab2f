"""Mails to who had a place that went on, or back; not about their registration.

They hold the link that brings it back, and are kept by nobody: see
``outbox.rules.PRIVATE_FEATURES``.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.association.mail import speaker
from csd_events.core.ical import Party
from csd_events.core.text import looks_like_an_advertisement
from csd_events.core.time import local_time
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext, ngettext
from csd_events.events.models import Event
from csd_events.outbox.mail import NOTHING, Block, Sheet, Value, part, write
from csd_events.outbox.message import Calendar, Due, Message, Skip, Words
from csd_events.registrations import exports, queries
from csd_events.registrations.mail.charging import Charged, credit_for
from csd_events.registrations.mail.grouping import group_sender
from csd_events.registrations.mail.naming import about_event, entry_words, hello
from csd_events.registrations.mail.originals import WORDINGS
from csd_events.registrations.models import Handover, Registration
from csd_events.registrations.rules import State

#: What an entry says first that goes, by the kinds of outbox row written here.
_NEWS = {
    "handovers.readdressed": lazy_gettext("Your registration goes by another address."),
    "handovers.replaced": lazy_gettext("Somebody else comes in your place."),
    "handovers.returned": lazy_gettext("The place went back to who had it before."),
}
HANDED_KINDS = tuple(_NEWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedLetter:
    """What a mail about a place that went is written from.

    Attributes:
        waits_again: They have their number on the waiting list again.
        words: Tried instead of those in force.
    """

    kind: str
    to_address: str
    handover: Handover
    event: Event
    waits_again: bool
    calendars: tuple[Calendar, ...] = ()
    charged: Charged | None = None
    words: Words | None = None


def compose_handover(session: Session, due: Due, now: datetime) -> Message | Skip:
    """Write the mail about a place that went, or say why it is not sent any more."""
    handover = queries.get_handover(session, due.subject_id)
    registration = queries.get(session, handover.registration_id)
    event = registration.event
    if event.is_over(now) and event.starts_at:
        return Skip("the event was over before this went")
    can_undo = handover.undone_at is None and handover.ends_at > now
    if not can_undo and due.kind != "handovers.returned":
        return Skip("the place had gone back before this went")
    letter = letter_of(session, due.kind, handover, registration, now=now)
    return write_handover(session, replace(letter, to_address=due.to_address), now)


def letter_of(
    session: Session,
    kind: str,
    handover: Handover,
    registration: Registration,
    *,
    now: datetime,
) -> HandedLetter:
    """Gather what a mail to who had a place is written from, and its entries."""
    event, address = registration.event, handover.from_person.email
    calendars: tuple[Calendar, ...] = ()
    if handover.state is State.CONFIRMED and not event.on_demand:
        calendars = exports.left_parts(
            registration,
            speaker(session, now=now),
            Party(_greeting(handover) or address, address),
            handover.life,
            now=now,
            news=str(_NEWS[kind]),
        )
    return HandedLetter(
        kind=kind,
        to_address=address,
        handover=handover,
        event=event,
        waits_again=registration.state is State.WAITING,
        calendars=calendars,
        charged=_credit_of(session, handover, registration),
    )


def write_handover(session: Session, letter: HandedLetter, now: datetime) -> Message:
    """Write the mail about a place that went."""
    handover, event, charged = letter.handover, letter.event, letter.charged
    association, name = speaker(session, now=now), _greeting(handover)
    credit = "recharged" if letter.kind == "handovers.readdressed" else "credited"
    sender = group_sender(session, handover.group_id)
    zone = handover.from_person.zone or event.zone
    values: dict[str, Value] = {
        **about_event(event, association),
        "button": lambda: _button(letter),
        "credit": lambda: part(credit, charged) if charged else NOTHING,
        "entry": _entry_words(letter),
        "greeting": hello(name),
        "name": name or letter.to_address,
        "now": _(
            "You are on the waiting list again, as you were before: another mail has "
            "your number and your links."
        )
        if letter.waits_again
        else _("You can register yourself while registration is open."),
        "replaced_by": _(
            "%(name)s, who registered you, lets somebody else come instead.",
            name=sender,
        )
        if sender
        else "",
        "undo_link": lambda: _undo_link(handover),
        "until": local_time(handover.ends_at, zone),
        "went": _(
            "Your number on the waiting list went to somebody else, and we have "
            "written to them."
        )
        if handover.state is State.WAITING
        else _("Your place went to somebody else, and we have written to them."),
    }
    sheet = Sheet(
        kind=letter.kind,
        wording=WORDINGS[letter.kind],
        event_id=event.id,
        to_address=letter.to_address,
        to_name=name or "",
        association=association,
        values=values,
        preheader=event.title,
        why=_(
            "You get this mail because %(email)s was registered for this event.",
            email=letter.to_address,
        ),
        calendars=letter.calendars,
        files=charged.files if charged else (),
        words=letter.words,
    )
    return write(session, sheet)


def _undo_link(handover: Handover) -> str:
    token = links().token(Purpose.HANDOVER, handover.id, handover.version)
    return external_url("registrations.keep_place", token=token)


def _button(letter: HandedLetter) -> Block:
    if letter.kind == "handovers.returned":
        page = external_url("home.event", slug=letter.event.slug)
        return part("button", page, _("Go to the event"))
    return part("button", _undo_link(letter.handover), _("This was not me"))


def _entry_words(letter: HandedLetter) -> str:
    entries = len(letter.calendars)
    if entries and letter.kind == "handovers.readdressed":
        return ngettext(
            "The entry attached takes the event out of this calendar; the new one is "
            "in the mail to the new address.",
            "The entries attached take the event out of this calendar; the new ones "
            "are in the mail to the new address.",
            entries,
        )
    return entry_words(entries)


def _credit_of(
    session: Session, handover: Handover, registration: Registration
) -> Charged | None:
    """Find the credit note for a place that went, without a link: theirs have ended."""
    if handover.state is not State.CONFIRMED:
        return None
    found = credit_for(session, registration, life=handover.life)
    return replace(found, link="") if found else None


def _greeting(handover: Handover) -> str | None:
    """Return the name to write to, unless it may be an advertisement."""
    trusted = handover.from_person.email_confirmed_at is not None
    if not trusted and looks_like_an_advertisement(handover.full_name):
        return None
    return handover.full_name


def had_it_before(session: Session, registration: Registration) -> str | None:
    """Return the name of who had the place of a registration before, to be named."""
    given = queries.find_received(session, registration.id)
    return _greeting(given) if given is not None else None
