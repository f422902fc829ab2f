"""How often is too often: counted in the database by the hour or minute of the clock.

In the database because several processes serve one site. Keys are hashed, so the
table holds no address; rows older than a day are dropped by the delivery loop.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from csd_events.core.db import INSERTS, Base, engine_name

KEPT = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class HourlyCount(Base):
    """How often something happened within one hour of the clock, or one minute."""

    __tablename__ = "hourly_counts"

    key: Mapped[str] = mapped_column(primary_key=True)
    #: When the hour began; of what is counted by the minute, when the minute did.
    hour_at: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    times: Mapped[int]


COUNTS = cast("Table", HourlyCount.__table__)


_ONCE_MORE = {
    engine: (added := insert(COUNTS))
    .on_conflict_do_update(
        index_elements=[COUNTS.c.key, COUNTS.c.hour_at],
        set_={"times": COUNTS.c.times + added.excluded.times},
    )
    .returning(COUNTS.c.times)
    for engine, insert in INSERTS.items()
}


def hour_of(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def count(
    session: Session, *, what: str, who: str, now: datetime, times: int = 1
) -> int:
    """Count one more occurrence and return how many this hour has seen, it included.

    Args:
        session: To write in.
        what: Happened.
        who: Did it.
        now: When.
        times: How many occurrences it is at once.
    """
    once_more = _ONCE_MORE[engine_name(session)]
    row = {"key": _key(what, who), "hour_at": hour_of(now), "times": times}
    return cast("int", session.scalars(once_more, row).one())


def times(session: Session, *, what: str, who: str, now: datetime) -> int:
    """Return how often something happened this hour so far, without counting it."""
    seen = select(HourlyCount.times).where(
        HourlyCount.key == _key(what, who), HourlyCount.hour_at == hour_of(now)
    )
    return session.scalar(seen) or 0


def count_in_minute(session: Session, *, what: str, now: datetime) -> int:
    """Count one more occurrence, whoever did it, and return how many were lately.

    Lately is this minute of the clock and the one before: so never more than allowed
    within any sixty seconds, and who has to wait waits two minutes at most.
    """
    row = {"key": _minute_key(what), "hour_at": minute_of(now), "times": 1}
    session.execute(_ONCE_MORE[engine_name(session)], row)
    return times_lately(session, what=what, now=now)


def times_lately(session: Session, *, what: str, now: datetime) -> int:
    """Return what `count_in_minute` would, without counting."""
    minute = minute_of(now)
    seen = select(func.sum(HourlyCount.times)).where(
        HourlyCount.key == _minute_key(what),
        HourlyCount.hour_at.in_([minute, minute - MINUTE]),
    )
    return session.scalar(seen) or 0


def _minute_key(what: str) -> str:
    """Keep what is counted by the minute from what is counted by the hour."""
    return _key(f"{what}\0by the minute", "")


def minute_of(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(second=0, microsecond=0)


def _key(what: str, who: str) -> str:
    return hashlib.sha256(f"{what}\0{who}".encode()).hexdigest()


def forget_old(session: Session, *, now: datetime) -> None:
    session.execute(delete(HourlyCount).where(HourlyCount.hour_at < now - KEPT))
