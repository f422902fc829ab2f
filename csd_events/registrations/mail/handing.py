"""Mails to who had a place that went on, or back; not about their registration.

They hold the link that brings it back, and are kept by nobody: see
``outbox.rules.PRIVATE_FEATURES``.
"""

from collections.abc import Callable, Sequence
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
from csd_events.events.words import row_of
from csd_events.outbox.mail import both_sides
from csd_events.outbox.message import Calendar, Due, Message, Skip
from csd_events.registrations import exports, queries
from csd_events.registrations.mail.charging import Charged, credit_for
from csd_events.registrations.mail.grouping import group_sender
from csd_events.registrations.models import Handover, Registration
from csd_events.registrations.rules import State

#: By kind of outbox row, what the mail is called for who reads it.
SUBJECTS: dict[str, Callable[[], str]] = {
    "handovers.readdressed": lambda: _(
        "Your registration has another address: {title}"
    ),
    "handovers.replaced": lambda: _("Somebody else comes in your place: {title}"),
    "handovers.returned": lambda: _("Your place went back: {title}"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a mail says of the place that went."""

    had_place: bool
    until_words: str


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
    name, association = _greeting(handover), speaker(session, now=now)
    had_place = handover.state is State.CONFIRMED and not event.on_demand
    calendars: Sequence[Calendar] = ()
    if had_place:
        reader = Party(name or due.to_address, due.to_address)
        calendars = exports.left_parts(registration, association, reader, handover.life)
    charged = _credit_of(session, handover, registration)
    token = links().token(Purpose.HANDOVER, handover.id, handover.version)
    zone = handover.from_person.zone or event.zone
    words = {
        "association": association,
        "event": row_of(event),
        "email": due.to_address,
        "greeting_name": name,
        "sender_name": group_sender(session, handover.group_id),
        "when_words": local_time(event.starts_at, event.zone)
        if event.starts_at
        else _("On demand, whenever you like"),
        "kept": Kept(had_place, local_time(handover.ends_at, zone)),
        "was_waiting": handover.state is State.WAITING,
        "entries": len(calendars),
        "charged": charged,
        "waits_again": registration.state is State.WAITING,
        "links": {
            "event": external_url("home.event", slug=event.slug),
            "own": external_url("registrations.keep_place", token=token),
        },
    }
    text, html = both_sides(f"registrations/{handover.kind}", words)
    return Message(
        to_address=due.to_address,
        to_name=name or "",
        from_address=association.sender_address,
        from_name=association.name,
        reply_to=association.reply_address,
        subject=SUBJECTS[due.kind]().replace("{title}", event.title),
        text=text,
        html=html,
        calendars=tuple(calendars),
        files=charged.files if charged else (),
    )


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
