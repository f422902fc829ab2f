"""A place that a registration has, or that is held for it, and the counts of both.

The event is locked, with its offers. Nobody is told, and nobody promoted.
"""

from datetime import datetime

from csd_events.events.models import Event, EventOffer
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

#: Of an event and of an offer, what counts the places of a state.
COUNTERS = {State.CONFIRMED: "confirmed", State.HELD: "held"}


def put(
    event: Event, registration: Registration, state: State, *, now: datetime
) -> None:
    """Let a registration have a place, or hold one for it, and count it."""
    _count(event, registration, COUNTERS[state], 1)
    registration.state = state
    registration.confirmed_at = now if state is State.CONFIRMED else None


def give_back(event: Event, registration: Registration, *, now: datetime) -> None:
    """Free the place, or the place in the queue, that a registration has."""
    if registration.state is State.WAITING:
        event.waiting -= 1
    else:
        leave(event, registration)
    registration.state, registration.position = State.CANCELLED, None
    registration.hold = registration.held_until = None
    registration.cancelled_at = now
    registration.sequence += 1


def leave(event: Event, registration: Registration) -> None:
    """Count one place less of those had, or of those held."""
    _count(event, registration, COUNTERS[registration.state], -1)


def _count(event: Event, registration: Registration, counter: str, step: int) -> None:
    offer = next((o for o in event.offers if o.id == registration.offer_id), None)
    rows: list[Event | EventOffer] = [event] if offer is None else [event, offer]
    for row in rows:
        setattr(row, counter, getattr(row, counter) + step)
