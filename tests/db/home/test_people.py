"""Finding people: by name, address and organization, page by page."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.access import Role
from csd_events.home.queries import (
    PER_PAGE,
    PeopleFilters,
    PersonRow,
    Who,
    page_people,
)
from csd_events.home.queries.people import search_statement
from csd_events.organizations import queries as organizations
from csd_events.organizations import service
from csd_events.organizations.rules import NO_MEMBER, Term, Through
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_member,
    make_person,
    make_registration,
    writing,
)
from tests.plans import plan_of

TODAY = date(2030, 5, 1)


def found(session: Session, words: str = "", who: Who = Who.ALL) -> list[str]:
    filters = PeopleFilters(today=TODAY, words=words, who=who)
    return [row.full_name for row in page_people(session, filters).items]


def whole(session: Session) -> list[PersonRow]:
    rows: list[PersonRow] = []
    after: int | None = None
    while True:
        page = page_people(session, PeopleFilters(today=TODAY), after=after)
        rows.extend(page.items)
        after = page.after
        if after is None:
            return rows


def belong(
    session: Session, person_id: int, name: str, *, until: date | None = None
) -> int:
    with writing(session):
        given = service.NewOrganization(name=name)
        organization_id = service.create_organization(session, given, now=NOON)
        service.affiliate(
            session,
            person_id=person_id,
            organization_id=organization_id,
            term=Term(date(2029, 1, 1), until),
            now=NOON,
        )
        return organization_id


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("anh", ["Nguyễn Thị Ánh"]),
        ("NGUYEN anh", ["Nguyễn Thị Ánh"]),
        ("Ánh", ["Nguyễn Thị Ánh"]),
        ("sam", ["Dana Sample", "Mary-Jane O\N{RIGHT SINGLE QUOTATION MARK}Sample"]),
        ("jane o'sam", ["Mary-Jane O\N{RIGHT SINGLE QUOTATION MARK}Sample"]),
        ("ample", []),
        ("dana luis", []),
        ("李", ["李小龍"]),
        ("dana+news@example.org", ["Dana Again"]),
        ("dana@", ["Dana Sample"]),
        ("dana", ["Dana Again", "Dana Sample"]),
        ("city.gov", ["李小龍"]),
        ("%", []),
        ("_", []),
        ("a b c d e f g h", []),
    ],
)
def test_a_search_finds_the_beginnings_of_words_without_case_and_accents(
    session: Session, words: str, names: list[str]
) -> None:
    make_person(session, full_name="Nguyễn Thị Ánh", email="one@example.org")
    make_person(session, full_name="Dana Sample", email="dana@example.org")
    make_person(session, full_name="Dana Again", email="dana+news@example.org")
    make_person(
        session,
        full_name="Mary-Jane O\N{RIGHT SINGLE QUOTATION MARK}Sample",
        email="mj@example.org",
    )
    make_person(session, full_name="李小龍", email="lee@city.gov")
    assert found(session, words) == names


def test_a_search_finds_people_by_the_organization_they_belong_to_today(
    session: Session,
) -> None:
    dana, luis = (make_person(session, full_name=n) for n in ("Dana", "Luis"))
    belong(session, dana.id, "City of Sampleton")
    belong(session, luis.id, "Old City of Sampleton", until=date(2030, 4, 30))
    assert found(session, "sampleton") == ["Dana"]
    assert found(session, "dana samp") == ["Dana"]


def test_people_are_narrowed_to_accounts_staff_and_members_of_today(
    session: Session,
) -> None:
    guest = make_person(session, full_name="Guest")
    belongs = make_person(session, full_name="Belongs")
    left = make_person(session, full_name="Left")
    for person in (
        make_account(session).person,
        make_account(session, role=Role.SCHEDULER).person,
        make_member(session).person,
    ):
        person.full_name = f"Account {person.id}"
    session.commit()
    for person, until in ((belongs, None), (left, date(2030, 4, 30))):
        organization_id = belong(session, person.id, f"Of {person.id}", until=until)
        term = Term(date(2030, 1, 1), date(2030, 12, 31))
        with writing(session):
            service.record_membership(
                session, term=term, organization_id=organization_id, now=NOON
            )
    everyone = found(session)
    assert (len(everyone), everyone[-2:]) == (6, [guest.full_name, left.full_name])
    assert found(session, who=Who.ACCOUNTS) == everyone[:3]
    assert found(session, who=Who.STAFF) == everyone[1:2]
    assert found(session, who=Who.MEMBERS) == [everyone[2], "Belongs"]
    assert found(session, "bel", who=Who.MEMBERS) == ["Belongs"]
    assert found(session, "gue", who=Who.MEMBERS) == []


def test_a_row_says_what_somebody_is_and_when_they_registered_last(
    session: Session,
) -> None:
    member = make_member(session, role=Role.ADMINISTRATOR)
    guest = make_person(session, full_name="Zoe Guest")
    first, second = (make_event(session, title=t) for t in ("First", "Second"))
    for event, at in ((second, NOON), (first, NOON.replace(hour=13))):
        make_registration(
            session,
            event,
            at=at,
            person_id=guest.id,
            full_name="Zoe",
            email=guest.email,
        )
    rows = page_people(session, PeopleFilters(today=TODAY)).items
    assert [
        (row.email, row.role, row.standing.through, row.last_title) for row in rows
    ] == [
        (member.email, Role.ADMINISTRATOR, Through.OWN, None),
        (guest.email, None, None, "First"),
    ]


def test_the_standing_of_many_is_the_standing_of_each(session: Session) -> None:
    member, person = make_member(session), make_person(session)
    organization_id = belong(session, person.id, "City of Sampleton")
    with writing(session):
        service.record_membership(
            session,
            term=Term(TODAY, TODAY),
            organization_id=organization_id,
            now=NOON,
        )
    nobody = make_person(session)
    ids = [member.person_id, person.id, nobody.id]
    for day in (TODAY, date(2030, 5, 2), date(2031, 1, 1)):
        together = organizations.standings(session, ids, day)
        assert [together.get(each, NO_MEMBER) for each in ids] == [
            organizations.standing(session, each, day) for each in ids
        ]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(["Ana", "ana", "Ána", "Bo", "李"]),
        min_size=PER_PAGE - 1,
        max_size=2 * PER_PAGE + 2,
    )
)
def test_the_pages_hold_everybody_once_by_name(
    session: Session, names: Sequence[str]
) -> None:
    """Many share a name as it is sorted by."""
    session.execute(delete(Person))
    for number, name in enumerate(names):
        address = f"{number}@example.org"
        given: dict[str, Any] = {"email": address, "email_key": address}
        session.add(Person(full_name=name, created_at=NOON, **given))
    session.commit()
    rows = whole(session)
    assert len({row.id for row in rows}) == len(rows) == len(names)
    by_id = sorted(rows, key=lambda row: row.id)
    of_ana = [row.id for row in rows if row.full_name.lower() in {"ana", "ána"}]
    assert of_ana == [r.id for r in by_id if r.full_name.lower() in {"ana", "ána"}]


@pytest.mark.parametrize("words", ["", "dana"])
def test_a_page_of_people_is_read_in_the_order_of_an_index(
    session: Session, words: str
) -> None:
    session.execute(text("ANALYZE"))
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))
    statement = search_statement(PeopleFilters(today=TODAY, words=words))
    plan = plan_of(session, statement)
    assert "ix_people_name_key_id_email_key" in plan
    assert "TEMP B-TREE" not in plan
