"""Comparing who asks with the list of the conference that an event requires."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.queries import Ledger
from csd_events.registrations import rules
from csd_events.registrations.rules import Hold


def hold_for(session: Session, event: Event | Ledger, person_id: int) -> Hold | None:
    """Say what stands between somebody and a place that is free for them."""
    return holds_for(session, event, [person_id])[person_id]


def holds_for(
    session: Session, event: Event | Ledger, person_ids: Collection[int]
) -> dict[int, Hold | None]:
    """Say what stands between each of some people and a place that is free for them."""
    unlisted = _unlisted(session, event, person_ids)
    return {
        each: rules.hold_on_asking(
            needs_approval=event.needs_approval, is_unlisted=each in unlisted
        )
        for each in person_ids
    }


def is_unlisted(session: Session, event: Event | Ledger, person_id: int) -> bool:
    """Tell whether an event requires a conference whose list somebody is not on."""
    return bool(_unlisted(session, event, [person_id]))


def _unlisted(
    session: Session, event: Event | Ledger, person_ids: Collection[int]
) -> Collection[int]:
    """Find who is not on the list; asks nothing where an event requires none."""
    if not event.requires_conference or event.conference_id is None or not person_ids:
        return ()
    return set(person_ids) - events.find_listed(
        session, event.conference_id, person_ids
    )
