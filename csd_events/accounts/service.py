"""People as addresses, accounts, and signing in."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, Person, SignInFailure
from csd_events.accounts.queries import Credentials, find_credentials
from csd_events.accounts.rules import (
    FAILURES_COUNT_FOR,
    Refusal,
    email_key,
    is_locked_out,
    name_key,
    network_of,
)
from csd_events.audit import service as audit
from csd_events.core.access import Role
from csd_events.core.db import INSERTS, engine_name
from csd_events.core.errors import NotFoundError, RefusedError, TooManyError
from csd_events.core.passwords import Passwords

PEOPLE = cast("Table", Person.__table__)
# Made once: every form sent asks these, and making a statement costs more than it.
_WHOSE = select(PEOPLE.c.id, PEOPLE.c.email, PEOPLE.c.email_confirmed_at).where(
    PEOPLE.c.email_key == bindparam("key")
)
_CREATE = {
    engine: insert_into(PEOPLE).on_conflict_do_nothing().returning(PEOPLE.c.id)
    for engine, insert_into in INSERTS.items()
}


@dataclass(frozen=True, slots=True)
class Met:
    """Whoever an address belongs to, and whether we heard of them just now."""

    person_id: int
    email: str
    confirmed: bool
    is_new: bool = False


def meet(session: Session, *, email: str, full_name: str, now: datetime) -> Met:
    """Find whoever an address belongs to, or take them in.

    A name is taken for a new address only: what somebody types into a form never
    changes what a person has told us about themselves. Two requests at once get
    the same person.
    """
    key = email_key(email)
    known = session.execute(_WHOSE, {"key": key}).one_or_none()
    if known is None:
        row = {
            "email": email,
            "email_key": key,
            "full_name": full_name,
            "created_at": now,
        }
        created = session.scalar(_CREATE[engine_name(session)], row)
        if created is not None:
            return Met(created, email, confirmed=False, is_new=True)
        known = session.execute(_WHOSE, {"key": key}).one()
    return Met(known.id, known.email, known.email_confirmed_at is not None)


def find_or_create_person(
    session: Session, *, email: str, full_name: str, now: datetime
) -> int:
    """Return the id of whoever an address belongs to: see `meet`."""
    return meet(session, email=email, full_name=full_name, now=now).person_id


def confirm_address(session: Session, person_id: int, *, now: datetime) -> None:
    """Note that the owner of an address has shown that it is theirs."""
    session.execute(
        update(Person)
        .where(Person.id == person_id, Person.email_confirmed_at.is_(None))
        .values(email_confirmed_at=now)
    )


def create_account(
    session: Session,
    person_id: int,
    *,
    full_name: str,
    password_hash: str,
    now: datetime,
) -> int:
    """Let a person sign in; their name is from now on the one given here.

    Takes a hash and no password: a hash takes a while to make, and no unit of work
    should be open meanwhile.

    Raises:
        RefusedError: They have an account.
    """
    row = {"person_id": person_id, "password_hash": password_hash, "created_at": now}
    created: int | None = session.scalar(
        INSERTS[engine_name(session)](Account)
        .values(role=Role.NONE, session_version=1, **row)
        .on_conflict_do_nothing()
        .returning(Account.id)
    )
    if created is None:
        raise RefusedError(Refusal.HAS_ACCOUNT)
    session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(full_name=full_name, name_key=name_key(full_name))
    )
    return created


def grant_role(
    session: Session,
    account_id: int,
    role: Role,
    *,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Say what an account may do.

    Args:
        session: An open unit of work.
        account_id: Whose role it is.
        role: The new one.
        now: The instant of the request.
        actor_id: The person who grants it; None for the operator's command.

    Raises:
        NotFoundError: There is no such account.
        RefusedError: Nobody would be left to administer the site, nobody has confirmed
            the account's address, or who grants it is no administrator any more.
    """
    # Everyone who decides on administrators meets at these rows.
    administrators = dict(
        session.execute(
            select(Account.id, Account.person_id)
            .where(Account.role == Role.ADMINISTRATOR)
            .order_by(Account.id)
            .with_for_update()
        ).all()
    )
    account = session.get(Account, account_id, populate_existing=True)
    if account is None:
        raise NotFoundError("no such account")
    before = account.role
    if before is role:
        return
    if actor_id is not None and actor_id not in administrators.values():
        raise RefusedError(Refusal.NO_ADMINISTRATOR)
    if list(administrators) == [account_id]:
        raise RefusedError(Refusal.LAST_ADMINISTRATOR)
    if role is not Role.NONE and account.person.email_confirmed_at is None:
        raise RefusedError(Refusal.NOT_CONFIRMED)
    account.role = role
    audit.record(
        session,
        "account.role_granted",
        subject_id=account_id,
        now=now,
        actor_id=actor_id,
        changes={"role": [before.value, role.value]},
    )


def admit_attempt(
    session: Session, *, email: str, network_address: str, now: datetime
) -> None:
    """Count a try to sign in as failed, until ``complete_sign_in`` takes it back.

    Counted before the password is checked, so that many tries at once do not all
    find the count where it was. On PostgreSQL as many as are checked at one moment
    may pass together, which the turns of ``Passwords`` keep to a handful.

    Raises:
        TooManyError: There have been too many, for this address or network.
    """
    address_key, network_key = _hashed(email_key(email)), _network_key(network_address)
    since = SignInFailure.at > now - FAILURES_COUNT_FOR
    of_address, of_network = (
        select(func.count()).where(column == key, since).scalar_subquery()
        for column, key in (
            (SignInFailure.address_key, address_key),
            (SignInFailure.network_key, network_key),
        )
    )
    counts = session.execute(select(of_address, of_network)).one()
    if is_locked_out(address_failures=counts[0], network_failures=counts[1]):
        raise TooManyError(Refusal.LOCKED)
    session.execute(
        insert(SignInFailure),
        {"address_key": address_key, "network_key": network_key, "at": now},
    )


def check_password(
    session: Session, *, email: str, password: str, passwords: Passwords
) -> Credentials:
    """Compare a password, for a known and an unknown address in the same time.

    Writes nothing, so that no unit of work is open while the hash is made.

    Raises:
        RefusedError: They do not belong together, whichever of the two is wrong.
    """
    found = find_credentials(session, email)
    if passwords.matches(password, found.password_hash if found else None) and found:
        return found
    raise RefusedError(Refusal.WRONG)


def complete_sign_in(
    session: Session, *, account_id: int, email: str, new_hash: str | None
) -> Account:
    """Take back the failures of an address whose owner has come.

    Args:
        session: An open unit of work.
        account_id: Whose password was right.
        email: The address as it was typed.
        new_hash: A hash with today's parameters, where the kept one has others.
    """
    session.execute(
        delete(SignInFailure).where(
            SignInFailure.address_key == _hashed(email_key(email))
        )
    )
    account = session.get_one(Account, account_id, populate_existing=True)
    if new_hash is not None:
        account.password_hash = new_hash
    return account


def forget_old_failures(session: Session, *, now: datetime) -> None:
    """Drop what no longer counts. A chore of the delivery loop."""
    session.execute(
        delete(SignInFailure).where(SignInFailure.at <= now - FAILURES_COUNT_FOR)
    )


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def _network_key(address: str) -> str:
    return _hashed(network_of(address))
