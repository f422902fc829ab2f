"""What changed of an event since its people were told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

#: Why mail of an event does not go, as staff read it; it goes after all where that is
#: undone.
CALLED_OFF = "the event is cancelled"
PUT_OFF = "the event is postponed"
ELSEWHERE = "the event was moved; another reminder takes its place"
TOLD_LATER = "a later notice tells the whole change"
#: Why a mail about times is left to the one of the date that came after them.
A_DATE_AGAIN = "the event has a date again; another mail says so"
#: Why a notice does not go that says nothing new to its reader.
AS_TOLD = "everything is again as people had been told"
#: Why a notice does not go whose change is undone.
UNDONE = "staff undid the change before this went"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A session as people heard of it; its place is the event's unless it has one."""

    id: int
    sequence: int
    number: int
    title: str
    starts_at: datetime
    ends_at: datetime | None
    zone: str
    place: str

    @property
    def entry(self) -> tuple[datetime, datetime | None, str, str]:
        """What a calendar keeps of it: a new title alone asks nobody to come anew."""
        return self.starts_at, self.ends_at, self.zone, self.place


@dataclass(frozen=True, slots=True)
class Change:
    """Sessions at another time or place, taken out, and put in."""

    moved: Sequence[tuple[Heard, Heard]]
    removed: Sequence[Heard]
    added: Sequence[Heard]

    def __bool__(self) -> bool:
        return bool(self.moved or self.removed or self.added)

    @property
    def touched(self) -> set[int]:
        """The ids of the sessions whose entries a calendar has to change or take up."""
        return {now.id for _before, now in self.moved} | {s.id for s in self.added}

    def with_more(self, other: "Change") -> "Change":
        """Add what another change says of sessions of which this one says nothing."""
        said = self.touched | {each.id for each in self.removed}
        return Change(
            moved=[
                *self.moved,
                *(pair for pair in other.moved if pair[1].id not in said),
            ],
            removed=[
                *self.removed,
                *(each for each in other.removed if each.id not in said),
            ],
            added=[*self.added, *(each for each in other.added if each.id not in said)],
        )


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    """Compare what people had been told of an event with what holds now.

    Args:
        before: The place of the event, and of each session id, sequence, times, zone
            and place, instants in ISO format.
        after: The same, now.
    """
    was, now = _sessions(before), _sessions(after)
    return Change(
        moved=[
            (was[each.id], each)
            for each in now.values()
            if each.id in was and was[each.id].entry != each.entry
        ],
        removed=[each for each in was.values() if each.id not in now],
        added=[each for each in now.values() if each.id not in was],
    )


def sessions_of(heard: Mapping[str, Any]) -> list[Heard]:
    """Return the sessions that people were told of, in their order."""
    return list(_sessions(heard).values())


def _sessions(heard: Mapping[str, Any]) -> dict[int, Heard]:
    return {
        each["id"]: Heard(
            id=each["id"],
            sequence=each["sequence"],
            number=number,
            title=each.get("title", ""),
            starts_at=datetime.fromisoformat(each["starts_at"]),
            ends_at=datetime.fromisoformat(each["ends_at"])
            if each["ends_at"]
            else None,
            zone=each["zone"],
            place=each["place"] or heard["place"],
        )
        for number, each in enumerate(heard["sessions"], start=1)
    }
