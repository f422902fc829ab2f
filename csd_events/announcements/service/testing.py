"""A test of an announcement, to who writes it."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.announcements import queries, rules
from csd_events.outbox import service as outbox


def send_test(
    session: Session,
    announcement_id: int,
    *,
    person_id: int,
    to_address: str,
    now: datetime,
) -> None:
    """Queue a mail that shows somebody of the staff what others would get.

    Raises:
        NotFoundError: There is no such announcement.
    """
    row = queries.get(session, announcement_id)
    outbox.enqueue(
        session,
        key=f"{rules.TEST_KIND}:{row.id}:{person_id}:{now.isoformat()}",
        kind=rules.TEST_KIND,
        subject_id=row.id,
        to_address=to_address,
        due_at=now,
        now=now,
    )
