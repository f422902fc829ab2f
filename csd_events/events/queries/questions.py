"""The questions that an event asks."""

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from csd_events.events.models import Event, EventQuestion
from csd_events.events.rules import IN_WORDS, Question

_ACTIVE = EventQuestion.active.is_(True)
#: As `EventQuestion.is_read_on_stage` has it of one.
_ON_STAGE = and_(EventQuestion.for_presenters, EventQuestion.kind.in_(IN_WORDS))


def list_questions(session: Session, event_id: int) -> list[Question]:
    """List what an event asks, in order."""
    return _list(session, EventQuestion.event_id == event_id, _ACTIVE)


def list_questions_at(session: Session, slug: str) -> list[Question]:
    """List what the event of an address asks, in order."""
    event_id = select(Event.id).where(Event.slug == slug).scalar_subquery()
    return _list(session, EventQuestion.event_id == event_id, _ACTIVE)


def list_all_questions(session: Session, event_id: int) -> list[Question]:
    """List what an event asks, or asked before it was switched off, in order."""
    return _list(session, EventQuestion.event_id == event_id)


def _list(session: Session, *which: ColumnElement[bool]) -> list[Question]:
    rows = session.execute(
        select(
            EventQuestion.id,
            EventQuestion.kind,
            EventQuestion.label,
            EventQuestion.help,
            EventQuestion.choices,
            EventQuestion.required,
            _ON_STAGE,
        )
        .where(*which)
        .order_by(EventQuestion.position, EventQuestion.id)
    )
    return [Question(*row) for row in rows]
