"""Giving somebody a role in one program alone, and taking it away."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Account
from csd_events.audit import service as audit
from csd_events.core.access import IN_PROGRAMS, Role
from csd_events.events.models import ProgramRole
from csd_events.events.queries import get_program


def give_program_role(
    session: Session,
    account_id: int,
    program_id: int,
    role: Role,
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Let an account do something in the events of a program, in place of what it may.

    Raises:
        NotFoundError: There is no such account, or no such program.
        RefusedError: As `accounts.grant_role` refuses. Who has a role on the whole
            site keeps it; this one waits beside it.
        ValueError: The role cannot be held in one program alone.
    """
    if role not in IN_PROGRAMS:
        raise ValueError(role)
    program = get_program(session, program_id)
    account = accounts.lock_for_role(session, account_id, actor_id=actor_id)
    of_account = ProgramRole.account_id == account_id
    if account.role is Role.NONE:
        # What a role that was taken away had left must not come back with another.
        session.execute(delete(ProgramRole).where(of_account))
        accounts.grant_role(
            session, account_id, Role.PROGRAM, now=now, actor_id=actor_id
        )
    held = session.get(ProgramRole, (account_id, program_id), populate_existing=True)
    if held is not None and held.role is role:
        return
    before = held.role.value if held else None
    if held is None:
        held = ProgramRole(account_id=account_id, program_id=program_id, role=role)
        session.add(held)
    held.role = role
    changes = {"program": [None, program.name], "role": [before, role.value]}
    _note(session, account, changes, now, actor_id)


def take_program_role(
    session: Session,
    account_id: int,
    program_id: int,
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Take away what an account may do in a program. Doing it again does nothing.

    Raises:
        NotFoundError: There is no such account, or no such program.
        RefusedError: Who takes it is no administrator any more.
    """
    program = get_program(session, program_id)
    account = accounts.lock_for_role(session, account_id, actor_id=actor_id)
    held = session.get(ProgramRole, (account_id, program_id), populate_existing=True)
    if held is None:
        return
    before = held.role.value
    session.delete(held)
    session.flush()
    changes = {"program": [program.name, None], "role": [before, None]}
    _note(session, account, changes, now, actor_id)
    left = select(exists().where(ProgramRole.account_id == account_id))
    if account.role is Role.PROGRAM and not session.scalar(left):
        accounts.grant_role(session, account_id, Role.NONE, now=now, actor_id=actor_id)


def _note(
    session: Session,
    account: Account,
    changes: dict[str, Any],
    now: datetime,
    actor_id: int | None,
) -> None:
    audit.record(
        session,
        "account.program_role",
        subject_id=account.id,
        now=now,
        actor_id=actor_id,
        changes=changes,
    )
