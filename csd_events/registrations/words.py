"""Registrations and their mails as staff read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _

from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.queries import ListLine

#: What each kind of mail is called.
KIND_WORDS = {
    "registration.cancelled": _("Registration cancelled"),
    "registration.confirmed": _("Confirmation"),
    "registration.details": _("Details sent again"),
    "registration.event_cancelled": _("Event cancelled"),
    "registration.moved": _("Time or place changed"),
    "registration.promoted": _("Place from the waiting list"),
    "registration.reminder": _("Reminder"),
    "registration.waiting": _("On the waiting list"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """A mail about a registration: what, to whom, how far, when."""

    id: int
    kind_words: str
    to_address: str
    state: str
    due_at: datetime
    sent_at: datetime | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person in staff's list of an event, with what was mailed to them."""

    id: int
    full_name: str
    organization: str
    email: str
    state: str
    position: int | None
    reference: str
    price_cents: int
    currency: str
    registered_at: datetime
    mails: Sequence[MailLine]


def person_line(
    line: ListLine, *, rank: int | None = None, mails: Sequence[MailLine] = ()
) -> PersonLine:
    """Show a registration.

    Args:
        line: As it was read.
        rank: The place in the queue, from 1.
        mails: What was or will be mailed about it.
    """
    return PersonLine(
        id=line.id,
        full_name=line.full_name,
        organization=line.organization,
        email=line.email,
        state=line.state.value,
        position=rank,
        reference=line.reference,
        price_cents=line.price_cents,
        currency=line.currency,
        registered_at=line.registered_at,
        mails=mails,
    )


def mail_line(mail: OutboxMessage) -> MailLine:
    return MailLine(
        id=mail.id,
        kind_words=str(KIND_WORDS.get(mail.kind, mail.kind)),
        to_address=mail.to_address,
        state=mail.state.value,
        due_at=mail.due_at,
        sent_at=mail.sent_at,
        note=mail.note,
    )
