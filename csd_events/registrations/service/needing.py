"""What people need to take part: written here, read here, forgotten here.

No other module reads the words. Whoever reads those of others is written to the
trail.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.audit import service as audit
from csd_events.core.errors import NotFoundError
from csd_events.events.models import Event
from csd_events.registrations.models import AccessibilityNeed, Registration
from csd_events.registrations.rules import NEEDS_KEPT, State
from csd_events.registrations.service.telling import IN


@dataclass(frozen=True, slots=True)
class NeedLine:
    """What one person needs, for who arranges it."""

    full_name: str
    organization: str
    email: str
    state: State
    needs: str = field(repr=False)


def read_needs(
    session: Session, event_id: int, *, now: datetime, actor_id: int | None
) -> Sequence[NeedLine]:
    """List what people who come, or may come, to an event need; note who looked.

    Raises:
        NotFoundError: No such event.
    """
    if session.get(Event, event_id) is None:
        raise NotFoundError(str(event_id))
    rows = session.execute(
        select(
            Registration.full_name,
            Registration.organization,
            Person.email,
            Registration.state,
            AccessibilityNeed.words,
        )
        .join(Registration, Registration.id == AccessibilityNeed.registration_id)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.event_id == event_id, Registration.state.in_(IN))
        .order_by(Registration.name_key, Registration.id)
    )
    lines = [NeedLine(*row) for row in rows]
    audit.record(
        session,
        "event.needs_read",
        subject_id=event_id,
        actor_id=actor_id,
        now=now,
    )
    return lines


def own_needs(session: Session, registration_id: int) -> str:
    """Return what somebody wrote themselves; empty for nothing."""
    own = AccessibilityNeed.registration_id == registration_id
    return session.scalar(select(AccessibilityNeed.words).where(own)) or ""


def count_needs(session: Session, event_id: int) -> int:
    """Count who needs something at an event, without a look at what."""
    some = (
        select(func.count())
        .select_from(AccessibilityNeed)
        .join(Registration, Registration.id == AccessibilityNeed.registration_id)
        .where(Registration.event_id == event_id, Registration.state.in_(IN))
    )
    return session.scalar(some) or 0


def write_needs(
    session: Session, registration_id: int, words: str, *, now: datetime
) -> None:
    """Keep what somebody needs, of whom nothing is kept yet; nothing for nothing."""
    if words:
        row = {"registration_id": registration_id, "words": words, "written_at": now}
        session.execute(insert(AccessibilityNeed), row)


def forget_needs(session: Session, registration_id: int) -> None:
    own = AccessibilityNeed.registration_id == registration_id
    session.execute(delete(AccessibilityNeed).where(own))


def carry_needs(session: Session, from_id: int, to_id: int) -> None:
    """Take what somebody needs along to another event, where nothing is kept yet."""
    own = AccessibilityNeed.registration_id == from_id
    session.execute(
        update(AccessibilityNeed).where(own).values(registration_id=to_id),
        execution_options={"synchronize_session": False},
    )


def forget_old_needs(session: Session, *, now: datetime) -> None:
    """Delete what nobody arranges any more: 30 days after the event, or if given up.

    Where an event has no end, 30 days after the words were written.
    """
    ended = func.coalesce(Event.over_at, AccessibilityNeed.written_at)
    without_use = (
        select(AccessibilityNeed.registration_id)
        .join(Registration, Registration.id == AccessibilityNeed.registration_id)
        .join(Event, Event.id == Registration.event_id)
        .where(
            or_(ended <= now - NEEDS_KEPT, Registration.state == State.CANCELLED),
        )
    )
    session.execute(
        delete(AccessibilityNeed).where(
            AccessibilityNeed.registration_id.in_(without_use)
        ),
        execution_options={"synchronize_session": False},
    )
