"""Links by mail: asked for by an address, used up by a button.

What is asked for is answered alike, with the same statements, whether or not an
address is known; the mail alone tells, and only the owner of the address reads it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, MailedLink, Person
from csd_events.accounts.queries import is_still_theirs
from csd_events.accounts.rules import (
    LASTS,
    LINKS_A_NETWORK,
    LINKS_AN_ADDRESS,
    LinkKind,
    Refusal,
    email_key,
)
from csd_events.accounts.service.keeping import (
    create_account,
    end_links,
    end_sessions,
    set_password,
)
from csd_events.accounts.service.people import confirm_address, meet
from csd_events.accounts.service.signing_in import forgive
from csd_events.core import limits
from csd_events.core.errors import EndedError, RefusedError, TooManyError
from csd_events.core.tokens import new_version
from csd_events.outbox import queries as outbox_queries
from csd_events.outbox import service as outbox

#: Links that nobody can open any more are forgotten after this.
KEPT = timedelta(days=30)
_WHO = select(Person.id, Person.email, Account.id.label("account_id")).outerjoin(
    Account, Account.person_id == Person.id
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is asked for without signing in.

    Attributes:
        full_name: Of a new account.
        next_path: The page of ours to go on to.
        network_address: Where it came from; None where that is not counted.
    """

    email: str
    full_name: str = ""
    next_path: str = ""
    network_address: str | None = None


@dataclass(frozen=True, slots=True)
class _Letter:
    """The link and the mail that answer somebody."""

    link: LinkKind
    mail: str


def ask_to_sign_up(session: Session, asking: Asking, *, now: datetime) -> None:
    """Mail a way to finish an account, or to sign in to the one there is.

    Raises:
        TooManyError: Too many were asked for from one network.
    """
    _answer(
        session,
        asking,
        known=_Letter(LinkKind.SIGN_IN, "accounts.known"),
        unknown=_Letter(LinkKind.SIGN_UP, "accounts.sign_up"),
        now=now,
    )


def ask_to_sign_in(session: Session, asking: Asking, *, now: datetime) -> None:
    """Mail a link that signs in, or word that there is no account.

    Raises:
        TooManyError: Too many were asked for from one network.
    """
    _answer(
        session,
        asking,
        known=_Letter(LinkKind.SIGN_IN, "accounts.sign_in"),
        unknown=_Letter(LinkKind.SIGN_IN, "accounts.unknown"),
        now=now,
    )


def ask_to_reset(session: Session, asking: Asking, *, now: datetime) -> None:
    """Mail a link to choose another password, or word that there is no account.

    Raises:
        TooManyError: Too many were asked for from one network.
    """
    _answer(
        session,
        asking,
        known=_Letter(LinkKind.RESET, "accounts.reset"),
        unknown=_Letter(LinkKind.RESET, "accounts.unknown"),
        now=now,
    )


def ask_for_address(
    session: Session, person_id: int, asking: Asking, *, now: datetime
) -> None:
    """Mail a link that confirms a new address, and tell the present one at once.

    Whose the new address is, is looked at when its owner comes.

    Raises:
        RefusedError: It is the present one.
        TooManyError: Too many were asked for from one network.
    """
    _count_request(session, asking, now)
    whose = select(Person.email, Person.email_key).where(Person.id == person_id)
    present = session.execute(whose).one()
    if present.email_key == email_key(asking.email):
        raise RefusedError(Refusal.SAME_ADDRESS)
    to_address = email_key(asking.email)
    if _is_written_to_often(session, to_address, now):
        return
    end_links(session, person_id, now=now, kinds=[LinkKind.NEW_ADDRESS])
    link_id = _add(session, LinkKind.NEW_ADDRESS, asking, person_id, now)
    _mail(session, "accounts.new_address", link_id, to_address, now)
    _mail(session, "accounts.address_asked", link_id, present.email, now)


def tell_old_address(
    session: Session, person_id: int, address: str, *, now: datetime
) -> None:
    """Tell an address that it is an account's no more, with a way to put it back."""
    asking = Asking(email=address)
    link_id = _add(session, LinkKind.NOT_ME, asking, person_id, now)
    _mail(session, "accounts.address_changed", link_id, address, now)


def use_link(
    session: Session, link_id: int, kind: LinkKind, *, now: datetime
) -> MailedLink:
    """Use a link up: of two at one moment, one does.

    Raises:
        EndedError: It was used before, or has ended.
    """
    used = session.scalars(
        update(MailedLink)
        .where(
            MailedLink.id == link_id,
            MailedLink.kind == kind,
            MailedLink.used_at.is_(None),
            MailedLink.ends_at > now,
        )
        .values(used_at=now)
        .returning(MailedLink)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if used is None:
        raise EndedError("link")
    return used


def finish_sign_up(
    session: Session,
    link_id: int,
    *,
    full_name: str,
    password_hash: str | None,
    now: datetime,
) -> Account:
    """Make the account of who has shown that the address is theirs.

    Raises:
        EndedError: The link was used before, or has ended.
        RefusedError: The address has an account by now.
    """
    link = use_link(session, link_id, LinkKind.SIGN_UP, now=now)
    met = meet(session, email=link.address, full_name=full_name, now=now)
    confirm_address(session, met.person_id, now=now)
    account_id = create_account(
        session,
        met.person_id,
        full_name=full_name,
        password_hash=password_hash,
        now=now,
    )
    return session.get_one(Account, account_id, populate_existing=True)


def sign_in_by_link(session: Session, link_id: int, *, now: datetime) -> Account:
    """Return the account of who has the link, whose address is confirmed by that.

    Raises:
        EndedError: The link was used before, or has ended.
    """
    link = use_link(session, link_id, LinkKind.SIGN_IN, now=now)
    return _come_in(session, link, now)


def reset_password(
    session: Session, link_id: int, *, password_hash: str, now: datetime
) -> Account:
    """Give an account the password its owner has chosen, and end all its sessions.

    Raises:
        EndedError: The link was used before, or has ended.
    """
    link = use_link(session, link_id, LinkKind.RESET, now=now)
    account = _come_in(session, link, now)
    set_password(session, account.person_id, password_hash=password_hash, now=now)
    session.refresh(account)
    return account


def undo_by_link(session: Session, link: MailedLink, *, now: datetime) -> None:
    """End all that somebody else may hold once an address has been put back.

    Their sessions, the password they knew, and the links made after this one.
    """
    if link.person_id is None:
        return
    session.execute(
        update(Account)
        .where(Account.person_id == link.person_id)
        .values(password_hash=None)
    )
    end_sessions(session, link.person_id, now=now)
    end_links(session, link.person_id, now=now, after=link.id)


def forget_old_links(session: Session, *, now: datetime) -> None:
    """Drop links that ended long ago. A chore of the delivery loop."""
    session.execute(delete(MailedLink).where(MailedLink.ends_at < now - KEPT))


def _answer(
    session: Session, asking: Asking, *, known: _Letter, unknown: _Letter, now: datetime
) -> None:
    """Queue the one mail or the other: the same statements, whoever it is."""
    _count_request(session, asking, now)
    key = email_key(asking.email)
    who = session.execute(_WHO.where(Person.email_key == key)).one_or_none()
    letter = known if who and who.account_id else unknown
    # To a stranger's mailbox in one spelling, so that others are not counted apart.
    to_address = who.email if who else key
    if _is_written_to_often(session, to_address, now):
        return
    same = (MailedLink.address_key == key, MailedLink.kind == letter.link)
    _end(session, *same, now=now)
    asking = replace(asking, email=who.email if who else asking.email)
    link_id = _add(session, letter.link, asking, who.id if who else None, now)
    _mail(session, letter.mail, link_id, to_address, now)


def _count_request(session: Session, asking: Asking, now: datetime) -> None:
    if asking.network_address is None:
        return
    times = limits.count(
        session, what="mailed link", who=asking.network_address, now=now
    )
    if times > LINKS_A_NETWORK:
        raise TooManyError("links asked for from one network address")


def _is_written_to_often(session: Session, address: str, now: datetime) -> bool:
    turn = outbox_queries.next_turn(
        session, address, most=LINKS_AN_ADDRESS, now=now, feature="accounts"
    )
    return turn > now


def _end(session: Session, *which: ColumnElement[bool], now: datetime) -> None:
    """End links that are still open: a newer one takes their place."""
    session.execute(
        update(MailedLink)
        .where(*which, MailedLink.used_at.is_(None), MailedLink.ends_at > now)
        .values(ends_at=now)
    )


def _add(
    session: Session,
    kind: LinkKind,
    asking: Asking,
    person_id: int | None,
    now: datetime,
) -> int:
    values = {
        "kind": kind,
        "address": asking.email,
        "address_key": email_key(asking.email),
        "person_id": person_id,
        "full_name": asking.full_name,
        "next_path": asking.next_path,
        "version": new_version(),
        "created_at": now,
        "ends_at": now + LASTS[kind],
    }
    return session.scalars(
        insert(MailedLink).values(values).returning(MailedLink.id)
    ).one()


def _mail(
    session: Session, kind: str, link_id: int, to_address: str, now: datetime
) -> None:
    outbox.enqueue(
        session,
        key=f"{kind}:{link_id}",
        kind=kind,
        subject_id=link_id,
        to_address=to_address,
        due_at=now,
        now=now,
    )


def _come_in(session: Session, link: MailedLink, now: datetime) -> Account:
    """Return whose account a link is for, if the address is still theirs."""
    account = session.scalar(
        select(Account)
        .join(Person, Person.id == Account.person_id)
        .where(*is_still_theirs(link))
        .execution_options(populate_existing=True)
    )
    if account is None:
        raise EndedError("link")
    confirm_address(session, account.person_id, now=now)
    forgive(session, link.address)
    return account
