"""Which events can leave the lists."""

from datetime import datetime
from enum import StrEnum

from csd_events.events.rules.kinds import State


class NotArchived(StrEnum):
    """Why an event stays in the lists."""

    TO_COME = "to_come"


def refuse_archiving(
    state: State, over_at: datetime | None, now: datetime
) -> NotArchived | None:
    """Say why an event cannot leave the lists: only if it is still to come.

    What was never published, what is over and what was called off can.
    """
    if state in {State.DRAFT, State.CANCELLED}:
        return None
    return None if over_at is not None and over_at <= now else NotArchived.TO_COME
