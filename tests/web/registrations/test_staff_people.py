"""The list of who registered: found, sorted, paged, with what was mailed."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.events.models import Event
from csd_events.outbox import service as outbox
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from tests.desk import fill, make_event, staff_browser
from tests.factories import NOON
from tests.visitors import heading


@pytest.fixture
def browser(app: Flask, session: Session, now: datetime) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def event_id(app: Flask, session: Session) -> int:
    """An event with 120 people: three pages."""
    event_id = make_event(app)
    fill(session, event_id, 118)
    fill(session, event_id, 2, State.WAITING)
    return event_id


def names(page: str) -> list[str]:
    rows = re.findall(r'data-drawer="Close">(.*?)</a>', page, re.DOTALL)
    return [re.sub(r"\s+", " ", row) for row in rows]


def everybody(browser: FlaskClient, path: str) -> list[str]:
    """Follow the list from page to page to its end."""
    found = []
    while path:
        page = browser.get(path).text
        found += names(page)
        more = re.search(r'<a rel="next"\s+href="([^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else ""
    return found


@pytest.mark.parametrize(
    ("query", "newest_first"),
    [("", True), ("?sort=name", False), ("?sort=organization", True)],
)
def test_every_order_shows_everybody_once_in_that_order(
    browser: FlaskClient, event_id: int, query: str, *, newest_first: bool
) -> None:
    found = everybody(browser, f"/staff/events/{event_id}/registrations{query}")
    assert len(found) == len(set(found)) == 120
    assert found == sorted(found, reverse=newest_first)


def lead(page: str, way: str) -> str:
    """Return where a page leads, ``next`` or ``prev``."""
    found = re.search(rf'rel="{way}"\s+href="([^"]+)"', page)
    assert found
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize("sort", ["newest", "name", "organization", "state"])
def test_going_on_and_back_shows_the_same_pages(
    browser: FlaskClient, session: Session, event_id: int, sort: str
) -> None:
    """Also where all have registered at one instant, with one name."""
    same = {"registered_at": NOON, "name_key": "a", "organization_key": "a"}
    session.execute(update(Registration).values(same))
    session.commit()
    path = f"/staff/events/{event_id}/registrations?sort={sort}"
    first = browser.get(path).text
    second = browser.get(lead(first, "next")).text
    third = browser.get(lead(second, "next")).text
    back = browser.get(lead(third, "prev")).text
    again = browser.get(lead(back, "prev")).text
    assert len({*names(first), *names(second), *names(third)}) == 120
    assert (names(back), names(again)) == (names(second), names(first))
    assert ('rel="prev"' in again, 'rel="next"' in third) == (False, False)


def test_each_row_leads_to_the_pages_of_its_own_person(
    app: Flask, browser: FlaskClient, session: Session, event_id: int
) -> None:
    session.execute(update(Event).values(over_at=None))
    session.commit()
    page = browser.get(f"/staff/events/{event_id}/registrations").text
    rows = page.split("<tr>")[2:]
    ids = [int(found) for found in re.findall(r'name="id"\s+value="(\d+)"', page)]
    assert len(rows) == len(ids) == 50
    pages = (
        "home_staff.registration", "registrations_staff.registration_mails",
        "registrations_staff.readdress_registration",
        "registrations_staff.replace_registration",
        "registrations_staff.cancel_registration",
    )  # fmt: skip
    with app.test_request_context():
        for row, registration_id in zip(rows, ids, strict=True):
            for endpoint in pages:
                path = url_for(endpoint, registration_id=registration_id)
                assert f'href="{path}"' in row


@pytest.mark.parametrize("narrowed", ["", "&state=confirmed"])
def test_a_page_by_state_goes_on_from_where_its_last_person_stood(
    browser: FlaskClient, session: Session, event_id: int, narrowed: str
) -> None:
    """They were cancelled while staff read the page: nobody is left out for that."""
    path = f"/staff/events/{event_id}/registrations?sort=state{narrowed}"
    whole = everybody(browser, path)
    page = browser.get(path).text
    session.execute(
        update(Registration)
        .where(Registration.full_name == names(page)[-1])
        .values(state=State.CANCELLED, cancelled_at=NOON)
    )
    session.commit()
    gone = names(page)[-1]
    rest = [each for each in everybody(browser, lead(page, "next")) if each != gone]
    assert names(page) + rest == whole


def test_another_order_leaves_nobody_out_and_says_so(
    browser: FlaskClient, event_id: int
) -> None:
    path = f"/staff/events/{event_id}/registrations"
    sorted_by, narrowed = (
        browser.get(f"{path}?{asked}").text for asked in ("sort=name", "state=waiting")
    )
    everyone, fitting = "With everyone on the list", "With all that fit this filter"
    assert ("Show everyone" in sorted_by, "Show everyone" in narrowed) == (False, True)
    assert (everyone in sorted_by, fitting in narrowed) == (True, True)


def test_a_state_shows_only_its_people_and_the_place_in_the_queue(
    browser: FlaskClient, event_id: int
) -> None:
    path = f"/staff/events/{event_id}/registrations?state=waiting&sort=name"
    page = browser.get(path).text
    assert len(names(page)) == 2
    assert re.findall(r"Waiting, number (\d+)", page) == ["1", "2"]
    assert "2 registrations" in page


def test_by_state_who_waits_comes_first_and_who_cancelled_last(
    browser: FlaskClient, session: Session, event_id: int
) -> None:
    ids = select(Registration.id).where(Registration.state == State.CONFIRMED)
    gone = session.scalars(ids.order_by(Registration.id).limit(3)).all()
    session.execute(
        update(Registration)
        .where(Registration.id.in_(gone))
        .values(state=State.CANCELLED, cancelled_at=NOON)
    )
    session.commit()
    path = f"/staff/events/{event_id}/registrations"

    found = everybody(browser, f"{path}?sort=state")

    waiting, cancelled = (
        everybody(browser, f"{path}?state={state}")
        for state in ("waiting", "cancelled")
    )
    assert (len(found), len(set(found)), len(cancelled)) == (120, 120, 3)
    assert (found[:2], found[-3:]) == (waiting, cancelled)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("zoe numan", ["Zoë Ñuman"]),
        ("ÑUMAN", ["Zoë Ñuman"]),
        ("cañon", ["Zoë Ñuman"]),
        ("zn@example", ["Zoë Ñuman"]),
        ("csd-zzzz-zzzz", ["Zoë Ñuman"]),
        ("100%", []),
        ("nobody at all", []),
    ],
)
def test_a_search_finds_names_organizations_addresses_and_references(
    browser: FlaskClient,
    session: Session,
    event_id: int,
    asked: str,
    found: list[str],
) -> None:
    person = Person(
        email="zn@example.org",
        email_key="zn@example.org",
        full_name="Z",
        created_at=NOON,
    )
    row = Registration(
        event_id=event_id,
        person=person,
        email_key=person.email_key,
        state=State.CONFIRMED,
        reference="CSD-ZZZZ-ZZZZ",
        full_name="Zoë Ñuman",
        organization="Cañon City",
        price_cents=2500,
        currency="USD",
        registered_at=NOON,
    )
    session.add(row)
    session.commit()

    path = f"/staff/events/{event_id}/registrations"
    page = browser.get(path, query_string={"q": asked}).text

    assert names(page) == found
    assert ("Nobody fits." in page, "USD 25.00" in page) == (not found, bool(found))


def test_a_search_that_finds_many_says_so(browser: FlaskClient, event_id: int) -> None:
    page = browser.get(f"/staff/events/{event_id}/registrations?q=person").text
    assert "More than 50 registrations" in page


def test_staff_see_what_was_mailed_to_whom_and_when(
    browser: FlaskClient, session: Session, event_id: int
) -> None:
    by_name = select(Registration.id).order_by(Registration.name_key, Registration.id)
    registration_id = session.scalars(by_name).first()
    for number, kind in enumerate(("registration.confirmed", "registration.reminder")):
        outbox.enqueue(
            session,
            key=f"{kind}:{registration_id}",
            kind=kind,
            subject_id=registration_id or 0,
            to_address="person@example.org",
            due_at=NOON + timedelta(days=number),
            now=NOON,
        )
    session.commit()

    page = browser.get(f"/staff/events/{event_id}/registrations?sort=name").text
    line = re.search(r"2 mails\s*</summary>(.*?)</ul>", page, re.DOTALL)

    assert line
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line[1])).strip()
    assert words == (
        "Confirmation Waiting to go Wed, May 1, 8:00 am ET "
        "Reminder Waiting to go Thu, May 2, 8:00 am ET"
    )


@pytest.mark.parametrize(
    "query",
    [
        "after=99999999999999999999",
        "before=-1",
        "after=x",
        "after=1&before=2",
        "state=x&sort=y",
        "q=" + "a" * 500,
    ],
)
def test_an_address_that_nobody_was_given_shows_a_list(
    browser: FlaskClient, event_id: int, query: str
) -> None:
    answer = browser.get(f"/staff/events/{event_id}/registrations?{query}")
    assert (answer.status_code, heading(answer)) == (200, "Sharing dispatch")
    assert "Download as CSV" in answer.text


def test_names_are_shown_as_they_were_typed(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app)
    fill(session, event_id, 1)
    row = session.scalars(select(Registration)).one()
    row.full_name = "<b>Robert</b> O'Sample"
    session.commit()

    page = browser.get(f"/staff/events/{event_id}/registrations").text
    assert names(page) == ["&lt;b&gt;Robert&lt;/b&gt; O&#39;Sample"]
