"""A group: opened, joined, talked through, closed.

Who changes a worksheet and its group locks the worksheet first; its group's row is
locked by the count that every change raises.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from csd_events.core import limits
from csd_events.core.errors import NotFoundError, RefusedError, TooManyError
from csd_events.worksheets import queries
from csd_events.worksheets.models import Worksheet, WorksheetGroup
from csd_events.worksheets.rules import (
    GROUPS_AN_HOUR,
    LEAST_PEOPLE,
    OPEN,
    WORKSHEETS_AN_HOUR,
    Refusal,
    Stage,
    new_code,
)
from csd_events.worksheets.service.instruments import CURRENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a group talks about, and who opens it.

    Attributes:
        person_id: Who is signed in; None for a group of nobody's.
        event_id: Where it meets, if at an event.
        network_address: Where it came from; None where that is not counted.
    """

    service_area: str
    community: str = ""
    person_id: int | None = None
    event_id: int | None = None
    network_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Who joins.

    Attributes:
        name: For the facilitator alone; empty where nobody said.
        once: Drawn with the form: sent again, it joins no second time.
        network_address: Where it came from; None where that is not counted.
    """

    name: str
    once: str
    network_address: str | None = None


def open_group(session: Session, opening: Opening, *, now: datetime) -> WorksheetGroup:
    """Open a group, which can be joined by its code from now on.

    Raises:
        TooManyError: Too many were opened from one network address.
    """
    if opening.network_address:
        who = opening.network_address
        times = limits.count(session, what="worksheet group", who=who, now=now)
        if times > GROUPS_AN_HOUR:
            raise TooManyError("groups from one network address")
    opened = WorksheetGroup(
        instrument=CURRENT,
        service_area=opening.service_area,
        community=opening.community,
        person_id=opening.person_id,
        event_id=opening.event_id,
        code=_free_code(session),
        begun_at=now,
        changed_at=now,
    )
    session.add(opened)
    session.flush()
    return opened


def _free_code(session: Session) -> str:
    code = new_code(secrets.choice)
    while queries.find_by_code(session, code) is not None:
        code = new_code(secrets.choice)
    return code


def count_begun(
    session: Session, network_address: str | None, *, now: datetime
) -> None:
    """Count one more worksheet that is begun.

    Raises:
        TooManyError: Too many were begun from one network address.
    """
    if network_address is None:
        return
    times = limits.count(session, what="worksheet", who=network_address, now=now)
    if times > WORKSHEETS_AN_HOUR:
        raise TooManyError("worksheets from one network address")


def join(
    session: Session, group_id: int, joining: Joining, *, now: datetime
) -> Worksheet:
    """Begin a worksheet of a group. The same form again gives the same worksheet.

    Raises:
        RefusedError: The group is closed.
        TooManyError: Too many worksheets were begun from one network address.
    """
    count_begun(session, joining.network_address, now=now)
    touch(session, group_id, OPEN, Refusal.CLOSED, now=now)
    before = select(Worksheet).where(
        Worksheet.group_id == group_id, Worksheet.joining == joining.once
    )
    if (found := session.scalar(before)) is not None:
        return found
    group = queries.get_group(session, group_id)
    joined = Worksheet(
        instrument=group.instrument,
        service_area=group.service_area,
        community=group.community,
        group_id=group_id,
        joining=joining.once,
        name=joining.name,
        begun_at=now,
        answered_at=now,
    )
    session.add(joined)
    session.flush()
    return joined


def begin_talk(session: Session, group_id: int, *, now: datetime) -> None:
    """Begin to talk: from now on no handed-in answer changes. Again does nothing.

    Raises:
        RefusedError: Too few have handed in, or the group is closed.
    """
    values = {"stage": Stage.TALKING}
    touch(session, group_id, OPEN, Refusal.CLOSED, now=now, values=values)
    if queries.count_people(session, group_id).handed_in < LEAST_PEOPLE:
        raise RefusedError(Refusal.TOO_FEW)


def show(session: Session, group_id: int, item: str, *, now: datetime) -> None:
    """Put a question on the screen and on everybody's phone.

    Raises:
        RefusedError: The talk has not begun, or is over.
    """
    values = {"item": item}
    touch(session, group_id, [Stage.TALKING], Refusal.NO_TALK, now=now, values=values)


def close(session: Session, group_id: int, *, now: datetime) -> None:
    """Close a group: its code ends, its worksheets stay. Again does nothing."""
    its = WorksheetGroup.id == group_id
    closing = update(WorksheetGroup).where(its, WorksheetGroup.stage.in_(OPEN))
    session.execute(closing.values(closed(now) | {"changed_at": now}))


def closed(now: datetime) -> dict[str, Any]:
    """Return what a group is once it is closed."""
    return {
        "stage": Stage.CLOSED,
        "code": None,
        "closed_at": now,
        "changed": WorksheetGroup.changed + 1,
        "moved": WorksheetGroup.moved + 1,
    }


def touch(
    session: Session,
    group_id: int,
    stages: Sequence[Stage],
    refusal: Refusal,
    *,
    now: datetime,
    values: Mapping[str, object] | None = None,
) -> None:
    """Lock a group that is at one of some stages, and say that something changes.

    What those see who have handed in changes with each of them once the talk has
    begun; before that, not with everyone who joins.

    Args:
        session: To write in.
        group_id: Of the group.
        stages: At one of which it has to be.
        refusal: Why not, where it is not closed.
        now: When.
        values: Of the group, to save.

    Raises:
        NotFoundError: It is gone.
        RefusedError: It is at another stage.
    """
    seen = case((WorksheetGroup.stage == Stage.TALKING, 1), else_=1 if values else 0)
    done = session.execute(
        update(WorksheetGroup)
        .where(WorksheetGroup.id == group_id, WorksheetGroup.stage.in_(stages))
        .values(
            {
                "changed": WorksheetGroup.changed + 1,
                "moved": WorksheetGroup.moved + seen,
                "changed_at": now,
                **(values or {}),
            }
        )
        .returning(WorksheetGroup.id)
    )
    if done.one_or_none() is not None:
        return
    stage = session.scalar(
        select(WorksheetGroup.stage).where(WorksheetGroup.id == group_id)
    )
    if stage is None:
        raise NotFoundError("group")
    raise RefusedError(Refusal.CLOSED if stage is Stage.CLOSED else refusal)
