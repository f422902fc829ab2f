"""Calendar files as two libraries read them that did not write them."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import vobject

NODE = ("node", str(Path(__file__).with_name("read.mjs")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a file says.

    Attributes:
        zones: That it describes, by their names.
        entries: See `Entry`.
    """

    method: str | None
    zones: list[str]
    entries: list["Entry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a file says of one entry.

    Attributes:
        stamp: In seconds, as are its start and end.
        zone: In which it starts, and `wall` what the clocks there show.
        organizer: Name and address, as of each attendee.
        alarms: How many.
    """

    uid: str
    sequence: int
    stamp: float
    starts: float
    ends: float
    zone: str
    wall: str
    summary: str
    description: str
    location: str | None
    url: str
    status: str
    organizer: list[str]
    attendees: list[list[str]]
    alarms: int


def by_ical_js(files: Sequence[bytes]) -> list[Seen]:
    """Read files in one process of Node."""
    texts = json.dumps([file.decode() for file in files])
    said = subprocess.run(NODE, input=texts, capture_output=True, text=True, check=True)
    return [
        Seen(**each | {"entries": [Entry(**entry) for entry in each["entries"]]})
        for each in json.loads(said.stdout)
    ]


def by_vobject(files: Sequence[bytes]) -> list[Seen]:
    return [_seen(file) for file in files]


def _seen(file: bytes) -> Seen:
    """Read one file by the zones in it: vobject keeps those of files before it."""
    getattr(vobject.icalendar, "__tzidMap").clear()
    document = vobject.readOne(file.decode())
    return Seen(
        method=_value(document, "method"),
        zones=[str(zone.tzid.value) for zone in document.contents.get("vtimezone", [])],
        entries=[_entry(event) for event in document.contents.get("vevent", [])],
    )


def _entry(event: Any) -> Entry:
    starts: datetime = event.dtstart.value
    return Entry(
        uid=event.uid.value,
        sequence=int(event.sequence.value),
        stamp=event.dtstamp.value.timestamp(),
        starts=starts.timestamp(),
        ends=event.dtend.value.timestamp(),
        zone=event.dtstart.params.get("X-VOBJ-ORIGINAL-TZID", ["UTC"])[0],
        wall=starts.replace(tzinfo=None).isoformat(),
        summary=event.summary.value,
        description=event.description.value,
        location=_value(event, "location"),
        url=event.url.value,
        status=event.status.value,
        organizer=_party(event.organizer),
        attendees=[_party(each) for each in event.contents.get("attendee", [])],
        alarms=len(event.contents.get("valarm", [])),
    )


def _value(component: Any, name: str) -> str | None:
    found = component.contents.get(name)
    return found[0].value if found else None


def _party(property_: Any) -> list[str]:
    return [property_.params["CN"][0], property_.value]
