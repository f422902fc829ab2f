"""Giving a person another address, and the one who had it theirs in return."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, Person
from csd_events.accounts.rules import email_key


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever has an address."""

    person_id: int
    has_account: bool


def find_holder(session: Session, address: str) -> Holder | None:
    """Find whoever has an address."""
    has_account = exists().where(Account.person_id == Person.id)
    row = session.execute(
        select(Person.id, has_account).where(Person.email_key == email_key(address))
    ).one_or_none()
    return Holder(*row) if row else None


def lock_people(session: Session, person_ids: Collection[int]) -> None:
    """Hold people until the commit: nobody registers as them meanwhile."""
    held = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    session.execute(held.with_for_update()).all()


def give_address(
    session: Session,
    person_id: int,
    address: str,
    *,
    holder_id: int | None,
    now: datetime,
) -> str:
    """Give a person an address that they have shown to be theirs.

    Whoever has it gets the person's old one, which counts as not confirmed: an
    address is never left without the person it belonged to, nor is a person's past.

    Args:
        holder_id: Who has it, locked; None if nobody does.

    Returns:
        The old address.
    """
    person = session.get_one(Person, person_id, populate_existing=True)
    old, old_key = person.email, person.email_key
    if holder_id is not None:
        # No address has a key without an @: this one is in nobody's way.
        _write(session, holder_id, email=old, email_key=f"{holder_id}")
    _write(
        session,
        person_id,
        email=address,
        email_key=email_key(address),
        email_confirmed_at=now,
    )
    if holder_id is not None:
        _write(session, holder_id, email_key=old_key, email_confirmed_at=None)
    session.refresh(person)
    return old


def _write(session: Session, person_id: int, **values: object) -> None:
    session.execute(update(Person).where(Person.id == person_id).values(values))
