"""Reading across features."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.registrations.models import Registration

#: What mails about registrations are called begins so.
ABOUT = "registration."


def has_confirmed(session: Session, person_id: int) -> bool:
    """Tell whether a person has shown that their address is theirs."""
    confirmed = select(Person.email_confirmed_at).where(Person.id == person_id)
    return session.scalar(confirmed) is not None


def list_mails_of_event(
    session: Session, event_id: int, *, limit: int
) -> Sequence[OutboxMessage]:
    """List the newest mails about registrations for an event."""
    here = select(Registration.id).where(Registration.event_id == event_id)
    newest = (  # by an index alone, so that an event of many people is quick, too
        select(OutboxMessage.id)
        .where(OutboxMessage.subject_id.in_(here), OutboxMessage.kind.startswith(ABOUT))
        .order_by(OutboxMessage.id.desc())
        .limit(limit)
    )
    mails = select(OutboxMessage).where(OutboxMessage.id.in_(newest))
    return session.scalars(mails.order_by(OutboxMessage.id.desc())).all()


def list_last_problems(session: Session, event_ids: Collection[int]) -> dict[int, str]:
    """Return what went wrong last with the mail of each event, where anything did."""
    latest = (
        select(func.max(OutboxMessage.id).label("id"), Registration.event_id)
        .join(Registration, Registration.id == OutboxMessage.subject_id)
        .where(
            OutboxMessage.state == State.FAILED,
            OutboxMessage.kind.startswith(ABOUT),
            Registration.event_id.in_(event_ids),
        )
        .group_by(Registration.event_id)
        .subquery()
    )
    notes = select(latest.c.event_id, func.coalesce(OutboxMessage.note, "")).join(
        OutboxMessage, OutboxMessage.id == latest.c.id
    )
    return dict(session.execute(notes).all())
