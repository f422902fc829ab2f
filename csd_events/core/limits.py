"""How often is too often: counts by the hour of the clock, in the database.

In the database because several processes serve one site. Keys are hashed, so the
table holds no address; rows older than a day are dropped by the delivery loop.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from csd_events.core.db import INSERTS, Base, engine_name

KEPT = timedelta(days=1)


class HourlyCount(Base):
    """How often something happened within one hour of the clock."""

    __tablename__ = "hourly_counts"

    key: Mapped[str] = mapped_column(primary_key=True)
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


def _key(what: str, who: str) -> str:
    return hashlib.sha256(f"{what}\0{who}".encode()).hexdigest()


def forget_old(session: Session, *, now: datetime) -> None:
    session.execute(delete(HourlyCount).where(HourlyCount.hour_at < now - KEPT))
