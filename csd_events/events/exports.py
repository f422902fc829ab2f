"""Public calendar entries: no join link, nobody's name."""

from collections.abc import Iterable
from datetime import datetime

from csd_events.association.rules import AssociationView
from csd_events.core.ical import Entry, Party, calendar, feed
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.events.models import Event
from csd_events.events.rules import USUAL_LENGTH, State


def public_calendar(
    events: Iterable[Event],
    association: AssociationView,
    *,
    domain: str,
    now: datetime,
) -> bytes:
    """Write the sessions of public events as one file."""
    organizer = Party(association.name, association.reply_address)
    return calendar(
        [each for event in events for each in _entries(event, organizer, domain, now)]
    )


def public_feed(
    events: Iterable[Event],
    association: AssociationView,
    *,
    domain: str,
    name: str,
    now: datetime,
) -> bytes:
    """Write the sessions of public events as a calendar to follow."""
    organizer = Party(association.name, association.reply_address)
    return feed(
        [each for event in events for each in _entries(event, organizer, domain, now)],
        name=name,
    )


def _entries(event: Event, organizer: Party, domain: str, now: datetime) -> list[Entry]:
    link = external_url("home.event", slug=event.slug)
    off, words = off_words(event), event.summary
    if off:
        words = f"{off}\n{words}"
    ended = event.cancelled_at, event.postponed_at
    return [
        Entry(
            uid=f"event-{session.id}@{domain}",
            sequence=session.sequence,
            # A change counts as announced some minutes after it holds.
            stamp=min(now, max(filter(None, [session.announced_at, *ended]))),
            starts_at=session.starts_at,
            ends_at=session.ends_at or session.starts_at + USUAL_LENGTH,
            zone=session.zone,
            summary=f"{event.title}: {session.title}" if session.title else event.title,
            description=words,
            location=session.place or event.place,
            url=link,
            organizer=organizer,
            cancelled=bool(off),
        )
        for session in event.sessions
    ]


def off_words(event: Event) -> str:
    """Say that an event is not at the time it had; empty where it is."""
    if event.state is State.CANCELLED:
        return str(_("This event is cancelled."))
    if event.is_postponed:
        return str(_("This event is postponed. The new date is to come."))
    return ""
