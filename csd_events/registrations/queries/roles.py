"""What somebody may do, by their programs, with what a view's address names."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.events import queries as events
from csd_events.registrations.models import Registration


def roles_at(
    session: Session, person_id: int, named: Mapping[str, Any]
) -> Collection[Role]:
    """Return the roles of a person at the event of an address; none at no event.

    Args:
        named: What the address holds: an ``event_id``, a ``registration_id``, or a
            ``series_id``, of which they must hold a role at every event.
    """
    if "series_id" in named:
        return events.roles_in_series(session, person_id, named["series_id"])
    event_id: int | None = named.get("event_id")
    if "registration_id" in named:
        of = Registration.id == named["registration_id"]
        event_id = session.scalar(select(Registration.event_id).where(of))
    return events.roles_at(session, person_id, event_id) if event_id else ()
