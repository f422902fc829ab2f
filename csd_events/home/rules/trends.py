"""How registrations stand against those of an event that is over."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Two events at the same time before each began.

    Attributes:
        registered: So far.
        event_id: The one that is over.
        title: Of that.
        then: How many of those who had a place in the end had registered by then.
        in_the_end: How many had one.
    """

    registered: int
    event_id: int
    title: str
    then: int
    in_the_end: int

    @property
    def bars(self) -> tuple[int, int]:
        """How long a bar of each is, the longer one 100."""
        most = max(self.registered, self.then, 1)
        return round(100 * self.registered / most), round(100 * self.then / most)


def same_time_before(start: datetime, other_start: datetime, now: datetime) -> datetime:
    """Return when it was as long before another start as it is before this one."""
    return other_start - (start - now)
