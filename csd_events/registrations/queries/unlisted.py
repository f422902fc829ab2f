"""Who should be on the list of the conference that an event requires, and is not."""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    and_,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Session

from csd_events.events.models import ConferenceAddress, Event
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

#: As many are found before any order is gone through. Of more, any order has a page
#: of them soon.
FEW: Final = 1_000


def count_unlisted(session: Session, event_id: int) -> int:
    """Count who holds or awaits a place and is not on the required conference's list.

    Nobody, where the event requires none.
    """
    missing = missing_addresses(event_id).subquery()
    return session.scalar(select(func.count()).select_from(missing)) or 0


def is_unlisted(event_id: int) -> ColumnElement[bool]:
    """Match whom `count_unlisted` counts, each asked for by their address."""
    required = _required(event_id)
    listed = exists().where(
        ConferenceAddress.conference_id == required,
        ConferenceAddress.email_key == Registration.email_key,
    )
    return and_(_stands(required), ~listed)


def unlisted_of(session: Session, event_id: int) -> ColumnElement[bool]:
    """Match the same of an event, for its list: a few by what is found of them here.

    In its own order a list would ask for each of 100,000 to find the few.
    """
    few = missing_addresses(event_id).limit(FEW + 1).subquery()
    found = select(Registration.id).join(few, few.c.email_key == Registration.email_key)
    of_event = Registration.event_id == event_id
    ids = session.scalars(found.where(of_event)).all()
    # By their ids alone: named, the event would have SQLite go through its order.
    known = of_event if len(ids) > FEW else Registration.id.in_(ids)
    return and_(known, is_unlisted(event_id))


def missing_addresses(event_id: int) -> CompoundSelect[Any]:
    """Select the addresses, in their order: SQLite then goes through both lists once.

    Without an order it would keep one of the two, which takes four times as long.
    """
    required = _required(event_id)
    theirs = select(Registration.email_key).where(
        Registration.event_id == event_id, _stands(required)
    )
    listed = select(ConferenceAddress.email_key).where(
        ConferenceAddress.conference_id == required
    )
    missing = theirs.except_(listed)
    return missing.order_by(missing.selected_columns.email_key)


def _required(event_id: int) -> ScalarSelect[int | None]:
    of_event = Event.id == event_id, Event.requires_conference
    return select(Event.conference_id).where(*of_event).scalar_subquery()


def _stands(required: ScalarSelect[int | None]) -> ColumnElement[bool]:
    return and_(Registration.state != State.CANCELLED, required.is_not(None))
