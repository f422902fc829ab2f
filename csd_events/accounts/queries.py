"""Finding people and accounts."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, Person
from csd_events.accounts.rules import email_key, session_parts
from csd_events.core.access import Role
from csd_events.core.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a typed password is compared with."""

    account_id: int
    password_hash: str


def find_signed_in(session: Session, user_id: str) -> Account | None:
    """Return the account a session cookie speaks of, unless its sessions were ended.

    It comes detached, with its person: what is known of whoever is signed in stays
    as it was read, and costs no statement again, when a unit of work begins.

    Args:
        session: To read in.
        user_id: ``<account>.<session version>``; anything else finds nobody.
    """
    parts = session_parts(user_id)
    if parts is None:
        return None
    account = session.scalar(
        select(Account).where(
            Account.id == parts[0], Account.session_version == parts[1]
        )
    )
    if account is not None:
        session.expunge(account.person)
        session.expunge(account)
    return account


def find_account(session: Session, email: str) -> Account | None:
    return session.scalar(
        select(Account).join(Account.person).where(Person.email_key == email_key(email))
    )


def get_account(session: Session, email: str) -> Account:
    """Return the account of an address.

    Raises:
        NotFoundError: It has none.
    """
    account = find_account(session, email)
    if account is None:
        raise NotFoundError("no account with this address")
    return account


def get_account_of(session: Session, person_id: int) -> Account:
    """Return the account of a person.

    Raises:
        NotFoundError: There is no such person, or they have none.
    """
    found = session.scalar(select(Account).where(Account.person_id == person_id))
    if found is None:
        raise NotFoundError("no account of this person")
    return found


def find_credentials(session: Session, email: str) -> Credentials | None:
    row = session.execute(
        select(Account.id, Account.password_hash)
        .join(Person, Person.id == Account.person_id)
        .where(Person.email_key == email_key(email))
    ).one_or_none()
    return Credentials(*row) if row else None


def has_administrator(session: Session) -> bool:
    return bool(
        session.scalar(select(exists().where(Account.role == Role.ADMINISTRATOR)))
    )
