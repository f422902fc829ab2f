"""A worksheet of one's own: begun, answered as one goes, kept or removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from csd_events.core.db import INSERTS, engine_name
from csd_events.core.errors import NotFoundError
from csd_events.worksheets.models import Worksheet, WorksheetAnswer
from csd_events.worksheets.rules import (
    ITEMS,
    KEPT,
    Refusal,
    Stage,
)
from csd_events.worksheets.service.instruments import CURRENT
from csd_events.worksheets.service.meeting import count_begun, touch

#: Removed at a time, so that nobody waits for it.
A_PIECE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a worksheet is about, and whose it is.

    Attributes:
        person_id: Who is signed in; None for a worksheet of nobody's.
        network_address: Where it came from; None where that is not counted.
    """

    service_area: str
    community: str = ""
    person_id: int | None = None
    network_address: str | None = None


def begin(session: Session, beginning: Beginning, *, now: datetime) -> Worksheet:
    """Begin a worksheet.

    Raises:
        TooManyError: Too many were begun from one network address.
    """
    count_begun(session, beginning.network_address, now=now)
    begun = Worksheet(
        instrument=CURRENT,
        service_area=beginning.service_area,
        community=beginning.community,
        person_id=beginning.person_id,
        begun_at=now,
        answered_at=now,
    )
    session.add(begun)
    session.flush()
    return begun


def answer(
    session: Session,
    worksheet_id: int,
    answers: Mapping[str, int | None],
    *,
    now: datetime,
) -> bool:
    """Save some answers; others stay as they are. Return whether it is handed in.

    Args:
        answers: By question; None for *We do not know yet*.

    Raises:
        NotFoundError: The worksheet is gone.
        RefusedError: It is handed in, and its group has begun to talk.
        KeyError: There is no such question.
    """
    locked = session.execute(
        update(Worksheet)
        .where(Worksheet.id == worksheet_id)
        .values(answered_at=now)
        .returning(Worksheet.group_id, Worksheet.handed_in_at)
    )
    worksheet = locked.one_or_none()
    if worksheet is None:
        raise NotFoundError("worksheet")
    is_handed_in = worksheet.group_id and worksheet.handed_in_at is not None
    if is_handed_in:
        before = [Stage.ANSWERING]
        touch(session, worksheet.group_id, before, Refusal.HANDED_IN, now=now)
    if answers:
        _save(session, worksheet_id, answers, now)
    return bool(is_handed_in)


def _save(
    session: Session,
    worksheet_id: int,
    answers: Mapping[str, int | None],
    now: datetime,
) -> None:
    for item in answers:
        if item not in ITEMS:
            raise KeyError(item)
    added = INSERTS[engine_name(session)](WorksheetAnswer)
    rows = [
        {
            "worksheet_id": worksheet_id,
            "item": item,
            "grade": grade,
            "answered_at": now,
        }
        for item, grade in sorted(answers.items())
    ]
    session.execute(
        added.values(rows).on_conflict_do_update(
            index_elements=["worksheet_id", "item"],
            set_={
                "grade": added.excluded.grade,
                "answered_at": added.excluded.answered_at,
            },
        )
    )


def claim(session: Session, worksheet_id: int, person_id: int) -> bool:
    """Let a worksheet that is nobody's belong to an account. Return whether it does.

    Again changes nothing; somebody else's stays theirs.
    """
    taken = update(Worksheet).where(
        Worksheet.id == worksheet_id, Worksheet.person_id.is_(None)
    )
    session.execute(taken.values(person_id=person_id))
    owner = select(Worksheet.person_id).where(Worksheet.id == worksheet_id)
    return session.scalar(owner) == person_id


def remove(session: Session, worksheet_id: int, *, now: datetime) -> None:
    """Remove a worksheet with its answers, as who has its link asked.

    A group that it is one of comes to something else without it, also a closed one.
    """
    gone = delete(Worksheet).where(Worksheet.id == worksheet_id)
    group_id = session.scalar(gone.returning(Worksheet.group_id))
    if group_id is not None:
        touch(session, group_id, list(Stage), Refusal.CLOSED, now=now)


def forget_old(session: Session, *, now: datetime) -> int:
    """Remove what is nobody's and has long not been answered. Return how many."""
    old = (
        select(Worksheet.id)
        .where(Worksheet.person_id.is_(None), Worksheet.answered_at < now - KEPT)
        .order_by(Worksheet.answered_at)
        .limit(A_PIECE)
    )
    gone = delete(Worksheet).where(Worksheet.id.in_(old))
    return len(session.execute(gone.returning(Worksheet.id)).all())
