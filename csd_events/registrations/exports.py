"""Calendar files about a registration."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from csd_events.association.rules import AssociationView
from csd_events.core.ical import Entry, Party, calendar
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url
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
) -> tuple[Calendar, ...]:
    """Write one calendar object a session, as a mail needs them (RFC 5546)."""
    entries = [_entry(registration, event, s, association) for s in event.sessions]
    several = len(entries) > 1
    return tuple(
        Calendar(
            method=method,
            content=calendar([entry], method=method),
            filename=f"session-{number}.ics" if several else "invitation.ics",
        )
        for number, entry in enumerate(entries, start=1)
    )


def invitation(
    registration: Registration, event: Event, association: AssociationView
) -> bytes:
    """Write all sessions into one file to download, without a method."""
    return calendar(
        [_entry(registration, event, s, association) for s in event.sessions]
    )


def _entry(
    registration: Registration,
    event: Event,
    session: EventSession,
    association: AssociationView,
) -> Entry:
    domain = urlsplit(current_app.config["BASE_URL"]).hostname
    version = registration.link_version
    own = links().token(Purpose.REGISTRATION, registration.id, version)
    join = links().token(Purpose.JOIN, registration.id, version)
    called_off = event.state is EventState.CANCELLED
    gone = registration.state is State.CANCELLED or called_off
    words = [
        _("Join here: %(link)s", link=external_url("attendance.join", token=join)),
        _(
            "Change or cancel: %(link)s",
            link=external_url("registrations.show", token=own),
        ),
    ]
    title = f"{event.title}: {session.title}" if session.title else event.title
    return Entry(
        uid=f"{registration.id}-{session.id}-{registration.life}@{domain}",
        sequence=session.sequence + registration.sequence,
        stamp=_stamp(registration, event, session),
        starts_at=session.starts_at,
        ends_at=session.ends_at or session.starts_at + USUAL_LENGTH,
        zone=session.zone,
        summary=title,
        description="\n".join(words),
        location=session.place or event.place or _("Online"),
        url=external_url("registrations.show", token=own),
        organizer=Party(association.name, association.reply_address),
        attendee=Party(registration.full_name, registration.person.email),
        cancelled=gone,
    )


def _stamp(registration: Registration, event: Event, session: EventSession) -> datetime:
    """Return when what the entry says became true."""
    instants = [
        registration.registered_at,
        registration.cancelled_at,
        event.cancelled_at,
        session.announced_at,
    ]
    return max(instant for instant in instants if instant is not None)
