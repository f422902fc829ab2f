"""What happened with a person, out of everything that keeps a date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account
from csd_events.attendance.models import Visit
from csd_events.audit import queries as audit
from csd_events.audit.queries import Entry
from csd_events.events.models import Event
from csd_events.home.queries.person import PersonFacts, list_mails_to
from csd_events.organizations.models import Affiliation, Membership
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations.models import Registration

MADE = "registration.made"


class What(StrEnum):
    """What can happen with somebody."""

    REGISTERED = "registered"
    MAILED = "mailed"
    NOT_DELIVERED = "not_delivered"
    CAME_BACK = "came_back"
    JOINED = "joined"
    CONFIRMED_ADDRESS = "confirmed_address"
    GOT_ACCOUNT = "got_account"
    FIRST_SEEN = "first_seen"
    CHANGED = "changed"


MAILED = {
    MailState.SENT: What.MAILED,
    MailState.FAILED: What.NOT_DELIVERED,
    MailState.RETURNED: What.CAME_BACK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One thing that happened.

    Attributes:
        event_id: The event it was about, with its title.
        mail_id: The mail it was, with its kind.
        mail: The same as a row, where its state is told.
        entry: What the audit trail says of it.
    """

    what: What
    at: datetime
    event_id: int | None = None
    title: str | None = None
    mail_id: int | None = None
    mail_kind: str | None = None
    mail: OutboxMessage | None = None
    entry: Entry | None = None


def list_happened(
    session: Session, person: PersonFacts, *, limit: int
) -> Sequence[Happened]:
    """List what happened, the latest first: the latest of each source, then of all."""
    changed = list(_changed(session, person.id, limit))
    told = {
        (each.entry.subject_id, each.at)
        for each in changed
        if each.entry and each.entry.action == MADE
    }
    found = [
        *changed,
        *_registered(session, person.id, limit, told),
        *_mailed(session, person.email, limit),
        *_joined(session, person.id, limit),
        *_of_themselves(person),
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:limit]


def _changed(session: Session, person_id: int, limit: int) -> Iterator[Happened]:
    """Yield what the audit trail says of a person and of what is theirs."""
    theirs: dict[str, Any] = {
        "person": [person_id],
        "account": select(Account.id).where(Account.person_id == person_id),
        "affiliation": select(Affiliation.id).where(Affiliation.person_id == person_id),
        "membership": select(Membership.id).where(Membership.person_id == person_id),
        "registration": select(Registration.id).where(
            Registration.person_id == person_id
        ),
    }
    entries = audit.list_about_all(session, theirs, limit=limit)
    ids = {each.subject_id for each in entries if each.subject_kind == "registration"}
    rows = session.execute(
        select(Registration.id, Event.id, Event.title)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.id.in_(ids))
    )
    events = {row[0]: row[1:] for row in rows}
    for entry in entries:
        of_registration = entry.subject_kind == "registration"
        of_event = events.get(entry.subject_id) if of_registration else None
        event_id, title = of_event or (None, None)
        yield Happened(
            what=What.CHANGED,
            at=entry.at,
            event_id=event_id,
            title=title,
            entry=entry,
        )


def _registered(
    session: Session, person_id: int, limit: int, told: set[tuple[int, datetime]]
) -> Iterator[Happened]:
    """Yield registrations that the trail does not tell of, such as samples."""
    query = (
        _with_event(Registration.id, Registration.registered_at)
        .where(Registration.person_id == person_id)
        .order_by(Registration.registered_at.desc())
    )
    for registration_id, at, event_id, title in session.execute(query.limit(limit)):
        if (registration_id, at) not in told:
            yield Happened(what=What.REGISTERED, at=at, event_id=event_id, title=title)


def _joined(session: Session, person_id: int, limit: int) -> Iterator[Happened]:
    query = (
        _with_event(Visit.joined_at)
        .join(Visit, Visit.registration_id == Registration.id)
        .where(Registration.person_id == person_id)
        .order_by(Visit.joined_at.desc())
    )
    for at, event_id, title in session.execute(query.limit(limit)):
        yield Happened(what=What.JOINED, at=at, event_id=event_id, title=title)


def _mailed(session: Session, address: str, limit: int) -> Iterator[Happened]:
    for mail in list_mails_to(session, address, limit=limit):
        if mail.state in MAILED:
            yield Happened(
                what=MAILED[mail.state],
                at=mail.sent_at or mail.due_at,
                mail_id=mail.id,
                mail_kind=mail.kind,
            )


def _of_themselves(person: PersonFacts) -> Iterator[Happened]:
    known = {
        What.FIRST_SEEN: person.created_at,
        What.CONFIRMED_ADDRESS: person.email_confirmed_at,
        What.GOT_ACCOUNT: person.account_since,
    }
    for what, at in known.items():
        if at is not None:
            yield Happened(what=what, at=at)


def _with_event(*columns: Any) -> Select[Any]:
    return (
        select(*columns, Event.id, Event.title)
        .select_from(Registration)
        .join(Event, Event.id == Registration.event_id)
    )
