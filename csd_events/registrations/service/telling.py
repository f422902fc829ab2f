"""Queueing mail about registrations, for one person and for everybody at an event."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, cast, literal, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.outbox import queries as outbox_queries
from csd_events.outbox import service as outbox
from csd_events.outbox.queries import AN_HOUR
from csd_events.registrations import queries, rules
from csd_events.registrations.models import Registration
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


def untold(*, tell: bool) -> dict[str, object]:
    """Return what the trail keeps of a change that its person was not mailed."""
    return {} if tell else {"told": [None, False]}


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


def tell_everybody(
    session: Session,
    *,
    kind: str,
    event_id: int,
    occasion: str,
    due_at: datetime,
    now: datetime,
) -> int:
    """Queue one mail for everyone who holds a place or waits. Return how many."""
    people = about(literal(kind), occasion).where(
        Registration.event_id == event_id, Registration.state.in_(IN)
    )
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
