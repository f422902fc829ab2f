"""All that happened with one registration, out of everything that keeps a date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.attendance.models import Visit
from csd_events.audit import queries as audit
from csd_events.billing.queries import Account
from csd_events.core.errors import NotFoundError
from csd_events.events.models import Event
from csd_events.home.queries.timeline import MADE, MAILED, Happened, What
from csd_events.outbox import queries as outbox
from csd_events.registrations.models import Registration, RegistrationGroup

MOST_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class Registrant:
    """A registration, its event, and who sent the form if that was somebody else."""

    registration: Registration
    event: Event
    email: str
    sender: str | None


def get_registrant(session: Session, registration_id: int) -> Registrant:
    """Return a registration as its own page begins with it.

    Raises:
        NotFoundError: No such registration.
    """
    row = session.execute(
        select(Registration, Event, Person.email, RegistrationGroup.full_name)
        .join(Event, Event.id == Registration.event_id)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(RegistrationGroup, RegistrationGroup.id == Registration.group_id)
        .where(Registration.id == registration_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("registration")
    return Registrant(*row)


def list_story(
    session: Session, registration: Registration, accounts: Sequence[Account]
) -> list[Happened]:
    """List what happened with a registration, in the order in which it did.

    Args:
        accounts: Its invoices, with what became of each.
    """
    entries = audit.list_about_all(
        session,
        {
            "registration": [registration.id],
            "invoice": [each.invoice.id for each in accounts],
        },
        limit=MOST_ENTRIES,
    )
    changed = [
        Happened(what=What.CHANGED, at=each.at, entry=each) for each in entries[::-1]
    ]
    if not any(each.entry and each.entry.action == MADE for each in changed):
        made = Happened(what=What.REGISTERED, at=registration.registered_at)
        changed.append(made)
    found = [
        *changed,
        *_mailed(session, registration.id),
        *_joined(session, registration.id),
    ]
    return sorted(found, key=lambda each: each.at)


def _mailed(session: Session, registration_id: int) -> Iterator[Happened]:
    """Yield its mails, those too that are still to go or did not."""
    for mail in outbox.list_about(
        session, feature="registration", subject_ids=[registration_id]
    ):
        yield Happened(
            what=MAILED.get(mail.state, What.MAILED),
            at=mail.sent_at or mail.due_at,
            mail_id=mail.id,
            mail_kind=mail.kind,
            mail=mail,
        )


def _joined(session: Session, registration_id: int) -> Iterator[Happened]:
    joined = select(Visit.joined_at).where(Visit.registration_id == registration_id)
    for at in session.scalars(joined.order_by(Visit.joined_at)):
        yield Happened(what=What.JOINED, at=at)
