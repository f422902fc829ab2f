"""Queueing mail about registrations, for one person and for everybody at an event."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, cast, literal, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.db import given_rows
from csd_events.outbox import queries as outbox_queries
from csd_events.outbox import service as outbox
from csd_events.outbox.queries import AN_HOUR, MAILS
from csd_events.registrations import queries, rules
from csd_events.registrations.models import (
    Handover,
    Registration,
    RegistrationGroup,
)
from csd_events.registrations.rules import Hold, State

#: Whoever has a place, or has one held for them, or waits for one.
IN = (State.CONFIRMED, State.HELD, State.WAITING)

#: The mail that says what stands between somebody and the place held for them.
HELD = {
    Hold.APPROVAL: "registration.requested",
    Hold.CONFERENCE: "registration.unlisted",
    Hold.ANSWER: "registration.offered",
}


@dataclass(frozen=True, slots=True)
class Telling:
    """A mail about one registration.

    Attributes:
        occasion: What makes it this mail and no other, such as the registration's
            life or the hour.
    """

    kind: str
    event_id: int
    registration_id: int
    occasion: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.registration_id}:{self.occasion}"


def queue_mail(
    session: Session,
    telling: Telling,
    *,
    to_address: str,
    at_once: bool,
    now: datetime,
) -> None:
    """Queue a mail once; one to an address that nobody has confirmed waits its turn.

    Args:
        at_once: Whether the owner of the address has confirmed it, or nothing was
            ever sent there. If not, at most three mails an hour go: the form is no
            tool for spammers.
    """
    outbox.enqueue(
        session,
        key=telling.key,
        kind=telling.kind,
        subject_id=telling.registration_id,
        event_id=telling.event_id,
        to_address=to_address,
        due_at=now if at_once else _turn(session, to_address, now),
        now=now,
    )


def tell_of(
    session: Session,
    registration: Registration,
    kind: str,
    *,
    at_once: bool = False,
    now: datetime,
) -> None:
    """Queue a mail that goes once in each life of a registration; its person is loaded.

    Args:
        at_once: Whether it goes at once to an address that nobody confirmed, too.
    """
    person = registration.person
    queue_mail(
        session,
        Telling(kind, registration.event_id, registration.id, str(registration.life)),
        to_address=person.email,
        at_once=at_once or person.email_confirmed_at is not None,
        now=now,
    )


def tell_of_handover(
    session: Session,
    handover: Handover,
    to_address: str,
    *,
    event_id: int,
    now: datetime,
) -> None:
    """Tell who had a place what became of it: at once, for nothing else does."""
    kind = f"handovers.{handover.kind}"
    outbox.enqueue(
        session,
        key=f"{kind}:{handover.id}",
        kind=kind,
        subject_id=handover.id,
        event_id=event_id,
        to_address=to_address,
        due_at=now,
        now=now,
    )


def untold(*, tell: bool) -> dict[str, object]:
    """Return what the trail keeps of a change that its person was not mailed."""
    return {} if tell else {"told": [None, False]}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail is about, and how they are reached.

    Attributes:
        occasion: As of `Telling`.
        confirmed: Whether the owner of the address has confirmed it.
    """

    registration_id: int
    occasion: str
    email: str
    confirmed: bool


def tell_all(
    session: Session,
    kind: str,
    readers: Sequence[Reader],
    *,
    event_id: int,
    now: datetime,
) -> None:
    """Queue a mail for each of several people, in one statement for each instant."""
    unproven = {reader.email for reader in readers if not reader.confirmed}
    turns: dict[str, datetime] = {}
    if unproven:
        turns = outbox_queries.next_turns(
            session, unproven, most=rules.MAILS_AN_HOUR, now=now
        )
    by_turn = defaultdict(list)
    for reader in readers:
        by_turn[turns.get(reader.email, now)].append(reader)
    for due_at, those in by_turn.items():
        rows = [
            {
                "key": Telling(kind, event_id, r.registration_id, r.occasion).key,
                "subject_id": r.registration_id,
                "to_address": r.email,
            }
            for r in those
        ]
        given = given_rows(session, [MAILS.c[name] for name in rows[0]], rows)
        who = select(given.c.key, given.c.subject_id, given.c.to_address)
        outbox.enqueue_all(
            session, who, kind=kind, due_at=due_at, now=now, event_id=event_id
        )


def tell_sender(
    session: Session,
    group: RegistrationGroup,
    kind: str,
    *,
    now: datetime,
    occasion: int = 0,
    due_at: datetime | None = None,
) -> None:
    """Queue a mail to who registers colleagues, once for its occasion."""
    sender = session.get_one(Person, group.sender_id)
    at_once = sender.email_confirmed_at is not None
    turn = now if at_once else _turn(session, sender.email, now)
    outbox.enqueue(
        session,
        key=f"{kind}:{group.id}:{occasion}",
        kind=kind,
        subject_id=group.id,
        event_id=group.event_id,
        to_address=sender.email,
        due_at=max(turn, due_at or now),
        now=now,
    )


def tell_again(
    session: Session,
    registration_id: int,
    *,
    event_id: int,
    to_address: str,
    at_once: bool,
    now: datetime,
) -> None:
    """Send the details of a registration again, at most once an hour.

    Its event must be locked, so that two requests do not both find nothing sent.
    """
    kind = "registration.details"
    if queries.was_mailed(session, registration_id, kind, since=now - AN_HOUR):
        return
    queue_mail(
        session,
        Telling(kind, event_id, registration_id, rules.stamp(now)),
        to_address=to_address,
        at_once=at_once,
        now=now,
    )


def tell_everybody(  # noqa: PLR0913 - which mail, to whom, and when, all by name
    session: Session,
    *,
    kind: str,
    event_id: int,
    occasion: str,
    due_at: datetime,
    now: datetime,
    here_by: datetime | None = None,
) -> int:
    """Queue one mail for everyone who knows of their place. Return how many.

    Args:
        here_by: Only for those who were registered by then.
    """
    people = about(literal(kind), occasion).where(
        Registration.event_id == event_id,
        Registration.state.in_(IN),
        ~Registration.is_pending,
    )
    if here_by is not None:
        people = people.where(Registration.registered_at <= here_by)
    return outbox.enqueue_all(
        session, people, kind=kind, due_at=due_at, now=now, event_id=event_id
    )


def about(prefix: ColumnElement[str], occasion: str) -> Select[str, int, str]:
    """Select key, registration and address of a mail about each of some people."""
    key = prefix + ":" + cast(Registration.id, String) + f":{occasion}"
    return select(
        key.label("key"),
        Registration.id.label("subject_id"),
        Person.email.label("to_address"),
    ).join(Person, Person.id == Registration.person_id)


def _turn(session: Session, address: str, now: datetime) -> datetime:
    """Find when an unconfirmed address may be written to again."""
    return outbox_queries.next_turn(session, address, most=rules.MAILS_AN_HOUR, now=now)
