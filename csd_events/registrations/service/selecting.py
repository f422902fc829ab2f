"""Several registrations at once: chosen, asked about, then done one by one."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.db import after_commit, among
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events import queries as events
from csd_events.outbox import service as outbox
from csd_events.registrations import queries
from csd_events.registrations.models import (
    ListColumns,
    Registration,
    Selected,
    Selection,
)
from csd_events.registrations.queries import ListFilters
from csd_events.registrations.rules import Deed, Done, NotMoved, State, Work
from csd_events.registrations.service.cancelling import cancel
from csd_events.registrations.service.moving import move
from csd_events.registrations.service.waiting import promote

#: What nobody said yes to is kept so long; what was done, longer.
ASKED_KEPT, DONE_KEPT = timedelta(days=1), timedelta(days=30)
#: What the audit trail calls it.
ACTIONS = {Deed.CANCEL: "selection.cancelled", Deed.MOVE: "selection.moved"}


def choose(
    session: Session,
    event_id: int,
    deed: Deed,
    chosen: Collection[int] | ListFilters,
    *,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Keep which registrations of an event are meant; return the selection's id.

    Args:
        chosen: Their ids, or what they all fit: then those who fit now.
    """
    row = Selection(event_id=event_id, deed=deed, created_at=now, actor_id=actor_id)
    session.add(row)
    session.flush()
    if isinstance(chosen, ListFilters):
        ids = queries.select_ids(event_id, chosen)
    else:
        ids = select(Registration.id).where(
            Registration.event_id == event_id, among(session, Registration.id, chosen)
        )
    found = ids.subquery()
    session.execute(
        insert(Selected).from_select(
            ["selection_id", "registration_id", "why"],
            select(literal(row.id), found.c.id, literal("")),
        )
    )
    mine = select(func.count()).where(Selected.selection_id == row.id)
    row.known = session.scalars(mine).one()
    return row.id


def begin(
    session: Session,
    selection_id: int,
    *,
    tell: bool,
    target: tuple[int, int] | None = None,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Let it be done with each of them, by whoever does errands. Twice is once.

    Args:
        tell: Whether each is mailed.
        target: The event they are moved to, and the offer of it.
    """
    row = _lock(session, selection_id)
    if row.work is not Work.ASKED:
        return
    row.work, row.tell = Work.GOING, tell
    if target is not None:
        row.target_id, row.offer_id = target
    row.actor_id = actor_id
    changes: dict[str, object] = {"people": [None, row.known], "told": [None, tell]}
    if row.target_id is not None:
        changes["event_id"] = [row.event_id, row.target_id]
    audit.record(
        session,
        ACTIONS[row.deed],
        subject_id=row.id,
        actor_id=actor_id,
        now=now,
        changes=changes,
    )
    after_commit(session, outbox.BELL.set)


def work(session: Session, *, now: datetime) -> bool:
    """Do it with the next registration of the oldest selection; False if none is left.

    One registration is one unit of work: what was done stays, whatever ends the rest.
    """
    row = session.scalar(
        select(Selection)
        .where(Selection.work == Work.GOING)
        .order_by(Selection.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return False
    next_one = session.scalar(
        select(Selected)
        .where(Selected.selection_id == row.id, Selected.registration_id > row.cursor)
        .order_by(Selected.registration_id)
        .limit(1)
    )
    if next_one is None:
        row.work = Work.DONE
        session.flush()
        # Who waits and was left as they were may have a place that came free.
        promote(session, events.lock(session, row.event_id), now=now)
        return True
    try:
        with session.begin_nested():
            next_one.outcome = _do(session, row, next_one.registration_id, now=now)
    except (RefusedError, NotFoundError) as error:
        reason = getattr(error, "reason", "over")
        next_one.outcome, next_one.why = Done.NOT, str(getattr(reason, "value", reason))
    row.cursor = next_one.registration_id
    row.done += 1
    return True


def keep_selection(session: Session, event_id: int, selection_id: int) -> None:
    """Keep a selection for good, for something that names it.

    Raises:
        NotFoundError: The event has none by this id.
    """
    row = _lock(session, selection_id)
    if row.event_id != event_id:
        raise NotFoundError("selection")
    row.work = Work.KEPT


def choose_columns(session: Session, person_id: int, names: list[str]) -> None:
    """Keep which columns somebody of the staff wants to see."""
    kept = session.get(ListColumns, person_id)
    if kept is None:
        session.add(ListColumns(person_id=person_id, names=names))
    else:
        kept.names = names


def forget_old_selections(session: Session, *, now: datetime) -> None:
    """Drop what nobody said yes to within a day, and what was done a month ago."""
    asked = (Selection.work == Work.ASKED) & (Selection.created_at < now - ASKED_KEPT)
    done = (Selection.work == Work.DONE) & (Selection.created_at < now - DONE_KEPT)
    old = select(Selection.id).where(asked | done)
    ids = session.scalars(old).all()
    session.execute(delete(Selected).where(Selected.selection_id.in_(ids)))
    session.execute(delete(Selection).where(Selection.id.in_(ids)))


def _do(
    session: Session, row: Selection, registration_id: int, *, now: datetime
) -> Done:
    if row.deed is Deed.MOVE:
        if row.target_id is None or row.offer_id is None:
            raise RefusedError(NotMoved.TARGET_OVER)
        became = move(
            session,
            registration_id,
            (row.target_id, row.offer_id),
            tell=row.tell,
            now=now,
            actor_id=row.actor_id,
        )
        return Done.WAITING if became is State.WAITING else Done.DONE
    state = select(Registration.state).where(Registration.id == registration_id)
    if session.scalar(state) is State.CANCELLED:
        raise RefusedError(NotMoved.CANCELLED)
    cancel(
        session,
        registration_id,
        now=now,
        actor_id=row.actor_id,
        tell=row.tell,
    )
    return Done.DONE


def _lock(session: Session, selection_id: int) -> Selection:
    row = session.get(
        Selection, selection_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise NotFoundError("selection")
    return row
