"""Mending what a form got wrong: the address, or a mail that did not arrive."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Person
from csd_events.audit import service as audit
from csd_events.core.errors import RefusedError
from csd_events.events import queries as events
from csd_events.registrations import rules
from csd_events.registrations.models import Receipt, Registration
from csd_events.registrations.rules import Refusal, State
from csd_events.registrations.service.telling import Telling, queue_mail, tell_again


def confirm_address(session: Session, registration_id: int, *, now: datetime) -> None:
    """Note that who holds the link in the mail reads mail at this address."""
    whose = select(Registration.person_id).where(Registration.id == registration_id)
    accounts.confirm_address(session, session.scalars(whose).one(), now=now)


def send_details_again(session: Session, receipt_id: int, *, now: datetime) -> None:
    """Send the mail of a receipt again, at most once an hour. Says nothing of whom."""
    receipt = session.get_one(Receipt, receipt_id)
    events.lock(session, receipt.event_id)
    address, confirmed_at = session.execute(
        select(Person.email, Person.email_confirmed_at)
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.id == receipt.registration_id)
    ).one()
    tell_again(
        session,
        receipt.registration_id,
        to_address=address,
        confirmed=confirmed_at is not None,
        now=now,
    )


def change_address(
    session: Session, receipt_id: int, email: str, *, now: datetime
) -> None:
    """Correct a mistyped address, if this receipt made the registration.

    For ten minutes after the form was sent, and as long as nobody confirmed the old
    address, sent a form of their own for it, or cancelled. Links in the mail to the
    old address end. Whether anything moved is not told: the answer is the same for a
    receipt that made nothing.

    Raises:
        RefusedError: The ten minutes are over.
    """
    receipt = session.get_one(Receipt, receipt_id)
    events.lock(session, receipt.event_id)
    session.refresh(receipt)
    if not rules.may_mend_address(receipt.sent_at, now):
        raise RefusedError(Refusal.LATE)
    receipt.email = email
    registration = session.get_one(
        Registration, receipt.registration_id, populate_existing=True
    )
    owner = session.get_one(Person, registration.person_id)
    # Whoever sent a form of their own for this address relies on the registration.
    relied_on = select(Receipt.id).where(
        Receipt.registration_id == registration.id, Receipt.id != receipt.id
    )
    unmoved = owner.email_confirmed_at is None and registration.state in {
        State.CONFIRMED,
        State.WAITING,
    }
    if not (receipt.made_it and unmoved) or session.scalar(relied_on) is not None:
        return
    person_id = accounts.find_or_create_person(
        session, email=email, full_name=receipt.full_name, now=now
    )
    if person_id == owner.id:
        return
    _move(session, registration, person_id, now)


def _move(
    session: Session, registration: Registration, person_id: int, now: datetime
) -> None:
    """Hand the registration to another address, unless that one has its own."""
    has_one = select(Registration.id).where(
        Registration.event_id == registration.event_id,
        Registration.person_id == person_id,
    )
    if session.scalar(has_one) is not None:
        return
    session.execute(
        update(Registration)
        .where(Registration.id == registration.id)
        .values(person_id=person_id, link_version=Registration.link_version + 1)
    )
    session.refresh(registration)
    person = session.get_one(Person, person_id)
    queue_mail(
        session,
        Telling(
            "registration.details",
            registration.id,
            f"address-{registration.link_version}",
        ),
        to_address=person.email,
        confirmed=person.email_confirmed_at is not None,
        now=now,
    )
    audit.record(
        session, "registration.readdressed", subject_id=registration.id, now=now
    )
