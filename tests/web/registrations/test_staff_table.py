"""The table of who registered: filters, columns, and files of what it shows."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.core.sheets import rows_of_sheet
from csd_events.events.models import Event
from csd_events.events.rules import Audience, OfferDraft, QuestionKind
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Said, State
from tests.asking import ask, make_asking
from tests.desk import fill, send, staff_browser
from tests.factories import make_event, make_registration
from tests.statements import counted
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def listed(browser: FlaskClient, event: Event, **query: object) -> list[str]:
    """Return who a file of the list holds, by the same address as the page."""
    path = f"/staff/events/{event.id}/registrations"
    page = browser.get(path, query_string=query)
    assert page.status_code == 200
    shown = words(page)
    rows = file_rows(browser, event, **query)
    place = rows[0].index("Name")
    names = [row[place] for row in rows[1:]]
    assert all(name in shown for name in names)
    return names


def file_rows(browser: FlaskClient, event: Event, **query: object) -> list[list[str]]:
    path = f"/staff/events/{event.id}/registrations.csv"
    answer = browser.get(path, query_string=query)
    return list(csv.reader(answer.text.removeprefix("\ufeff").splitlines()))


def sheet_rows(browser: FlaskClient, event: Event, **query: object) -> list[list[str]]:
    path = f"/staff/events/{event.id}/registrations.xlsx"
    answer = browser.get(path, query_string=query)
    return [row for _number, row in rows_of_sheet(io.BytesIO(answer.data))]


def register_at(session: Session, event: Event, name: str, at: datetime) -> None:
    made = make_registration(
        session, event, full_name=name, email=f"{name.lower()}@example.org"
    )
    mine = Registration.id == made.id
    session.execute(update(Registration).where(mine).values(registered_at=at))
    session.commit()


def test_filter_registered_between_uses_event_zone(
    browser: FlaskClient, session: Session
) -> None:
    """Acceptance 18: a day is the event's, not that of UTC."""
    event = make_event(session)
    assert event.zone == "America/New_York"
    late = datetime(2025, 6, 2, 3, 30, tzinfo=UTC)  # 11:30 pm on June 1 in New York
    register_at(session, event, "Ada", late)
    register_at(session, event, "Bo", datetime(2025, 6, 2, 4, 0, tzinfo=UTC))
    register_at(session, event, "Cy", datetime(2025, 6, 3, 3, 59, tzinfo=UTC))
    register_at(session, event, "Di", datetime(2025, 6, 3, 4, 0, tzinfo=UTC))
    june_1, june_2 = "2025-06-01", "2025-06-02"
    assert listed(browser, event, **{"from": june_1, "until": june_1}) == ["Ada"]
    assert listed(browser, event, **{"from": june_2, "until": june_2}) == ["Bo", "Cy"]
    assert listed(browser, event, **{"from": june_2}) == ["Bo", "Cy", "Di"]
    assert listed(browser, event, until=june_2) == ["Ada", "Bo", "Cy"]


def test_a_day_that_is_none_is_said_and_narrows_nothing(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    make_registration(session, event, full_name="Ada Sample")
    page = browser.get(f"/staff/events/{event.id}/registrations?from=last+week")
    assert "A day could not be read" in words(page)
    assert "Ada Sample" in words(page)


def test_the_list_is_narrowed_by_the_beginning_of_an_organization(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    for name, organization in [
        ("Ada", "Cañon City"),
        ("Bo", "CANON COUNTY"),
        ("Cy", "City of Canon"),
        ("Di", "100% County"),
    ]:
        make_registration(
            session,
            event,
            full_name=name,
            email=f"{name}@example.org",
            organization=organization,
        )
    assert listed(browser, event, organization="canon c") == ["Ada", "Bo"]
    assert listed(browser, event, organization="100%") == ["Di"]
    assert listed(browser, event, organization="100_") == []


def test_the_list_is_narrowed_by_an_offer(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(
        session,
        offers=[
            OfferDraft(price_cents=0, audience=Audience.MEMBERS),
            OfferDraft(price_cents=4900),
        ],
    )
    make_registration(session, event, full_name="Ada Sample")
    page = words(browser.get(f"/staff/events/{event.id}/registrations"))
    assert "Members, free" in page
    assert "Everyone, USD 49.00" in page
    mine, other = event.offers[1].id, event.offers[0].id
    assert listed(browser, event, offer=mine) == ["Ada Sample"]
    assert listed(browser, event, offer=other) == []


def test_staff_choose_columns_and_find_them_again_at_the_next_event(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_asking(session, ask(QuestionKind.SHORT, "How far do you come?"))
    (question,) = event.questions
    made = make_registration(
        session,
        event,
        full_name="Ada Sample",
        said=Said({question.id: "Two miles"}),
        us_state="OH",
        via="newsletter",
    )
    other = make_event(session, slug="other")
    make_registration(session, other, full_name="Bo Sample", us_state="TX")
    path = f"/staff/events/{event.id}/registrations"
    first = words(browser.get(path))
    assert made.reference in first
    assert "newsletter" not in first
    chosen = ["us_state", "via", f"question-{question.id}"]
    send(browser, f"{path}/columns", {"columns": chosen})
    second = words(browser.get(path))
    assert made.reference not in second
    assert ["OH" in second, "newsletter" in second, "Two miles" in second] == [True] * 3
    assert file_rows(browser, event) == [
        ["Name", "U.S. state", "How they came", "How far do you come?"],
        ["Ada Sample", "OH", "newsletter", "Two miles"],
    ]
    assert file_rows(browser, other)[1] == ["Bo Sample", "TX", ""]
    send(browser, f"/staff/events/{other.id}/registrations/columns", {"columns": []})
    assert "Two miles" in words(browser.get(path))  # of another event: nobody asked
    session.rollback()
    colleague = staff_browser(app, session)
    assert made.reference in words(colleague.get(path))


def test_spreadsheet_export_with_formulas_in_a_field_is_inert(
    browser: FlaskClient, session: Session
) -> None:
    """Acceptance 30: ``=cmd|…``, ``+1``, ``-5`` do nothing, in either format."""
    event = make_asking(session, ask(QuestionKind.SHORT, "@SUM(A1)"))
    (question,) = event.questions
    make_registration(
        session,
        event,
        full_name="=cmd|' /C calc'!A0",
        organization="+1",
        said=Said({question.id: "-5"}),
    )
    headings, row = file_rows(browser, event)
    assert headings[-1] == "'@SUM(A1)"
    assert [row[1], row[2], row[-1]] == ["'=cmd|' /C calc'!A0", "'+1", "'-5"]
    headings, row = sheet_rows(browser, event)
    assert headings[-1] == "@SUM(A1)"
    assert [row[1], row[2], row[-1]] == ["=cmd|' /C calc'!A0", "+1", "-5"]
    answer = browser.get(f"/staff/events/{event.id}/registrations.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        parts = archive.namelist()
    assert "<f" not in sheet
    assert sheet.count('t="inlineStr"') == sheet.count("<is>") > 0
    assert not [each for each in parts if "external" in each.lower()]


def test_both_files_say_the_same_on_the_clock_that_the_heading_names(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    register_at(session, event, "Ada", datetime(2025, 6, 2, 3, 30, tzinfo=UTC))
    rows = file_rows(browser, event)
    place = rows[0].index("Registered (America/New_York)")
    assert rows[1][place] == "2025-06-01 23:30"
    width = len(rows[0])
    padded = [row + [""] * (width - len(row)) for row in sheet_rows(browser, event)]
    assert padded == rows


def test_the_page_asks_as_often_whatever_is_asked_of_it(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    fill(session, event.id, 60)
    path = f"/staff/events/{event.id}/registrations"
    numbers = []
    for query in (
        "",
        "?from=2020-01-01&until=2040-01-01",
        "?organization=town",
        f"?offer={event.offers[0].id}",
        "?q=person&state=confirmed&sort=name",
    ):
        browser.get(path + query)
        with counted(app) as statements:
            browser.get(path + query)
        numbers.append(len(statements))
    assert len(set(numbers)) == 1, numbers
    fill(session, event.id, 1, State.CANCELLED)
