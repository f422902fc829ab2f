"""The lists on an organization's page and of its memberships, however long."""

import html
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from csd_events.organizations.models import Affiliation, Membership
from tests.desk import fields_of, staff_browser
from tests.rosters import fill, make_city
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("now")

TODAY = date(2030, 5, 1)
ONE_DAY = timedelta(days=1)
LIST = "/staff/organizations"


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def names_of(page: str, region: str) -> list[str]:
    """Read the first words of each row of the table of that name."""
    table = page.partition(f'aria-label="{region}">')[2].partition("</table>")[0]
    rows = re.findall(r'<th scope="row">\s*(?:<[^>]+>)*([^<]+)', table)
    return [" ".join(html.unescape(row).split()) for row in rows]


def towns_of(page: str) -> list[str]:
    below = page.partition('id="below"')[2].partition("</ul>")[0]
    return re.findall(r'<a href="/staff/organizations/\d+">([^<]+)</a>', below)


def link(page: str, words: str) -> str:
    found = re.search(rf'href="([^"]+)">[^<]*{words}', page)
    return html.unescape(found[1]) if found else ""


def test_a_long_roster_is_read_forth_and_back_by_name_without_losing_any(
    browser: FlaskClient, session: Session
) -> None:
    city = make_city(session)
    names = ["ámbar", *(f"Clerk {number:03}" for number in range(40)), *["Pat"] * 82]
    fill(session, city, names)
    url, seen, back, rows = f"{LIST}/{city}", [], [], set()
    while url:
        page = browser.get(url).text
        seen.append(names_of(page, "People"))
        rows |= set(re.findall(r"/people/(\d+)", page))
        url = link(page, "More people")
    assert "123 people" in page
    while url := link(page, "Back"):
        page = browser.get(url).text
        back.append(names_of(page, "People"))
    assert [name for each in seen for name in each] == names
    assert ([len(each) for each in seen], len(rows)) == ([50, 50, 23], len(names))
    assert back == seen[1::-1]


def test_people_of_other_days_have_pages_of_their_own_after_those_of_today(
    browser: FlaskClient, session: Session
) -> None:
    city = make_city(session)
    fill(session, city, ["Here"])
    gone = [f"Gone {number:03}" for number in range(60)]
    fill(session, city, gone, until=TODAY - ONE_DAY)
    first = browser.get(f"{LIST}/{city}").text
    second = browser.get(link(first, "More people of other days")).text
    assert "60 people of other days" in first
    for page, shown in ((first, gone[:50]), (second, gone[50:])):
        assert names_of(page, "People") == ["Here"]
        assert names_of(page, "People of other days") == shown
    assert ['id="others" open' in page for page in (first, second)] == [False, True]


def test_no_organization_under_another_is_left_out(
    browser: FlaskClient, session: Session
) -> None:
    county = make_city(session, "County")
    towns = [f"Town {number:03}" for number in range(210)]
    for name in reversed(towns):
        make_city(session, name, county)
    make_city(session, "Town of nobody")
    url, seen = f"{LIST}/{county}", []
    while url:
        page = browser.get(url).text
        seen += towns_of(page)
        url = link(page, "More organizations")
    assert seen == towns
    assert "210 organizations" in page


def test_no_membership_on_record_is_left_out_and_the_latest_stands_first(
    browser: FlaskClient, session: Session
) -> None:
    city = make_city(session)
    days = [TODAY - number * ONE_DAY for number in range(210)]
    rows = [{"organization_id": city, "from_on": d, "until_on": d} for d in days]
    session.execute(insert(Membership), rows)
    session.commit()
    for start in (f"{LIST}/{city}", f"/staff/memberships/new?organization={city}"):
        url, seen = start, []
        while url:
            page = browser.get(url).text
            seen += re.findall(r"<td><time[^>]*>([^<]+)</time></td>\s*<td>", page)
            url = link(page, "Earlier memberships")
        space = "\N{NO-BREAK SPACE}"
        assert seen == [f"{day:%B}{space}{day.day}, {day.year}" for day in days]
        assert "210 memberships" in page


def test_an_overlap_with_a_membership_long_past_is_said_too(
    browser: FlaskClient, session: Session
) -> None:
    city = make_city(session)
    rows = [
        {"organization_id": city, "from_on": day, "until_on": day}
        for day in (TODAY + number * ONE_DAY for number in range(210))
    ]
    session.execute(insert(Membership), rows)
    session.commit()
    url = f"/staff/memberships/new?organization={city}"
    typed: dict[str, str] = {}
    for end in ("first_on", "last_on"):
        typed |= {f"{end}-month": "5", f"{end}-day": "1", f"{end}-year": "2030"}
    fields = fields_of(browser.get(url).text) | typed
    saved = browser.post(url, data=fields | {"first_on-year": "2029"})
    assert saved.status_code == 303
    page = browser.get(saved.location).text
    assert "Saved. It overlaps another membership" in page


@pytest.mark.parametrize(
    "edge",
    [
        "list=people&after=999999",
        "list=people&after=x",
        "list=people&before=0",
        "list=nothing&after=1",
        "list=below&after=~",
    ],
)
def test_where_no_page_begins_the_list_begins_again_or_is_at_its_end(
    browser: FlaskClient, session: Session, edge: str
) -> None:
    city = make_city(session)
    fill(session, city, ["Ada"])
    answer = browser.get(f"{LIST}/{city}?{edge}")
    assert (answer.status_code, names_of(answer.text, "People")) == (200, ["Ada"])


def test_a_page_after_the_last_of_a_list_says_so_and_leads_back(
    browser: FlaskClient, session: Session
) -> None:
    city = make_city(session)
    fill(session, city, ["Ada"])
    (last,) = session.query(Affiliation.id).one()
    town = make_city(session, "Town", city)
    rows = {"organization_id": city, "from_on": TODAY, "until_on": TODAY}
    session.execute(insert(Membership), rows)
    (stay,) = session.query(Membership.id).one()
    session.commit()
    page = browser.get(f"{LIST}/{city}?list=people&after={last}").text
    assert names_of(page, "People") == []
    assert "Nobody comes after this." in page
    assert link(page, "Back") == f"{LIST}/{city}#people"
    page = browser.get(f"{LIST}/{city}?list=below&after=z").text
    assert (f"{LIST}/{town}" in page, link(page, "Back")) == (
        False,
        f"{LIST}/{city}#below",
    )
    page = browser.get(f"{LIST}/{city}?list=memberships&after={stay}").text
    assert "No membership comes after this." in page
    assert link(page, "Back") == f"{LIST}/{city}#memberships"


def test_an_organization_costs_as_much_with_200_of_everything_as_with_2(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    numbers = []
    for number in (1, 2, 200):  # the first fills what a process keeps
        city = make_city(session, f"City {number}")
        names = [f"{number} {each}" for each in range(number)]
        fill(session, city, [f"Here {each}" for each in names])
        fill(session, city, [f"Gone {each}" for each in names], until=TODAY - ONE_DAY)
        for each in names:
            make_city(session, f"Town {each}", city)
        days = {"organization_id": city, "from_on": TODAY, "until_on": TODAY}
        session.execute(insert(Membership), [days] * number)
        session.commit()
        with counted(app) as seen:
            assert browser.get(f"{LIST}/{city}").status_code == 200
        numbers.append(len(seen))
    assert numbers[1] == numbers[2]
