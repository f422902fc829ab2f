"""Mail as it goes out, read as a mail program reads it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import Any

import icalendar
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.db import db, transaction
from csd_events.events.models import EventChange
from csd_events.outbox.delivery import Means, deliver_due
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import Registration


def deliver(app: Flask) -> list[EmailMessage]:
    """Send everything that is due by the application's clock. Return what went.

    Notices of changes, which wait for some minutes, go as they do when those are over.
    """
    transport = app.extensions["csd_transport"]
    transport.sent.clear()
    means = Means.of(app)
    with app.app_context():
        _deliver_all(means)
        for leaves_at in _notices_wait_until(means.clock()):
            with transaction() as session:
                service.tell_of_cancellations(session, now=leaves_at)
            _deliver_all(replace(means, clock=partial(_at, leaves_at)))
    return list(transport.sent)


def deliver_now(app: Flask) -> list[EmailMessage]:
    """Send what is due by the application's clock, and no notice before its time."""
    transport = app.extensions["csd_transport"]
    transport.sent.clear()
    with app.app_context():
        with transaction() as session:
            service.tell_of_cancellations(session, now=app.config["CLOCK"]())
        _deliver_all(Means.of(app))
    return list(transport.sent)


def _deliver_all(means: Means) -> None:
    while deliver_due(means).claimed:
        pass


def _at(instant: datetime) -> datetime:
    return instant


def _notices_wait_until(now: datetime) -> Sequence[datetime]:
    waiting = select(EventChange.leaves_at).where(
        EventChange.leaves_at > now, EventChange.undone_at.is_(None)
    )
    session = db.session()
    instants = session.scalars(waiting.distinct().order_by(EventChange.leaves_at)).all()
    session.rollback()
    return instants


def by_address(mails: Sequence[EmailMessage]) -> dict[str, EmailMessage]:
    """Name each of some mails by whom it is to: one to each."""
    return {mail["To"].rpartition("<")[2].rstrip(">"): mail for mail in mails}


def mails_among_others(session: Session) -> Sequence[int]:
    """List the mails about a registration that stand among those of another event."""
    strays = (
        select(OutboxMessage.id)
        .join(Registration, Registration.id == OutboxMessage.subject_id)
        .where(OutboxMessage.event_id.is_distinct_from(Registration.event_id))
    )
    return session.scalars(strays).all()


def side(mail: EmailMessage, kind: str) -> str:
    """Return the text of a mail's one side of a kind, such as ``text/plain``."""
    (part,) = (part for part in mail.walk() if part.get_content_type() == kind)
    return _words(part)


def _words(part: Any) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def links_in(mail: EmailMessage) -> list[str]:
    """List the links of both sides and of all calendars, each once."""
    parts = [part for part in mail.walk() if not part.is_multipart()]
    # A PDF is a file, which is no words of the mail.
    worded = [part for part in parts if part.get_content_type() != "application/pdf"]
    worded.sort(key=lambda part: str(part.get_content_type()))
    shown = "\n".join(_words(part) for part in worded)
    unfolded = shown.replace("\r\n ", "")
    found = re.findall(r"https?://[^\s\"<>\\]+", unfolded)
    return list(dict.fromkeys(found))


def entry_of(mail: EmailMessage) -> Any:
    """Return the calendar entry of a mail that has one."""
    return entry_in(side(mail, "text/calendar"))


def calendars_in(mail: EmailMessage) -> list[bytes]:
    """Return the calendar files attached to a mail."""
    files = (part for part in mail.walk() if part.get_filename("").endswith(".ics"))
    return [bytes(part.get_payload(decode=True)) for part in files]


def entry_in(content: str | bytes) -> Any:
    (entry,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return entry
