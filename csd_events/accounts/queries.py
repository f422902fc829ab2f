"""Finding people and accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import (
    Account,
    MailedLink,
    Person,
    PersonArea,
    TypedForm,
)
from csd_events.accounts.rules import (
    LinkKind,
    LinkState,
    Preferences,
    email_key,
    link_state,
    session_parts,
)
from csd_events.core.access import Role
from csd_events.core.errors import EndedError, NotFoundError
from csd_events.core.tokens import Links, Purpose, row_id
from csd_events.outbox import queries as outbox
from csd_events.outbox.queries import Returned


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a typed password is compared with."""

    account_id: int
    password_hash: str | None  # None for who signs in by mailed links
    session_version: int


#: Made once: every page of somebody who is signed in asks it.
_SIGNED_IN = select(Account).where(
    Account.id == bindparam("account"), Account.session_version == bindparam("version")
)


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
    whose = dict(zip(("account", "version"), parts, strict=True))
    account = session.scalar(_SIGNED_IN, whose)
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


def find_of_person(session: Session, person_id: int) -> Account | None:
    """Find the account of a person, as it is in the database."""
    own = select(Account).where(Account.person_id == person_id)
    return session.scalar(own.execution_options(populate_existing=True))


def get_feed_owner(session: Session, links: Links, token: str) -> int:
    """Return whose calendar a secret address opens, if their address is confirmed.

    Raises:
        NotFoundError: It is not ours.
        EndedError: It was, until a newer one took its place.
    """
    number = row_id(token)
    account = session.get(Account, number) if number is not None else None
    if account is None or account.person.email_confirmed_at is None:
        raise NotFoundError("feed")
    if links.matches(token, Purpose.FEED, account.feed_version):
        return account.person_id
    if links.matched_before(token, Purpose.FEED, account.feed_version):
        raise EndedError("feed")
    raise NotFoundError("feed")


def find_credentials(session: Session, email: str) -> Credentials | None:
    row = session.execute(
        select(Account.id, Account.password_hash, Account.session_version)
        .join(Person, Person.id == Account.person_id)
        .where(Person.email_key == email_key(email))
    ).one_or_none()
    return Credentials(*row) if row else None


def has_administrator(session: Session) -> bool:
    return bool(
        session.scalar(select(exists().where(Account.role == Role.ADMINISTRATOR)))
    )


def find_mark(session: Session, address: str) -> Returned | None:
    """Find whether mail to somebody comes back: see `outbox.queries.find_mark`."""
    return outbox.find_mark(session, {address, email_key(address)})


def has_password(session: Session, person_id: int) -> bool:
    """Tell whether somebody signs in by password, and not by mailed links alone."""
    chosen = select(Account.password_hash).where(Account.person_id == person_id)
    return session.scalar(chosen) is not None


def list_areas(session: Session, person_id: int) -> tuple[str, ...]:
    """List the service areas somebody prefers, the first choice first."""
    own = select(PersonArea.area).where(PersonArea.person_id == person_id)
    return tuple(session.scalars(own.order_by(PersonArea.position)))


def get_preferences(session: Session, person_id: int) -> Preferences:
    person = session.get_one(Person, person_id)
    return Preferences(
        areas=list_areas(session, person_id),
        form=person.preferred_form,
        stage=person.stage,
        zone=person.zone,
        wants_reminders=person.wants_reminders,
    )


def get_link(session: Session, links: Links, token: str, kind: LinkKind) -> MailedLink:
    """Return the mailed link that a token is, whether or not it still holds.

    Raises:
        NotFoundError: It is none of ours.
    """
    number = row_id(token)
    found = session.get(MailedLink, number) if number is not None else None
    if found is None or found.kind is not kind:
        raise NotFoundError("link")
    if not links.matches(token, Purpose(kind.value), found.version):
        raise NotFoundError("link")
    return found


def state_of(session: Session, link: MailedLink, *, now: datetime) -> LinkState:
    """Say how a link stands. One to an address that was changed has been replaced."""
    state = link_state(
        link.kind,
        created_at=link.created_at,
        ends_at=link.ends_at,
        used_at=link.used_at,
        now=now,
    )
    signs_in = link.kind in {LinkKind.SIGN_IN, LinkKind.RESET}
    if state is LinkState.OPEN and signs_in:
        account = select(Account.id).join(Person, Person.id == Account.person_id)
        if session.scalar(account.where(*is_still_theirs(link))) is None:
            return LinkState.REPLACED
    return state


def is_still_theirs(link: MailedLink) -> tuple[ColumnElement[bool], ...]:
    """The condition under which a link's address is still that of its person."""
    return Person.id == link.person_id, Person.email_key == link.address_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaved:
    """What somebody typed into the form of a page and did not save.

    Attributes:
        is_stale: Whether what the form is about was saved since.
        is_shown: Whether the form of the page holds it.
        fields: Name and value of each field.
    """

    typed_at: datetime
    is_stale: bool
    is_shown: bool
    fields: Sequence[tuple[str, str]]


def find_typed(
    session: Session,
    person_id: int | None,
    page: str,
    *,
    version: int,
    shown: bool,
) -> Unsaved | None:
    """Find what somebody typed into the form of a page.

    Args:
        version: Of what the form is about; 0 for something new.
        shown: Whether they asked for it.
    """
    row = session.get(TypedForm, (person_id, page))
    if row is None:
        return None
    return Unsaved(
        typed_at=row.typed_at,
        is_stale=(row.said("version") or "0") != str(version),
        is_shown=shown,
        fields=[(name, value) for name, value in row.fields],
    )
