"""Registrations that staff chose together, and the columns that they see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from csd_events.core.errors import NotFoundError
from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.registrations.models import (
    ListColumns,
    Registration,
    Selected,
    Selection,
)
from csd_events.registrations.rules import Done, State, Work

MOST_TARGETS = 200


@dataclass(frozen=True, slots=True)
class Choosing:
    """One of those who were chosen, and what became of them."""

    registration_id: int
    full_name: str
    organization: str
    state: State
    outcome: Done | None
    why: str


def get_selection(session: Session, event_id: int, selection_id: int) -> Selection:
    """Return a selection of an event's registrations.

    Raises:
        NotFoundError: The event has none by this id.
    """
    found = session.get(Selection, selection_id)
    if found is None or found.event_id != event_id:
        raise NotFoundError("selection")
    return found


def list_selected(session: Session, selection_id: int, *, limit: int) -> list[Choosing]:
    """List some of those who were chosen, in the order of what is done."""
    return _list(session, selection_id, limit)


def list_results(
    session: Session, selection_id: int, outcome: Done, *, limit: int | None = None
) -> list[Choosing]:
    """List some of those with whom it went one way."""
    return _list(session, selection_id, limit, outcome)


def count_results(session: Session, selection_id: int) -> dict[Done, int]:
    """Count how it went."""
    rows = session.execute(
        select(Selected.outcome, func.count())
        .where(Selected.selection_id == selection_id, Selected.outcome.is_not(None))
        .group_by(Selected.outcome)
    )
    return {outcome: number for outcome, number in rows if outcome is not None}


def is_any_at_work(session: Session, *, now: datetime) -> bool:
    """Tell whether there is a selection with which something is being done."""
    going = select(Selection.id).where(Selection.work == Work.GOING)
    return session.scalar(going.limit(1)) is not None


def is_chosen_still() -> ColumnElement[bool]:
    """Tell of a registration whether it is about to be cancelled or moved with others.

    Work goes on with it, and has not come to this one.
    """
    return exists().where(
        Selected.registration_id == Registration.id,
        Selected.outcome.is_(None),
        Selection.id == Selected.selection_id,
        Selection.work == Work.GOING,
    )


def find_columns(session: Session, person_id: int | None) -> Sequence[str] | None:
    """Return the columns that somebody chose; None until they have."""
    if person_id is None:
        return None
    whose = ListColumns.person_id == person_id
    return session.scalar(select(ListColumns.names).where(whose))


def _list(
    session: Session, selection_id: int, limit: int | None, outcome: Done | None = None
) -> list[Choosing]:
    query = (
        select(
            Registration.id,
            Registration.full_name,
            Registration.organization,
            Registration.state,
            Selected.outcome,
            Selected.why,
        )
        .join(Selected, Selected.registration_id == Registration.id)
        .where(Selected.selection_id == selection_id)
        .order_by(Selected.registration_id)
        .limit(limit)
    )
    if outcome is not None:
        query = query.where(Selected.outcome == outcome)
    return [Choosing(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Moving:
    """How many of those chosen could be moved to an event, and who could not.

    Attributes:
        there: Registered there already.
        other: Cancelled, or with a place that is only held.
    """

    moving: int
    there: int
    other: int


def foresee_move(session: Session, selection_id: int, target_id: int) -> Moving:
    """Count who could be moved to an event, as everybody stands now."""
    theirs = aliased(Registration)
    already = (
        exists()
        .where(
            theirs.event_id == target_id,
            theirs.person_id == Registration.person_id,
            theirs.state != State.CANCELLED,
            ~theirs.is_pending,
        )
        .correlate(Registration)
    )
    fits = Registration.state.in_((State.CONFIRMED, State.WAITING))
    how = case((~fits, "other"), (already, "there"), else_="moving")
    rows = session.execute(
        select(how, func.count())
        .select_from(Selected)
        .join(Registration, Registration.id == Selected.registration_id)
        .where(Selected.selection_id == selection_id)
        .group_by(how)
    )
    counts: dict[str, int] = dict(rows.all())
    return Moving(*(counts.get(each, 0) for each in ("moving", "there", "other")))


def list_targets(
    session: Session,
    event_id: int,
    *,
    now: datetime,
    programs: Collection[int] | None,
) -> Sequence[Event]:
    """List the events to come that people can be moved to, soonest first.

    Args:
        programs: Of which they are; None for all events.
    """
    ahead = or_(Event.over_at.is_(None), Event.over_at > now)
    found = (
        select(Event)
        .where(Event.state == EventState.PUBLISHED, Event.id != event_id, ahead)
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_TARGETS)
    )
    if programs is not None:
        found = found.where(Event.program_id.in_(programs))
    return session.scalars(found).all()
