"""What a group settles on, and what it wants to find out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from csd_events.core.db import INSERTS, engine_name
from csd_events.core.errors import RefusedError
from csd_events.worksheets.models import WorksheetSettlement, WorksheetTask
from csd_events.worksheets.rules import MOST_TASKS, OPEN, Refusal, Stage
from csd_events.worksheets.service.meeting import touch


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a group settled on for one question.

    Attributes:
        grade: None for *We do not know yet*.
    """

    item: str
    grade: int | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFindOut:
    """What to find out, who will, and by when.

    Attributes:
        item: The question it is about; None for the whole.
    """

    item: str | None
    what: str
    who: str = ""
    due: str = ""


def settle(session: Session, group_id: int, settled: Settled, *, now: datetime) -> None:
    """Write down what a group settled on, beside the answers; the last word counts.

    Raises:
        RefusedError: The talk has not begun, or is over.
    """
    touch(session, group_id, [Stage.TALKING], Refusal.NO_TALK, now=now)
    added = INSERTS[engine_name(session)](WorksheetSettlement)
    row = {
        "group_id": group_id,
        "item": settled.item,
        "grade": settled.grade,
        "note": settled.note,
        "settled_at": now,
    }
    session.execute(
        added.values(row).on_conflict_do_update(
            index_elements=["group_id", "item"],
            set_={name: added.excluded[name] for name in ("grade", "note")},
        )
    )


def unsettle(session: Session, group_id: int, item: str, *, now: datetime) -> None:
    """Take back what a group settled on; the answers speak again.

    Raises:
        RefusedError: The talk has not begun, or is over.
    """
    touch(session, group_id, [Stage.TALKING], Refusal.NO_TALK, now=now)
    session.execute(
        delete(WorksheetSettlement).where(
            WorksheetSettlement.group_id == group_id, WorksheetSettlement.item == item
        )
    )


def add_task(
    session: Session, group_id: int, task: ToFindOut, *, now: datetime
) -> None:
    """Write down what to find out.

    Raises:
        RefusedError: The group is closed, or there is a long list already.
    """
    touch(session, group_id, OPEN, Refusal.CLOSED, now=now)
    here = select(func.count()).where(WorksheetTask.group_id == group_id)
    if session.scalars(here).one() >= MOST_TASKS:
        raise RefusedError(Refusal.TOO_MANY_TASKS)
    session.add(
        WorksheetTask(
            group_id=group_id,
            item=task.item,
            what=task.what,
            who=task.who,
            due=task.due,
        )
    )


def remove_task(
    session: Session, group_id: int, task_id: int, *, now: datetime
) -> None:
    """Take a task off the list of a group. Again does nothing.

    Raises:
        RefusedError: The group is closed.
    """
    touch(session, group_id, OPEN, Refusal.CLOSED, now=now)
    session.execute(
        delete(WorksheetTask).where(
            WorksheetTask.id == task_id, WorksheetTask.group_id == group_id
        )
    )
