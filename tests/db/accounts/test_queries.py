"""Who a session speaks of."""

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from csd_events.accounts import queries
from csd_events.core.errors import NotFoundError
from tests.factories import make_account


def test_a_session_finds_its_account_and_keeps_what_it_read(session: Session) -> None:
    account = make_account(session, email="ada@example.org")
    user_id = account.get_id()
    session.expunge_all()

    found = queries.find_signed_in(session, user_id)

    session.rollback()
    assert found is not None
    assert inspect(found).detached
    assert (found.email, found.get_id()) == ("ada@example.org", user_id)


@pytest.mark.parametrize("garbage", ["", "x", "1", "0.0", "1.1.1", "9" * 30 + ".1"])
def test_garbage_in_a_session_finds_nobody(session: Session, garbage: str) -> None:
    make_account(session)
    assert queries.find_signed_in(session, garbage) is None


def test_raising_the_version_ends_every_session(session: Session) -> None:
    account = make_account(session)
    user_id = account.get_id()
    account.session_version += 1
    session.commit()

    assert queries.find_signed_in(session, user_id) is None


def test_an_address_without_an_account_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError):
        queries.get_account(session, "ada@example.org")
