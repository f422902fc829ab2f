"""What keeps a mail from going for good only once it cannot be undone any more."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.events.models import Event
from csd_events.events.rules import (
    MOVED_MAIL,
    POSTPONED_MAIL,
    REDATED_MAIL,
    State,
)
from csd_events.outbox.message import Later, Skip
from csd_events.registrations import queries, rules

#: What is said only of a time that holds.
OF_A_TIME = {
    MOVED_MAIL,
    REDATED_MAIL,
    "registration.follow_up",
    "registration.moved",
    "registration.redated",
    "registration.reminder",
    "wishes.opened",
}
#: What is said only once nobody can undo that there is no time.
THAT_THERE_IS_NONE = {POSTPONED_MAIL, "registration.postponed"}


def called_off(
    session: Session, event: Event, kind: str, now: datetime
) -> Later | Skip | None:
    """Say why a mail about an event does not go, or not yet; None if it does.

    While an event is postponed, mail of other things goes and says that it is.
    """
    if event.state is State.PUBLISHED or (
        event.is_postponed and kind in THAT_THERE_IS_NONE
    ):
        return None
    if not event.is_postponed:
        return unless_undone(session, event.id, rules.CALLED_OFF, now)
    off = unless_undone(session, event.id, rules.PUT_OFF, now)
    return off if isinstance(off, Later) or kind in OF_A_TIME else None


def unless_undone(
    session: Session, event_id: int, why: str, now: datetime
) -> Later | Skip:
    """Skip a mail for what staff did to its event; wait while they can undo that.

    So none is lost that somebody has in hand at the moment they do.
    """
    until = queries.find_undoable_until(session, event_id, now=now)
    return Later(why, until) if until else Skip(why)


def told_with_a_date(
    session: Session, event: Event, change_id: int, now: datetime
) -> Later | Skip | None:
    """Leave what moved to the mail of a date that was given after it.

    It was postponed in between, and all of that before people heard of the move: the
    mail of the date says where and when it is now, and one that says so is enough.
    """
    if not queries.is_redated_since(session, event.id, change_id):
        return None
    return unless_undone(session, event.id, rules.A_DATE_AGAIN, now)
