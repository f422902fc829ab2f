"""Calendar files about a registration."""

from collections.abc import Mapping, Sequence
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
from csd_events.events.models import EventSession
from csd_events.events.rules import USUAL_LENGTH
from csd_events.events.words import off_words
from csd_events.outbox.message import Calendar
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

REQUEST, CANCEL = "REQUEST", "CANCEL"


def mail_parts(
    registration: Registration,
    association: AssociationView,
    *,
    now: datetime,
    method: str = REQUEST,
    life: int | None = None,
    news: Mapping[int, str] | None = None,
) -> tuple[Calendar, ...]:
    """Write one calendar object a session, as a mail needs them (RFC 5546).

    Args:
        method: What a calendar is to do with it.
        life: Which life of the registration it is about; None for the present one.
        news: By the ids of the sessions it is about, what changed of each; None for
            all of them.
    """
    sessions = registration.event.sessions
    several = len(sessions) > 1
    parts = []
    for number, sitting in enumerate(sessions, start=1):
        if news is not None and sitting.id not in news:
            continue
        entry = _entry(
            registration,
            sitting,
            association,
            now=now,
            news=news[sitting.id] if news else "",
            cancelled=method == CANCEL,
        )
        if life is not None:
            entry = replace(entry, uid=_uid(registration, sitting, life))
        filename = f"session-{number}.ics" if several else "invitation.ics"
        parts.append(_part(entry, method, filename))
    return tuple(parts)


def removed_parts(
    registration: Registration,
    association: AssociationView,
    removed: Sequence[EventSession],
    *,
    now: datetime,
    news: Mapping[int, str],
) -> tuple[Calendar, ...]:
    """Write what takes the entries of sessions out that an event has no more.

    Args:
        news: By the ids of the sessions, what became of each.
    """
    about = registration, association
    return _removals(
        [_removed(*about, each, now=now, news=news[each.id]) for each in removed]
    )


def dropped_parts(
    kept: Registration,
    association: AssociationView,
    dropped: Registration,
    *,
    life: int,
    now: datetime,
    news: str,
) -> tuple[Calendar, ...]:
    """Write what takes the entries of a second registration of somebody out."""
    entries = [
        replace(
            _removed(kept, association, each, now=now, news=news),
            uid=_uid(dropped, each, life),
            sequence=each.sequence + dropped.sequence,
            stamp=_stamp(dropped, each, now),
        )
        for each in kept.event.sessions
    ]
    return _removals(entries)


def left_parts(
    registration: Registration,
    association: AssociationView,
    reader: Party,
    life: int,
    *,
    now: datetime,
    news: str,
) -> tuple[Calendar, ...]:
    """Write what takes the entries out of the calendar of who had a place before.

    Nothing in it is a link: those of the registration are somebody else's by now.
    """
    event = registration.event
    page = external_url("home.event", slug=event.slug)
    entries = [
        replace(
            _removed(registration, association, each, now=now, news=news),
            uid=_uid(registration, each, life),
            description=news,
            url=page,
            attendee=reader,
        )
        for each in event.sessions
    ]
    return _removals(entries)


def invitation(
    registration: Registration, association: AssociationView, *, now: datetime
) -> bytes:
    """Write all sessions into one file to download, without a method."""
    sessions = registration.event.sessions
    return calendar([_entry(registration, s, association, now=now) for s in sessions])


def own_feed(
    registrations: Sequence[Registration],
    association: AssociationView,
    *,
    name: str,
    now: datetime,
) -> bytes:
    """Write what somebody is registered for as a calendar of theirs to follow.

    Nobody is invited in it: a calendar would offer to answer.
    """
    entries = [
        replace(_entry(each, sitting, association, now=now), attendee=None)
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
    session: EventSession,
    association: AssociationView,
    *,
    now: datetime,
    news: str = "",
    cancelled: bool = False,
) -> Entry:
    """Write the entry of one session.

    Args:
        news: What changed since its reader heard of it; its first line.
        cancelled: That it is, whatever became of the registration.
    """
    event = registration.event
    version = registration.link_version
    own = links().token(Purpose.REGISTRATION, registration.id, version)
    own_page = external_url("registrations.show", token=own)
    off = off_words(event)
    if cancelled or off or registration.state is State.CANCELLED:
        cancelled = True
        words = [news or off or _("Your registration is cancelled.")]
        words.append(_("Your registration: %(link)s", link=own_page))
    else:
        words = [news] if news else []
        if event.is_online(session):
            join = links().token(Purpose.JOIN, registration.id, version)
            door = external_url("attendance.join", token=join)
            words.append(_("Join here: %(link)s", link=door))
        words.append(_("Change or cancel: %(link)s", link=own_page))
    title = f"{event.title}: {session.title}" if session.title else event.title
    return Entry(
        uid=_uid(registration, session, registration.life),
        sequence=session.sequence + registration.sequence,
        stamp=_stamp(registration, session, now),
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
        cancelled=cancelled,
    )


def _removed(
    registration: Registration,
    association: AssociationView,
    session: EventSession,
    *,
    now: datetime,
    news: str,
) -> Entry:
    return _entry(
        registration, session, association, now=now, news=news, cancelled=True
    )


def _removals(entries: Sequence[Entry]) -> tuple[Calendar, ...]:
    return tuple(
        _part(entry, CANCEL, f"removed-{number}.ics")
        for number, entry in enumerate(entries, start=1)
    )


def _part(entry: Entry, method: str, filename: str) -> Calendar:
    content = calendar([entry], method=method)
    return Calendar(method=method, content=content, filename=filename)


def _uid(registration: Registration, session: EventSession, life: int) -> str:
    domain = urlsplit(current_app.config["BASE_URL"]).hostname
    return f"{registration.id}-{session.id}-{life}@{domain}"


def _stamp(
    registration: Registration, session: EventSession, now: datetime
) -> datetime:
    """Return when what the entry says became true, which is never ahead.

    A change counts as announced when its notices leave, and holds some minutes before.
    """
    instants = [
        registration.registered_at,
        registration.confirmed_at,
        registration.cancelled_at,
        registration.event.cancelled_at,
        registration.event.postponed_at,
        session.announced_at,
    ]
    return min(now, max(instant for instant in instants if instant is not None))
