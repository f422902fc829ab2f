"""Finding groups, and what they settled and want to find out."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from csd_events.core.errors import EndedError, NotFoundError
from csd_events.core.tokens import Links, Purpose, row_id
from csd_events.worksheets.models import (
    Worksheet,
    WorksheetGroup,
    WorksheetSettlement,
    WorksheetTask,
)

#: Events stand above: where a group meets is read by name alone.
EVENTS = table("events", column("id"), column("title"))


class Turn(NamedTuple):
    """How far a group is, as somebody's own worksheet knows it.

    Attributes:
        moved: What those see changes with it, and with nothing else.
    """

    group_id: int
    is_handed_in: bool
    moved: int


class Person(NamedTuple):
    """One of a group, for its facilitator."""

    name: str
    is_handed_in: bool


class Task(NamedTuple):
    """What a group wants to find out."""

    id: int
    item: str | None
    what: str
    who: str
    due: str


def get_group_by_link(
    session: Session, links: Links, token: str, purpose: Purpose
) -> WorksheetGroup:
    """Return the group that a link opens: its facilitator's, or its screen's.

    Raises:
        NotFoundError: The link is not ours, or the group is gone.
        EndedError: It was, until it was ended.
    """
    number = row_id(token)
    found = session.get(WorksheetGroup, number) if number is not None else None
    if found is None:
        raise NotFoundError("group")
    _check(links, token, purpose, found.link_version)
    return found


def find_change(session: Session, links: Links, token: str, purpose: Purpose) -> int:
    """Return the number that rises with what a group's pages show: one small statement.

    Raises:
        NotFoundError: The link is not ours, or the group is gone.
        EndedError: It was, until it was ended.
    """
    number = row_id(token)
    which = select(WorksheetGroup.link_version, WorksheetGroup.changed)
    row = session.execute(which.where(WorksheetGroup.id == number)).one_or_none()
    if row is None:
        raise NotFoundError("group")
    _check(links, token, purpose, row.link_version)
    return int(row.changed)


def find_turn(session: Session, links: Links, token: str) -> Turn:
    """Return how far the group of a worksheet is: one small statement.

    Raises:
        NotFoundError: The link is not ours, or the worksheet is in no group.
        EndedError: It was, until its owner ended it.
    """
    which = (
        select(
            Worksheet.link_version,
            Worksheet.group_id,
            Worksheet.handed_in_at,
            WorksheetGroup.moved,
        )
        .join(WorksheetGroup, WorksheetGroup.id == Worksheet.group_id)
        .where(Worksheet.id == row_id(token))
    )
    row = session.execute(which).one_or_none()
    if row is None:
        raise NotFoundError("worksheet of a group")
    _check(links, token, Purpose.WORKSHEET, row.link_version)
    return Turn(row.group_id, row.handed_in_at is not None, row.moved)


def get_group(session: Session, group_id: int) -> WorksheetGroup:
    found = session.get(WorksheetGroup, group_id)
    if found is None:
        raise NotFoundError("group")
    return found


def find_by_code(session: Session, code: str) -> WorksheetGroup | None:
    """Return the group that can be joined by a code."""
    which = select(WorksheetGroup).where(WorksheetGroup.code == code)
    return session.scalar(which)


def find_event_title(session: Session, group: WorksheetGroup) -> str:
    """Return the title of the event that a group meets at; empty where at none."""
    if group.event_id is None:
        return ""
    its = select(EVENTS.c.title).where(EVENTS.c.id == group.event_id)
    return str(session.scalars(its).one())


def list_own_groups(session: Session, person_id: int) -> Sequence[WorksheetGroup]:
    """List the groups that an account opened, the latest first."""
    theirs = select(WorksheetGroup).where(WorksheetGroup.person_id == person_id)
    latest = WorksheetGroup.begun_at.desc(), WorksheetGroup.id.desc()
    return session.scalars(theirs.order_by(*latest)).all()


def list_people(session: Session, group_id: int) -> list[Person]:
    """List who is in a group, in the order in which they joined."""
    rows = session.execute(
        select(Worksheet.name, Worksheet.handed_in_at)
        .where(Worksheet.group_id == group_id)
        .order_by(Worksheet.id)
    )
    return [Person(name, handed_in_at is not None) for name, handed_in_at in rows]


def list_settlements(
    session: Session, group_id: int
) -> dict[str, tuple[int | None, str]]:
    """Return what a group settled on and its note, by question."""
    rows = session.execute(
        select(
            WorksheetSettlement.item,
            WorksheetSettlement.grade,
            WorksheetSettlement.note,
        )
        .where(WorksheetSettlement.group_id == group_id)
        .order_by(WorksheetSettlement.settled_at, WorksheetSettlement.item)
    )
    return {row.item: (row.grade, row.note) for row in rows}


def list_tasks(session: Session, group_id: int) -> list[Task]:
    rows = session.execute(
        select(
            WorksheetTask.id,
            WorksheetTask.item,
            WorksheetTask.what,
            WorksheetTask.who,
            WorksheetTask.due,
        )
        .where(WorksheetTask.group_id == group_id)
        .order_by(WorksheetTask.id)
    )
    return [Task(*row) for row in rows]


def _check(links: Links, token: str, purpose: Purpose, version: int) -> None:
    if links.matches(token, purpose, version):
        return
    if links.matched_before(token, purpose, version):
        raise EndedError("link")
    raise NotFoundError("link")
