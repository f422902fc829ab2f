"""What a change of an event will cause, said before it is saved."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from csd_events.registrations.rules.changes import Change

#: So long a notice waits, and so long the change it tells of can be undone.
NOTICE_WAITS = timedelta(minutes=5)
#: Nobody shall come to the old place, or too late, for the sake of an undo.
TOO_NEAR = timedelta(hours=1)


#: What people are told of where no session is at another time or place.
NOTHING = Change((), (), ())


class NotUndone(StrEnum):
    """Why a change of an event stays."""

    UNDONE = "undone"  # it was undone before, as in another tab
    TOLD = "told"  # notices have begun to leave, or something else came since


class NotPostponed(StrEnum):
    """Why an event keeps the date it has."""

    NOT_PUBLISHED = "not_published"
    NO_DATE = "no_date"  # it is watched whenever people like
    OVER = "over"
    JUST_REDATED = "just_redated"  # nobody has heard of its date: it can be undone


class LeftOut(StrEnum):
    """Why an event is not changed with others of its series."""

    OVER = "over"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    STALE = "stale"  # somebody saved it meanwhile
    DOES_NOT_FIT = "does_not_fit"


@dataclass(frozen=True, slots=True)
class ReminderShift:
    """What becomes of the reminders of an event, counted by session and lead.

    Attributes:
        moved: Go at another time.
        missed: Do not go any more, for by the new time their moment is past.
    """

    moved: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What saving an event causes.

    Attributes:
        change: What people are told of.
        told: How many registered or waiting get a notice of it.
        on_stage: How many of those who present get one, with a calendar update.
        entries: How many of those have it in their calendar, which is brought up to
            date.
        leaves_at: When the notices go; None for at once, without an undo.
        placed: How many that waited get a place, or one held for them.
        reminders: What becomes of them.
    """

    change: Change = NOTHING
    told: int = 0
    on_stage: int = 0
    entries: int = 0
    leaves_at: datetime | None = None
    placed: int = 0
    reminders: ReminderShift = ReminderShift()

    @property
    def reaches_people(self) -> bool:
        return bool(self.all_told or self.placed)

    @property
    def all_told(self) -> int:
        """How many get a notice, whatever they have to do with the event."""
        return self.told + self.on_stage

    @property
    def digest(self) -> str:
        """Name what staff have to have seen, however many it reaches by now.

        Ids are left out: a session that is put in has another at every try.
        """
        seen = (
            [(before.entry, now.entry) for before, now in self.change.moved],
            [each.entry for each in self.change.removed],
            [each.entry for each in self.change.added],
            (self.leaves_at is None, self.told > 0, self.placed > 0, self.on_stage > 0),
            self.reminders,
        )
        return sha256(repr(seen).encode()).hexdigest()[:16]


#: When reminders go, by session and how long before its start.
Plan = Mapping[tuple[int, timedelta], datetime]


def shift_of(
    before: Plan, after: Plan, change: Change, leads: Collection[timedelta]
) -> ReminderShift:
    """Compare the reminders that were planned with those that are.

    One that goes with its session, or that staff do not want any more, is not counted.

    Args:
        leads: How long before a session reminders go from now on.
    """
    moved = {now.id for _before, now in change.moved}
    missed = [
        (session, lead)
        for session, lead in before.keys() - after.keys()
        if session in moved and lead in leads
    ]
    return ReminderShift(
        moved=sum(before[each] != after[each] for each in before.keys() & after.keys()),
        missed=len(missed),
    )


def starts_of(change: Change) -> set[datetime]:
    """Return every start that a change is about, old and new."""
    moved = (each for pair in change.moved for each in pair)
    return {each.starts_at for each in (*moved, *change.removed, *change.added)}


def notice_leaves_at(starts: Collection[datetime], now: datetime) -> datetime | None:
    """Say when notices about some starts go; None for at once: one of them is near."""
    if any(abs(start - now) <= TOO_NEAR for start in starts):
        return None
    return now + NOTICE_WAITS
