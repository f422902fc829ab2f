"""Staff see what members use and miss, told of five communities or not at all."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, PersonArea
from csd_events.core.access import Role
from csd_events.library import service as library
from csd_events.library.models import LibraryUse
from csd_events.library.rules.searching import EntryKind
from csd_events.library.rules.using import KEPT, Use
from csd_events.organizations.models import Affiliation, Organization
from csd_events.worksheets import service as worksheets
from tests.desk import staff_browser
from tests.factories import NOON, make_account, writing
from tests.rosters import make_city
from tests.statements import counted
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")
PAGE = "/staff/library/use"
CASE = "/library/case-studies/dakota-911"


@pytest.fixture(autouse=True)
def shelf(session: Session) -> None:
    with writing(session):
        library.import_cases(session, library.built_in_document())
        library.reindex(session)


def make_town(session: Session, kind: str = "town") -> int:
    made = session.scalar(select(func.count(Organization.id)))
    town = make_city(session, f"Sample town {made}")
    with writing(session):
        session.execute(
            update(Organization).where(Organization.id == town).values(kind=kind)
        )
    return town


def make_resident(session: Session, town: int, **given: object) -> Account:
    account = make_account(session, **given)
    with writing(session):
        session.add(
            Affiliation(
                person_id=account.person_id,
                organization_id=town,
                from_on=date(2020, 1, 1),
            )
        )
    return account


def residents(app: Flask, session: Session, number: int) -> list[FlaskClient]:
    """Browsers of members, each of another town."""
    return [
        app.test_client(user=make_resident(session, make_town(session)))
        for _ in range(number)
    ]


def shown(app: Flask, session: Session) -> str:
    session.rollback()
    return words(staff_browser(app, session).get(PAGE))


def rows(session: Session) -> list[tuple[str, str, int]]:
    session.rollback()
    found = select(LibraryUse.use, LibraryUse.subject, func.sum(LibraryUse.times))
    grouped = found.group_by(LibraryUse.use, LibraryUse.subject)
    return sorted(
        (str(use), subject, times)
        for use, subject, times in session.execute(grouped).all()
    )


def test_what_people_of_five_communities_opened_is_told(
    app: Flask, session: Session
) -> None:
    for browser in residents(app, session, 5):
        browser.get(CASE)
    assert "911 dispatch fewer than 5 fewer than 5 5 from 5 communities" in shown(
        app, session
    )


def test_what_people_of_five_communities_saved_is_told(
    app: Flask, session: Session
) -> None:
    for _ in range(5):
        account = make_resident(session, make_town(session))
        with writing(session):
            library.save_item(
                session,
                account.person_id,
                (EntryKind.CASE_STUDY, "dakota-911"),
                note="",
                now=NOON,
            )
    assert "911 dispatch fewer than 5 fewer than 5 fewer than 5 5 from" in shown(
        app, session
    )


def test_of_four_communities_nothing_is_told(app: Flask, session: Session) -> None:
    for browser in residents(app, session, 4):
        browser.get(CASE)
        browser.get(CASE)
    assert rows(session) == [("seen", "dispatch_911", 8)]
    assert "911 dispatch" not in shown(app, session)


def test_visitors_staff_and_who_belongs_to_no_government_are_not_counted(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    client.get(CASE)
    app.test_client(user=make_account(session)).get(CASE)
    firm = make_town(session, kind="company")
    app.test_client(user=make_resident(session, firm)).get(CASE)
    staff = make_resident(session, make_town(session), role=Role.SCHEDULER)
    app.test_client(user=staff).get(CASE)
    assert rows(session) == []


def test_a_service_is_looked_for_by_filter_and_by_name(
    app: Flask, session: Session
) -> None:
    for browser in residents(app, session, 5):
        browser.get("/library/case-studies?area=stormwater")
        browser.get("/library/publications?area=transit")
        browser.get("/library/search?q=Animal++SERVICES")
        browser.get("/library/case-studies?area=stormwater&after=m")  # turns a page
    assert rows(session) == [
        ("looked_for", "animal_services", 5),
        ("looked_for", "stormwater", 5),
        ("looked_for", "transit", 5),
    ]
    gap = "People of 5 communities asked for Stormwater; we hold no case study of it"
    assert gap in shown(app, session)


def test_words_that_nothing_holds_are_told_once_five_communities_missed_them(
    app: Flask, session: Session
) -> None:
    browsers = residents(app, session, 5)
    for browser in browsers[:4]:
        browser.get("/library/search?q=Zeppelin")
    missed = "People of 5 communities searched for “zeppelin” and found nothing."
    assert "zeppelin" not in shown(app, session)
    browsers[4].get("/library/search?q=zeppelin ")
    assert missed in shown(app, session)


def test_what_finds_something_and_what_was_pasted_is_not_kept(
    app: Flask, session: Session
) -> None:
    (browser,) = residents(app, session, 1)
    browser.get("/library/search?q=unions")
    browser.get("/library/search?q=" + "zebra" * 13)
    browser.get("/library/search?q=the")
    browser.get("/library/search?q=zebra&state=NY")
    assert rows(session) == []


def test_worksheets_and_what_people_care_about_count_for_their_community(
    app: Flask, session: Session
) -> None:
    for _ in range(5):
        account = make_resident(session, make_town(session))
        with writing(session):
            session.add(
                PersonArea(person_id=account.person_id, position=0, area="police")
            )
            begun = worksheets.begin(
                session,
                worksheets.Beginning(
                    service_area="police", person_id=account.person_id
                ),
                now=NOON,
            )
            answers = {f"{side}{n}": 2 for side in "SC" for n in range(1, 8)}
            if account.person_id % 2:
                worksheets.answer(session, begun.id, answers, now=NOON)
    said = shown(app, session)
    assert "Police 5 from 5 communities fewer than 5 fewer than 5 fewer than 5" in said
    assert "5 from 5 communities fewer than 5 Counted by community" in said


def test_after_half_a_year_it_is_forgotten(session: Session) -> None:
    town, day = make_town(session), NOON.date()
    with writing(session):
        for use_day in (day - KEPT - timedelta(days=1), day - KEPT, day):
            library.note_use(
                session, Use.SEEN, ["police"], organization_id=town, day=use_day
            )
        library.forget_old_uses(session, now=NOON)
    left = select(LibraryUse.day).order_by(LibraryUse.day)
    assert list(session.scalars(left)) == [day - KEPT, day]


def test_the_page_asks_as_much_of_a_busy_library(app: Flask, session: Session) -> None:
    desk = staff_browser(app, session)
    desk.get(PAGE)
    with counted(app) as few:
        desk.get(PAGE)
    for browser in residents(app, session, 5):
        browser.get(CASE)
    with counted(app) as many:
        desk.get(PAGE)
    assert len(many) == len(few)
