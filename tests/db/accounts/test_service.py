"""People, accounts, roles, and tries to sign in."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Connection, event, func, insert, select
from sqlalchemy.orm import Session

from csd_events.accounts import queries, service
from csd_events.accounts.models import (
    Account,
    MailedLink,
    Person,
    SignInFailure,
)
from csd_events.accounts.rules import FAILURES_COUNT_FOR, LASTS, LinkKind, Refusal
from csd_events.audit.queries import list_about
from csd_events.core.access import Role
from csd_events.core.db import db, transaction
from csd_events.core.errors import (
    EndedError,
    NotFoundError,
    RefusedError,
    TooManyError,
)
from csd_events.core.passwords import BusyError, Passwords
from tests.factories import (
    CHEAP,
    NOON,
    PASSWORD,
    make_account,
    make_person,
    writing,
)

EMAIL = "ada@example.org"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session) -> Iterator[None]:
    with app.app_context():
        yield


def find_or_create(email: str, full_name: str) -> int:
    with transaction() as session:
        return service.find_or_create_person(
            session, email=email, full_name=full_name, now=NOON
        )


def fail(email: str, network: str, *, at: datetime) -> None:
    with transaction() as session:
        service.admit_attempt(session, email=email, network_address=network, now=at)


def checked(session: Session) -> service.Checked:
    """Check the right password, and leave the unit of work, as the view does."""
    found = service.check_password(
        session, email=EMAIL, password=PASSWORD, passwords=CHEAP
    )
    session.rollback()
    return found


def failures(session: Session) -> int | None:
    return session.scalar(select(func.count(SignInFailure.id)))


def test_an_address_is_one_person_however_it_is_written(session: Session) -> None:
    first = find_or_create("Ada@Example.org", "Ada Sample")
    again = find_or_create("ada@EXAMPLE.org", "Somebody Else")

    rows = session.execute(select(Person.id, Person.email, Person.full_name)).all()
    assert again == first
    assert [tuple(row) for row in rows] == [(first, "Ada@Example.org", "Ada Sample")]


def test_two_requests_that_meet_find_the_same_person(session: Session) -> None:
    """Another request saves the person between our look and our insert."""
    row = {"email": EMAIL, "email_key": EMAIL, "full_name": "First", "created_at": NOON}
    saved: list[int] = []

    def save_first(connection: Connection, _c: object, text: str, *_: object) -> None:
        if text.startswith("INSERT INTO people") and not saved:
            saved.append(0)
            add = insert(Person).values(row).returning(Person.id)
            saved[0] = connection.execute(add).scalar_one()

    event.listen(db.engine, "before_cursor_execute", save_first)
    try:
        found = find_or_create(EMAIL, "Second")
    finally:
        event.remove(db.engine, "before_cursor_execute", save_first)

    people = session.execute(select(Person.id, Person.full_name)).all()
    assert [tuple(row) for row in people] == [(found, "First")]
    assert saved == [found]


def test_an_address_is_confirmed_once(session: Session) -> None:
    person = make_person(session, email_confirmed_at=None)
    for now in (NOON, NOON + SECOND):
        with transaction() as ours:
            service.confirm_address(ours, person.id, now=now)

    session.refresh(person)
    assert person.email_confirmed_at == NOON


def test_an_account_gives_a_person_their_own_name(session: Session) -> None:
    person_id = find_or_create(EMAIL, "a. sample")
    with transaction() as ours:
        account_id = service.create_account(
            ours, person_id, full_name="Ada Sample", password_hash="-", now=NOON
        )

    account = session.get_one(Account, account_id)
    assert account.full_name == "Ada Sample"
    assert (account.role, account.get_id()) == (Role.NONE, f"{account_id}.1")


def test_a_person_has_one_account(session: Session) -> None:
    account = make_account(session)

    with pytest.raises(RefusedError) as refused, transaction() as ours:
        service.create_account(
            ours, account.person_id, full_name="Other", password_hash="-", now=NOON
        )

    assert refused.value.reason is Refusal.HAS_ACCOUNT


def test_a_role_is_granted_and_written_down(session: Session) -> None:
    account, administrator = (
        make_account(session),
        make_account(session, role=Role.ADMINISTRATOR),
    )
    for _ in range(2):  # the second time changes nothing
        with transaction() as ours:
            service.grant_role(
                ours,
                account.id,
                Role.SCHEDULER,
                now=NOON,
                actor_id=administrator.person_id,
            )

    session.refresh(account)
    entries = list_about(session, "account", account.id)
    assert account.role is Role.SCHEDULER
    assert [(e.action, e.actor_id, e.changes, e.at) for e in entries] == [
        (
            "account.role_granted",
            administrator.person_id,
            {"role": ["none", "scheduler"]},
            NOON,
        )
    ]


def test_the_last_administrator_stays_one(session: Session) -> None:
    first, second = (make_account(session, role=Role.ADMINISTRATOR) for _ in range(2))
    with transaction() as ours:
        service.grant_role(ours, first.id, Role.NONE, now=NOON)

    with pytest.raises(RefusedError) as refused, transaction() as ours:
        service.grant_role(ours, second.id, Role.SCHEDULER, now=NOON)

    assert refused.value.reason is Refusal.LAST_ADMINISTRATOR


def test_nobody_is_granted_a_role_without_an_account() -> None:
    with pytest.raises(NotFoundError), transaction() as ours:
        service.grant_role(ours, 999, Role.SCHEDULER, now=NOON)


def test_the_sixth_wrong_try_for_an_address_is_not_made(session: Session) -> None:
    for number in range(5):
        fail(EMAIL, f"192.0.2.{number}", at=NOON)

    with pytest.raises(TooManyError, match="locked"):
        fail("ADA@example.org", "192.0.2.99", at=NOON + FAILURES_COUNT_FOR - SECOND)
    fail("grace@example.org", "192.0.2.1", at=NOON)

    assert failures(session) == 6  # the try that was not made does not count


def test_the_twenty_first_wrong_try_from_a_network_is_not_made() -> None:
    for number in range(20):
        fail(f"person{number}@example.org", f"2001:db8::{number}", at=NOON)

    with pytest.raises(TooManyError, match="locked"):
        fail("another@example.org", "2001:db8::ffff", at=NOON)


def test_wrong_tries_count_for_fifteen_minutes(session: Session) -> None:
    for _ in range(5):
        fail(EMAIL, "192.0.2.1", at=NOON)

    fail(EMAIL, "192.0.2.1", at=NOON + FAILURES_COUNT_FOR)
    with transaction() as ours:
        service.forget_old_failures(ours, now=NOON + FAILURES_COUNT_FOR)

    assert failures(session) == 1


def test_the_table_of_failures_holds_no_address(session: Session) -> None:
    fail(EMAIL, "192.0.2.1", at=NOON)

    row = session.scalars(select(SignInFailure)).one()
    kept = row.address_key + row.network_key
    assert (len(kept), "ada" in kept, "192.0" in kept) == (128, False, False)


def test_coming_in_takes_back_the_failures_of_that_address(session: Session) -> None:
    account = make_account(session, email=EMAIL)
    fail(EMAIL, "192.0.2.1", at=NOON)
    fail("other@example.org", "192.0.2.1", at=NOON)

    found = checked(session)
    with transaction() as ours:
        service.complete_sign_in(ours, found, email=EMAIL, new_hash="new")

    session.refresh(account)
    assert (failures(session), account.password_hash) == (1, "new")


def test_a_password_that_was_changed_while_it_was_checked_brings_nobody_in(
    session: Session,
) -> None:
    account = make_account(session, email=EMAIL)
    person_id, found = account.person_id, checked(session)
    with transaction() as ours:
        service.set_password(ours, person_id, password_hash="other", now=NOON)
    fail(EMAIL, "192.0.2.1", at=NOON)

    with pytest.raises(RefusedError) as refused, transaction() as ours:
        service.complete_sign_in(ours, found, email=EMAIL, new_hash="of the old one")

    session.refresh(account)
    assert refused.value.reason is Refusal.WRONG
    assert (failures(session), account.password_hash) == (1, "other")


def test_an_account_that_was_closed_while_its_password_was_checked_brings_nobody_in(
    session: Session,
) -> None:
    person_id = make_account(session, email=EMAIL).person_id
    found = checked(session)
    with transaction() as ours:
        service.close_account(ours, person_id, now=NOON)

    with pytest.raises(RefusedError) as refused, transaction() as ours:
        service.complete_sign_in(ours, found, email=EMAIL, new_hash=None)

    assert refused.value.reason is Refusal.WRONG


def test_two_who_come_in_at_once_may_both_renew_an_outdated_hash(
    session: Session,
) -> None:
    account = make_account(session, email=EMAIL)
    both = [checked(session), checked(session)]
    for found, renewed in zip(both, ("first", "second"), strict=True):
        with transaction() as ours:
            service.complete_sign_in(ours, found, email=EMAIL, new_hash=renewed)

    session.refresh(account)
    assert account.password_hash == "second"


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong"), (EMAIL, ""), ("nobody@example.org", PASSWORD)],
)
def test_a_wrong_password_and_an_unknown_address_are_refused_alike(
    session: Session, email: str, password: str
) -> None:
    make_account(session, email=EMAIL)

    with pytest.raises(RefusedError) as refused:
        service.check_password(session, email=email, password=password, passwords=CHEAP)

    assert refused.value.reason is Refusal.WRONG


def test_a_password_is_checked_for_an_unknown_address_as_well(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the time of the answer would tell which addresses are known."""
    verified: list[str | bytes] = []
    verify = PasswordHasher.verify

    def watch(
        hasher: PasswordHasher, kept: str | bytes, password: str | bytes
    ) -> Literal[True]:
        verified.append(password)
        return verify(hasher, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", watch)
    without = make_account(session, password_hash=None)
    for email in (EMAIL, without.email):
        with pytest.raises(RefusedError):
            service.check_password(
                session, email=email, password="nobody's", passwords=CHEAP
            )

    assert verified == [b"nobody's"] * 2
    assert not CHEAP.matches("nobody's", None)  # what it is compared with


def test_the_right_password_is_taken_however_its_accents_are_typed(
    session: Session,
) -> None:
    composed, decomposed = "caf\xe9 and water", "cafe\u0301 and water"
    account = make_account(session, email=EMAIL, password_hash=CHEAP.hash(composed))

    found = service.check_password(
        session, email=EMAIL, password=decomposed, passwords=CHEAP
    )

    assert found.account_id == account.id


def test_a_hash_of_other_days_is_told_apart() -> None:
    today = Passwords(memory_kib=16, time_cost=1, lanes=1)
    assert CHEAP.is_outdated(today.hash(PASSWORD))
    assert not today.is_outdated(today.hash(PASSWORD))


def test_a_third_check_at_once_does_not_wait_for_ever() -> None:
    hurried = Passwords(memory_kib=8, time_cost=1, lanes=1, longest_wait=0)

    with hurried.turn():
        with hurried.turn(), pytest.raises(BusyError), hurried.turn():
            raise AssertionError
        with hurried.turn():
            assert hurried.matches(PASSWORD, hurried.hash(PASSWORD))


def test_a_role_is_granted_by_an_administrator_alone(session: Session) -> None:
    scheduler, administrator, account = (
        make_account(session, role=role)
        for role in (Role.SCHEDULER, Role.ADMINISTRATOR, Role.NONE)
    )
    with pytest.raises(RefusedError) as refused, transaction() as ours:
        service.grant_role(
            ours, account.id, Role.SCHEDULER, now=NOON, actor_id=scheduler.person_id
        )
    assert refused.value.reason is Refusal.NO_ADMINISTRATOR
    assert administrator.role is Role.ADMINISTRATOR


def test_an_account_whose_address_nobody_confirmed_gets_no_role_and_can_lose_one(
    session: Session,
) -> None:
    account = make_account(session, role=Role.SCHEDULER)
    account.person.email_confirmed_at = None
    session.commit()
    with pytest.raises(RefusedError) as refused, transaction() as ours:
        service.grant_role(ours, account.id, Role.ADMINISTRATOR, now=NOON)
    assert refused.value.reason is Refusal.NOT_CONFIRMED
    with transaction() as ours:
        service.grant_role(ours, account.id, Role.NONE, now=NOON)
    session.refresh(account)
    assert account.role is Role.NONE


def test_a_name_is_kept_folded_too_however_it_is_written(session: Session) -> None:
    with transaction() as ours:
        met = service.meet(
            ours, email="anh@example.org", full_name="Nguyễn Ánh", now=NOON
        )
        keys = [ours.get_one(Person, met.person_id).name_key]
    with transaction() as ours:
        service.create_account(
            ours, met.person_id, full_name="Mary-Jane", password_hash="x", now=NOON
        )
    person = session.get_one(Person, met.person_id)
    keys.append(person.name_key)
    person.full_name = "Élise"
    assert [*keys, person.name_key] == ["nguyen anh", "mary jane", "elise"]


def test_a_closed_account_leaves_its_number_to_nobody(session: Session) -> None:
    """Whoever is signed in to it on another device would be somebody else there."""
    first = make_account(session, email="ada@example.org")
    was = first.get_id()
    with writing(session):
        service.close_account(session, first.person_id, now=NOON)
    second = make_account(session, email="sue@example.org")
    assert second.get_id() != was
    assert queries.find_signed_in(session, was) is None


def test_closing_an_account_ends_its_links(session: Session) -> None:
    account = make_account(session, email=EMAIL)
    with writing(session):
        service.ask_to_reset(session, service.Asking(email=EMAIL), now=NOON)
    with writing(session):
        service.close_account(session, account.person_id, now=NOON)
    assert session.scalars(select(MailedLink.ends_at)).one() == NOON


def test_a_link_is_used_up_once_for_its_own_purpose_and_before_its_end(
    session: Session,
) -> None:
    """Whatever the page that shows the button saw a moment ago."""
    account = make_account(session, email=EMAIL)
    with writing(session):
        service.ask_to_sign_in(session, service.Asking(email=EMAIL), now=NOON)
    link_id = session.scalars(select(MailedLink.id)).one()
    ends_at = NOON + LASTS[LinkKind.SIGN_IN]

    def use(kind: LinkKind, at: datetime) -> int | None:
        with writing(session):
            return service.use_link(session, link_id, kind, now=at).person_id

    with pytest.raises(EndedError):
        use(LinkKind.SIGN_IN, ends_at)
    with pytest.raises(EndedError):
        use(LinkKind.RESET, NOON)
    assert use(LinkKind.SIGN_IN, ends_at - SECOND) == account.person_id
    with pytest.raises(EndedError):
        use(LinkKind.SIGN_IN, ends_at - SECOND)
