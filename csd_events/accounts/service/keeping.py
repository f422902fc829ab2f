"""Accounts: made, given a role or a password, closed."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, MailedLink, Person, TypedForm
from csd_events.accounts.rules import LinkKind, Preferences, Refusal, name_key
from csd_events.accounts.service.people import save_preferences
from csd_events.audit import service as audit
from csd_events.core.access import Role
from csd_events.core.db import INSERTS, engine_name
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.outbox import service as outbox


def create_account(
    session: Session,
    person_id: int,
    *,
    full_name: str,
    password_hash: str | None,
    now: datetime,
) -> int:
    """Let a person sign in; their name is from now on the one given here.

    Takes a hash and no password: a hash takes a while to make, and no unit of work
    should be open meanwhile. None for who signs in by mailed links.

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
    account = lock_for_role(session, account_id, actor_id=actor_id)
    before = account.role
    if before is role:
        return
    if list(_lock_administrators(session)) == [account_id]:
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


def lock_for_role(
    session: Session, account_id: int, *, actor_id: int | None
) -> Account:
    """Return an account whose roles are about to change; nobody else changes any.

    Raises:
        NotFoundError: There is no such account.
        RefusedError: Who changes them is no administrator any more.
    """
    administrators = _lock_administrators(session)
    account = session.get(Account, account_id, populate_existing=True)
    if account is None:
        raise NotFoundError("no such account")
    if actor_id is not None and actor_id not in administrators.values():
        raise RefusedError(Refusal.NO_ADMINISTRATOR)
    return account


def set_password(
    session: Session, person_id: int, *, password_hash: str | None, now: datetime
) -> Account:
    """Give an account another password, or none; end its sessions, and say so by mail.

    Raises:
        NotFoundError: The person has no account.
    """
    account = _lock_account(session, person_id)
    account.password_hash = password_hash
    end_sessions(session, person_id, now=now)
    _tell(session, "accounts.password_changed", account.person, now)
    return account


def end_sessions(session: Session, person_id: int, *, now: datetime) -> None:
    """Sign a person out everywhere, kept browsers too.

    A change of address that was asked for before is off: it may not have been they
    who asked.
    """
    session.execute(
        update(Account)
        .where(Account.person_id == person_id)
        .values(session_version=Account.session_version + 1)
    )
    end_links(session, person_id, now=now, kinds=[LinkKind.NEW_ADDRESS])


def renew_feed(session: Session, person_id: int) -> None:
    """End the secret address of a person's calendar; another takes its place."""
    session.execute(
        update(Account)
        .where(Account.person_id == person_id)
        .values(feed_version=Account.feed_version + 1)
    )


def end_links(
    session: Session,
    person_id: int,
    *,
    now: datetime,
    kinds: list[LinkKind] | None = None,
    after: int = 0,
) -> None:
    """End links to a person that are still open.

    Args:
        kinds: Of these kinds; None for all.
        after: Made after the link with this id.
    """
    session.execute(
        update(MailedLink)
        .where(
            MailedLink.person_id == person_id,
            MailedLink.kind.in_(kinds or list(LinkKind)),
            MailedLink.id > after,
            MailedLink.used_at.is_(None),
            MailedLink.ends_at > now,
        )
        .values(ends_at=now)
    )


def close_account(session: Session, person_id: int, *, now: datetime) -> None:
    """Take the account of a person away; the person and their registrations stay.

    What they preferred, or typed and did not save, is forgotten, but not that they
    want no reminders.

    Raises:
        NotFoundError: They have none.
        RefusedError: Nobody would be left to administer the site.
    """
    administrators = _lock_administrators(session)
    account = _lock_account(session, person_id)
    if list(administrators) == [account.id]:
        raise RefusedError(Refusal.LAST_ADMINISTRATOR)
    # Whoever closes it may not be its owner: that the address was theirs can be said.
    others: list[LinkKind] = [kind for kind in LinkKind if kind is not LinkKind.NOT_ME]
    end_links(session, person_id, now=now, kinds=others)
    person = account.person
    save_preferences(
        session, person_id, Preferences(wants_reminders=person.wants_reminders)
    )
    audit.record(
        session,
        "account.closed",
        subject_id=account.id,
        actor_id=person_id,
        now=now,
        changes={"role": [account.role.value, None]},
    )
    session.execute(delete(TypedForm).where(TypedForm.person_id == person_id))
    session.execute(delete(Account).where(Account.id == account.id))
    _tell(session, "accounts.closed", person, now)


def _tell(session: Session, kind: str, person: Person, now: datetime) -> None:
    """Mail somebody what became of their account, to the address it has now."""
    outbox.enqueue(
        session,
        key=f"{kind}:{person.id}:{now.isoformat()}",
        kind=kind,
        subject_id=person.id,
        to_address=person.email,
        due_at=now,
        now=now,
    )


def _lock_administrators(session: Session) -> dict[int, int]:
    """Return the people of all administrators' accounts, by account.

    Who decides on them meets at these rows.
    """
    return dict(
        session.execute(
            select(Account.id, Account.person_id)
            .where(Account.role == Role.ADMINISTRATOR)
            .order_by(Account.id)
            .with_for_update()
        ).all()
    )


def hold_account(session: Session, person_id: int | None) -> Account | None:
    """Lock the account of a person until the commit, if they have one."""
    return session.scalar(
        select(Account)
        .where(Account.person_id == person_id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    )


def _lock_account(session: Session, person_id: int) -> Account:
    account = hold_account(session, person_id)
    if account is None:
        raise NotFoundError("no account")
    return account
