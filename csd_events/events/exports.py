"""Public calendar entries: no join link, nobody's name."""

from collections.abc import Iterable

from csd_events.association.rules import AssociationView
from csd_events.core.ical import Entry, Party, calendar, feed
from csd_events.core.web import external_url
from csd_events.events.models import Event
from csd_events.events.rules import USUAL_LENGTH, State


def public_calendar(
    events: Iterable[Event], association: AssociationView, *, domain: str
) -> bytes:
    """Write the sessions of public events as one file."""
    return calendar(_all_entries(events, association, domain))


def public_feed(
    events: Iterable[Event], association: AssociationView, *, domain: str, name: str
) -> bytes:
    """Write the sessions of public events as a calendar to follow."""
    return feed(_all_entries(events, association, domain), name=name)


def _all_entries(
    events: Iterable[Event], association: AssociationView, domain: str
) -> list[Entry]:
    organizer = Party(association.name, association.reply_address)
    return [entry for event in events for entry in _entries(event, organizer, domain)]


def _entries(event: Event, organizer: Party, domain: str) -> list[Entry]:
    link = external_url("home.event", slug=event.slug)
    return [
        Entry(
            uid=f"event-{session.id}@{domain}",
            sequence=session.sequence,
            stamp=max(session.announced_at, event.cancelled_at or session.announced_at),
            starts_at=session.starts_at,
            ends_at=session.ends_at or session.starts_at + USUAL_LENGTH,
            zone=session.zone,
            summary=f"{event.title}: {session.title}" if session.title else event.title,
            description=event.summary,
            location=session.place or event.place,
            url=link,
            organizer=organizer,
            cancelled=event.state is State.CANCELLED,
        )
        for session in event.sessions
    ]
