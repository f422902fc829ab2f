"""Signing in by password, and how often it may be tried."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, SignInFailure
from csd_events.accounts.queries import find_credentials
from csd_events.accounts.rules import (
    FAILURES_COUNT_FOR,
    Refusal,
    email_key,
    is_locked_out,
    network_of,
)
from csd_events.core.errors import RefusedError, TooManyError
from csd_events.core.passwords import Passwords


@dataclass(frozen=True, slots=True)
class Checked:
    """Whose password was right, at which moment of the account.

    Attributes:
        session_version: Raised since, the password may have changed since.
        is_outdated: The kept hash has parameters of other days.
    """

    account_id: int
    session_version: int
    is_outdated: bool


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
) -> Checked:
    """Compare a password, for a known and an unknown address in the same time.

    Writes nothing, so that no unit of work is open while the hash is made.

    Raises:
        RefusedError: They do not belong together, whichever of the two is wrong.
    """
    found = find_credentials(session, email)
    kept = found.password_hash if found else None
    if passwords.matches(password, kept) and found and kept:
        is_outdated = passwords.is_outdated(kept)
        return Checked(found.account_id, found.session_version, is_outdated)
    raise RefusedError(Refusal.WRONG)


def complete_sign_in(
    session: Session, checked: Checked, *, email: str, new_hash: str | None
) -> Account:
    """Take back the failures of an address whose owner has come.

    The account is looked at again, locked: between the check and this its owner may
    have chosen another password, because somebody else knew the old one. The hash
    would not do to tell, as another sign-in may have renewed it.

    Args:
        session: An open unit of work.
        checked: Whose password was right.
        email: The address as it was typed.
        new_hash: A hash with today's parameters, where the kept one has others.

    Raises:
        RefusedError: The account's sessions were ended since, or it was closed.
    """
    account = session.scalar(
        select(Account)
        .where(Account.id == checked.account_id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    )
    if account is None or account.session_version != checked.session_version:
        raise RefusedError(Refusal.WRONG)
    if new_hash is not None:
        account.password_hash = new_hash
        session.flush()  # the account is written before the failures, as by a reset
    forgive(session, email)
    return account


def forgive(session: Session, email: str) -> None:
    """Take back the failures of an address: whoever owns it has come."""
    session.execute(
        delete(SignInFailure).where(
            SignInFailure.address_key == _hashed(email_key(email))
        )
    )


def forget_old_failures(session: Session, *, now: datetime) -> None:
    """Drop what no longer counts. A chore of the delivery loop."""
    session.execute(
        delete(SignInFailure).where(SignInFailure.at <= now - FAILURES_COUNT_FOR)
    )


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def _network_key(address: str) -> str:
    return _hashed(network_of(address))
