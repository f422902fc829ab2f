"""A worksheet of a group, handed in."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.core.errors import RefusedError
from csd_events.worksheets.models import Worksheet
from csd_events.worksheets.rules import OPEN, Refusal
from csd_events.worksheets.service.answering import answer
from csd_events.worksheets.service.meeting import touch


def hand_in(
    session: Session,
    worksheet_id: int,
    answers: Mapping[str, int | None],
    *,
    now: datetime,
) -> bool:
    """Save some answers and hand the worksheet in; again, what changed is saved.

    Return whether a group still takes it: where it is closed or gone, the answers are
    saved and stay nobody else's.

    Raises:
        NotFoundError: The worksheet is gone.
        RefusedError: It was handed in, and the group has begun to talk.
    """
    if answer(session, worksheet_id, answers, now=now):
        return True
    its = select(Worksheet.group_id).where(Worksheet.id == worksheet_id)
    group_id = session.scalar(its)
    if group_id is None:
        return False
    try:
        touch(session, group_id, OPEN, Refusal.CLOSED, now=now)
    except RefusedError:
        return False
    done = update(Worksheet).where(Worksheet.id == worksheet_id)
    session.execute(done.values(handed_in_at=now))
    return True
