"""Groups kept among an account's, or removed; and what an account leaves behind."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from csd_events.core.errors import RefusedError
from csd_events.worksheets.models import Worksheet, WorksheetGroup
from csd_events.worksheets.rules import KEPT, OPEN, OPEN_FOR, Refusal, Stage
from csd_events.worksheets.service.meeting import closed


def claim_group(session: Session, group_id: int, person_id: int) -> bool:
    """Let a group that is nobody's belong to an account. Return whether it does.

    Again changes nothing; somebody else's stays theirs.
    """
    taken = update(WorksheetGroup).where(
        WorksheetGroup.id == group_id, WorksheetGroup.person_id.is_(None)
    )
    session.execute(taken.values(person_id=person_id))
    owner = select(WorksheetGroup.person_id).where(WorksheetGroup.id == group_id)
    return session.scalar(owner) == person_id


def remove_group(session: Session, group_id: int) -> None:
    """Remove a closed group with all that it wrote down. Again does nothing.

    Its worksheets stay, each of its own, without the names.

    Raises:
        RefusedError: It is open still, and somebody may join at this moment.
    """
    stage = select(WorksheetGroup.stage).where(WorksheetGroup.id == group_id)
    if session.scalar(stage) in OPEN:
        raise RefusedError(Refusal.NOT_CLOSED)
    _remove(session, [group_id])


def forget_groups(session: Session, *, now: datetime) -> None:
    """Close groups in which nothing happens any more, and remove what is nobody's.

    Closing them is no change: they go as long after the last one as they said.
    """
    changed = WorksheetGroup.changed_at
    idle = update(WorksheetGroup).where(
        WorksheetGroup.stage.in_(OPEN), changed < now - OPEN_FOR
    )
    session.execute(idle.values(closed(now)))
    old = select(WorksheetGroup.id).where(
        WorksheetGroup.person_id.is_(None),
        WorksheetGroup.stage == Stage.CLOSED,
        changed < now - KEPT,
    )
    _remove(session, session.scalars(old.order_by(WorksheetGroup.id)).all())


def _remove(session: Session, group_ids: Collection[int]) -> None:
    its = Worksheet.group_id.in_(group_ids)
    # In one order, or two who remove a group at once wait for each other: PostgreSQL
    # changes rows as they lie, and those handed in meanwhile lie elsewhere.
    in_order = select(Worksheet.id).where(its).order_by(Worksheet.id)
    session.execute(in_order.with_for_update()).all()
    theirs = update(Worksheet).where(its)
    left = {"group_id": None, "joining": None, "name": "", "handed_in_at": None}
    session.execute(theirs.values(left))
    session.execute(delete(WorksheetGroup).where(WorksheetGroup.id.in_(group_ids)))


def hand_over(session: Session, *, from_id: int, to_id: int) -> None:
    """Give a person the worksheets and the groups of another, who is the same."""
    for kind in (Worksheet, WorksheetGroup):
        theirs = update(kind).where(kind.person_id == from_id)
        session.execute(theirs.values(person_id=to_id))


def renew_links(session: Session, person_id: int) -> None:
    """End all links to the worksheets and groups of a person, who finds new ones."""
    for kind in (Worksheet, WorksheetGroup):
        theirs = update(kind).where(kind.person_id == person_id)
        session.execute(theirs.values(link_version=kind.link_version + 1))


def let_go(session: Session, person_id: int) -> None:
    """Let the worksheets and groups of a person be nobody's: their links still hold.

    They are removed as any other of nobody's.
    """
    for kind in (Worksheet, WorksheetGroup):
        theirs = update(kind).where(kind.person_id == person_id)
        session.execute(theirs.values(person_id=None))
