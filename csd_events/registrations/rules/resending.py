"""Whether the details of a registration go once more."""

from datetime import datetime
from enum import StrEnum

from csd_events.registrations.rules.registering import State, has_use


class NotResent(StrEnum):
    """Why the details of a registration do not go once more."""

    CANCELLED = "cancelled"
    OVER = "over"  # the event is, or it was called off
    JUST_SENT = "just_sent"
    UNHEARD = "unheard"  # whoever typed them in has yet to prove who that is


def refuse_resending(
    state: State,
    *,
    over_at: datetime | None,
    cancelled_at: datetime | None,
    on_demand: bool,
    now: datetime,
) -> NotResent | None:
    """Say why details are not sent again, as far as registration and event can tell.

    Args:
        state: Of the registration.
        over_at: When its event is over; None where it never is.
        cancelled_at: When the event was called off.
        on_demand: Whether it is watched whenever it suits.
        now: When this is asked.
    """
    if state is State.CANCELLED:
        return NotResent.CANCELLED
    of_use = has_use(over_at, cancelled_at, now, on_demand=on_demand)
    return None if of_use else NotResent.OVER
