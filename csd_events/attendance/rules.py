"""When the room is open, and who may come in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: The button is there from this long before the start.
OPENS_BEFORE = timedelta(minutes=60)
#: A session that overruns, or has no end, can be joined for this long after it.
OVERRUN = timedelta(minutes=60)


class Door(StrEnum):
    """What the join page shows."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sitting:
    """When one session of an event takes place."""

    id: int
    starts_at: datetime
    ends_at: datetime

    @property
    def opens_at(self) -> datetime:
        return self.starts_at - OPENS_BEFORE

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.ends_at + OVERRUN


@dataclass(frozen=True, slots=True)
class Seen:
    """How the door stands, for which session, and when it opens if it is shut.

    Attributes:
        session_id: Of the session that is on, or the next one.
        opens_at: When the door opens; None where it is open or stays shut.
        next_id: Of the session after the one that is on; None if it is the last.
    """

    door: Door
    session_id: int | None = None
    opens_at: datetime | None = None
    next_id: int | None = None


def door(sittings: Iterable[Sitting], *, now: datetime) -> Seen:
    """Find how the door of an event stands for somebody who has a place.

    The session that began last of those open counts, so that nobody is led into
    the morning's session by a door left open for its overrun.
    """
    in_order = sorted(sittings, key=lambda sitting: sitting.starts_at)
    opened = [sitting for sitting in in_order if sitting.is_open(now)]
    if opened:
        after = in_order[in_order.index(opened[-1]) + 1 :]
        following = next((sitting.id for sitting in after), None)
        return Seen(Door.OPEN, opened[-1].id, next_id=following)
    ahead = [sitting for sitting in in_order if now < sitting.opens_at]
    if ahead:
        return Seen(Door.EARLY, ahead[0].id, ahead[0].opens_at)
    return Seen(Door.OVER)
