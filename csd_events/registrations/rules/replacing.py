"""Giving a place to somebody else, and the address of a registration corrected."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from csd_events.registrations.rules.registering import State, has_use, may_cancel

#: How long who had a place can have it back: *This was not me*.
TAKEN_BACK_FOR = timedelta(hours=24)
#: Addresses tried for one place at a price for members, within an hour.
TRIES_AN_HOUR = 5


class HandoverKind(StrEnum):
    """What became of a place."""

    REPLACED = "replaced"  # somebody else comes
    READDRESSED = "readdressed"  # the same person, by another address
    RETURNED = "returned"  # to who had it before


class NotReplaced(StrEnum):
    """Why a place does not go to somebody else."""

    DECIDED = "decided"  # it was given back, or a question about it is open
    OVER = "over"  # the event is, or it was called off
    TOO_LATE = "too_late"  # its last day for that has passed
    UNCONFIRMED = "unconfirmed"  # at a price, by who has not confirmed their address
    SAME = "same"  # the address is the one it has
    NOT_A_MEMBER = "not_a_member"  # whose price it is at
    IN_THE_FORM = "in_the_form"  # another row of the sender's names the address
    NO_OFFER = "no_offer"  # what the place was had by is offered no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Who comes in somebody's place."""

    full_name: str
    email: str
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a registration and its event stand for such a change.

    Attributes:
        until: When a place can no longer be given to somebody else; None: no end.
        price_cents: What the place costs.
        confirmed: Whether its person has confirmed their address.
    """

    state: State
    until: datetime | None
    over_at: datetime | None
    cancelled_at: datetime | None
    on_demand: bool
    price_cents: int
    confirmed: bool


def refuse_replacing(
    standing: Standing, now: datetime, *, by_staff: bool = False
) -> NotReplaced | None:
    """Say why somebody else cannot come instead, as far as the place can tell.

    Whoever waits passes on their number. A place that is held is not theirs to pass
    on. Staff are bound by neither the last day nor by a price.
    """
    if standing.state not in {State.CONFIRMED, State.WAITING}:
        return NotReplaced.DECIDED
    if not may_cancel(standing.over_at, standing.cancelled_at, now):
        return NotReplaced.OVER
    if by_staff:
        return None
    if standing.until is not None and standing.until <= now:
        return NotReplaced.TOO_LATE
    return _unconfirmed(standing)


def refuse_readdressing(
    standing: Standing, now: datetime, *, by_staff: bool = False
) -> NotReplaced | None:
    """Say why the address of a registration cannot be corrected."""
    if standing.state is State.CANCELLED:
        return NotReplaced.DECIDED
    of_use = has_use(
        standing.over_at, standing.cancelled_at, now, on_demand=standing.on_demand
    )
    if not of_use:
        return NotReplaced.OVER
    return None if by_staff else _unconfirmed(standing)


def _unconfirmed(standing: Standing) -> NotReplaced | None:
    if standing.price_cents and not standing.confirmed:
        return NotReplaced.UNCONFIRMED
    return None


def outranks(one: State, other: State) -> bool:
    """Tell whether one of two states is nearer to having a place."""
    order = list(State)
    return order.index(one) < order.index(other)
