"""The roster: for the contact whom staff named, and for nobody else."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, Person
from csd_events.core.access import Role
from csd_events.events.rules import Audience, OfferDraft
from csd_events.organizations import service
from csd_events.organizations.models import Affiliation, Membership
from csd_events.organizations.rules import Term
from csd_events.organizations.service import NewOrganization
from csd_events.registrations import service as registrations
from tests.factories import (
    DAY,
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("now")

TODAY = date(2030, 5, 1)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def city(session: Session) -> int:
    with writing(session):
        return service.create_organization(
            session, NewOrganization("City of X", state="NC"), now=NOON
        )


def belong(
    session: Session, account: Account, city: int, term: Term, **given: object
) -> None:
    person_id = account.person_id
    with writing(session):
        service.affiliate(
            session,
            person_id=person_id,
            organization_id=city,
            term=term,
            now=NOON,
            **given,  # type: ignore[arg-type]  # position, is_contact
        )


@pytest.fixture
def contact(session: Session, city: int) -> Account:
    account = make_account(session, email="contact@example.org")
    belong(session, account, city, Term(TODAY), is_contact=True, position="Manager")
    return account


def page_of(app: Flask, account: Account | None, city: int) -> tuple[int, str]:
    browser = app.test_client(user=account) if account else app.test_client()
    answer = browser.get(f"/me/organizations/{city}")
    return answer.status_code, html.unescape(answer.text)


def rows_of(page: str) -> list[str]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows]


def test_the_contact_sees_who_is_on_the_roster_and_registered_where(
    app: Flask, session: Session, city: int, contact: Account
) -> None:
    ada = make_account(session, email="ada@example.org")
    belong(session, ada, city, Term(date(2020, 1, 1)), position="Clerk")
    gone = make_account(session, email="gone@example.org")
    belong(session, gone, city, Term(date(2020, 1, 1), TODAY - ONE_DAY))
    leaving = make_account(session, email="last-day@example.org")
    belong(session, leaving, city, Term(date(2020, 1, 1), TODAY))
    coming = make_event(session, title="To come", capacity=1)
    over = make_event(session, title="Is over", starts_at=NOON - 10 * DAY)
    cancelled = make_event(session, title="Given back")
    person: dict[str, Any] = {"person_id": ada.person_id, "email": "ada@example.org"}
    make_registration(session, coming, **person)
    make_registration(session, over, at=NOON - 20 * DAY, **person)
    back = make_registration(session, cancelled, **person)
    with writing(session):
        registrations.cancel(session, back.id, now=NOON)
    make_registration(session, coming, email="contact@example.org")

    status, page = page_of(app, contact, city)

    assert status == 200
    ada_row, contact_row, last_row = sorted(
        rows_of(page), key=lambda row: ("last-day@" in row, "contact@" in row)
    )
    assert "last-day@example.org" in last_row
    assert ada_row.endswith(
        "ada@example.org Clerk January 1, 2020 To come Sat, May 11, 8:00 am ET "
        "Confirmed"
    )
    assert contact_row.endswith(
        "contact@example.org Manager Contact May 1, 2030 To come "
        "Sat, May 11, 8:00 am ET Waiting"
    )
    assert [
        words for words in ("gone@", "Is over", "Given back") if words in page
    ] == []


def test_a_roster_names_places_of_its_own_people_alone_each_once(
    app: Flask, session: Session, city: int, contact: Account
) -> None:
    people = {
        name: make_account(session, email=f"{name}@example.org")
        for name in ("ada", "left", "elsewhere")
    }
    with writing(session):
        other = service.create_organization(session, NewOrganization("B"), now=NOON)
    belong(session, people["ada"], city, Term(date(2020, 1, 1)), position="Clerk")
    belong(session, people["ada"], city, Term(TODAY), position="Manager")
    belong(session, people["left"], city, Term(date(2020, 1, 1), TODAY - ONE_DAY))
    belong(session, people["elsewhere"], other, Term(TODAY))
    coming, off = make_event(session, title="To come"), make_event(session, title="Off")
    for event in (coming, off):
        for account in people.values():
            given: dict[str, Any] = {
                "person_id": account.person_id,
                "email": account.email,
            }
            make_registration(session, event, **given)
    with writing(session):
        registrations.cancel_event(session, off.id, note="", now=NOON)

    rows = rows_of(page_of(app, contact, city)[1])

    assert [
        (row.split("@")[0].split()[-1], row.count("To come"), row.count("Off"))
        for row in rows
    ] == [("contact", 0, 0), ("ada", 1, 0), ("ada", 1, 0)]


def test_a_long_roster_is_read_forth_and_back_with_the_places_of_whom_it_shows(
    app: Flask, session: Session, city: int, contact: Account
) -> None:
    event = make_event(session, title="To come")
    names = ["ámbar", *(f"Clerk {number:03}" for number in range(110))]
    for name in reversed(names):
        account = make_account(session, full_name=name)
        belong(session, account, city, Term(TODAY))
    given: dict[str, Any] = {"person_id": account.person_id, "email": account.email}
    make_registration(session, event, **given)
    shown, asked = [], [f"/me/organizations/{city}"]
    browser = app.test_client(user=contact)
    for path in asked:
        page = html.unescape(browser.get(path).text)
        rows = rows_of(page)
        shown.append((rows[0].split(" person")[0], len(rows), page.count("To come")))
        asked += re.findall(r'rel="next"\s+href="([^"]+)"', page)
    back = re.findall(r'rel="prev"\s+href="([^"]+)"', page)
    assert "112 people" in page
    assert shown == [("ámbar", 50, 1), ("Clerk 049", 50, 0), ("Clerk 099", 12, 0)]
    assert rows_of(html.unescape(browser.get(back[0]).text))[0].startswith("Clerk 049")


def test_a_page_after_the_last_of_a_roster_says_so_and_leads_back(
    app: Flask, session: Session, city: int, contact: Account
) -> None:
    (last,) = session.query(Affiliation.id).one()
    path = f"/me/organizations/{city}"
    page = app.test_client(user=contact).get(f"{path}?after={last}").text
    assert ("Nobody comes after this." in page, rows_of(page)) == (True, [])
    assert re.findall(r'rel="prev"\s+href="([^"]+)"', page) == [path]


def test_nobody_else_sees_that_there_is_a_roster(
    app: Flask, session: Session, city: int
) -> None:
    people = {
        "member of it": make_account(session),
        "contact until yesterday": make_account(session),
        "contact from tomorrow": make_account(session),
        "stranger": make_account(session),
        "scheduler": make_account(session, role=Role.SCHEDULER),
        "administrator": make_account(session, role=Role.ADMINISTRATOR),
        "contact elsewhere": make_account(session),
        "contact whose address is not confirmed": make_account(session),
    }
    with writing(session):
        other = service.create_organization(session, NewOrganization("B"), now=NOON)
    terms = {
        "member of it": (city, Term(TODAY), False),
        "contact until yesterday": (
            city,
            Term(TODAY - 9 * ONE_DAY, TODAY - ONE_DAY),
            True,
        ),
        "contact from tomorrow": (city, Term(TODAY + ONE_DAY), True),
        "contact elsewhere": (other, Term(TODAY), True),
        "contact whose address is not confirmed": (city, Term(TODAY), True),
    }
    for who, (where, term, is_contact) in terms.items():
        belong(session, people[who], where, term, is_contact=is_contact)
    unsure = people["contact whose address is not confirmed"].person_id
    session.execute(
        update(Person).where(Person.id == unsure).values(email_confirmed_at=None)
    )
    session.commit()

    answers = {who: page_of(app, account, city)[0] for who, account in people.items()}

    assert answers == dict.fromkeys(people, 404)
    assert page_of(app, None, city)[0] == 401
    for account in people.values():
        session.refresh(account)
        me = app.test_client(user=account).get("/me").text
        assert f"/me/organizations/{city}" not in me


def test_the_contacts_own_page_leads_to_it(
    app: Flask, city: int, contact: Account
) -> None:
    page = app.test_client(user=contact).get("/me").text
    assert f'href="/me/organizations/{city}"' in page


def test_a_roster_costs_as_much_with_200_people_as_with_2(
    app: Flask, session: Session, city: int, contact: Account
) -> None:
    event = make_event(session)
    browser = app.test_client(user=contact)
    path = f"/me/organizations/{city}"
    numbers = []
    browser.get(path)
    for number in (2, 200):
        for _ in range(number):
            account = make_account(session)
            belong(session, account, city, Term(TODAY))
            given: dict[str, Any] = {
                "person_id": account.person_id,
                "email": account.email,
            }
            make_registration(session, event, **given)
        with counted(app) as seen:
            assert browser.get(path).status_code == 200
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


def test_expired_membership_or_another_members_number_does_not_give_member_rights(
    app: Flask, session: Session, city: int
) -> None:
    """Acceptance case 27. The number is typed where people can type: nowhere counts."""
    with writing(session):
        service.save_organization(
            session,
            city,
            NewOrganization("City of X", state="NC", external_id="4711"),
            version=1,
            now=NOON,
            actor_id=None,
        )
    accounts = {
        "member": make_account(session),
        "expired": make_account(session),
        "of an expired member": make_account(session),
        "left": make_account(session),
        "typed the number": make_account(session),
    }
    with writing(session):
        lapsed = service.create_organization(
            session, NewOrganization("Town of Y", state="NC"), now=NOON
        )
    session.add_all(
        [
            Membership(
                organization_id=lapsed,
                from_on=TODAY - 365 * ONE_DAY,
                until_on=TODAY - ONE_DAY,
            ),
            Membership(
                organization_id=city, from_on=TODAY, until_on=TODAY + 30 * ONE_DAY
            ),
            Membership(
                person_id=accounts["expired"].person_id,
                from_on=TODAY - 365 * ONE_DAY,
                until_on=TODAY - ONE_DAY,
            ),
        ]
    )
    session.commit()
    belong(session, accounts["member"], city, Term(TODAY))
    belong(session, accounts["of an expired member"], lapsed, Term(date(2020, 1, 1)))
    belong(session, accounts["left"], city, Term(TODAY - ONE_DAY, TODAY - ONE_DAY))
    event = make_event(
        session,
        offers=[
            OfferDraft(audience=Audience.MEMBERS, price_cents=2500),
            OfferDraft(audience=Audience.EVERYONE, price_cents=4900),
        ],
    )
    paid = {}
    for who, account in accounts.items():
        number = "4711" if who == "typed the number" else "City of X"
        given: dict[str, Any] = {
            "person_id": account.person_id,
            "email": account.email,
            "organization": number,
        }
        paid[who] = make_registration(session, event, **given).price_cents
    assert paid == {
        "member": 2500,
        "expired": 4900,
        "of an expired member": 4900,
        "left": 4900,
        "typed the number": 4900,
    }
