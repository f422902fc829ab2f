"""Counting how the library is used."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from csd_events.core.db import INSERTS, engine_name
from csd_events.library.models import LibraryUse
from csd_events.library.rules.using import KEPT, Use


def note_use(
    session: Session,
    use: Use,
    subjects: Collection[str],
    *,
    organization_id: int,
    day: date,
) -> None:
    """Count that somebody of an organization did this once more.

    Args:
        subjects: Service areas; of `Use.MISSED`, the words as they are compared.
    """
    rows = [
        {
            "day": day,
            "use": use,
            "subject": subject,
            "organization_id": organization_id,
            "times": 1,
        }
        for subject in sorted(set(subjects))
    ]
    if rows:
        added = INSERTS[engine_name(session)](LibraryUse).values(rows)
        keys = ["day", "use", "subject", "organization_id"]
        more = {"times": LibraryUse.times + 1}
        session.execute(added.on_conflict_do_update(index_elements=keys, set_=more))


def forget_old_uses(session: Session, *, now: datetime) -> None:
    """Remove what is older than is ever shown."""
    session.execute(delete(LibraryUse).where(LibraryUse.day < (now - KEPT).date()))
