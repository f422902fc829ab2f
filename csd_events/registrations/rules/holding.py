"""Places that are held for somebody until a question about them is answered."""

from datetime import datetime, timedelta
from enum import StrEnum

from csd_events.registrations.rules.registering import State

#: How long a priced place that came free is held for the next in line.
ANSWER_KEPT = timedelta(hours=48)
#: How long places for colleagues wait for who asked to press the button in their mail.
SENDER_KEPT = timedelta(hours=24)


class Hold(StrEnum):
    """What has to be answered before a held place is somebody's."""

    APPROVAL = "approval"  # by staff: the event wants every request looked at
    ANSWER = "answer"  # of the person: a priced place came free for them
    SENDER = "sender"  # of who typed them in: is the sender's address theirs?


def hold_on_asking(place: State, *, needs_approval: bool) -> Hold | None:
    """Say whether somebody who asks for a place and finds one free has it at once."""
    return Hold.APPROVAL if place is State.CONFIRMED and needs_approval else None


def hold_on_promotion(*, price_cents: int, needs_approval: bool) -> Hold | None:
    """Say what stands between a place that came free and the next in line.

    Who is asked to pay says first that they still want it; then staff look at it,
    where they look at every request.
    """
    if price_cents:
        return Hold.ANSWER
    return Hold.APPROVAL if needs_approval else None


def held_until(
    hold: Hold | None, starts_at: datetime | None, now: datetime
) -> datetime | None:
    """Return when a held place goes to the next in line; None if it does not lapse.

    An answer is awaited for 48 hours, and not beyond the start.
    """
    if hold is not Hold.ANSWER:
        return None
    return _not_beyond(now + ANSWER_KEPT, starts_at)


def sender_until(starts_at: datetime | None, now: datetime) -> datetime:
    """Return until when places for colleagues wait for their sender's button."""
    return _not_beyond(now + SENDER_KEPT, starts_at)


def _not_beyond(end: datetime, starts_at: datetime | None) -> datetime:
    return min(end, starts_at) if starts_at else end


class NotPlaced(StrEnum):
    """Why staff cannot give somebody a place."""

    REGISTERED = "registered"  # they have one, or wait, or one is held for them
    DECIDED = "decided"  # they neither wait nor were offered a place
    OVER = "over"  # the event is, or it was called off


class Undecided(StrEnum):
    """Why a question about a held place is not answered by what somebody pressed."""

    DECIDED = "decided"  # already, by another
    LAPSED = "lapsed"  # the time to answer is over
    OVER = "over"  # the event is, or it was called off
