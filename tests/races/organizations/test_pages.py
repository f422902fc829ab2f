"""What several of the staff press at one moment, in browsers of their own."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.audit.models import AuditEntry
from csd_events.core.db import transaction
from csd_events.imports.rules import RunState
from csd_events.organizations.models import (
    Affiliation,
    ImportRun,
    Membership,
    Organization,
)
from csd_events.organizations.rules import runs as pieces
from csd_events.organizations.service import importing
from csd_events.organizations.service.importing import things, working
from tests.desk import blamed, fields_of, staff_browser
from tests.factories import NOON, make_account, make_person, writing
from tests.importing import WHOLE, compare
from tests.rosters import make_city

pytestmark = pytest.mark.usefixtures("now")

STAFF, ROUNDS = 3, 5
NEW = "/staff/organizations/new"
IMPORT = "/staff/organizations/imports"
Press = Callable[[], TestResponse | None]


def at_once(*presses: Press) -> list[Any]:
    """Do several things at one moment, and return what each has come to."""
    gate = Barrier(len(presses))

    def press(act: Press) -> TestResponse | None:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))


def posting(browser: FlaskClient, path: str, data: dict[str, Any]) -> Press:
    return lambda: browser.post(path, data=data)


def pressing(browser: FlaskClient, run_id: int, what: str) -> Press:
    """Open the page of an import, to press a button of it."""
    path = f"{IMPORT}/{run_id}"
    return posting(browser, f"{path}/{what}", fields_of(browser.get(path).text))


@pytest.fixture
def staff(app: Flask, session: Session) -> list[FlaskClient]:
    return [staff_browser(app, session) for _ in range(STAFF)]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (working, things, pieces):
        monkeypatch.setattr(module, "PIECE", 2)


def turning(app: Flask) -> Press:
    """Let a loop do all that there is to do, and tell when there is nothing."""

    def turn() -> None:
        with app.app_context():
            idle = 0
            while idle < STAFF:  # another loop may hold the run just now
                with transaction() as session:
                    idle = 0 if importing.work(session, now=NOON) else idle + 1

    return turn


def prepared(app: Flask, content: str = WHOLE) -> int:
    with app.app_context():
        return compare(content)


def statuses(answers: Sequence[TestResponse]) -> Counter[int]:
    return Counter(each.status_code for each in answers)


def count(session: Session, *models: type) -> list[int | None]:
    session.rollback()
    return [session.scalar(select(func.count()).select_from(m)) for m in models]


def entries(session: Session, action: str) -> int | None:
    session.rollback()
    mine = select(func.count()).where(AuditEntry.action == action)
    return session.scalar(mine)


def state_of(session: Session, run_id: int) -> RunState:
    session.rollback()
    mine = select(ImportRun.state).where(ImportRun.id == run_id)
    return session.scalars(mine).one()


def test_staff_who_record_one_organization_at_once_hear_of_each_other(
    staff: list[FlaskClient], session: Session
) -> None:
    sent = [
        fields_of(browser.get(NEW).text)
        | {"name": "City of Sample", "state": "NC", "external_id": f"A-{number}"}
        for number, browser in enumerate(staff)
    ]
    answers = at_once(*map(posting, staff, [NEW] * STAFF, sent))
    assert statuses(answers) == {303: 1, 422: STAFF - 1}
    assert count(session, Organization) == [1]
    assert entries(session, "organization.created") == 1
    for answer, typed in zip(answers, sent, strict=True):
        if answer.status_code == 422:
            words = "There is an organization with this name in this state already"
            assert blamed(answer) == {"name": words}
            shown = fields_of(answer.text)
            lost = {n: v for n, v in typed.items() if shown.get(n) != v}
            assert set(lost) <= {"csrf_token"}


@pytest.mark.usefixtures("small_pieces")
def test_an_import_that_all_confirm_while_loops_work_is_written_once(
    app: Flask, staff: list[FlaskClient], session: Session
) -> None:
    run_id = prepared(app)
    confirming = [pressing(browser, run_id, "confirm") for browser in staff]
    answers = at_once(*confirming, turning(app), turning(app))
    assert statuses(answers[:STAFF]) == {303: STAFF}
    at_once(turning(app), turning(app))
    assert state_of(session, run_id) is RunState.DONE
    assert count(session, Organization, Affiliation, Membership) == [2, 2, 1]
    assert entries(session, "organization.created") == 2
    assert entries(session, "import_run.done") == 1
    run = session.get_one(ImportRun, run_id, populate_existing=True)
    assert (run.done, run.counts["affiliations"]) == (run.known, 2)


@pytest.mark.usefixtures("small_pieces")
def test_an_undo_and_a_second_file_of_the_same_people_end_with_both_or_with_words(
    app: Flask, staff: list[FlaskClient], session: Session
) -> None:
    first = prepared(app)
    one, other = staff[:2]
    pressing(one, first, "confirm")()
    at_once(turning(app))
    second = prepared(
        app, f"{WHOLE}City of Sample,2,,NC,,,,,,Cy Cedar,cy@example.org,,,,\n"
    )
    presses = (
        pressing(one, first, "undo"),
        pressing(other, second, "confirm"),
    )
    answers = at_once(*presses, turning(app))
    assert statuses(answers[:2]) == {303: 2}
    at_once(turning(app), turning(app))
    ends = state_of(session, first), state_of(session, second)
    there = count(session, Organization, Affiliation, Membership)
    if ends == (RunState.DONE, RunState.DONE):
        assert there == [2, 3, 1]
        assert "This import cannot be undone" in one.get(f"{IMPORT}/{first}").text
    else:
        assert ends == (RunState.UNDONE, RunState.READY)
        assert there == [0, 0, 0]
        page = other.get(f"{IMPORT}/{second}").text
        assert "Nothing was imported" in page


def test_a_membership_that_several_record_at_once_is_there_once(
    staff: list[FlaskClient], session: Session
) -> None:
    days = {"first_on-month": "1", "first_on-day": "1", "first_on-year": "2030"}
    days |= {"last_on-month": "12", "last_on-day": "31", "last_on-year": "2030"}
    for turn in range(1, ROUNDS + 1):
        city = make_city(session, f"City {turn}")
        path = f"/staff/memberships/new?organization={city}"
        sent = [fields_of(browser.get(path).text) | days for browser in staff]
        answers = at_once(*map(posting, staff, [path] * STAFF, sent))
        assert statuses(answers) == {303: STAFF}
        assert count(session, Membership) == [turn]
        assert entries(session, "membership.recorded") == turn
        session.rollback()


def test_a_contact_whose_stay_is_ended_while_they_look_sees_the_roster_or_nothing(
    app: Flask, staff: list[FlaskClient], session: Session
) -> None:
    city = make_city(session, "City of Sample")
    mate = make_person(session, full_name="Ben Birch")
    contact = make_account(session)
    with writing(session):
        stay = Affiliation(
            person_id=contact.person_id,
            organization_id=city,
            from_on=date(2020, 1, 1),
            is_contact=True,
        )
        colleague = Affiliation(
            person_id=mate.id, organization_id=city, from_on=date(2020, 1, 1)
        )
        session.add_all([stay, colleague])
    own = app.test_client(user=contact)
    path = f"/staff/organizations/{city}/people/{stay.id}"
    ended = NOON - timedelta(days=1)
    days = {
        "last_on-month": str(ended.month),
        "last_on-day": str(ended.day),
        "last_on-year": str(ended.year),
    }
    ending = posting(staff[0], path, fields_of(staff[0].get(path).text) | days)
    roster = f"/me/organizations/{city}"
    looks: list[Press] = [lambda: own.get(roster)] * STAFF
    answers = at_once(ending, *looks)
    assert answers[0].status_code == 303
    assert set(statuses(answers[1:])) <= {200, 404}
    shown = {each.status_code: "Ben Birch" in each.text for each in answers[1:]}
    assert shown.items() <= {200: True, 404: False}.items()
    assert own.get(roster).status_code == 404
