"""Writing a mail: both sides, the links, the calendar parts."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.association.rules import AssociationView
from csd_events.core.time import (
    local_time,
    short_time,
    time_only,
    to_wall,
)
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url, your_time
from csd_events.core.words import gettext as _
from csd_events.core.zones import zone_short
from csd_events.events import queries as events
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import Kind
from csd_events.events.words import (
    completion_words,
    name_in,
    required_conference,
    row_of,
    session_lines,
)
from csd_events.library.rules import CaseLine
from csd_events.outbox.mail import both_sides
from csd_events.outbox.message import Calendar, Message
from csd_events.registrations import exports
from csd_events.registrations.exports import greeting_name
from csd_events.registrations.mail.charging import Charged
from csd_events.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose registration it is, as a mail shows it."""

    full_name: str
    reference: str
    email: str
    price_cents: int
    currency: str
    position: int | None


@dataclass(frozen=True, slots=True)
class Letter:
    """What every mail about a registration is written from."""

    registration: Registration
    event: Event
    association: AssociationView
    now: datetime
    about: EventSession | None = None  # the session it is about, if of one
    position: int | None = None  # in the waiting list, from 1
    held_then: bool | None = None  # a place, in the life that ended; None for now
    registered_by: str = ""  # who else did; empty if they did it themselves
    was_there: bool = False  # before that one came

    @property
    def starts_at(self) -> datetime | None:
        return self.about.starts_at if self.about else self.event.starts_at

    @property
    def zone(self) -> str:
        return self.about.zone if self.about else self.event.zone

    @property
    def place(self) -> str:
        return (self.about.place if self.about else "") or self.event.place

    @property
    def is_online(self) -> bool:
        """Whether there is a link to join what it is about."""
        if self.about is None:
            return self.event.joins_online
        return self.event.is_online(self.about)

    @property
    def session_name(self) -> str:
        return name_in(self.event, self.about) if self.about else ""

    @property
    def had_place(self) -> bool:
        if self.held_then is not None:
            return self.held_then
        return self.registration.confirmed_at is not None

    @property
    def when_words(self) -> str:
        if self.starts_at is None:
            return str(_("On demand, whenever you like"))
        words = local_time(self.starts_at, self.zone)
        yours = your_time(self.starts_at, self.zone, self.own_zone)
        return f"{words} ({yours})" if yours else words

    @property
    def own_zone(self) -> str | None:
        """The zone that the reader has chosen, if the address is known to be theirs."""
        person = self.registration.person
        return person.zone if person.email_confirmed_at else None


def relative_words(start: datetime, zone: str, *, now: datetime) -> str:
    """Say when it starts as seen from now: ``Tomorrow, 2:00 pm ET``."""
    days = (to_wall(start, zone).date() - to_wall(now, zone).date()).days
    clock = f"{time_only(start, zone)} {zone_short(start, zone)}"
    if days == 0:
        return str(_("Today, %(time)s", time=clock))
    if days == 1:
        return str(_("Tomorrow, %(time)s", time=clock))
    return short_time(start, zone)


def own_links(letter: Letter) -> dict[str, str | None]:
    """Return the links of a mail, all of which open a page and change nothing."""
    registration, event = letter.registration, letter.event
    version = registration.link_version
    own = links().token(Purpose.REGISTRATION, registration.id, version)
    join = links().token(Purpose.JOIN, registration.id, version)
    area = registration.service_area or event.main_area
    return {
        "registration": external_url("registrations.show", token=own),
        "cancel": external_url("registrations.cancel", token=own),
        "answers": external_url("registrations.answers", token=own),
        "join": external_url("attendance.join", token=join)
        if letter.is_online
        else None,
        "worksheet": external_url("worksheets.index", area=area),
    }


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is asked of people before an event, and what completes it, in words."""

    before: list[tuple[str, str]]
    before_note: str
    completion: str


def conditions_of(session: Session, event: Event) -> Conditions:
    """Say what a training program asks; of other events nothing is asked."""
    before = []
    if event.kind is Kind.TRAINING:
        before = [
            (title, external_url("home.event", slug=slug))
            for title, slug in events.list_prerequisites(session, event.id)
        ]
    return Conditions(before, event.prerequisite_note, completion_words(event))


def write(
    template: str,
    letter: Letter,
    subject: str,
    *,
    calendars: tuple[Calendar, ...] = (),
    case: CaseLine | None = None,
    charged: Charged | None = None,
    **others: Any,
) -> Message:
    """Fill both sides of a mail.

    Args:
        subject: May hold ``{title}``, filled in last, so that a title with braces
            or a percent sign cannot break it.
        charged: The invoice or credit note that it is also about.
    """
    registration, event = letter.registration, letter.event
    words = {
        "association": letter.association,
        "event": replace(
            row_of(event),
            starts_at=letter.starts_at,
            zone=letter.zone,
            place=letter.place,
        ),
        "registration": _holder(letter),
        "greeting_name": greeting_name(registration),
        "when_words": letter.when_words,
        "links": own_links(letter),
        "case": _linked(case),
        "charged": charged,
        "conference": required_conference(event),
        "own_zone": letter.own_zone,
        "sessions": session_lines(event, now=letter.now),
        "session_name": letter.session_name,
        "has_entry": bool(calendars),
        "entries": len(calendars),
        "had_place": letter.had_place,
        "registered_by": letter.registered_by,
        "was_there": letter.was_there,
        **others,
    }
    text, html = both_sides(f"registrations/{template}", words)
    return Message(
        to_address=registration.person.email,
        to_name=greeting_name(registration) or "",
        from_address=letter.association.sender_address,
        from_name=letter.association.name,
        reply_to=letter.association.reply_address,
        subject=subject.replace("{title}", event.title),
        text=text,
        html=html,
        calendars=calendars,
        files=charged.files if charged else (),
    )


def _holder(letter: Letter) -> Holder:
    registration = letter.registration
    return Holder(
        full_name=registration.full_name,
        reference=registration.reference,
        email=registration.person.email,
        price_cents=registration.price_cents,
        currency=registration.currency,
        position=letter.position,
    )


def request(letter: Letter) -> tuple[Calendar, ...]:
    """Put every session into the calendar of who has a place."""
    return exports.mail_parts(letter.registration, letter.event, letter.association)


def cancel(letter: Letter, *, life: int | None = None) -> tuple[Calendar, ...]:
    """Take the entry out of the calendar of who ever had a place.

    Args:
        life: Which of the registration's entries it was; None for the present one.
    """
    if not letter.had_place:
        return ()
    return exports.mail_parts(
        letter.registration,
        letter.event,
        letter.association,
        method=exports.CANCEL,
        life=life,
    )


def _linked(case: CaseLine | None) -> dict[str, Any] | None:
    if case is None:
        return None
    return {
        "title": case.title,
        "place_words": case.place_words,
        "reasons": case.reasons,
        "confidence": case.confidence,
        "confidence_note": case.confidence_note,
        "vendor_is_underwriter": case.vendor_is_underwriter,
        "url": external_url("library.case_study", case_id=case.id),
    }
