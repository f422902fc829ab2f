"""Who should be on the list of the conference that an event requires, and is not."""

from typing import Final

from sqlalchemy import (
    ColumnElement,
    GenerativeSelect,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
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
    missing = _missing(session, event_id).subquery()
    return select(func.count()).select_from(missing)


def some_missing(session: Session, event_id: int) -> Select[int]:
    """Select the ids of who is missing: of all, or of one more than a few."""
    some = _missing(session, event_id).limit(FEW + 1).subquery()
    theirs = select(Registration.id).where(Registration.event_id == event_id)
    return theirs.join(some, some.c.email_key == Registration.email_key)


def _missing(session: Session, event_id: int) -> GenerativeSelect:
    """Select the addresses missing: both lists are gone through once, side by side.

    Both databases do so where both lists are sorted. PostgreSQL, asked for the left
    side of the two alone, may ask for each address instead.
    """
    required = _required(event_id)
    expected = select(Registration.email_key).where(
        Registration.event_id == event_id, _is_expected(required)
    )
    listed = select(ConferenceAddress.email_key).where(
        ConferenceAddress.conference_id == required
    )
    if engine_name(session) == "sqlite":
        missing = expected.except_(listed)
        return missing.order_by(missing.selected_columns.email_key)
    left = expected.order_by(Registration.email_key).subquery()
    right = listed.order_by(ConferenceAddress.email_key).subquery()
    both = left.outerjoin(right, left.c.email_key == right.c.email_key, full=True)
    alone = right.c.email_key.is_(None)
    return select(left.c.email_key).select_from(both).where(alone)


def _required(event_id: int) -> ScalarSelect[int | None]:
    of_event = Event.id == event_id, Event.requires_conference
    return select(Event.conference_id).where(*of_event).scalar_subquery()


def _is_expected(required: ScalarSelect[int | None]) -> ColumnElement[bool]:
    """Match who should be on the list: nobody, where none is required."""
    return and_(Registration.state != State.CANCELLED, required.is_not(None))
