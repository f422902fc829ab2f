"""Sessions that get in each other's way: one person, one room, one audience twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from csd_events.core.text import fold

A_DAY = timedelta(days=1)


class Clash(StrEnum):
    """What two sessions want at once, the gravest first."""

    PRESENTER = "presenter"  # somebody is on stage in both
    ROOM = "room"
    AUDIENCE = "audience"  # both are for the same people, at the same time
    SAME_DAY = "same_day"  # both are for the same people, on one day


@dataclass(frozen=True, slots=True)
class OnStage:
    """Somebody who presents a session.

    Attributes:
        key: The same for the same person, however their name is written.
        zone: Where they are at home, if that is known.
    """

    key: str
    name: str
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A session as clashes look at it.

    Attributes:
        event_id: None for an event that is not saved yet.
        ends_at: After the usual length where no end is known.
        room: What names its room; empty where none is known.
        program: Name of the program it is part of; empty for none.
        program_id: Of that program.
        is_draft: Whether it may still come to nothing.
    """

    event_id: int | None
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    on_stage: Sequence[OnStage] = ()
    conference_id: int | None = None
    room: str = ""
    areas: frozenset[str] = frozenset()
    program: str = ""
    program_id: int | None = None
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """That staff know of a clash, and leave it.

    Attributes:
        by: The name of who said so; empty where that is not known.
    """

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Two sessions that clash, and by what.

    Attributes:
        mine: That of the event one looks at.
        other: That of another event.
        people: Who is on stage in both.
        areas: The service areas that both are for.
        program: The program that both are part of; empty for none.
        known: Which of the clashes staff know of and leave.
    """

    mine: Slot
    other: Slot
    clashes: tuple[Clash, ...]
    people: tuple[OnStage, ...] = ()
    areas: tuple[str, ...] = ()
    program: str = ""
    known: Mapping[Clash, Known] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Tell whether all that clashes is left as it is."""
        return all(each in self.known for each in self.clashes)


def clash_key(meeting: Meeting, clash: Clash) -> str:
    """Name one clash of two events: the same from either, until one of them moves.

    Other times, another room, one presenter or service more: another name, so that
    what staff knew of is not taken for what they have not seen.
    """
    if clash is Clash.PRESENTER:
        about = sorted(each.key for each in meeting.people)
    elif clash is Clash.ROOM:
        about = [meeting.mine.room]
    else:
        # A program may get another name, and is the same.
        about = [
            *meeting.areas,
            str(meeting.mine.program_id if meeting.program else ""),
        ]
    slots = sorted(
        (
            (slot.event_id or 0, *_instants(slot))
            for slot in (meeting.mine, meeting.other)
        ),
    )
    return sha256(repr((slots, clash.value, about)).encode()).hexdigest()


def with_known(found: Iterable[Meeting], known: Mapping[str, Known]) -> list[Meeting]:
    """Say of clashes which of them staff know of, by their keys; those come last."""
    marked = [
        replace(
            each,
            known={
                clash: known[key]
                for clash in each.clashes
                if (key := clash_key(each, clash)) in known
            },
        )
        for each in found
    ]
    return sorted(marked, key=lambda each: each.is_known)


def presenter_key(name: str, organization: str) -> str:
    """Name somebody on stage: the same for the same name at the same place."""
    return fold(f"{name} {organization}")


def room_key(place: str, conference_id: int | None, conference_place: str = "") -> str:
    """Name a room so that the same room has the same name; empty where none is known.

    A room is one of its conference: another one has a Room 101, too. What merely says
    where the whole conference is names no room of it.
    """
    words = " ".join(fold(place).split())
    if not words or words == " ".join(fold(conference_place).split()):
        return ""
    return f"{conference_id or ''}:{words}"


def meetings(mine: Iterable[Slot], others: Iterable[Slot]) -> list[Meeting]:
    """List what sessions of other events clash with those of one, in their order."""
    # Nothing that is farther off than a day can clash.
    there = sorted(others, key=lambda slot: (slot.starts_at, slot.event_id or 0))
    found = [
        meeting
        for slot in sorted(mine, key=lambda slot: slot.starts_at)
        for other in there
        if other.starts_at < slot.ends_at + A_DAY
        and slot.starts_at < other.ends_at + A_DAY
        and (meeting := _meeting(slot, other)) is not None
    ]
    return sorted(found, key=lambda each: list(Clash).index(each.clashes[0]))


def overlap(one: Slot, other: Slot) -> bool:
    """Tell whether two sessions last at the same time; touching is not lasting."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _meeting(mine: Slot, other: Slot) -> Meeting | None:
    if mine.event_id is not None and mine.event_id == other.event_id:
        return None
    areas = tuple(sorted(mine.areas & other.areas))
    program = mine.program if mine.program == other.program else ""
    if overlap(mine, other):
        keys = {each.key for each in other.on_stage}
        people = tuple(each for each in mine.on_stage if each.key in keys)
        wanted = {
            Clash.PRESENTER: bool(people),
            Clash.ROOM: bool(mine.room) and mine.room == other.room,
            Clash.AUDIENCE: bool(areas or program),
        }
    else:
        people = ()
        wanted = {
            Clash.SAME_DAY: bool(areas or program)
            and _on_one_day(mine, other)
            and not _of_one_conference(mine, other)
        }
    clashes = tuple(each for each in Clash if wanted.get(each))
    if not clashes:
        return None
    return Meeting(
        mine=mine,
        other=other,
        clashes=clashes,
        people=people,
        areas=areas,
        program=program,
    )


def _on_one_day(mine: Slot, other: Slot) -> bool:
    """Tell whether two begin on one day, on the clocks of the first."""
    here = ZoneInfo(mine.zone)
    day, other_day = (each.starts_at.astimezone(here).date() for each in (mine, other))
    return day == other_day


def _of_one_conference(mine: Slot, other: Slot) -> bool:
    """Tell whether two are of one conference, which is many sessions on a day."""
    return mine.conference_id is not None and mine.conference_id == other.conference_id


def _instants(slot: Slot) -> tuple[str, str]:
    return (
        slot.starts_at.astimezone(UTC).isoformat(),
        slot.ends_at.astimezone(UTC).isoformat(),
    )
