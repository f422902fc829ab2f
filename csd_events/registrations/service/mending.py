"""Mending what a form got wrong: the address, or a mail that did not arrive."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Person
from csd_events.audit import service as audit
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.registrations import rules
from csd_events.registrations.models import Receipt, Registration
from csd_events.registrations.rules import Refusal
from csd_events.registrations.service.handing import pass_on
from csd_events.registrations.service.registering import count_form
from csd_events.registrations.service.telling import IN, Telling, queue_mail, tell_again


def confirm_address(
    session: Session, registration_id: int, *, link_version: int, now: datetime
) -> None:
    """Note that who holds the link in the mail reads mail at this address.

    Args:
        link_version: Of the link. The registration may go to another address at this
            very moment, which the mail to the old one does not confirm.

    Raises:
        NotFoundError: The link has ended.
    """
    whose = select(Registration.person_id).where(
        Registration.id == registration_id, Registration.link_version == link_version
    )
    # Held until the commit, so that its address is not corrected meanwhile.
    person_id = session.scalar(whose.with_for_update())
    if person_id is None:
        raise NotFoundError(str(registration_id))
    accounts.confirm_address(session, person_id, now=now)


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
        event_id=receipt.event_id,
        to_address=address,
        at_once=confirmed_at is not None,
        now=now,
    )


def change_address(
    session: Session,
    receipt_id: int,
    email: str,
    *,
    now: datetime,
    network_address: str | None = None,
) -> None:
    """Correct a mistyped address, if this receipt made the registration.

    For ten minutes after the form was sent, and as long as nobody confirmed the old
    address, sent a form of their own for it, or cancelled. Links in the mail to the
    old address end. Whether anything moved is not told: the answer is the same for a
    receipt that made nothing.

    Args:
        network_address: Where the form came from; None where that is not counted.

    Raises:
        RefusedError: The ten minutes are over.
        TooManyError: Too many forms from one network address.
    """
    receipt = session.get_one(Receipt, receipt_id)
    event = events.lock(session, receipt.event_id)
    session.refresh(receipt)
    if not rules.may_mend_address(receipt.sent_at, now):
        raise RefusedError(Refusal.LATE)
    if network_address:  # each correction is a mail to an address of their choice
        count_form(session, network_address, now)
    receipt.email = email
    # Locked, since whoever confirms the address at this moment does not lock the event.
    registration = session.get_one(
        Registration,
        receipt.registration_id,
        populate_existing=True,
        with_for_update=True,
    )
    owner = session.get_one(Person, registration.person_id)
    # Whoever sent a form of their own for this address relies on the registration.
    relied_on = select(Receipt.id).where(
        Receipt.registration_id == registration.id, Receipt.id != receipt.id
    )
    unmoved = owner.email_confirmed_at is None and registration.state in IN
    if not (receipt.made_it and unmoved) or session.scalar(relied_on) is not None:
        return
    person_id = accounts.find_or_create_person(
        session, email=email, full_name=receipt.full_name, now=now
    )
    if person_id == owner.id:
        return
    moved_to = _move(session, event, registration, person_id, now)
    receipt.registration_id, receipt.made_it = moved_to


def _move(
    session: Session,
    event: Event,
    registration: Registration,
    person_id: int,
    now: datetime,
) -> tuple[int, bool]:
    """Hand a registration to another address, unless that one has a place already.

    Return the id of what the receipt is about from now on, and whether its form made
    that.
    """
    passed = pass_on(session, event, registration, person_id, now=now)
    given = passed.to
    to_address = given.person.email
    at_once = given.person.email_confirmed_at is not None
    if not passed.moved:
        tell_again(
            session,
            given.id,
            event_id=event.id,
            to_address=to_address,
            at_once=at_once,
            now=now,
        )
        return given.id, False
    what = f"address-{given.link_version}"
    queue_mail(
        session,
        Telling("registration.details", event.id, given.id, what),
        to_address=to_address,
        at_once=at_once,
        now=now,
    )
    audit.record(session, "registration.readdressed", subject_id=given.id, now=now)
    return given.id, True
