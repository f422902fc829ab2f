"""Links by mail, used up by a button: of two at one moment, one does."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, MailedLink, Person
from csd_events.accounts.queries import is_still_theirs
from csd_events.accounts.rules import LinkKind
from csd_events.accounts.service.keeping import (
    create_account,
    end_links,
    end_sessions,
    hold_account,
    set_password,
)
from csd_events.accounts.service.people import confirm_address, meet
from csd_events.accounts.service.signing_in import forgive
from csd_events.core.errors import EndedError
from csd_events.outbox import service as outbox

#: Links that nobody can open any more are forgotten after this.
KEPT = timedelta(days=30)


def use_link(
    session: Session, link_id: int, kind: LinkKind, *, now: datetime
) -> MailedLink:
    """Use a link up: of two at one moment, one does.

    The account of the person it is about is locked first, as by all who end links. Mail
    to its address has arrived: if any came back before, the address is marked no more.

    Raises:
        EndedError: It was used before, or has ended.
    """
    whose = select(MailedLink.person_id).where(MailedLink.id == link_id)
    hold_account(session, session.scalar(whose))
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
    outbox.believe(
        session,
        {used.address, used.address_key},
        written_at=used.created_at,
        now=now,
    )
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
