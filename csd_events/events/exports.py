"""Calendar entries of events: public ones, and those of who presents.

None holds the link to join by, which a calendar would keep and pass on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app

from csd_events.association.rules import AssociationView
from csd_events.core.ical import Entry, Party, calendar, feed
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.events.models import Event, EventSession, Presenter
from csd_events.events.rules import USUAL_LENGTH, State
from csd_events.outbox.message import Calendar

REQUEST, CANCEL = "REQUEST", "CANCEL"
#: What somebody presents: an event, and one of its sessions.
Presented = tuple[Event, EventSession]


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
    return [_entry(event, each, organizer, domain, now) for each in event.sessions]


def _entry(
    event: Event, session: EventSession, organizer: Party, domain: str, now: datetime
) -> Entry:
    off, words = off_words(event), event.summary
    if off:
        words = f"{off}\n{words}"
    # A change counts as announced some minutes after it holds.
    known = [session.announced_at, event.cancelled_at, event.postponed_at]
    return Entry(
        uid=f"event-{session.id}@{domain}",
        sequence=session.sequence,
        stamp=min(now, max(filter(None, known))),
        starts_at=session.starts_at,
        ends_at=session.ends_at or session.starts_at + USUAL_LENGTH,
        zone=session.zone,
        summary=f"{event.title}: {session.title}" if session.title else event.title,
        description=words,
        location=session.place or event.place,
        url=external_url("home.event", slug=event.slug),
        organizer=organizer,
        cancelled=bool(off),
    )


def off_words(event: Event) -> str:
    """Say that an event is not at the time it had; empty where it is."""
    if event.state is State.CANCELLED:
        return str(_("This event is cancelled."))
    if event.is_postponed:
        return str(_("This event is postponed. The new date is to come."))
    return ""


def own_page(presenter: Presenter) -> str:
    """Return the link to somebody's own page: whoever has it is let in."""
    token = links().token(Purpose.PRESENTER, presenter.id, presenter.link_version)
    return external_url("home.presenting", token=token)


def presenter_calendar(
    presenter: Presenter,
    presented: Sequence[Presented],
    association: AssociationView,
    *,
    now: datetime,
) -> bytes:
    """Write what somebody presents into one file to download, without a method."""
    return calendar(
        [_presented(presenter, each, association, now=now) for each in presented]
    )


def presenter_feed(
    presenter: Presenter,
    presented: Sequence[Presented],
    association: AssociationView,
    *,
    name: str,
    now: datetime,
) -> bytes:
    """Write what somebody presents as a calendar of theirs to follow.

    Nobody is invited in it: a calendar would offer to answer.
    """
    entries = [_presented(presenter, each, association, now=now) for each in presented]
    return feed([replace(each, attendee=None) for each in entries], name=name)


def presenter_parts(
    presenter: Presenter,
    presented: Sequence[Presented],
    association: AssociationView,
    *,
    now: datetime,
    news: Mapping[int, str] | None = None,
    cancelled: bool = False,
) -> tuple[Calendar, ...]:
    """Write one calendar object a session, as a mail needs them (RFC 5546).

    Args:
        news: By the ids of sessions, what became of each; its first line.
        cancelled: That they are taken out, whatever became of the event.
    """
    method = CANCEL if cancelled else REQUEST
    parts = []
    for number, each in enumerate(presented, start=1):
        said = (news or {}).get(each[1].id, "")
        entry = _presented(presenter, each, association, now=now, news=said)
        entry = replace(entry, cancelled=cancelled or entry.cancelled)
        filename = f"{'removed' if cancelled else 'presenting'}-{number}.ics"
        content = calendar([entry], method=method)
        parts.append(Calendar(method=method, content=content, filename=filename))
    return tuple(parts)


def _presented(
    presenter: Presenter,
    presented: Presented,
    association: AssociationView,
    *,
    now: datetime,
    news: str = "",
) -> Entry:
    """Write the entry of one session for who presents it: a UID of its own."""
    event, session = presented
    organizer = Party(association.name, association.reply_address)
    page = own_page(presenter)
    words = [news or off_words(event)]
    words.append(_("Your page as a presenter: %(link)s", link=page))
    domain = urlsplit(current_app.config["BASE_URL"]).hostname or ""
    known = _entry(event, session, organizer, domain, now)
    title = _("You present: %(title)s", title=known.summary)
    return replace(
        known,
        uid=f"presenter-{presenter.id}-{session.id}@{domain}",
        sequence=session.sequence + presenter.calendar_sequence,
        summary=title,
        description="\n".join(filter(None, words)),
        location=known.location or _("Online"),
        url=page,
        attendee=Party(presenter.full_name, presenter.email)
        if presenter.email
        else None,
    )
