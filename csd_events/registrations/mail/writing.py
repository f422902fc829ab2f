"""Writing a mail: both sides, the links, the calendar parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

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
from csd_events.events.models import Event, EventChange, EventSession
from csd_events.events.words import required_conference, row_of
from csd_events.library.rules import CaseLine
from csd_events.outbox.mail import both_sides
from csd_events.outbox.message import Calendar, Message
from csd_events.registrations import exports
from csd_events.registrations.exports import greeting_name
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
    start: datetime | None = None  # of the session it is about, if of one
    position: int | None = None  # in the waiting list, from 1
    held_then: bool | None = None  # a place, in the life that ended; None for now

    @property
    def starts_at(self) -> datetime | None:
        return self.start or self.event.starts_at

    @property
    def had_place(self) -> bool:
        if self.held_then is not None:
            return self.held_then
        return self.registration.confirmed_at is not None

    @property
    def when_words(self) -> str:
        if self.starts_at is None:
            return str(_("On demand, whenever you like"))
        words = local_time(self.starts_at, self.event.zone)
        yours = your_time(self.starts_at, self.event.zone, self.own_zone)
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


def own_links(registration: Registration, event: Event) -> dict[str, str | None]:
    """Return the links of a mail, all of which open a page and change nothing."""
    version = registration.link_version
    own = links().token(Purpose.REGISTRATION, registration.id, version)
    join = links().token(Purpose.JOIN, registration.id, version)
    area = registration.service_area or event.main_area
    return {
        "registration": external_url("registrations.show", token=own),
        "cancel": external_url("registrations.cancel", token=own),
        "join": external_url("attendance.join", token=join)
        if event.joins_online
        else None,
        "worksheet": external_url("worksheets.index", area=area),
    }


def write(
    template: str,
    letter: Letter,
    subject: str,
    *,
    calendars: tuple[Calendar, ...] = (),
    case: CaseLine | None = None,
    **others: Any,
) -> Message:
    """Fill both sides of a mail.

    Args:
        subject: May hold ``{title}``, filled in last, so that a title with braces
            or a percent sign cannot break it.
    """
    registration, event = letter.registration, letter.event
    words = {
        "association": letter.association,
        "event": replace(row_of(event), starts_at=letter.starts_at),
        "registration": _holder(letter),
        "greeting_name": greeting_name(registration),
        "when_words": letter.when_words,
        "links": own_links(registration, event),
        "case": _linked(case),
        "conference": required_conference(event),
        "sessions": event.sessions,
        "own_zone": letter.own_zone,
        "has_entry": bool(calendars),
        "had_place": letter.had_place,
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


def request(
    letter: Letter, removed: Sequence[EventSession] = ()
) -> tuple[Calendar, ...]:
    return exports.mail_parts(
        letter.registration, letter.event, letter.association, removed=removed
    )


def removed_since(change: EventChange, letter: Letter) -> Sequence[EventSession]:
    """Return the sessions that a change took out, as people had been told of them."""
    present = {each.id for each in letter.event.sessions}
    return [
        EventSession(
            id=told["id"],
            title="",
            place=told["place"],
            zone=told["zone"],
            starts_at=datetime.fromisoformat(told["starts_at"]),
            ends_at=datetime.fromisoformat(told["ends_at"])
            if told["ends_at"]
            else None,
            sequence=told["sequence"] + 1,
            announced_at=change.changed_at,
        )
        for told in change.before["sessions"]
        if told["id"] not in present
    ]


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


def first_moved(before: dict[str, Any], event: Event) -> int:
    """Return the index of the first session with another time; 0 if none has."""
    times = zip(before["sessions"], event.sessions, strict=False)
    for index, (told, each) in enumerate(times):
        if datetime.fromisoformat(told["starts_at"]) != each.starts_at:
            return index
    return 0


def old_words(before: dict[str, Any], letter: Letter) -> str:
    """Say what people had been told: the time, and the place if that changed."""
    if not before["sessions"]:
        return str(_("On demand, whenever you like"))
    told = before["sessions"][first_moved(before, letter.event)]
    words = local_time(datetime.fromisoformat(told["starts_at"]), told["zone"])
    if before["place"] and before["place"] != letter.event.place:
        words = f"{words}, {before['place']}"
    return words


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
