"""Who should be on the list of the conference that an event requires, and is not."""

from functools import partial
from typing import Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from csd_events.core.db import among, engine_name
from csd_events.events.models import ConferenceAddress, Event
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

#: As many are looked for before any order is gone through. Of more, most orders have
#: a page of them soon.
FEW: Final = 1_000
#: Stands in a statement as it is. Else PostgreSQL comes to plan it for any event, which
#: has a few people, and asks for each.
_written = partial(literal, literal_execute=True)


def count_unlisted(session: Session, event_id: int) -> int:
    """Count who holds or awaits a place and is not on the required conference's list.

    Nobody, where the event requires none.
    """
    return session.scalar(number_missing(session, event_id)) or 0


def is_unlisted(event_id: int) -> ColumnElement[bool]:
    """Match whom `count_unlisted` counts, each asked for by their address."""
    required = _required(event_id)
    listed = exists().where(
        ConferenceAddress.conference_id == required,
        ConferenceAddress.email_key == Registration.email_key,
    )
    return and_(_is_expected(required), ~listed)


def narrow_to_unlisted(session: Session, event_id: int) -> ColumnElement[bool]:
    """Match the same among an event's; a few are looked for here and now.

    The order of a list would have each of 100,000 asked for to show the few.
    """
    ids = session.scalars(some_missing(session, event_id)).all()
    # By their ids alone: named, the event would have SQLite go through its order.
    few = among(session, Registration.id, ids)
    known = few if len(ids) <= FEW else Registration.event_id == event_id
    # Asked once more: who was missing may be listed by now, or have cancelled.
    return and_(known, is_unlisted(event_id))


def number_missing(session: Session, event_id: int) -> Select[int]:
    """Select how many are missing."""
    return select(func.count()).select_from(_missing(session, event_id))


def some_missing(session: Session, event_id: int) -> Select[int]:
    """Select the ids of who is missing: of all, or of one more than a few."""
    missing = _missing(session, event_id)
    some = select(missing.c.email_key).limit(_written(FEW + 1)).subquery()
    theirs = select(Registration.id).where(Registration.event_id == _written(event_id))
    return theirs.join(some, some.c.email_key == Registration.email_key)


def _missing(session: Session, event_id: int) -> FromClause:
    """Find the addresses missing: going through both lists once, not asking for each.

    SQLite does so where the order is that of both lists. PostgreSQL joins them, unless
    it is told while it does that some are enough.
    """
    of_event = Registration.event_id == _written(event_id)
    theirs = select(Registration.email_key).where(of_event)
    if engine_name(session) == "postgresql":
        joined = theirs.where(is_unlisted(event_id))
        return joined.cte("missing").prefix_with("MATERIALIZED")
    required = _required(event_id)
    listed = select(ConferenceAddress.email_key).where(
        ConferenceAddress.conference_id == required
    )
    missing = theirs.where(_is_expected(required)).except_(listed)
    return missing.order_by(missing.selected_columns.email_key).subquery()


def _required(event_id: int) -> ScalarSelect[int | None]:
    of_event = Event.id == event_id, Event.requires_conference
    return select(Event.conference_id).where(*of_event).scalar_subquery()


def _is_expected(required: ScalarSelect[int | None]) -> ColumnElement[bool]:
    """Match who should be on the list: nobody, where none is required."""
    stands = Registration.state != _written(State.CANCELLED, Registration.state.type)
    return and_(stands, required.is_not(None))
