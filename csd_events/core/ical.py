"""Calendar objects that stay true: one UID for life, a SEQUENCE that only rises."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

from csd_events.core.text import uri_address

PRODUCT = "-//CSD Events//Calendar//EN"


@dataclass(frozen=True, slots=True)
class Party:
    """Who calls a meeting, or who comes."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a calendar.

    Attributes:
        sequence: Higher than in every earlier object of this UID that differs in
            time, place or being cancelled.
        stamp: When what it says became true.
        zone: IANA name; times are written as the clocks there show them.
        attendee: The one person it is for; None in a public file.
    """

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    description: str
    location: str
    url: str
    organizer: Party
    attendee: Party | None = None
    cancelled: bool = False


Turn = TimezoneDaylight | TimezoneStandard
#: How often a calendar looks at a feed.
LOOK_EVERY, LOOK_EVERY_WORDS = timedelta(hours=4), "PT4H"


def feed(entries: Sequence[Entry], *, name: str) -> bytes:
    """Write entries as a calendar that others follow (RFC 7986)."""
    document = _document()
    document.add("method", "PUBLISH")
    document.add("name", name)
    document.add("refresh-interval", LOOK_EVERY, parameters={"VALUE": "DURATION"})
    # Some know the two by older names alone.
    document.add("x-wr-calname", name)
    document.add("x-published-ttl", LOOK_EVERY_WORDS)
    return _written(document, entries)


def calendar(entries: Sequence[Entry], *, method: str | None = None) -> bytes:
    """Write entries as iCalendar (RFC 5545).

    Args:
        entries: One alone where there is a method (RFC 5546).
        method: ``REQUEST`` or ``CANCEL`` for a mail; None for a file to download, which
            calendar servers take only without one.
    """
    document = _document()
    if method:
        document.add("method", method)
    return _written(document, entries)


def _document() -> Calendar:
    document = Calendar()
    document.add("prodid", PRODUCT)
    document.add("version", "2.0")
    return document


def _written(document: Calendar, entries: Sequence[Entry]) -> bytes:
    """Write a document with its entries, and the zones that they are in."""
    zones = b""
    for zone in sorted({entry.zone for entry in entries} - {"UTC"}):
        instants = [
            instant
            for entry in entries
            if entry.zone == zone
            for instant in (entry.starts_at, entry.ends_at)
        ]
        zones += _timezone(zone, min(instants).year, max(instants).year)
    for entry in entries:
        document.add_component(_component(entry))
    # Zones are most of the lines and the same in every mail: they are written once.
    written = document.to_ical()
    first = b"BEGIN:VEVENT" if entries else b"END:VCALENDAR"
    head, begin, rest = written.partition(first)
    return bytes(head + zones + begin + rest)


def _component(entry: Entry) -> Event:
    event = Event()
    here = ZoneInfo(entry.zone)
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(here))
    event.add("dtend", entry.ends_at.astimezone(here))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    if entry.location:
        event.add("location", entry.location)
    event.add("url", entry.url)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    event["organizer"] = _address(entry.organizer)
    if entry.attendee is not None:
        attendee = _address(entry.attendee)
        # Nobody's answer is asked for: it would only fill a mailbox.
        attendee.params["PARTSTAT"] = vText("ACCEPTED")
        attendee.params["RSVP"] = vText("FALSE")
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        event["attendee"] = attendee
    return event


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{uri_address(party.address)}")
    address.params["CN"] = vText(party.name.replace('"', "'"))
    return address


@lru_cache(maxsize=256)
def _timezone(zone: str, first_year: int, last_year: int) -> bytes:
    """Describe a zone once for all its entries, for the years around them."""
    first, last = date(first_year, 1, 1), date(last_year, 12, 31) + timedelta(days=1)
    described = Timezone.from_tzid(zone, first_date=first, last_date=last)
    described.subcomponents[:] = [
        turn for turns in described.subcomponents for turn in _one_by_one(turns)
    ]
    return bytes(described.to_ical())


def _one_by_one(turns: Turn) -> Iterator[Turn]:
    """Describe each turn of the clocks by itself.

    Of several in one component ical.js, and what is built on it, reads one alone.
    """
    others = turns.pop("rdate", None)
    yield turns
    for each in others.dts if others else ():
        turn = turns.copy()
        turn["dtstart"] = each
        yield turn
