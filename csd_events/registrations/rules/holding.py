"""Places that are held for somebody until a question about them is answered."""

from datetime import datetime, timedelta
from enum import StrEnum

#: How long a priced place that came free is held for the next in line.
ANSWER_KEPT = timedelta(hours=48)
#: How long places for colleagues wait for who asked to press the button in their mail.
SENDER_KEPT = timedelta(hours=24)


class Hold(StrEnum):
    """What has to be answered before a held place is somebody's."""

    APPROVAL = "approval"  # by staff: the event wants every request looked at
    CONFERENCE = "conference"  # by its list: the forum requires the conference
    ANSWER = "answer"  # of the person: a priced place came free for them
    SENDER = "sender"  # of who typed them in: is the sender's address theirs?


#: What staff decide for as long as nothing else did.
FOR_STAFF = (Hold.APPROVAL, Hold.CONFERENCE)
#: What staff who give a place need not wait for.
NOT_AWAITED = (Hold.ANSWER, Hold.SENDER)


def hold_on_asking(*, needs_approval: bool, is_unlisted: bool) -> Hold | None:
    """Say whether somebody for whom a place is free has it at once.

    Args:
        needs_approval: Staff look at every request, and at the conference's list.
        is_unlisted: The event requires a conference, and they are not on its list.
    """
    if needs_approval:
        return Hold.APPROVAL
    return Hold.CONFERENCE if is_unlisted else None


def hold_on_promotion(
    *, price_cents: int, needs_approval: bool, is_unlisted: bool
) -> Hold | None:
    """Say what stands between a place that came free and the next in line.

    Who is asked to pay says first that they still want it; then it is as if they
    asked for it.
    """
    if price_cents:
        return Hold.ANSWER
    return hold_on_asking(needs_approval=needs_approval, is_unlisted=is_unlisted)


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
    """Why a button about somebody's place changed nothing."""

    REGISTERED = "registered"  # they have one, or wait, or one is held for them
    DECIDED = "decided"  # already: there is nothing to give, or to answer
    FULL = "full"  # it would be one more than there are, which staff did not say
    LAPSED = "lapsed"  # the time to answer is over
    OVER = "over"  # the event is, or it was called off
