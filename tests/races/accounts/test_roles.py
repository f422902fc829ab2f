"""Two administrators who take each other's role at one moment."""

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.accounts import service
from csd_events.accounts.models import Account
from csd_events.accounts.rules import Refusal
from csd_events.audit.models import AuditEntry
from csd_events.core.access import Role
from csd_events.core.db import transaction
from csd_events.core.errors import RefusedError
from tests.factories import NOON, make_account
from tests.together import together

ROUNDS = 8


def _demoting(account: Account, by: Account) -> object:
    def demote() -> None:
        with transaction() as own:
            service.grant_role(
                own, account.id, Role.NONE, now=NOON, actor_id=by.person_id
            )

    return demote


def test_two_administrators_who_demote_each_other_leave_one(
    app: Flask, session: Session
) -> None:
    for turn in range(1, ROUNDS + 1):
        one, other = (make_account(session, role=Role.ADMINISTRATOR) for _ in range(2))
        errors = together(app, _demoting(one, by=other), _demoting(other, by=one))
        session.rollback()
        left = session.scalar(
            select(func.count()).where(Account.role == Role.ADMINISTRATOR)
        )
        entries = session.scalar(select(func.count(AuditEntry.id)))
        assert (left, entries, [type(e) for e in errors]) == (1, turn, [RefusedError])
        assert errors[0].args == (Refusal.NO_ADMINISTRATOR.value,)
        for account in (one, other):
            session.refresh(account)
            account.role = Role.NONE
        session.commit()
