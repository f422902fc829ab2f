"""The list of who registered: found, sorted, paged, with what was mailed."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
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


def test_going_on_and_back_shows_the_same_pages(
    browser: FlaskClient, event_id: int
) -> None:
    path = f"/staff/events/{event_id}/registrations?sort=name"
    first = browser.get(path).text
    older = re.search(r'rel="next"\s+href="([^"]+)"', first)
    assert older
    second = browser.get(older[1].replace("&amp;", "&")).text
    newer = re.search(r'rel="prev"\s+href="([^"]+)"', second)
    assert newer
    back = browser.get(newer[1].replace("&amp;", "&")).text
    assert (names(back), 'rel="prev"' in back) == (names(first), False)


def test_a_state_shows_only_its_people_and_the_place_in_the_queue(
    browser: FlaskClient, event_id: int
) -> None:
    path = f"/staff/events/{event_id}/registrations?state=waiting&sort=name"
    page = browser.get(path).text
    assert len(names(page)) == 2
    assert re.findall(r"Waiting, number (\d+)", page) == ["1", "2"]
    assert "2 registrations" in page


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
