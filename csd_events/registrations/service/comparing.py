"""Comparing who asks with the list of the conference that an event requires."""

from sqlalchemy.orm import Session

from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.queries import Ledger
from csd_events.registrations import rules
from csd_events.registrations.rules import Hold


def hold_for(session: Session, event: Event | Ledger, person_id: int) -> Hold | None:
    """Say what stands between somebody and a place that is free for them."""
    return rules.hold_on_asking(
        needs_approval=event.needs_approval,
        is_unlisted=is_unlisted(session, event, person_id),
    )


def is_unlisted(session: Session, event: Event | Ledger, person_id: int) -> bool:
    """Tell whether an event requires a conference whose list somebody is not on.

    Asks nothing where it requires none.
    """
    if not event.requires_conference or event.conference_id is None:
        return False
    return not events.is_listed(session, event.conference_id, person_id)
