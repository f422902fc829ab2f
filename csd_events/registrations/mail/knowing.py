"""What the reader of a notice had been told before it, and whether it says anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from csd_events.core.time import short_time
from csd_events.core.words import gettext as _
from csd_events.events.models import Event, EventChange
from csd_events.events.queries import heard
from csd_events.events.rules import State
from csd_events.outbox.mail import Value
from csd_events.outbox.message import Skip
from csd_events.registrations import queries, rules
from csd_events.registrations.queries import Notice
from csd_events.registrations.rules import Change

#: Leaves of a change what concerns the reader, of what was and what is.
Narrow = Callable[[Change, EventChange], Change]


def all_of_it(found: Change, _since: EventChange) -> Change:
    """Everything about an event concerns whoever is registered for all of it."""
    return found


@dataclass(frozen=True, slots=True)
class Unheard:
    """What a reader has not heard of an event.

    Attributes:
        changes: The latest first; what held before the last is what they were told.
        found: What that comes to for them; nothing where it is again as it was.
        after_all: They heard that there is no date, and it is the one it was.
    """

    changes: Sequence[EventChange]
    found: Change
    after_all: bool = False


def unheard(
    session: Session,
    event: Event,
    change_id: int,
    notices: Sequence[Notice],
    narrow: Narrow = all_of_it,
) -> Unheard | Skip:
    """Find what a notice has to say, or why it is not sent.

    Args:
        session: To read in.
        event: As it is now.
        change_id: Of which the notice tells.
        notices: All that go to the reader of what became of the event.
        narrow: What of a change concerns them.
    """
    if queries.tells_later(notices, change_id):
        return Skip(rules.TOLD_LATER)
    changes = queries.list_unheard(session, event.id, change_id, notices)
    found = _since(changes[-1], event, narrow)
    if not _stands_otherwise(changes[-1], event) and (event.is_postponed or not found):
        return Skip(rules.AS_TOLD)
    after_all = False
    if _was_postponed(changes[-1]) and not event.is_postponed:
        last_id = changes[-1].id
        off = queries.find_heard_postponed(session, event.id, last_id, notices)
        if off is not None:
            before = queries.list_unheard(session, event.id, off.id, notices)[-1]
            after_all = not (_was_postponed(before) or _since(before, event, narrow))
    return Unheard(changes, found, after_all)


def _since(change: EventChange, event: Event, narrow: Narrow) -> Change:
    return narrow(rules.compare(change.before, heard(event)), change)


def _was_postponed(change: EventChange) -> bool:
    return change.before.get("state") == State.POSTPONED


def _stands_otherwise(change: EventChange, event: Event) -> bool:
    """Tell whether it was off or on before a change, or off for another reason."""
    note = change.before.get("postpone_note", "")
    if _was_postponed(change) != event.is_postponed:
        return True
    return event.is_postponed and note != event.postpone_note


def of_a_date(event: Event, when: str, *, after_all: bool) -> dict[str, Value]:
    """Say above a mail, and in its subject, that what was postponed has a date."""
    if after_all and event.starts_at is not None:
        when = short_time(event.starts_at, event.zone)
        return {
            "change": _("It takes place after all, %(when)s", when=when),
            "heading": _("It takes place after all"),
        }
    return {
        "change": _("New date, %(when)s", when=when),
        "heading": _("There is a new date"),
    }
