"""Mail as it goes out, read as a mail program reads it."""

import re
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

import icalendar
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.outbox.delivery import Means, deliver_due
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.models import Registration


def deliver(app: Flask) -> list[EmailMessage]:
    """Send everything that is due by the application's clock. Return what went."""
    transport = app.extensions["csd_transport"]
    transport.sent.clear()
    with app.app_context():
        while deliver_due(Means.of(app)).claimed:
            pass
    return list(transport.sent)


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
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def links_in(mail: EmailMessage) -> list[str]:
    """List the links of both sides and of the calendar, each once."""
    kinds = {part.get_content_type() for part in mail.walk() if not part.is_multipart()}
    kinds.discard("application/pdf")  # a file, which is no words of the mail
    shown = "\n".join(side(mail, kind) for kind in sorted(kinds))
    unfolded = shown.replace("\r\n ", "")
    found = re.findall(r"https?://[^\s\"<>\\]+", unfolded)
    return list(dict.fromkeys(found))


def entry_of(mail: EmailMessage) -> Any:
    """Return the calendar entry of a mail that has one."""
    return entry_in(side(mail, "text/calendar"))


def entry_in(content: str | bytes) -> Any:
    (entry,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return entry
