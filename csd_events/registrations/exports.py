"""Calendar files about a registration."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app

from csd_events.association.rules import AssociationView
from csd_events.core.ical import Entry, Party, calendar, feed
from csd_events.core.text import looks_like_an_advertisement
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import USUAL_LENGTH
from csd_events.events.rules import State as EventState
from csd_events.outbox.message import Calendar
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

REQUEST, CANCEL = "REQUEST", "CANCEL"


def mail_parts(
    registration: Registration,
    event: Event,
    association: AssociationView,
    *,
    method: str = REQUEST,
    life: int | None = None,
    only: Collection[int] | None = None,
) -> tuple[Calendar, ...]:
    """Write one calendar object a session, as a mail needs them (RFC 5546).

    Args:
        method: What a calendar is to do with it.
        life: Which life of the registration it is about; None for the present one.
        only: The ids of the sessions it is about; None for all of them.
    """
    entries = [_entry(registration, event, s, association) for s in event.sessions]
    if method == CANCEL:
        entries = [replace(entry, cancelled=True) for entry in entries]
    if life is not None:
        uids = [_uid(registration, s, life) for s in event.sessions]
        entries = [replace(e, uid=u) for e, u in zip(entries, uids, strict=True)]
    several = len(entries) > 1
    parts = [
        Calendar(
            method=method,
            content=calendar([entry], method=method),
            filename=f"session-{number}.ics" if several else "invitation.ics",
        )
        for number, (entry, sitting) in enumerate(
            zip(entries, event.sessions, strict=True), start=1
        )
        if only is None or sitting.id in only
    ]
    return tuple(parts)


def removed_parts(
    registration: Registration,
    event: Event,
    association: AssociationView,
    removed: Sequence[EventSession],
) -> tuple[Calendar, ...]:
    """Write what takes the entries of sessions out that an event has no more."""
    gone = [_entry(registration, event, each, association) for each in removed]
    return _removals([replace(entry, cancelled=True) for entry in gone])


def dropped_parts(
    kept: Registration,
    event: Event,
    association: AssociationView,
    dropped: Registration,
    *,
    life: int,
) -> tuple[Calendar, ...]:
    """Write what takes the entries of a second registration of somebody out."""
    entries = [
        replace(
            _entry(kept, event, each, association),
            uid=_uid(dropped, each, life),
            sequence=each.sequence + dropped.sequence,
            stamp=_stamp(dropped, event, each),
            cancelled=True,
        )
        for each in event.sessions
    ]
    return _removals(entries)


def left_parts(
    registration: Registration,
    association: AssociationView,
    reader: Party,
    life: int,
) -> tuple[Calendar, ...]:
    """Write what takes the entries out of the calendar of who had a place before.

    Nothing in it is a link: those of the registration are somebody else's by now.
    """
    event = registration.event
    page = external_url("home.event", slug=event.slug)
    entries = [
        replace(
            _entry(registration, event, each, association),
            uid=_uid(registration, each, life),
            description="",
            url=page,
            attendee=reader,
            cancelled=True,
        )
        for each in event.sessions
    ]
    return _removals(entries)


def invitation(
    registration: Registration, event: Event, association: AssociationView
) -> bytes:
    """Write all sessions into one file to download, without a method."""
    return calendar(
        [_entry(registration, event, s, association) for s in event.sessions]
    )


def own_feed(
    registrations: Sequence[Registration], association: AssociationView, *, name: str
) -> bytes:
    """Write what somebody is registered for as a calendar of theirs to follow.

    Nobody is invited in it: a calendar would offer to answer.
    """
    entries = [
        replace(_entry(each, each.event, sitting, association), attendee=None)
        for each in registrations
        for sitting in each.event.sessions
    ]
    return feed(entries, name=name)


def greeting_name(registration: Registration) -> str | None:
    """Return the name to write to, unless it may be an advertisement for a stranger."""
    trusted = registration.person.email_confirmed_at is not None
    if not trusted and looks_like_an_advertisement(registration.full_name):
        return None
    return registration.full_name


def _entry(
    registration: Registration,
    event: Event,
    session: EventSession,
    association: AssociationView,
) -> Entry:
    version = registration.link_version
    own = links().token(Purpose.REGISTRATION, registration.id, version)
    join = links().token(Purpose.JOIN, registration.id, version)
    called_off = event.state is EventState.CANCELLED
    gone = registration.state is State.CANCELLED or called_off
    own_page = external_url("registrations.show", token=own)
    words = [_("Change or cancel: %(link)s", link=own_page)]
    if event.is_online(session):
        door = external_url("attendance.join", token=join)
        words.insert(0, _("Join here: %(link)s", link=door))
    title = f"{event.title}: {session.title}" if session.title else event.title
    return Entry(
        uid=_uid(registration, session, registration.life),
        sequence=session.sequence + registration.sequence,
        stamp=_stamp(registration, event, session),
        starts_at=session.starts_at,
        ends_at=session.ends_at or session.starts_at + USUAL_LENGTH,
        zone=session.zone,
        summary=title,
        description="\n".join(words),
        location=session.place or event.place or _("Online"),
        url=own_page,
        organizer=Party(association.name, association.reply_address),
        attendee=Party(
            greeting_name(registration) or registration.person.email,
            registration.person.email,
        ),
        cancelled=gone,
    )


def _removals(entries: Sequence[Entry]) -> tuple[Calendar, ...]:
    return tuple(
        Calendar(
            method=CANCEL,
            content=calendar([entry], method=CANCEL),
            filename=f"removed-{number}.ics",
        )
        for number, entry in enumerate(entries, start=1)
    )


def _uid(registration: Registration, session: EventSession, life: int) -> str:
    domain = urlsplit(current_app.config["BASE_URL"]).hostname
    return f"{registration.id}-{session.id}-{life}@{domain}"


def _stamp(registration: Registration, event: Event, session: EventSession) -> datetime:
    """Return when what the entry says became true."""
    instants = [
        registration.registered_at,
        registration.confirmed_at,
        registration.cancelled_at,
        event.cancelled_at,
        session.announced_at,
    ]
    return max(instant for instant in instants if instant is not None)
