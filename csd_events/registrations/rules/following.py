"""When those who had a place are written to once more."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: On the clocks of the event: people read it when their day begins.
FOLLOWS_AT = time(9)
#: After so long it says nothing that anybody waits for.
FOLLOWS_WITHIN = timedelta(days=7)


def follow_up_at(over_at: datetime, zone: str) -> datetime:
    """Say when the mail after an event goes: the next morning, where it took place."""
    here = ZoneInfo(zone)
    day = over_at.astimezone(here).date() + timedelta(days=1)
    return datetime.combine(day, FOLLOWS_AT, tzinfo=here).astimezone(UTC)


def follow_up_key(registration_id: int) -> str:
    """Name the mail after an event: one, whatever becomes of the registration."""
    return f"registration.follow_up:{registration_id}:1"


def is_too_late_to_follow(over_at: datetime, zone: str, now: datetime) -> bool:
    return now > follow_up_at(over_at, zone) + FOLLOWS_WITHIN
