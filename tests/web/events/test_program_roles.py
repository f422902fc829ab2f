"""A role in one program opens its events, and nothing else."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Account
from csd_events.core.access import Role
from csd_events.events import service
from csd_events.events.models import ProgramRole
from csd_events.events.rules import ProgramDraft
from tests.desk import staff_browser
from tests.factories import NOON, make_account, writing
from tests.visitors import hidden_on, words

pytestmark = pytest.mark.usefixtures("now")


def make_program(session: Session, name: str = "Sharing") -> int:
    with writing(session):
        return service.create_program(session, ProgramDraft(name=name), now=NOON)


def let(session: Session, account: Account, program: int, role: Role) -> None:
    with writing(session):
        service.give_program_role(
            session, account.id, program, role, now=NOON, actor_id=None
        )


@pytest.fixture
def program(session: Session) -> int:
    return make_program(session)


def held(session: Session) -> list[tuple[int, Role]]:
    session.rollback()
    session.expire_all()
    rows = session.scalars(select(ProgramRole).order_by(ProgramRole.program_id))
    return [(each.program_id, each.role) for each in rows]


def role_of(session: Session, account: Account) -> Role:
    session.rollback()
    session.expire_all()
    return account.role


def test_an_administrator_gives_a_role_in_a_program_and_takes_it_away(
    app: Flask, session: Session, program: int
) -> None:
    desk = staff_browser(app, session, role=Role.ADMINISTRATOR)
    account = make_account(session)
    path = f"/staff/people/{account.person_id}/programs"
    page = desk.get(path)
    assert "None so far." in words(page)
    data = {
        "csrf_token": hidden_on(page, "csrf_token"),
        "program": str(program),
        "role": "check_in",
    }
    assert desk.post(path, data=data).status_code == 303
    assert "Sharing Works at the door of its events" in words(desk.get(path))
    session.rollback()
    session.expire_all()
    assert role_of(session, account) is Role.PROGRAM
    take = {"csrf_token": hidden_on(desk.get(path), "csrf_token")}
    assert desk.post(f"{path}/{program}/take", data=take).status_code == 303
    assert held(session) == []
    assert role_of(session, account) is Role.NONE


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"program": "0", "role": "check_in"},
        {"role": "check_in"},
        {"program": "1", "role": "administrator"},
        {"program": "1", "role": "none"},
    ],
)
def test_what_is_no_program_or_no_role_of_one_gives_nothing(
    app: Flask, session: Session, program: int, typed: dict[str, str]
) -> None:
    desk = staff_browser(app, session, role=Role.ADMINISTRATOR)
    account = make_account(session)
    path = f"/staff/people/{account.person_id}/programs"
    token = {"csrf_token": hidden_on(desk.get(path), "csrf_token")}
    assert desk.post(path, data=token | typed).status_code == 422
    assert held(session) == []


@pytest.mark.parametrize("role", [Role.SCHEDULER, Role.PROGRAM, Role.NONE])
def test_nobody_but_an_administrator_gives_roles(
    app: Flask, session: Session, program: int, role: Role
) -> None:
    account = make_account(session, role=role)
    path = f"/staff/people/{account.person_id}/programs"
    assert app.test_client(user=account).get(path).status_code == 403


def test_a_role_taken_on_the_whole_site_takes_those_in_programs_with_it(
    session: Session, program: int
) -> None:
    account, other = make_account(session), make_program(session, "Other")
    let(session, account, program, Role.SCHEDULER)
    with writing(session):
        accounts.grant_role(session, account.id, Role.NONE, now=NOON)
    let(session, account, other, Role.REPORTS)
    assert held(session) == [(other, Role.REPORTS)]


def test_who_closes_the_account_and_comes_again_has_none(
    session: Session, program: int
) -> None:
    account = make_account(session)
    let(session, account, program, Role.SCHEDULER)
    with writing(session):
        accounts.close_account(session, account.person_id, now=NOON)
    assert held(session) == []
