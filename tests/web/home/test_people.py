"""People as staff see them: the list, one of them, what happened with them."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, Person
from csd_events.attendance import service as attendance
from csd_events.core.access import Role
from csd_events.home.queries import PER_PAGE
from csd_events.organizations import service as organizations
from csd_events.organizations.rules import Term
from csd_events.outbox import service as outbox
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import service as registrations
from csd_events.registrations.models import Registration
from tests.desk import fill, make_event, said, staff_browser
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_account,
    make_person,
    make_registration,
    writing,
)
from tests.factories import make_event as event_of
from tests.statements import counted
from tests.visitors import heading, hidden_on, words

pytestmark = pytest.mark.usefixtures("now")

LIST = "/staff/people"
LONG = "Wolfeschlegelstein" * 11
STRANGE = "<b>محمد</b> 🎉"


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def names(page: str) -> list[str]:
    return re.findall(r'href="/staff/people/\d+"><bdi>([^<]+)</bdi>', page)


def happened(browser: FlaskClient, person_id: int, query: str = "") -> list[str]:
    """Return what the last table of a person's page says happened."""
    page = browser.get(f"{LIST}/{person_id}{query}").text
    table = page.partition('id="happened"')[2].partition("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th>', table, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)).strip() for row in rows]


def test_people_are_listed_by_name_and_lead_on(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    fill(session, make_event(app), PER_PAGE + 3)
    top = browser.get(f"{LIST}?q=person")
    assert len(names(top.text)) == PER_PAGE
    assert "More than 50 people, by name" in words(top)
    older = re.search(r'rel="next"\s+href="([^"]+)"', top.text)
    assert older
    rest = browser.get(older[1].replace("&amp;", "&")).text
    both = names(top.text) + names(rest)
    assert both == sorted(both)
    assert len(set(both)) == len(both) > PER_PAGE
    assert 'rel="prev"' in rest


def test_a_row_says_who_somebody_is(session: Session, browser: FlaskClient) -> None:
    make_person(session, full_name="Zoe Guest", email="zoe+a@example.org")
    member = make_account(session, role=Role.ADMINISTRATOR)
    with writing(session):
        term = Term(date(2030, 1, 1), date(2030, 12, 31))
        organizations.record_membership(
            session, term=term, person_id=member.person_id, now=NOON
        )
    assert "Zoe Guest zoe+a@example.org Guest Never" in words(
        browser.get(f"{LIST}?q=zoe")
    )
    assert "Administrator Member in their own name Never" in words(
        browser.get(f"{LIST}?who=members")
    )


def test_nobody_fits_is_a_page_with_a_way_on(browser: FlaskClient) -> None:
    page = browser.get(f"{LIST}?q=zebra")
    assert "Nobody fits." in words(page)
    assert f'href="{LIST}">Show everyone' in page.text


@pytest.mark.parametrize(
    "query", ["who=nobody", "after=x", "after=999", "q=%25%5F", f"q={'a' * 500}"]
)
def test_a_query_that_means_nothing_does_no_harm(
    browser: FlaskClient, query: str
) -> None:
    page = browser.get(f"{LIST}?{query}")
    assert (page.status_code, heading(page)) == (200, "People")


@pytest.mark.parametrize("name", [LONG, STRANGE])
def test_any_name_is_shown_as_it_is_and_apart_from_what_stands_around_it(
    session: Session, browser: FlaskClient, name: str
) -> None:
    person = make_person(session, full_name=name)
    shown = name.replace("<", "&lt;").replace(">", "&gt;")
    for path in (LIST, f"{LIST}/{person.id}"):
        assert f"<bdi>{shown}</bdi>" in browser.get(path).text


def test_the_list_asks_as_much_for_2_people_as_for_200(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    event_id = make_event(app)
    browser.get(LIST)  # the association is read once, and kept
    numbers = []
    for more in (2, 198):
        fill(session, event_id, more)
        with counted(app) as said_to_the_database:
            browser.get(LIST)
        numbers.append(len(said_to_the_database))
    assert numbers[0] == numbers[1] <= 8


def test_a_person_asks_as_much_with_2_registrations_as_with_60(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    person, numbers = make_person(session), []
    browser.get(LIST)  # as above
    for more in (2, 58):
        for _ in range(more):
            register(session, person)
        with counted(app) as said_to_the_database:
            browser.get(f"{LIST}/{person.id}")
        numbers.append(len(said_to_the_database))
    assert numbers[0] == numbers[1] <= 20


def register(session: Session, person: Person, **event: Any) -> Registration:
    return make_registration(
        session,
        event_of(session, **event),
        person_id=person.id,
        full_name=person.full_name,
        email=person.email,
    )


def test_who_is_not_there_is_not_found(browser: FlaskClient) -> None:
    paths = [f"{LIST}/0", f"{LIST}/{2**63}", f"{LIST}/x", f"{LIST}/999999"]
    assert [browser.get(path).status_code for path in paths] == [404] * 4


def test_a_person_page_says_who_they_are_where_they_belong_and_what_they_have(
    session: Session, browser: FlaskClient
) -> None:
    person = make_account(session).person
    with writing(session):
        given = organizations.NewOrganization(name="City of Sampleton")
        organization_id = organizations.create_organization(session, given, now=NOON)
        organizations.affiliate(
            session,
            person_id=person.id,
            organization_id=organization_id,
            term=Term(date(2029, 3, 1)),
            now=NOON,
        )
        organizations.record_membership(
            session,
            term=Term(date(2030, 1, 1), date(2030, 12, 31)),
            organization_id=organization_id,
            now=NOON,
        )
    register(session, person, title="Later")
    register(session, person, title="Sooner", starts_at=NOON + 2 * HOUR)
    page = browser.get(f"{LIST}/{person.id}")
    seen = words(page)
    assert heading(page) == person.full_name
    for part in (
        "Address Confirmed on May 1, 2030",
        "Account Since May 1, 2030",
        "Member with City of Sampleton (last day December 31, 2030)",
        "City of Sampleton , since March 1, 2029",
    ):
        assert part in seen
    assert seen.index("Sooner") < seen.index("Later")
    assert f'href="/staff/memberships/new?person={person.id}"' in page.text


def test_past_registrations_stand_below_those_to_come(
    session: Session, browser: FlaskClient, at: object
) -> None:
    person = make_person(session)
    register(session, person, title="Early", starts_at=NOON + HOUR)
    register(session, person, title="Late", starts_at=NOON + 3 * DAY)
    at(NOON + DAY)  # type: ignore[operator]  # the fixture
    seen = words(browser.get(f"{LIST}/{person.id}"))
    assert seen.index("To come") < seen.index("Late") < seen.index("Past")
    assert seen.index("Past") < seen.index("Early")


def test_no_page_about_a_person_holds_a_link_that_is_theirs(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    person = make_person(session)
    register(session, person)
    page = browser.get(f"{LIST}/{person.id}").text
    assert re.findall(r'(?:href|action)="/(?:registrations|join)/', page) == []


def test_a_private_mail_shows_what_it_was_and_how_it_fared_alone(
    session: Session, browser: FlaskClient
) -> None:
    person = make_person(session)
    with writing(session):
        outbox.enqueue(
            session,
            key="accounts.sign_in_link:1",
            kind="accounts.sign_in_link",
            subject_id=1,
            to_address=person.email,
            due_at=NOON,
            now=NOON,
        )
        mail = session.scalars(select(OutboxMessage)).one()
        mail.state, mail.sent_at = MailState.SENT, NOON
    page = browser.get(f"{LIST}/{person.id}")
    assert f"{person.email} Sent Wed, May 1, 8:00 am ET" in words(page)
    assert happened(browser, person.id)[0] == "Mail sent"


def test_what_happened_is_told_the_latest_first_once_each(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    person = make_person(session, created_at=NOON - 3 * DAY)
    person.email_confirmed_at = NOON - 2 * DAY
    session.commit()
    made = register(session, person, starts_at=NOON + 2 * DAY)
    with writing(session):
        attendance.record_visit(
            session,
            registration_id=made.id,
            session_id=None,
            now=NOON + HOUR,
        )
        registrations.cancel(session, made.id, now=NOON + 2 * HOUR)
        for mail in session.scalars(select(OutboxMessage)):
            mail.state, mail.sent_at = MailState.SENT, mail.queued_at + HOUR / 4
        session.flush()
    assert happened(browser, person.id) == [
        "Mail sent",
        "Registration cancelled A visitor",
        "Joined",
        "Mail sent",
        f"Registered {person.full_name}",
        "Confirmed the address",
        "First known to us",
    ]


def test_a_long_story_has_a_way_on(session: Session, browser: FlaskClient) -> None:
    person = make_person(session)
    rows = [
        {
            "key": f"k{n}",
            "kind": "registration.reminder",
            "subject_id": n,
            "to_address": person.email,
            "message_id": f"m{n}",
            "state": MailState.FAILED,
            "due_at": NOON + timedelta(seconds=n),
            "queued_at": NOON,
        }
        for n in range(40)
    ]
    session.add_all(OutboxMessage(**row) for row in rows)
    session.commit()
    first, more = (happened(browser, person.id, q) for q in ("", "?shown=120"))
    assert (len(first), len(more)) == (30, 42)
    assert more[:30] == first == ["Mail could not be delivered"] * 30
    page = browser.get(f"{LIST}/{person.id}").text
    assert f'href="{LIST}/{person.id}?shown=120#happened"' in page
    assert "shown=" not in browser.get(f"{LIST}/{person.id}?shown=120").text


def resend(browser: FlaskClient, made: Registration) -> list[str]:
    page = browser.get(f"{LIST}/{made.person_id}")
    token = hidden_on(page, "csrf_token")
    path = f"/staff/registrations/{made.id}/resend"
    answer = browser.post(path, data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, f"{LIST}/{made.person_id}")
    return said(browser, answer)


def kinds(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def test_staff_send_the_details_again_once_an_hour(
    session: Session, browser: FlaskClient, at: object
) -> None:
    made = register(session, make_person(session))
    assert resend(browser, made) == ["The details are on their way again."]
    assert "within the last hour already" in resend(browser, made)[0]
    at(NOON + HOUR)  # type: ignore[operator]  # the fixture
    assert resend(browser, made) == ["The details are on their way again."]
    assert kinds(session) == ["registration.confirmed", *["registration.details"] * 2]


def test_nothing_is_sent_of_what_is_cancelled_or_over(
    session: Session, browser: FlaskClient, at: object
) -> None:
    person = make_person(session)
    gone, over = (
        register(session, person, starts_at=NOON + hours * HOUR) for hours in (5, 2)
    )
    waits = register(session, person)  # its button keeps a form on the page
    assert waits.person_id == person.id
    with writing(session):
        registrations.cancel(session, gone.id, now=NOON)
    before = kinds(session)
    assert resend(browser, gone) == [
        "Nothing was sent: this registration is cancelled."
    ]
    at(NOON + 4 * HOUR)  # type: ignore[operator]  # the fixture
    assert resend(browser, over) == [
        "Nothing was sent: the event is over or was cancelled."
    ]
    assert kinds(session) == before
    answer = browser.post("/staff/registrations/999999/resend")
    assert answer.status_code in {400, 404}


def role_page(browser: FlaskClient, account: Account, role: str) -> str:
    return browser.get(f"{LIST}/{account.person_id}/role?role={role}").text


def change_role(browser: FlaskClient, account: Account, role: str) -> list[str]:
    path = f"{LIST}/{account.person_id}/role"
    page = browser.get(f"{path}?role={role}")
    data = {name: hidden_on(page, name) for name in ("csrf_token", "role")}
    return said(browser, browser.post(path, data=data))


@pytest.fixture
def administrator(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session, role=Role.ADMINISTRATOR)


def test_a_role_is_given_after_asking_once_more_with_the_name(
    session: Session, administrator: FlaskClient
) -> None:
    account = make_account(session)
    account.person.full_name = "Dana Sample"
    session.commit()
    page = administrator.get(f"{LIST}/{account.person_id}").text
    assert f'href="{LIST}/{account.person_id}/role?role=administrator"' in page
    assert "Make Dana Sample an administrator?" in role_page(
        administrator, account, "administrator"
    )
    session.refresh(account)
    assert account.role is Role.NONE  # asking changes nothing
    assert change_role(administrator, account, "administrator") == [
        "Dana Sample is an administrator now."
    ]
    assert change_role(administrator, account, "none") == [
        "Dana Sample has no role any more."
    ]
    assert (
        happened(administrator, account.person_id)[:2]
        == [f"Role changed {name_of(session, 'admin')}"] * 2
    )


def name_of(session: Session, _who: str) -> str:
    session.rollback()
    administrator = (
        select(Person.full_name).join(Account).where(Account.role == Role.ADMINISTRATOR)
    )
    return session.scalars(administrator).one()


def test_whoever_loses_a_role_is_out_at_their_next_request(
    app: Flask, session: Session, administrator: FlaskClient
) -> None:
    """Their session goes on: the role is read anew each time."""
    account = make_account(session, role=Role.SCHEDULER)
    browser = app.test_client(user=account)
    assert browser.get("/staff").status_code == 200
    change_role(administrator, account, "none")
    assert [browser.get(path).status_code for path in ("/staff", "/me")] == [403, 200]


def test_the_last_administrator_is_told_why_they_stay_one(
    app: Flask, session: Session
) -> None:
    account = make_account(session, role=Role.ADMINISTRATOR)
    browser = app.test_client(user=account)
    assert "This is your own role" in role_page(browser, account, "none")
    assert "last administrator" in change_role(browser, account, "none")[0]
    session.refresh(account)
    assert account.role is Role.ADMINISTRATOR


def test_a_guest_and_an_unconfirmed_account_get_no_role(
    session: Session, administrator: FlaskClient
) -> None:
    guest, account = make_person(session), make_account(session)
    account.person.email_confirmed_at = None
    session.commit()
    pages = [administrator.get(f"{LIST}/{i}") for i in (guest.id, account.person_id)]
    for page, why in zip(
        pages, ("Only a person with an account", "Nobody has shown yet"), strict=True
    ):
        assert why in words(page)
        assert "role=scheduler" not in page.text
    assert administrator.get(f"{LIST}/{guest.id}/role?role=none").status_code == 404
    assert "nobody has shown" in change_role(administrator, account, "scheduler")[0]
    session.refresh(account)
    assert account.role is Role.NONE


def test_schedulers_see_no_controls_of_roles_and_are_refused(
    session: Session, browser: FlaskClient
) -> None:
    account = make_account(session)
    page = browser.get(f"{LIST}/{account.person_id}").text
    assert ("/role" in page, "Role at the staff desk" in page) == (False, False)
    path = f"{LIST}/{account.person_id}/role?role=scheduler"
    assert browser.get(path).status_code == 403


@pytest.mark.parametrize("role", ["", "emperor", "ADMINISTRATOR"])
def test_a_role_that_there_is_not_is_not_found(
    session: Session, administrator: FlaskClient, role: str
) -> None:
    account = make_account(session)
    path = f"{LIST}/{account.person_id}/role?role={role}"
    assert administrator.get(path).status_code == 404
