"""The audit trail and the history on an event's page, as staff read them."""

import csv
import html
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.audit.models import AuditEntry
from csd_events.audit.queries import PER_PAGE
from csd_events.core.access import Role
from csd_events.home.staff_views.trail import PAGES
from csd_events.organizations import service as organizations
from csd_events.organizations.rules import Term
from tests.desk import make_event, send, staff_browser
from tests.factories import (
    DAY,
    NOON,
    make_account,
    make_person,
    make_registration,
    writing,
)
from tests.factories import make_event as event_of
from tests.statements import counted
from tests.visitors import errors_on, words

pytestmark = pytest.mark.usefixtures("now")

TRAIL = "/staff/audit"


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session, role=Role.ADMINISTRATOR)


def day(field: str, number: int) -> str:
    """Write a day in May as the address of the page holds it."""
    return f"{field}-month=5&{field}-day={number}&{field}-year=2030"


def record(session: Session, action: str, subject_id: int = 1, **given: Any) -> None:
    with writing(session):
        audit.record(session, action, subject_id=subject_id, **{"now": NOON, **given})


def rows(page: str) -> list[str]:
    """Return each line of the trail as plain words."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    found = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [
        html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row))).strip()
        for row in found
    ]


def test_a_line_says_what_was_done_to_what_by_whom_and_when(
    session: Session, browser: FlaskClient
) -> None:
    dana = make_person(session, full_name="Dana Sample")
    event = event_of(session, title="Sharing dispatch")
    record(
        session,
        "event.saved",
        event.id,
        actor_id=dana.id,
        now=NOON + DAY,
        changes={"capacity": [30, 40], "platform_url": ["…", "…"]},
    )
    page = browser.get(TRAIL).text
    assert rows(page)[0] == (
        "Event changed Event Sharing dispatch Dana Sample May 2, 2030 , 8:00 am "
        "Capacity: 30 → became 40 Link to join: changed"
    )
    assert f'href="/staff/events/{event.id}"' in page
    assert f'href="{TRAIL}?by={dana.id}"' in page


def test_everything_it_speaks_of_has_its_name(
    session: Session, browser: FlaskClient
) -> None:
    account = make_account(session)
    made = make_registration(session, event_of(session), full_name="Luis Sample")
    term = Term(date(2030, 1, 1), date(2030, 12, 31))
    with writing(session):
        given = organizations.NewOrganization(name="City of Sampleton")
        organization_id = organizations.create_organization(session, given, now=NOON)
        organizations.affiliate(
            session,
            person_id=account.person_id,
            organization_id=organization_id,
            term=term,
            now=NOON,
        )
        for owner in (
            {"person_id": account.person_id},
            {"organization_id": organization_id},
        ):
            organizations.record_membership(session, term=term, now=NOON, **owner)
    record(session, "account.role_granted", account.id)
    record(session, "person.renamed", account.person_id)
    record(session, "mail.sent_again", 77)
    name = account.person.full_name
    seen = [row.partition(" The program")[0] for row in rows(browser.get(TRAIL).text)]
    assert made.id > 0
    assert seen[:7] == [
        "Mail sent again Mail number 77",
        f"person.renamed Person {name}",
        f"Role changed Account {name}",
        "Membership recorded Membership City of Sampleton",
        f"Membership recorded Membership {name}",
        f"Person added to an organization Place in an organization {name}",
        "Organization recorded Organization City of Sampleton",
    ]
    assert "Registered Registration Luis Sample A visitor" in seen[7]


def test_the_trail_is_narrowed_by_person_kind_and_day_span(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    """The days are those of the association's zone: 8 pm there is the next day here."""
    dana = make_person(session, full_name="Dana, no staff any more")
    late = NOON.replace(hour=2) + DAY  # still May 1 in New York
    record(session, "event.saved", 101, actor_id=dana.id, now=late)
    record(session, "mail.sent_again", 102, now=NOON + DAY)

    def found(query: str) -> list[str]:
        page = browser.get(f"{TRAIL}?{query}")
        assert page.status_code == 200
        return re.findall(r"number (\d+)", words(page))

    assert found("") == ["102", "101"]
    assert found(f"by={dana.id}") == ["101"]
    assert found("kind=mail") == ["102"]
    assert found(day("since", 2)) == ["102"]
    assert found(day("through", 1)) == ["101"]
    assert found(f"{day('since', 1)}&{day('through', 2)}") == ["102", "101"]
    page = browser.get(f"{TRAIL}?by={dana.id}").text
    assert f'<option value="{dana.id}" selected>Dana, no staff any more' in page
    assert "Show everything" in page


def test_nothing_that_fits_is_a_page_with_a_way_on(browser: FlaskClient) -> None:
    assert "Nothing was done that fits." in words(browser.get(f"{TRAIL}?kind=mail"))


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        (
            "since-month=5&since-day=yesterday&since-year=2030",
            "since-month",
            "From: There is no such day. Check month, day and year",
        ),
        (
            f"{day('since', 2)}&{day('through', 1)}",
            "through-month",
            "The last day comes before the first",
        ),
        ("kind=spaceship", "kind", "Choose one from the list"),
        ("by=999999", "by", "Choose one from the list"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why_and_keeps_what_was_typed(
    browser: FlaskClient, query: str, field: str, message: str
) -> None:
    page = browser.get(f"{TRAIL}?{query}")
    assert (page.status_code, errors_on(page)) == (422, {field: message})
    for typed in re.findall(r"(?:since|through)-\w+=([^&]+)", query):
        assert f'value="{typed}"' in page.text


def test_a_long_trail_leads_on_and_keeps_its_filters(
    session: Session, browser: FlaskClient
) -> None:
    many(session, 2 * PER_PAGE + 1)
    seen, page = [], browser.get(f"{TRAIL}?kind=event").text
    while True:
        seen += rows(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        if older is None:
            break
        assert "kind=event" in older[1]
        page = browser.get(html.unescape(older[1])).text
    assert len(seen) == len(set(seen)) == 2 * PER_PAGE + 1


def many(session: Session, number: int) -> None:
    entry = {"action": "event.saved", "subject_kind": "event", "changes": {}}
    session.execute(
        insert(AuditEntry),
        [{**entry, "at": NOON, "subject_id": n + 1} for n in range(number)],
    )
    session.commit()


def test_the_trail_asks_as_much_for_2_entries_as_for_200(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    browser.get(TRAIL)  # the association is read once, and kept
    numbers = []
    for more in (2, 198):
        many(session, more)
        with counted(app) as said:
            browser.get(TRAIL)
        numbers.append(len(said))
    assert numbers[0] == numbers[1] <= 6


def test_every_page_it_leads_to_is_there(app: Flask) -> None:
    with app.test_request_context():
        urls = app.url_map.bind("")
        built = [urls.build(end, {name: 1}) for end, name in PAGES.values()]
    assert len(built) == len(PAGES)


def test_what_is_gone_is_named_by_its_number_and_leads_nowhere(
    browser: FlaskClient, session: Session
) -> None:
    record(session, "organization.removed", 77)
    page = browser.get(TRAIL).text
    assert "number 77" in page
    assert "/staff/organizations/77" not in page


def test_an_event_shows_its_history(app: Flask, session: Session) -> None:
    event_id = make_event(app, capacity=30)
    browser = staff_browser(app, session)
    send(browser, f"/staff/events/{event_id}/edit", {"capacity": "40"})
    page = browser.get(f"/staff/events/{event_id}/settings").text.partition(
        ">History<"
    )[2]
    seen = rows(page)
    assert [row.partition(" ")[2].partition(" ")[0] for row in seen] == [
        "changed",
        "published",
        "written",
    ]
    assert "Capacity: 30 → became 40" in seen[0]
    assert "State: draft → became published" in seen[1]
    assert "meet.example.org" not in page


def test_what_a_change_points_at_is_named_on_every_page_of_the_trail(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    first = event_of(session, title="Look before")
    event = event_of(session, title="Sharing dispatch")
    record(
        session,
        "event.saved",
        event.id,
        changes={"prerequisites": [[], [first.id, 999]]},
    )
    told = "Events to attend first: Look before; number 999"
    for path in (TRAIL, f"/staff/events/{event.id}/settings"):
        assert told in words(browser.get(path)), path


def test_a_page_of_the_trail_names_many_things_as_cheaply_as_one(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    events = [event_of(session, title=f"Talk {n}") for n in range(8)]
    about = events[0].id
    record(session, "event.saved", about, changes={"prerequisites": [[], [about]]})
    with counted(app) as few:
        browser.get(TRAIL)
    for each in events:
        many = [other.id for other in events]
        record(session, "event.saved", each.id, changes={"prerequisites": [[], many]})
    with counted(app) as many_asked:
        browser.get(TRAIL)
    assert len(few) == len(many_asked)


def test_what_is_listed_leaves_as_a_file_to_its_end(
    browser: FlaskClient, session: Session
) -> None:
    event = event_of(session, title="=cmd")
    record(session, "event.saved", event.id, changes={"place": ["here", "there"]})
    many(session, PER_PAGE + 5)
    page = browser.get("/staff/audit?kind=event&by=&since-month=1&since-year=2030")
    assert page.status_code == 422
    day = "since-month=1&since-day=2&since-year=2030"
    page = browser.get(f"/staff/audit?kind=event&by=&{day}")
    assert f"/staff/audit.csv?kind=event&{day}" in unescape(page.text)
    answer = browser.get("/staff/audit.csv?kind=event")
    lines = list(csv.reader(answer.data.decode("utf-8-sig").splitlines()))
    heading, *rest = lines
    assert heading[1] == "When (UTC)"
    (saved,) = (line for line in rest if line[6] == "Place: here > there")
    assert saved[5] == "'=cmd"
    every = browser.get("/staff/audit.csv").data.decode().count("\r\n") - 1
    assert every == session.scalar(select(func.count(AuditEntry.id)))


def test_the_file_is_for_administrators(app: Flask, session: Session) -> None:
    scheduler = staff_browser(app, session)
    assert scheduler.get("/staff/audit.csv").status_code == 403
