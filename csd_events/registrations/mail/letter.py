"""What every mail about a registration is written from, its links and entries."""

from dataclasses import dataclass
from datetime import datetime

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
from csd_events.events.models import Event, EventSession
from csd_events.events.words import name_in, postponed_words
from csd_events.outbox.message import Calendar, Words
from csd_events.registrations import exports
from csd_events.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Letter:
    """What every mail about a registration is written from."""

    registration: Registration
    event: Event
    association: AssociationView
    now: datetime
    about: EventSession | None = None  # the session it is about, if of one
    held_then: bool | None = None  # a place, in the life that ended; None for now
    registered_by: str = ""  # who else did; empty if they did it themselves
    was_there: bool = False  # before that one came
    words: Words | None = None  # tried instead of those in force
    is_trial: bool = False  # to be seen by staff: it applies whatever holds

    @property
    def starts_at(self) -> datetime | None:
        if self.event.is_postponed:
            return None
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
        if self.event.is_postponed:
            return postponed_words()
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


def own_link(letter: Letter, page: str) -> str:
    """Return a link that opens a page of the registration, and changes nothing."""
    registration = letter.registration
    token = links().token(
        Purpose.REGISTRATION, registration.id, registration.link_version
    )
    return external_url(f"registrations.{page}", token=token)


def join_link(letter: Letter) -> str:
    """Return the link to the page by which one joins; empty where there is none."""
    if not letter.is_online:
        return ""
    registration = letter.registration
    token = links().token(Purpose.JOIN, registration.id, registration.link_version)
    return external_url("attendance.join", token=token)


def worksheet_link(letter: Letter) -> str:
    area = letter.registration.service_area or letter.event.main_area
    return external_url("worksheets.index", area=area)


def request(letter: Letter) -> tuple[Calendar, ...]:
    """Put every session into the calendar of who has a place, if it is at any time."""
    if letter.event.is_postponed:
        return ()
    return exports.mail_parts(letter.registration, letter.association, now=letter.now)


def cancel(letter: Letter, *, life: int | None = None) -> tuple[Calendar, ...]:
    """Take the entry out of the calendar of who ever had a place.

    Args:
        life: Which of the registration's entries it was; None for the present one.
    """
    if not letter.had_place:
        return ()
    return exports.mail_parts(
        letter.registration,
        letter.association,
        now=letter.now,
        method=exports.CANCEL,
        life=life,
    )
