"""Staff's pages of organizations, people and memberships."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.audit.models import AuditEntry
from csd_events.organizations.models import (
    Affiliation,
    Membership,
    MembershipType,
    Organization,
)
from csd_events.organizations.service.recording import keys_of
from tests.desk import errors_in, fields_of, said, send, staff_browser, summary_of
from tests.factories import make_account, make_person
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("now")

LIST = "/staff/organizations"
DAY = date(2030, 5, 1)
#: Boxes of a date, by the name of its field.
FIRST = {"first_on-month": "1", "first_on-day": "1", "first_on-year": "2030"}
LAST = {"last_on-month": "12", "last_on-day": "31", "last_on-year": "2030"}


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def make_organization(session: Session, name: str, **given: object) -> int:
    row = {"name": name, **given}
    keys = keys_of(name, str(given["state"]) if given.get("state") else None)
    made = session.scalars(
        insert(Organization).values(**row, **keys).returning(Organization.id)
    ).one()
    session.commit()
    return made


def make_members(session: Session, *ids: int) -> None:
    session.add_all(
        Membership(organization_id=i, from_on=DAY, until_on=DAY) for i in ids
    )
    session.commit()


def names_on(page: str) -> list[str]:
    return re.findall(r'<th scope="row">\s*<a href="[^"]*">(.*?)</a>', page)


def trail(session: Session) -> list[tuple[str, dict[str, object]]]:
    session.rollback()
    rows = select(AuditEntry.action, AuditEntry.changes).order_by(AuditEntry.id)
    return [(row.action, row.changes) for row in session.execute(rows)]


def test_a_list_is_searched_without_case_and_accents_and_by_number(
    browser: FlaskClient, session: Session
) -> None:
    make_organization(session, "City of Málaga", state="NC", external_id="A-7")
    make_organization(session, "Springfield", state="IL")
    make_organization(session, "Springfield", state="OH")
    found = {
        words: names_on(browser.get(f"{LIST}?q={words}").text)
        for words in ("malaga", "MALAGA city", "springfield il", "A-7", "zebra")
    }
    assert found == {
        "malaga": ["City of Málaga"],
        "MALAGA city": ["City of Málaga"],
        "springfield il": ["Springfield"],
        "A-7": ["City of Málaga"],
        "zebra": [],
    }


def test_members_of_today_are_told_from_others(
    browser: FlaskClient, session: Session
) -> None:
    first, second = (make_organization(session, name) for name in ("A", "B"))
    make_members(session, first)
    before = Membership(
        organization_id=second,
        from_on=DAY - timedelta(days=9),
        until_on=DAY - timedelta(days=1),
    )
    session.add(before)
    session.commit()
    assert names_on(browser.get(f"{LIST}?member=yes").text) == ["A"]
    assert names_on(browser.get(f"{LIST}?member=no").text) == ["B"]


def test_a_long_list_is_read_forth_and_back_without_losing_any(
    browser: FlaskClient, session: Session
) -> None:
    names = [f"Town {number:03}" for number in range(120)]
    for name in names:
        make_organization(session, name)
    seen, back, url = [], [], LIST
    while url:
        page = browser.get(url).text
        seen += names_on(page)
        url = _link(page, "next")
    assert seen == names
    while previous := _link(page, "prev"):
        page = browser.get(previous).text
        back.append(names_on(page)[0])
    assert back == ["Town 050", "Town 000"]


def _link(page: str, rel: str) -> str:
    found = re.search(rf'<a rel="{rel}"\s+href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else ""


def test_a_list_costs_as_much_with_200_organizations_as_with_2(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    browser.get(LIST)  # so that what a process keeps is kept
    numbers = []
    for number in (2, 200):
        ids = [make_organization(session, f"T{number}-{i}") for i in range(number)]
        make_members(session, *ids)
        with counted(app) as seen:
            browser.get(f"{LIST}?q=t&member=yes")
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


def test_an_organization_costs_as_much_with_200_people_as_with_2(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    city = make_organization(session, "City")
    browser.get(f"{LIST}/{city}")  # so that what a process keeps is kept
    numbers = []
    for number in (2, 200):
        people = [make_person(session).id for _ in range(number)]
        session.add_all(
            Affiliation(person_id=p, organization_id=city, from_on=DAY) for p in people
        )
        session.commit()
        with counted(app) as seen:
            browser.get(f"{LIST}/{city}")
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


def test_an_organization_is_recorded_with_its_parent(
    browser: FlaskClient, session: Session
) -> None:
    county = make_organization(session, "Sample County", state="NC")
    make_organization(session, "Sample County", state="OH")
    typed = {
        "name": "City of X",
        "state": "NC",
        "kind": "city",
        "parent": "Sample County, NC",
    }
    answer = send(browser, f"{LIST}/new", typed)
    assert (answer.status_code, said(browser, answer)) == (303, ["Saved."])
    page = browser.get(answer.location).text
    assert "Sample County" in page
    ((action, changes),) = trail(session)
    assert (action, changes) == (
        "organization.created",
        {
            "name": [None, "City of X"],
            "kind": [None, "city"],
            "state": [None, "NC"],
            "parent_id": [None, county],
        },
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Enter the name of the organization"),
        (
            {"name": "city of SAMPLE", "state": "NC"},
            "There is an organization with this name in this state already",
        ),
        (
            {"name": "Y", "external_id": "7"},
            "Another organization has this member number",
        ),
        ({"name": "Y", "parent": "Nowhere"}, "There is no organization of that name"),
        (
            {"name": "Y", "parent": "Twice"},
            "Several have this name. Add the state, as in Springfield, IL",
        ),
        ({"name": "Y", "kind": "castle"}, "Choose one from the list"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    browser: FlaskClient, session: Session, typed: dict[str, str], words: str
) -> None:
    make_organization(session, "City of Sample", state="NC", external_id="7")
    make_organization(session, "Twice", state="NC")
    make_organization(session, "Twice", state="OH")
    answer = send(browser, f"{LIST}/new", {"population_class": "10k-25k"} | typed)
    assert (answer.status_code, errors_in(answer), summary_of(answer)) == (
        422,
        [words],
        [words],
    )
    assert '<option value="10k-25k" selected>' in answer.text
    assert trail(session) == []


def test_a_change_is_kept_with_before_and_after(
    browser: FlaskClient, session: Session
) -> None:
    city = make_organization(session, "City of X", state="NC", kind="city")
    answer = send(browser, f"{LIST}/{city}/edit", {"kind": "town", "external_id": "9"})
    assert answer.status_code == 303
    assert trail(session) == [
        (
            "organization.saved",
            {"kind": ["city", "town"], "external_id": [None, "9"]},
        )
    ]
    again = send(browser, f"{LIST}/{city}/edit")
    assert (again.status_code, len(trail(session))) == (303, 1)


def test_who_saves_an_organization_over_somebody_else_sees_both_and_loses_nothing(
    browser: FlaskClient, session: Session
) -> None:
    city = make_organization(session, "City of X", state="NC", kind="city")
    path = f"{LIST}/{city}/edit"
    mine = fields_of(browser.get(path).text) | {"name": "Mine"}
    send(browser, path, {"kind": "town", "external_id": "9"})
    answer = browser.post(path, data=mine)
    assert answer.status_code == 409
    assert "Somebody else saved this meanwhile" in answer.text
    assert "Member number, as they saved it" in answer.text
    again = fields_of(answer.text)
    assert (again["name"], again["external_id"]) == ("Mine", "")
    assert [action for action, _ in trail(session)] == ["organization.saved"]
    assert browser.post(path, data=again).status_code == 303
    assert browser.get(path).text.count('value="Mine"') == 1


def test_a_form_of_an_organization_that_names_no_version_saves_nothing(
    browser: FlaskClient, session: Session
) -> None:
    city = make_organization(session, "City of X", state="NC", kind="city")
    path = f"{LIST}/{city}/edit"
    typed = fields_of(browser.get(path).text) | {"name": "Mine"}
    del typed["version"]
    assert browser.post(path, data=typed).status_code == 409
    assert trail(session) == []


def test_no_organization_is_put_under_one_that_stands_below_it(
    browser: FlaskClient, session: Session
) -> None:
    top = make_organization(session, "Top")
    middle = make_organization(session, "Middle", parent_id=top)
    make_organization(session, "Low", parent_id=middle)
    for parent in ("Low", "Top"):
        answer = send(browser, f"{LIST}/{top}/edit", {"parent": parent})
        assert errors_in(answer) == [
            "That organization stands under this one, so it cannot be its parent"
        ]


def test_a_name_given_to_another_is_refused_and_typed_words_stay(
    browser: FlaskClient, session: Session
) -> None:
    make_organization(session, "Taken", state="NC")
    mine = make_organization(session, "Mine", state="NC")
    answer = send(browser, f"{LIST}/{mine}/edit", {"name": "TAKEN"})
    assert errors_in(answer) == [
        "There is an organization with this name in this state already"
    ]
    assert 'value="TAKEN"' in answer.text
    assert trail(session) == []


def test_whoever_is_known_is_named_as_they_named_themselves(
    browser: FlaskClient, session: Session
) -> None:
    city = make_organization(session, "City of X")
    make_person(session, email="ada@example.org", full_name="Ada Alder")
    typed = {"email": "ada@example.org", "full_name": "A. Elder", **FIRST}
    answer = send(browser, f"{LIST}/{city}/people/new", typed)
    assert said(browser, answer) == ["Ada Alder is on the roster."]


def test_a_person_is_added_by_address_ended_and_named_contact(
    browser: FlaskClient, session: Session
) -> None:
    city = make_organization(session, "City of X")
    typed = {
        "email": "ada@example.org",
        "full_name": "Ada Alder",
        "position": "Clerk",
        **FIRST,
    }
    answer = send(browser, f"{LIST}/{city}/people/new", typed)
    assert said(browser, answer) == ["Ada Alder is on the roster."]
    session.rollback()
    stay = session.scalars(select(Affiliation)).one()
    path = f"{LIST}/{city}/people/{stay.id}"
    send(browser, path, {"is_contact": "y", **LAST})
    assert [each[1] for each in trail(session)][-1] == {
        "is_contact": [False, True],
        "until_on": [None, "2030-12-31"],
    }
    page = browser.get(f"{LIST}/{city}").text
    last = "December\N{NO-BREAK SPACE}31, 2030"
    assert re.findall(rf"(Contact|{last})", page) == ["Contact", last]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "ada"}, "Enter an email address in the format name@example.org"),
        ({"first_on-month": "13"}, "There is no such day. Check month, day and year"),
        (LAST | {"last_on-year": "2029"}, "The last day is before the first day"),
        (
            {"email": "known@example.org"},
            "This person is on record here from that day already",
        ),
        (
            {"first_on-month": "", "first_on-day": "", "first_on-year": ""},
            "Enter the first day",
        ),
    ],
)
def test_days_and_addresses_that_make_no_sense_are_said(
    browser: FlaskClient, session: Session, typed: dict[str, str], words: str
) -> None:
    city = make_organization(session, "City of X")
    known = make_person(session, email="known@example.org")
    stay = Affiliation(
        person_id=known.id, organization_id=city, from_on=date(2030, 1, 1)
    )
    session.add(stay)
    session.commit()
    given = {"email": "ada@example.org", "full_name": "Ada", **FIRST} | typed
    answer = send(browser, f"{LIST}/{city}/people/new", given)
    assert (answer.status_code, errors_in(answer)) == (422, [words])
    assert 'value="Ada"' in answer.text


def test_a_person_of_another_organization_is_not_found(
    browser: FlaskClient, session: Session
) -> None:
    mine, other = (make_organization(session, name) for name in ("A", "B"))
    person = make_person(session)
    stay = Affiliation(person_id=person.id, organization_id=other, from_on=DAY)
    session.add(stay)
    session.commit()
    assert browser.get(f"{LIST}/{mine}/people/{stay.id}").status_code == 404


def test_the_last_day_of_a_membership_is_left_to_its_type(
    browser: FlaskClient, session: Session
) -> None:
    city = make_organization(session, "City of X")
    send(
        browser,
        "/staff/membership-types/new",
        {"name": "Local government", "months": "12"},
    )
    session.rollback()
    kind = session.scalars(select(MembershipType)).one()
    path = f"/staff/memberships/new?organization={city}"
    answer = send(browser, path, {"type_id": str(kind.id), **FIRST})
    assert said(browser, answer) == ["Saved."]
    session.rollback()
    kept = session.scalars(select(Membership)).one()
    assert (kept.type_id, kept.from_on, kept.until_on) == (
        kind.id,
        date(2030, 1, 1),
        date(2030, 12, 31),
    )
    over = {"last_on-month": "6", "last_on-day": "30"}
    send(browser, f"/staff/memberships/{kept.id}", over)
    assert trail(session)[-1] == (
        "membership.saved",
        {"until_on": ["2030-12-31", "2030-06-30"]},
    )


def test_two_memberships_that_overlap_are_said_and_two_presses_make_one(
    browser: FlaskClient, session: Session
) -> None:
    city = make_organization(session, "City of X")
    path = f"/staff/memberships/new?organization={city}"
    for last, words in (
        (LAST, "Saved."),
        (LAST, "Saved."),  # the same form once more
        (
            LAST | {"last_on-month": "6", "last_on-day": "30"},
            "Saved. It overlaps another membership; the one that lasts counts.",
        ),
    ):
        assert said(browser, send(browser, path, FIRST | last)) == [words]
    session.rollback()
    assert len(session.scalars(select(Membership)).all()) == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Enter the last day"),
        (LAST | {"last_on-year": "2029"}, "The last day is before the first day"),
        ({"type_id": "99"}, "Choose one from the list"),
    ],
)
def test_a_membership_that_makes_no_sense_is_not_recorded(
    browser: FlaskClient, session: Session, typed: dict[str, str], words: str
) -> None:
    city = make_organization(session, "City of X")
    session.add(
        MembershipType(
            name="T",
            name_key="t",
            for_organizations=True,
            for_people=False,
            months=12,
            is_active=True,
        )
    )
    session.commit()
    path = f"/staff/memberships/new?organization={city}"
    answer = send(browser, path, FIRST | typed)
    assert (answer.status_code, errors_in(answer)) == (422, [words])
    assert trail(session) == []


def test_a_person_may_have_a_membership_of_their_own(
    browser: FlaskClient, session: Session
) -> None:
    person = make_person(session)
    path = f"/staff/memberships/new?person={person.id}"
    answer = send(browser, path, FIRST | LAST)
    assert answer.location == path
    session.rollback()
    kept = session.scalars(select(Membership)).one()
    assert (kept.person_id, kept.organization_id) == (person.id, None)
    assert browser.get("/staff/memberships/new").status_code == 404
    assert browser.get("/staff/memberships/new?person=999999").status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            {"name": "local GOVERNMENT"},
            "There is a membership type with this name already",
        ),
        ({"name": "New", "months": "0"}, "Enter a number of months from 1 to 120"),
        ({"name": "New", "months": "121"}, "Enter a number of months from 1 to 120"),
        ({"name": "New", "for_organizations": None}, "Say who this membership is for"),
    ],
)
def test_a_type_that_makes_no_sense_is_not_kept(
    browser: FlaskClient, session: Session, typed: dict[str, str | None], words: str
) -> None:
    path = "/staff/membership-types"
    send(browser, f"{path}/new", {"name": "Local government", "months": "12"})
    given = {k: v for k, v in ({"months": "12"} | typed).items() if v is not None}
    page = browser.get(f"{path}/new").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    data = {"csrf_token": token[1], "for_organizations": "y"} | given
    if typed.get("for_organizations", "") is None:
        del data["for_organizations"]
    answer = browser.post(f"{path}/new", data=data)
    assert (answer.status_code, errors_in(answer)) == (422, [words])
    session.rollback()
    assert len(session.scalars(select(MembershipType)).all()) == 1


def test_an_organization_is_staffs_affair_alone(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    city = make_organization(session, "City of X")
    member = app.test_client(user=make_account(session))
    for path in (LIST, f"{LIST}/{city}", f"{LIST}/import"):
        assert (client.get(path).status_code, member.get(path).status_code) == (
            401,
            403,
        )


def test_people_who_left_are_kept_apart(browser: FlaskClient, session: Session) -> None:
    city = make_organization(session, "City of X")
    for name, until in (("Here", None), ("Gone", DAY - timedelta(days=1))):
        person = make_person(session, full_name=name)
        session.add(
            Affiliation(
                person_id=person.id,
                organization_id=city,
                from_on=date(2020, 1, 1),
                until_on=until,
            )
        )
    session.commit()
    page = browser.get(f"{LIST}/{city}").text
    present, _, others = page.partition("1 person of other days")
    assert ("Here" in present, "Gone" in present, "Gone" in others) == (
        True,
        False,
        True,
    )
    assert session.scalars(select(Person.full_name)).all()
