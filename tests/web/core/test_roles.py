"""What each role opens: a sweep over every page of the staff, by every method."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from csd_events.accounts.models import Account
from csd_events.core.access import Role
from csd_events.events import service as events
from csd_events.events.models import Event, EventSeries
from csd_events.events.rules import ProgramDraft
from tests import announcing
from tests.desk import fields_of
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.statements import counted
from tests.visitors import hidden_on, words

pytestmark = pytest.mark.usefixtures("now")
#: Beside the list of events, to which the desk leads them.
AT_THE_DOOR = {"home_staff.event", "home_staff.run_sheet", "attendance_staff.door_list"}
READS_REPORTS = {"home_staff.event", "home_staff.report"}
LISTS = {"home_staff.dashboard", "home_staff.events"}


def make_program(session: Session, name: str) -> int:
    with writing(session):
        return events.create_program(session, ProgramDraft(name=name), now=NOON)


def let(session: Session, account: Account, program: int, role: Role) -> None:
    with writing(session):
        events.give_program_role(
            session, account.id, program, role, now=NOON, actor_id=None
        )


@pytest.fixture
def program(session: Session) -> int:
    return make_program(session, "Sharing")


@pytest.fixture
def ours(session: Session, program: int) -> Event:
    return make_event(session, title="Ours", program_id=program)


@pytest.fixture
def theirs(session: Session) -> Event:
    other = make_program(session, "Other")
    return make_event(session, title="Theirs", program_id=other)


def pages(app: Flask, method: str) -> Iterator[Rule]:
    """Every page of the staff that is opened by a method."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff") and method in (rule.methods or ()):
            yield rule


def path_of(app: Flask, rule: Rule, **ids: int) -> str:
    """Write the address of a page; what is not given is named by a 1."""
    values: dict[str, Any] = {name: ids.get(name, 1) for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values, _external=False)


def opened(app: Flask, browser: FlaskClient, **ids: int) -> set[str]:
    """Name the pages that are not refused to somebody."""
    found = set()
    for rule in pages(app, "GET"):
        status = browser.get(path_of(app, rule, **ids)).status_code
        if status != 403:
            found.add(rule.endpoint)
    return found


def taken(app: Flask, browser: FlaskClient, **ids: int) -> set[str]:
    """Name the pages that take what somebody sends, or look at it at least."""
    token = hidden_on(browser.get("/me/account"), "csrf_token")
    found = set()
    for rule in pages(app, "POST"):
        path = path_of(app, rule, **ids)
        status = browser.post(path, data={"csrf_token": token}).status_code
        if status != 403:
            found.add(rule.endpoint)
    return found


def post(app: Flask, browser: FlaskClient, rule: Rule, announcement_id: int) -> int:
    """Send nothing but the token to a page of an announcement; return what it says."""
    token = hidden_on(browser.get("/me/account"), "csrf_token")
    path = path_of(app, rule, announcement_id=announcement_id)
    return browser.post(path, data={"csrf_token": token}).status_code


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.CHECK_IN, LISTS | AT_THE_DOOR),
        (Role.REPORTS, LISTS | READS_REPORTS),
        (Role.PROGRAM, LISTS),  # whose programs were taken away
        (Role.NONE, set()),
    ],
)
def test_a_role_opens_its_pages_and_takes_nothing_that_is_sent(
    app: Flask, session: Session, ours: Event, role: Role, expected: set[str]
) -> None:
    browser = app.test_client(user=make_account(session, role=role))
    registration = make_registration(session, ours)
    ids = {"event_id": ours.id, "registration_id": registration.id}
    assert opened(app, browser, **ids) == expected
    assert taken(app, browser, **ids) == set()


@pytest.mark.parametrize("role", [Role.CHECK_IN, Role.REPORTS])
def test_a_role_in_a_program_opens_the_same_there_and_nothing_elsewhere(
    app: Flask, session: Session, ours: Event, theirs: Event, role: Role
) -> None:
    expected = {Role.CHECK_IN: AT_THE_DOOR, Role.REPORTS: READS_REPORTS}[role]
    account = make_account(session)
    let(session, account, ours.program_id or 0, role)
    browser = app.test_client(user=account)
    assert opened(app, browser, event_id=ours.id) == LISTS | expected
    assert opened(app, browser, event_id=theirs.id) == LISTS
    assert taken(app, browser, event_id=ours.id) == set()


def test_who_schedules_in_a_program_opens_its_events_and_their_people_alone(
    app: Flask, session: Session, program: int, ours: Event, theirs: Event
) -> None:
    account = make_account(session)
    let(session, account, program, Role.SCHEDULER)
    browser = app.test_client(user=account)
    own, others = (make_registration(session, event) for event in (ours, theirs))
    here = opened(app, browser, event_id=ours.id, registration_id=own.id)
    there = opened(app, browser, event_id=theirs.id, registration_id=others.id)
    new = {"registrations_staff.new_event", "registrations_staff.write_event"}
    assert there == LISTS | new
    of_events = {
        rule.endpoint
        for rule in pages(app, "GET")
        if {"event_id", "registration_id"} & rule.arguments
    }
    assert here == LISTS | new | of_events
    sent = taken(app, browser, event_id=theirs.id, registration_id=others.id)
    assert sent == {"registrations_staff.write_event"}


def make_series(session: Session, *events: Event) -> int:
    """Make some events one series."""
    with writing(session):
        series = EventSeries(created_at=NOON, made_by=[])
        session.add(series)
        session.flush()
        of_them = update(Event).where(Event.id.in_([event.id for event in events]))
        session.execute(of_them.values(series_id=series.id))
        return series.id


def test_a_series_opens_for_who_schedules_at_each_of_its_events_and_nobody_else(
    app: Flask, session: Session, program: int, ours: Event, theirs: Event
) -> None:
    account = make_account(session)
    let(session, account, program, Role.SCHEDULER)
    browser = app.test_client(user=account)
    path = f"/staff/series/{make_series(session, ours, theirs)}"
    assert browser.get(path).status_code == 403
    let(session, account, theirs.program_id or 0, Role.REPORTS)
    assert browser.get(path).status_code == 403
    let(session, account, theirs.program_id or 0, Role.SCHEDULER)
    assert browser.get(path).status_code == 200


def test_a_series_that_does_not_open_is_named_without_a_link_that_is_refused(
    app: Flask, session: Session, program: int, ours: Event, theirs: Event
) -> None:
    account = make_account(session)
    let(session, account, program, Role.SCHEDULER)
    whole = make_event(session, title="Whole", program_id=program)
    within = make_series(session, whole)
    beyond = make_series(session, ours, theirs)
    browser = app.test_client(user=account)
    shown = browser.get("/staff/events?show=drafts"), browser.get("/staff/events")
    text = "".join(page.text for page in shown)
    assert text.count(f'href="/staff/series/{within}"') == 1
    assert f"/staff/series/{beyond}" not in text
    assert "Series over several programs" in text
    page = browser.get(f"/staff/events/{ours.id}")
    assert "/staff/series/" not in page.text
    assert "It belongs to a series over several programs." in words(page)
    page = browser.get(f"/staff/events/{whole.id}")
    assert f'href="/staff/series/{within}"' in page.text
    on_the_site = app.test_client(user=make_account(session, role=Role.SCHEDULER))
    page = on_the_site.get(f"/staff/events/{ours.id}")
    assert f'href="/staff/series/{beyond}"' in page.text


def test_what_clashes_with_an_event_of_another_program_is_named_without_a_link(
    app: Flask, session: Session, program: int, ours: Event, theirs: Event
) -> None:
    account = make_account(session)
    let(session, account, program, Role.SCHEDULER)
    also_ours = make_event(session, program_id=program, title="Sharing trucks")
    page = app.test_client(user=account).get(f"/staff/events/{ours.id}")
    assert theirs.title in words(page)
    assert f'href="/staff/events/{theirs.id}"' not in page.text
    assert f'href="/staff/events/{also_ours.id}"' in page.text
    administrator = make_account(session, role=Role.ADMINISTRATOR)
    page = app.test_client(user=administrator).get(f"/staff/events/{ours.id}")
    assert f'href="/staff/events/{theirs.id}"' in page.text


def test_a_list_asks_once_which_series_open(
    app: Flask, session: Session, program: int, theirs: Event
) -> None:
    account = make_account(session)
    let(session, account, program, Role.SCHEDULER)
    browser = app.test_client(user=account)

    def statements() -> int:
        with counted(app) as found:
            assert browser.get("/staff/events").status_code == 200
        return len(found)

    make_series(session, make_event(session, program_id=program), theirs)
    statements()
    one = statements()
    for _each in range(3):
        make_series(session, make_event(session, program_id=program))
    assert statements() == one


def test_who_repeats_an_event_into_a_series_of_others_comes_back_to_the_event(
    app: Flask, session: Session, program: int, ours: Event, theirs: Event
) -> None:
    account = make_account(session)
    let(session, account, program, Role.SCHEDULER)
    make_series(session, ours, theirs)
    browser = app.test_client(user=account)
    path = f"/staff/events/{ours.id}/repeat"
    rule = {"every": "week", "times": "2", "action": "list"}
    shown = browser.post(path, data=fields_of(browser.get(path).text) | rule)
    typed = fields_of(shown.text) | rule | {"action": "make"}
    answer = browser.post(path, data=typed)
    assert answer.location == f"/staff/events/{ours.id}"
    assert "2 drafts are written" in words(browser.get(answer.location))


def test_who_schedules_in_a_program_writes_to_the_people_of_its_events_alone(
    app: Flask, session: Session, program: int, ours: Event, theirs: Event
) -> None:
    account = make_account(session)
    let(session, account, program, Role.SCHEDULER)
    browser = app.test_client(user=account)
    named = "announcement_id"
    sent = {
        event: {
            rule.endpoint
            for rule in pages(app, "POST")
            if named in rule.arguments
            and post(app, browser, rule, announcing.write(app, event)) != 403
        }
        for event in (ours, theirs, None)
    }
    of_one = {rule.endpoint for rule in pages(app, "POST") if named in rule.arguments}
    assert sent == {ours: of_one, theirs: set(), None: set()}
    shown = browser.get(f"/staff/events/{ours.id}/messages").text
    assert f'href="/staff/events/{ours.id}/announcements"' in shown
    assert browser.get("/staff/announcements").status_code == 403


def test_the_preview_of_an_announcement_shows_nobody_who_does_not_get_it(
    app: Flask, session: Session, program: int, ours: Event
) -> None:
    account = make_account(session)
    let(session, account, program, Role.SCHEDULER)
    reader, stranger = make_registration(session, ours), make_account(session)
    made = announcing.write(app, ours, body="Hello {name}")
    path = f"/staff/announcements/{made}/preview?person="
    browser = app.test_client(user=account)
    assert browser.get(f"{path}{reader.person_id}").status_code == 200
    assert browser.get(f"{path}{stranger.person_id}").status_code == 404


def test_lists_hold_the_events_of_ones_programs_alone(
    app: Flask, session: Session, program: int, ours: Event, theirs: Event
) -> None:
    account = make_account(session)
    let(session, account, program, Role.REPORTS)
    browser = app.test_client(user=account)
    said = words(browser.get("/staff", follow_redirects=True))
    assert "Ours" in said
    assert "Theirs" not in said
    assert "1 event" in said
    assert "New event" not in said
    everywhere = app.test_client(user=make_account(session, role=Role.CHECK_IN))
    assert "Theirs" in words(everywhere.get("/staff/events"))


def test_who_schedules_in_a_program_writes_events_of_that_program_alone(
    app: Flask, session: Session, program: int, theirs: Event
) -> None:
    account = make_account(session)
    let(session, account, program, Role.SCHEDULER)
    browser = app.test_client(user=account)
    path = "/staff/events/new/webinar"
    page = browser.get(path)
    assert ">Sharing</option>" in page.text
    assert ">Other</option>" not in page.text
    typed = {"csrf_token": hidden_on(page, "csrf_token"), "title": "New"}
    for program_id in ("", str(theirs.program_id)):
        answer = browser.post(path, data=typed | {"program_id": program_id})
        assert answer.status_code == 422
        assert "program" in words(answer).lower()
    answer = browser.post(path, data=typed | {"program_id": str(program)})
    assert answer.status_code == 303


def test_the_page_of_an_event_shows_them_what_they_may_open(
    app: Flask, session: Session, ours: Event
) -> None:
    door, reader = (
        app.test_client(user=make_account(session, role=role))
        for role in (Role.CHECK_IN, Role.REPORTS)
    )
    page = door.get(f"/staff/events/{ours.id}")
    assert "Door list (PDF)" in words(page)
    assert f"/staff/events/{ours.id}/edit" not in page.text
    page = reader.get(f"/staff/events/{ours.id}")
    assert "Report" in words(page)
    assert "Door list" not in words(page)
    assert f"/staff/events/{ours.id}/registrations" not in page.text
