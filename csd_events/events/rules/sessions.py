"""Sessions of one event: which collide, which is next, how many complete it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

#: From when to when something lasts; the end may be unknown.
Span = tuple[datetime, datetime | None]


class Phase(StrEnum):
    """Where a session stands as seen from now."""

    PAST = "past"
    NOW = "now"
    NEXT = "next"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Sitting:
    """When a session takes place; its end is the usual one where none is known."""

    starts_at: datetime
    ends_at: datetime


def colliding(spans: Sequence[Span]) -> set[int]:
    """Return which of some sessions begin before one that began earlier has ended.

    Of an unknown end nothing is known but that it comes after the start.
    """
    order = sorted(range(len(spans)), key=lambda index: spans[index][0])
    found = set()
    for place, later in enumerate(order):
        starts_at = spans[later][0]
        if any(_holds(spans[index], starts_at) for index in order[:place]):
            found.add(later)
    return found


def _holds(span: Span, instant: datetime) -> bool:
    """Tell whether something that began by an instant still lasts then."""
    start, end = span
    return instant == start or (end is not None and instant < end)


def phases(sittings: Iterable[Sitting], now: datetime) -> list[Phase]:
    """Say of sessions in their order which are past, which is on, which is next."""
    found: list[Phase] = []
    for sitting in sittings:
        if sitting.ends_at <= now:
            found.append(Phase.PAST)
        elif sitting.starts_at <= now:
            found.append(Phase.NOW)
        else:
            found.append(Phase.LATER if Phase.NEXT in found else Phase.NEXT)
    return found


def next_turn(sittings: Iterable[Sitting], now: datetime) -> datetime | None:
    """Return the next instant at which one of them begins or ends."""
    edges = (edge for each in sittings for edge in (each.starts_at, each.ends_at))
    return min((edge for edge in edges if edge > now), default=None)


def sessions_to_attend(completes_after: int | None, sessions: int) -> int:
    """Return how many sessions complete a program: all of them unless said."""
    return sessions if completes_after is None else min(completes_after, sessions)


def minutes_to_attend(share: int, sittings: Iterable[Sitting]) -> tuple[int, int]:
    """Return how many minutes complete a program, and how many there are.

    Args:
        share: Percent; what is no whole minute is rounded up.
    """
    lasting = sum((each.ends_at - each.starts_at for each in sittings), timedelta())
    minutes = lasting // timedelta(minutes=1)
    return -(-share * minutes // 100), minutes


def is_within(day: date, first: date, last: date) -> bool:
    """Tell whether a day is one of those of a conference, both ends included."""
    return first <= day <= last


def leads_back(
    event_id: int, wanted: int, requires: Mapping[int, Iterable[int]]
) -> bool:
    """Tell whether requiring an event would, in the end, require the asking one.

    Args:
        event_id: Of the event that is to require another.
        wanted: Of that other.
        requires: What each event requires already.
    """
    seen: set[int] = set()
    ahead = [wanted]
    while ahead:
        each = ahead.pop()
        if each == event_id:
            return True
        if each not in seen:
            seen.add(each)
            ahead.extend(requires.get(each, ()))
    return False
