"""Links by mail, asked for by an address.

What is asked for is answered alike, with the same statements, whether or not an
address is known; the mail alone tells, and only the owner of the address reads it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, MailedLink, Person
from csd_events.accounts.rules import (
    LASTS,
    LINKS_A_NETWORK,
    LINKS_AN_ADDRESS,
    LinkKind,
    Refusal,
    email_key,
)
from csd_events.accounts.service.keeping import end_links
from csd_events.core import limits
from csd_events.core.errors import RefusedError, TooManyError
from csd_events.core.tokens import new_version
from csd_events.outbox import service as outbox

AN_HOUR = timedelta(hours=1)
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
    if _is_written_to_often(session, key, now):
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


def _is_written_to_often(session: Session, key: str, now: datetime) -> bool:
    """Tell whether an address has had its links of an hour.

    Counted are the links that anyone may ask for: no news of an account, however much
    of it there is, keeps its owner from coming in.
    """
    made = select(func.count()).where(
        MailedLink.address_key == key,
        MailedLink.kind != LinkKind.NOT_ME,
        MailedLink.created_at > now - AN_HOUR,
    )
    return (session.scalar(made) or 0) >= LINKS_AN_ADDRESS


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
