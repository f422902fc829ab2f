"""What the people of a group answered; nobody's until it was handed in."""

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.worksheets.models import Worksheet, WorksheetAnswer


class Counts(NamedTuple):
    """How many joined a group, and how many of them have handed in."""

    joined: int
    handed_in: int


def count_people(session: Session, group_id: int) -> Counts:
    counted = select(func.count(), func.count(Worksheet.handed_in_at))
    row = session.execute(counted.where(Worksheet.group_id == group_id)).one()
    return Counts(*row)


def count_answers(session: Session, group_id: int) -> int:
    """Count the answers in all worksheets of a group, handed in or not."""
    its = select(func.count()).select_from(WorksheetAnswer).join(Worksheet)
    return session.scalars(its.where(Worksheet.group_id == group_id)).one()


def list_answers(session: Session, group_id: int) -> list[dict[str, int | None]]:
    """Return each worksheet that was handed in, by its questions; in no one's name."""
    rows = session.execute(
        select(Worksheet.id, WorksheetAnswer.item, WorksheetAnswer.grade)
        .outerjoin(WorksheetAnswer)
        .where(Worksheet.group_id == group_id, Worksheet.handed_in_at.is_not(None))
        .order_by(Worksheet.id)
    )
    sheets: dict[int, dict[str, int | None]] = defaultdict(dict)
    for sheet, item, grade in rows:
        answers = sheets[sheet]
        if item is not None:
            answers[item] = grade
    return list(sheets.values())


def list_answers_to(session: Session, group_id: int, item: str) -> list[int | None]:
    """Return what those who handed in answered to one question, each of them once.

    Who never touched it does not know, as who said so.
    """
    its = WorksheetAnswer.item == item
    rows = session.execute(
        select(WorksheetAnswer.grade, func.count())
        .select_from(Worksheet)
        .outerjoin(
            WorksheetAnswer, (WorksheetAnswer.worksheet_id == Worksheet.id) & its
        )
        .where(Worksheet.group_id == group_id, Worksheet.handed_in_at.is_not(None))
        .group_by(WorksheetAnswer.grade)
    )
    return [grade for grade, times in rows for _ in range(times)]


def find_answer(session: Session, worksheet_id: int | None, item: str) -> int | None:
    """Return what one worksheet says to a question; None for *We do not know yet*."""
    which = select(WorksheetAnswer.grade).where(
        WorksheetAnswer.worksheet_id == worksheet_id, WorksheetAnswer.item == item
    )
    return session.scalar(which)
