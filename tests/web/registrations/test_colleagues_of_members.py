"""What a sender's own organization makes eligible, and their roster."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, Person
from csd_events.events.rules import Audience, OfferDraft
from csd_events.organizations.models import Affiliation, Membership
from csd_events.registrations.models import Registration
from tests.desk import fields_of
from tests.factories import make_account, make_event, make_registration
from tests.parties import path_to, people, send_party
from tests.rosters import fill, make_city
from tests.statements import counted
from tests.visitors import errors_on, heading, words

pytestmark = pytest.mark.usefixtures("now")
EVERYONE = OfferDraft(price_cents=4900)
COLLEAGUES = OfferDraft(price_cents=2500, audience=Audience.COLLEAGUES)
MEMBERS = OfferDraft(price_cents=1000, audience=Audience.MEMBERS)


@pytest.fixture
def city(session: Session) -> int:
    """A city that is a member all year."""
    city = make_city(session, "City of X")
    term = {"from_on": date(2030, 1, 1), "until_on": date(2030, 12, 31)}
    session.add(Membership(organization_id=city, **term))
    session.commit()
    return city


def works_at(session: Session, city: int, *, contact: bool = False) -> Account:
    account = make_account(session, email="dana@example.org", full_name="Dana Sample")
    session.add(
        Affiliation(
            person_id=account.person_id,
            organization_id=city,
            from_on=date(2020, 1, 1),
            is_contact=contact,
        )
    )
    session.commit()
    return account


def paid(session: Session) -> list[tuple[str, int]]:
    session.rollback()
    rows = select(Registration.full_name, Registration.price_cents)
    found = session.execute(rows.order_by(Registration.id))
    return [(name, cents) for name, cents in found]


def test_a_member_registers_colleagues_of_their_organization_at_its_price(
    app: Flask, session: Session, city: int
) -> None:
    make_event(session, slug="talk", offers=[EVERYONE, COLLEAGUES, MEMBERS])
    dana = app.test_client(user=works_at(session, city))
    assert "USD 25.00 each" in words(dana.get(path_to("talk")))
    send_party(
        dana,
        "talk",
        people(3),
        coming="y",
        others={
            "colleagues-1-organization": "Elsewhere",
            "colleagues-2-organization": "CITY OF X",
        },
    )
    assert paid(session) == [
        ("Dana Sample", 1000),
        ("Colleague 1", 2500),
        ("Colleague 2", 4900),
        ("Colleague 3", 2500),
    ]


def test_a_colleague_of_somebody_who_is_no_member_pays_what_everybody_pays(
    app: Flask, session: Session
) -> None:
    make_event(session, slug="talk", offers=[EVERYONE, COLLEAGUES])
    dana = app.test_client(user=works_at(session, make_city(session, "City of X")))
    send_party(dana, "talk", people(1))
    assert paid(session) == [("Colleague 1", 4900)]


def test_where_only_colleagues_may_come_a_row_from_elsewhere_is_told_so(
    app: Flask, session: Session, city: int
) -> None:
    make_event(session, slug="talk", offers=[COLLEAGUES])
    dana = app.test_client(user=works_at(session, city))
    answer = send_party(
        dana, "talk", people(2), others={"colleagues-1-organization": "Elsewhere"}
    )
    assert paid(session) == [("Colleague 1", 2500)]
    assert errors_on(answer) == {
        "colleagues-1-organization": "Colleague 2: This event is for members and "
        "colleagues from their own organization"
    }


def test_a_visitor_reads_that_members_register_their_colleagues(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk", offers=[COLLEAGUES])
    for path in ("/events/talk/register", path_to("talk")):
        page = client.get(path)
        assert heading(page) == "This event is for members and their colleagues"
        assert "ask a member where you work to register you" in words(page)
    card = words(client.get("/events/talk"))
    assert "For members" in card
    assert "Sign in as a member" in card


def test_a_contact_ticks_people_of_the_roster_who_pay_what_members_do(
    app: Flask, session: Session, city: int
) -> None:
    event = make_event(session, slug="talk", offers=[MEMBERS, EVERYONE])
    dana = app.test_client(user=works_at(session, city, contact=True))
    fill(session, city, ["Ada Sample", "Bo Sample", "Cy Sample"])
    ids = dict(session.execute(select(Person.full_name, Person.id)).all())
    cy = session.get_one(Person, ids["Cy Sample"])
    make_registration(session, event, email=cy.email, full_name="Cy Sample")
    page = dana.get(path_to("talk"))
    assert "Cy Sample registered already" in words(page)
    assert "Dana Sample dana" not in words(page).partition("From your roster")[2]
    form = fields_of(page.text)
    answer = dana.post(
        path_to("talk"),
        data=form | {"picked": [str(ids["Ada Sample"]), str(ids["Bo Sample"])]},
    )
    assert answer.status_code == 303
    assert paid(session)[1:] == [("Ada Sample", 1000), ("Bo Sample", 1000)]


def test_nobody_but_the_contact_sees_or_picks_from_a_roster(
    app: Flask, session: Session, city: int
) -> None:
    make_event(session, slug="talk")
    dana = app.test_client(user=works_at(session, city))
    fill(session, city, ["Eve Sample"])
    eve = session.scalars(select(Person.id).where(Person.full_name == "Eve Sample"))
    page = dana.get(path_to("talk"))
    assert "roster" not in words(page)
    answer = dana.post(
        path_to("talk"), data=fields_of(page.text) | {"picked": str(eve.one())}
    )
    assert answer.status_code == 422
    assert "Eve Sample" not in answer.text
    assert paid(session) == []


def test_a_long_roster_is_searched_and_who_was_ticked_becomes_a_row(
    app: Flask, session: Session, city: int
) -> None:
    make_event(session, slug="talk")
    dana = app.test_client(user=works_at(session, city, contact=True))
    fill(session, city, [f"Person {n:03}" for n in range(60)] + ["Zoe Sample"])
    page = dana.get(path_to("talk"))
    assert "Person 049" in page.text
    assert "Person 050" not in page.text
    first = session.scalars(select(Person.id).where(Person.full_name == "Person 001"))
    asked = fields_of(page.text) | {
        "picked": str(first.one()),
        "search": "zoe",
        "do": "search",
    }
    found = dana.post(path_to("talk"), data=asked)
    assert found.status_code == 200
    assert "Zoe Sample" in found.text
    assert "Person 002" not in found.text
    assert 'value="Person 001"' in found.text
    assert paid(session) == []


def test_who_is_a_member_is_not_told_to_who_types_their_address(
    app: Flask, session: Session, city: int
) -> None:
    make_event(session, slug="talk", offers=[MEMBERS, EVERYONE])
    dana = app.test_client(user=works_at(session, city))
    fill(session, city, ["Ada Sample"])
    ada = session.scalars(select(Person).where(Person.full_name == "Ada Sample")).one()
    send_party(dana, "talk", [("Ada Sample", ada.email)])
    assert paid(session) == [("Ada Sample", 4900)]


def statements(app: Flask, client: FlaskClient, slug: str, number: int) -> int:
    form = fields_of(client.get(path_to(slug)).text)
    with counted(app) as said:
        answer = send_party(client, slug, people(number), form=form)
    assert answer.status_code == 303
    return len(said)


def test_five_colleagues_cost_no_more_statements_than_fifty(
    app: Flask, session: Session, city: int
) -> None:
    for number in (5, 50):
        make_event(session, slug=f"talk-{number}", offers=[EVERYONE, COLLEAGUES])
    dana = app.test_client(user=works_at(session, city, contact=True))
    five = statements(app, dana, "talk-5", 5)
    session.rollback()
    assert statements(app, dana, "talk-50", 50) <= five + 1
    assert five <= 30
    guest = app.test_client()
    make_event(session, slug="again")
    assert statements(app, guest, "again", 50) <= 22


def test_the_senders_page_costs_the_same_for_two_and_for_fifty(
    app: Flask, session: Session
) -> None:
    asked = []
    for number in (2, 50):
        make_event(session, slug=f"talk-{number}")
        client = app.test_client(user=make_account(session))
        answer = send_party(client, f"talk-{number}", people(number))
        with counted(app) as said:
            client.get(answer.location)
        asked.append(len(said))
    assert asked[0] == asked[1] <= 6


def test_a_price_for_colleagues_stays_with_colleagues_when_somebody_else_comes(
    app: Flask, session: Session, city: int
) -> None:
    make_event(session, slug="talk", offers=[EVERYONE, COLLEAGUES])
    dana = app.test_client(user=works_at(session, city))
    group = send_party(dana, "talk", people(1)).location
    bo = {"full_name": "Bo Sample", "email": "bo@example.org"}
    refused = dana.post(f"{group}/replace/1", data=bo | {"organization": "Elsewhere"})
    assert refused.status_code == 422
    assert errors_on(refused) == {
        "email": "This place is at a price for members or their colleagues. Register "
        "who is neither with a new form"
    }
    assert paid(session) == [("Colleague 1", 2500)]
    dana.post(f"{group}/replace/1", data=bo | {"organization": "CITY OF X"})
    assert paid(session) == [("Bo Sample", 2500)]


def test_a_colleagues_price_is_the_newcomers_of_who_had_registered_alone(
    app: Flask, session: Session, city: int
) -> None:
    event = make_event(session, slug="talk", offers=[EVERYONE, COLLEAGUES])
    make_registration(
        session, event, email="colleague1@example.org", full_name="Colleague 1"
    )
    dana = app.test_client(user=works_at(session, city))
    group = send_party(dana, "talk", people(1)).location
    bo = {"full_name": "Bo Sample", "email": "bo@example.org"}
    answer = dana.post(f"{group}/replace/1", data=bo | {"organization": "City of X"})
    assert answer.status_code == 303
    assert paid(session) == [("Colleague 1", 4900), ("Bo Sample", 2500)]


def test_a_price_for_members_stays_with_members_of_the_roster(
    app: Flask, session: Session, city: int
) -> None:
    make_event(session, slug="talk", offers=[MEMBERS, COLLEAGUES])
    dana = app.test_client(user=works_at(session, city, contact=True))
    fill(session, city, ["Ada Sample", "Bo Sample"])
    people_of = dict(session.execute(select(Person.full_name, Person.id)).all())
    bo = session.get_one(Person, people_of["Bo Sample"]).email
    form = fields_of(dana.get(path_to("talk")).text)
    picked = {"picked": [str(people_of["Ada Sample"])]}
    group = dana.post(path_to("talk"), data=form | picked).location
    typed = {"organization": "City of X", "full_name": "Bo Sample"}
    no_member = dana.post(
        f"{group}/replace/1", data=typed | {"email": "no-member@example.org"}
    )
    assert no_member.status_code == 422
    assert paid(session) == [("Ada Sample", 1000)]
    assert (
        dana.post(f"{group}/replace/1", data=typed | {"email": bo}).status_code == 303
    )
    assert paid(session) == [("Bo Sample", 1000)]


def test_where_somebody_belongs_goes_by_the_day_of_the_association(
    app: Flask, session: Session, at: Callable[[datetime], None]
) -> None:
    """Late in the evening there it is another day in Greenwich already."""
    city = make_city(session, "City of X")
    make_event(session, slug="talk")
    account = works_at(session, city)
    until = update(Affiliation).where(Affiliation.person_id == account.person_id)
    session.execute(until.values(until_on=date(2030, 5, 1)))
    session.commit()
    at(datetime(2030, 5, 2, 2, tzinfo=UTC))
    send_party(app.test_client(user=account), "talk", people(1))
    session.rollback()
    assert session.scalars(select(Registration.organization)).all() == ["City of X"]
