"""What the reader of a notice had been told before it, and whether it says anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from csd_events.core.time import short_time
from csd_events.core.words import gettext as _
from csd_events.events.models import Event, EventChange, EventSession
from csd_events.events.queries import heard
from csd_events.events.rules import State
from csd_events.outbox.mail import Value
from csd_events.outbox.message import Due, Skip
from csd_events.registrations import queries, rules
from csd_events.registrations.models import Registration
from csd_events.registrations.queries import Hearer
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
        changes: The latest first; what held before the last is what notices told them.
        known: Before which of those it stood as they may know it; see `list_known`.
        found: What has changed since then for them; nothing where it is as it was.
        was_off: They heard that there is no date.
        after_all: They did, and it is the date it was.
    """

    changes: Sequence[EventChange]
    known: Sequence[EventChange]
    found: Change
    was_off: bool = False
    after_all: bool = False


def change_of(due: Due) -> int:
    """Return the id of the change that a notice is about."""
    return int(due.key.rpartition(":")[2])


def hearer_of(registration: Registration) -> Hearer:
    """Say whom notices about a registration go to."""
    return Hearer(
        registration.id,
        registration.event_id,
        to_address=registration.person.email,
        since=registration.registered_at,
    )


def unheard(
    session: Session,
    event: Event,
    change_id: int,
    hearer: Hearer,
    narrow: Narrow = all_of_it,
) -> Unheard | Skip:
    """Find what a notice has to say, or why it is not sent.

    Args:
        session: To read in.
        event: As it is now.
        change_id: Of which the notice tells.
        hearer: Whom it goes to.
        narrow: What of a change concerns them.
    """
    notices = queries.list_notices(session, hearer)
    if queries.tells_later(notices, change_id):
        return Skip(rules.TOLD_LATER)
    changes = queries.list_unheard(session, event.id, change_id, notices)
    news = _since_they_heard(session, event, changes, hearer, narrow)
    stands = any(_stands_otherwise(each, event) for each in news.known)
    if not stands and (event.is_postponed or not news.found):
        return Skip(rules.AS_TOLD)
    if event.is_postponed or not any(_was_postponed(each) for each in news.known):
        return news
    if not _was_postponed(changes[-1]):  # another mail alone has said so
        after_all = not _since(changes[-1], event, narrow)
        return replace(news, was_off=True, after_all=after_all)
    after_all = False
    off = queries.find_heard_postponed(session, event.id, changes[-1].id, notices)
    if off is not None:
        before = queries.list_unheard(session, event.id, off.id, notices)[-1]
        after_all = not (_was_postponed(before) or _since(before, event, narrow))
    return replace(news, was_off=True, after_all=after_all)


def until_called_off(
    session: Session,
    event: Event,
    change_id: int,
    hearer: Hearer,
    narrow: Narrow = all_of_it,
) -> Unheard:
    """Find what of an event was otherwise than its reader knew when it was called off.

    Args:
        session: To read in.
        event: As it was to be.
        change_id: By which it was called off.
        hearer: Who hears of that.
        narrow: As of `unheard`.
    """
    notices = queries.list_notices(session, hearer)
    changes = queries.list_unheard(session, event.id, change_id, notices)
    return _since_they_heard(session, event, changes, hearer, narrow)


def _since_they_heard(
    session: Session,
    event: Event,
    changes: Sequence[EventChange],
    hearer: Hearer,
    narrow: Narrow,
) -> Unheard:
    known = queries.list_known(session, hearer, changes)
    found = _since(known[0], event, narrow)
    for each in known[1:]:
        found = found.with_more(_since(each, event, narrow))
    return Unheard(changes, known, found)


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


def sessions_known(news: Unheard, event: Event) -> list[EventSession]:
    """Return the sessions of an event as somebody last heard of them.

    Where nothing is otherwise they are its own; else they are not saved.
    """
    if not news.found:
        return event.sessions
    said = news.known[-1].before
    links = {each["id"]: each.get("platform_url") for each in said["sessions"]}
    return [
        unsaved(each, platform_url=links[each.id]) for each in rules.sessions_of(said)
    ]


def unsaved(told: rules.Heard, **more: Any) -> EventSession:
    """Return a session as people were told of it, which is not to be saved."""
    return EventSession(
        id=told.id,
        title=told.title,
        place=told.place,
        zone=told.zone,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        **more,
    )


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
