"""Where pages of the staff lead: to nothing that is refused to who reads them."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.events import queries as catalog
from csd_events.events import service as events
from csd_events.events.models import Event
from csd_events.events.rules import OfferDraft, ProgramDraft
from tests.desk import wall
from tests.factories import NOON, make_account, make_registration, writing
from tests.letters import deliver
from tests.staging import make_stage_event
from tests.visitors import hidden_on

pytestmark = pytest.mark.usefixtures("now")
WAY = re.compile(r'<(a|form)\b[^>]*?\b(?:href|action)="(/staff[^"#]*)')


@pytest.fixture
def program(session: Session) -> int:
    with writing(session):
        return events.create_program(session, ProgramDraft(name="Sharing"), now=NOON)


@pytest.fixture
def event(app: Flask, session: Session, program: int) -> Event:
    """An event of a series, with a price, people on stage, and who was mailed."""
    made = make_stage_event(
        session, program_id=program, offers=[OfferDraft(price_cents=4900)]
    )
    again = events.Repeat(starts=[wall(2031, 6, 5, 14)], way_in=None, nonce="once")
    with writing(session):
        events.repeat(session, made.id, again, now=NOON, actor_id=None)
    make_registration(session, made)
    deliver(app)
    session.rollback()
    return catalog.get(session, made.id)


def sign_in(app: Flask, session: Session, program: int, role: Role) -> FlaskClient:
    """A browser of somebody who holds a role in a program alone."""
    account = make_account(session)
    with writing(session):
        events.give_program_role(
            session, account.id, program, role, now=NOON, actor_id=None
        )
    return app.test_client(user=account)


def look(browser: FlaskClient, path: str) -> tuple[int, set[str], set[str]]:
    """Open a page; return its status, where it leads, and where its forms are sent."""
    page = browser.get(path)
    found = WAY.findall(page.text) if page.mimetype == "text/html" else []
    page.close()
    links, forms = (
        {html.unescape(way) for kind, way in found if kind == wanted}
        for wanted in ("a", "form")
    )
    return page.status_code, links, forms


def walk(browser: FlaskClient) -> tuple[set[str], set[str]]:
    """Follow every way from the list of events; return what was met, and refusals."""
    ahead, met, sent = {"/staff/events"}, {}, set()
    while ahead:
        path = ahead.pop()
        met[path], links, forms = look(browser, path)
        sent |= forms
        ahead |= links - met.keys()
    given = {"csrf_token": hidden_on(browser.get("/me/account"), "csrf_token")}
    for path in sent:
        met[path] = browser.post(path, data=given).status_code
    return set(met), {path for path, status in met.items() if status == 403}


@pytest.mark.parametrize("role", [Role.SCHEDULER, Role.CHECK_IN, Role.REPORTS])
def test_no_page_leads_who_has_a_role_in_a_program_to_one_they_may_not_open(
    app: Flask, session: Session, program: int, event: Event, role: Role
) -> None:
    met, refused = walk(sign_in(app, session, program, role))
    assert f"/staff/events/{event.id}" in met
    assert refused == set()


def test_who_stands_at_any_door_is_led_to_no_series(
    app: Flask, session: Session, event: Event
) -> None:
    door = app.test_client(user=make_account(session, role=Role.CHECK_IN))
    met, refused = walk(door)
    assert f"/staff/events/{event.id}/run-sheet" in met
    assert refused == set()


def test_who_schedules_in_a_program_finds_its_series(
    app: Flask, session: Session, program: int, event: Event
) -> None:
    page = sign_in(app, session, program, Role.SCHEDULER).get("/staff/events")
    assert f'href="/staff/series/{event.series_id}"' in page.text


def test_who_schedules_in_one_program_need_not_choose_it(
    app: Flask, session: Session, program: int
) -> None:
    browser = sign_in(app, session, program, Role.SCHEDULER)
    page = browser.get("/staff/events/new/webinar").text
    assert re.search(rf'<option value="{program}"\s+selected', page)
    everywhere = app.test_client(user=make_account(session, role=Role.SCHEDULER))
    page = everywhere.get("/staff/events/new/webinar").text
    assert not re.search(rf'<option value="{program}"\s+selected', page)
