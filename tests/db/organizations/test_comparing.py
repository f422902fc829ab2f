"""Which organization, person, stay and membership a line means."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.organizations import service
from csd_events.organizations.models import Organization
from csd_events.organizations.rules import runs as pieces
from csd_events.organizations.service import NewOrganization, TypeFacts
from csd_events.organizations.service.importing import things, working
from tests.factories import NOON
from tests.importing import (
    compare,
    counts,
    every_line,
    lines_of,
    problems,
    rows,
    take_in,
)


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(autouse=True, params=[1, 250])
def _pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines know of each other, whether they are of one piece or of several."""
    for module in (working, things, pieces):
        monkeypatch.setattr(module, "PIECE", request.param)
    monkeypatch.setattr(things, "AT_ONCE", request.param)


def known(name: str, state: str | None = None, number: str | None = None) -> int:
    with transaction() as session:
        given = NewOrganization(name, state=state, external_id=number)
        return service.create_organization(session, given, now=NOON)


def row(session: Session, organization_id: int) -> tuple[str | None, ...]:
    session.rollback()
    columns = Organization.key, Organization.state, Organization.external_id
    mine = select(*columns).where(Organization.id == organization_id)
    return tuple(session.execute(mine).one())


def parents(session: Session) -> dict[str, str | None]:
    session.rollback()
    all_of_them = session.scalars(select(Organization)).all()
    names = {each.id: each.key for each in all_of_them}
    return {each.key: names.get(each.parent_id or 0) for each in all_of_them}


def test_who_had_no_state_gets_the_one_of_the_line(session: Session) -> None:
    town = known("Springfield")
    run_id = take_in(lines_of("Springfield,7,,OH,,,,,,,,,,,"))
    assert counts(run_id) == {"changed": 1}
    assert row(session, town) == ("springfield|oh", "OH", "7")
    assert rows()["organizations"] == 1


def test_the_same_name_in_another_state_is_another(session: Session) -> None:
    there = known("Springfield", "IL")
    take_in(lines_of("Springfield,,,OH,,,,,,,,,,,"))
    assert row(session, there) == ("springfield|il", "IL", None)
    assert rows()["organizations"] == 2


def test_a_name_alone_means_the_only_one_of_that_name() -> None:
    known("Springfield", "IL")
    run_id = take_in(lines_of("SPRINGFIELD,,,,,,,,,,,,,,"))
    assert counts(run_id) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Springfield,7,,IL,,,,,,,,,,,", {"unchanged": 1}),
        ("Springfield,7,,,,,,,,,,,,,", {"unchanged": 1}),
        (",7,,,,,,,,,,,,,", {"unchanged": 1}),
        ("Springfield,7,,OH,,,,,,,,,,,", {"problem": 1}),
    ],
)
def test_a_number_and_a_state_mean_one_organization(
    line: str, expected: dict[str, int]
) -> None:
    known("Springfield", "IL", "7")
    run_id = compare(lines_of(line))
    assert counts(run_id) == expected
    wrong = [(2, "number_is_others")] if "problem" in expected else []
    assert problems(run_id) == wrong


def test_a_number_of_one_and_a_name_and_state_of_another_are_not_mixed() -> None:
    """One of the two has no state yet: it does not become the other."""
    known("Springfield", None, "7")
    known("Springfield", "IL")
    run_id = take_in(lines_of("Springfield,7,,IL,,,,,,,,,,,"))
    assert problems(run_id) == [(2, "number_is_others")]


def test_the_number_of_a_new_one_is_not_another_new_ones() -> None:
    run_id = compare(
        lines_of(
            "Town of Y,5,,NC,,,,,,,,,,,",
            "Town of Z,5,,NC,,,,,,,,,,,",
            "Town of Y,5,,SC,,,,,,,,,,,",
            "Town of Y,5,,,,,,,,,,,,,",
        )
    )
    assert problems(run_id) == [(3, "number_is_others"), (4, "number_is_others")]


@pytest.mark.parametrize(
    ("line", "parent"),
    [
        ("Town,,,NC,,Sample County,,,,,,,,,", "sample county|nc"),
        ('Town,,,NC,,"Sample County, SC",,,,,,,,,', "sample county|sc"),
        ('Town,,,NC,,"Sample County, Office",,,,,,,,,', "sample county, office|"),
        ("Town,,,NC,,88,,,,,,,,,", "sample county|sc"),
        ("Here,,,,,Sample County,,,,,,,,,", "sample county|sc"),
        ('Town,,,NC,,"Lone, SC",,,,,,,,,', "lone|"),
    ],
)
def test_a_parent_is_found_by_name_place_and_number(
    session: Session, line: str, parent: str
) -> None:
    known("Sample County", "NC")
    known("Sample County", "SC", "88")
    known("Sample County, Office")
    known("Lone")
    known("Here", "SC")
    take_in(lines_of(line))
    found = parents(session)
    assert (found.get("town|nc") or found["here|sc"]) == parent


def test_a_circle_is_seen_whatever_was_asked_before() -> None:
    run_id = compare(
        lines_of(
            "A,,,NC,,,,,,,,,,,",
            "B,,,NC,,,,,,,,,,,",
            "C,,,NC,,B,,,,,,,,,",
            "B,,,NC,,A,,,,,,,,,",
            "A,,,NC,,C,,,,,,,,,",
        )
    )
    assert problems(run_id) == [(6, "parent_is_below")]


def test_a_new_person_may_be_written_in_two_ways() -> None:
    run_id = compare(
        lines_of(
            "Y,,,NC,,,,,,Ada Alder,ada@example.org,,2020-01-01,,",
            "Z,,,NC,,,,,,A. Alder,ADA@example.org,,2020-01-01,,",
        )
    )
    assert problems(run_id) == []


def test_a_stay_that_ended_does_not_begin_after_its_end() -> None:
    stay = "Y,,,NC,,,,,,Ada,ada@example.org,,{},{},"
    take_in(lines_of(stay.format("2010-01-01", "2015-01-01")))
    run_id = compare(lines_of(stay.format("", "2009-12-31")))
    assert problems(run_id) == [(2, "ends_first")]
    run_id = compare(lines_of(stay.format("", "2010-01-01")))
    assert counts(run_id) == {"changed": 1}


@pytest.fixture
def gold() -> None:
    with transaction() as session:
        service.create_type(session, TypeFacts(name="Gold", months=12), now=NOON)


@pytest.mark.usefixtures("gold")
def test_a_membership_keeps_the_last_day_that_an_earlier_line_gave() -> None:
    run_id = compare(
        lines_of(
            "Y,,,NC,,,Gold,2030-01-01,2030-06-30,,,,,,",
            "Y,,,NC,,,Gold,2030-01-01,,,,,,,",
        )
    )
    assert counts(run_id) == {"new": 1, "unchanged": 1}


@pytest.mark.usefixtures("gold")
def test_a_membership_on_record_keeps_its_last_day_and_type() -> None:
    line = "Y,,,NC,,,Gold,2030-01-01,{},,,,,,"
    take_in(lines_of(line.format("2030-06-30")))
    run_id = compare(lines_of(line.format("")))
    assert counts(run_id) == {"unchanged": 1}
    person = ",,,,,,Gold,2030-01-01,,Ada,ada@example.org,,,,"
    take_in(lines_of(person))
    assert counts(compare(lines_of(person))) == {"unchanged": 1}


def test_a_cell_without_a_heading_is_named() -> None:
    """Most often a comma that nobody put into quotation marks has moved the others."""
    content = "Organization,State\nCity of X,NC\nCity of Y, the old one,NC\n"
    run_id = compare(content)
    assert problems(run_id) == [(3, "beyond")]
    assert counts(run_id) == {"new": 1, "problem": 1}


def test_a_later_line_may_say_more_of_the_same() -> None:
    run_id = compare(
        lines_of(
            "Y,,,NC,,,,2030-01-01,2030-06-30,,,,,,",
            "Y,,town,NC,,,,2030-01-01,,,,,,,",
            "Z,,,NC,,Y,,,,,,,,,",
        )
    )
    assert problems(run_id) == []
    assert counts(run_id) == {"new": 2, "changed": 1}


def test_a_parent_is_shown_by_its_name(session: Session) -> None:
    run_id = compare(lines_of("Y,,,NC,,,,,,,,,,,", "Z,,,NC,,Y,,,,,,,,,"))
    lines = every_line(run_id)
    assert lines[1].facts["changes"][-1] == ["parent", "parent", None, "Y"]


def test_a_parent_may_be_named_by_the_number_of_a_line_above(
    session: Session,
) -> None:
    take_in(lines_of("Y,5,,NC,,,,,,,,,,,", "Z,,,NC,,5,,,,,,,,,"))
    assert parents(session) == {"y|nc": None, "z|nc": "y|nc"}


def test_lines_about_what_is_on_record_are_held_against_each_other() -> None:
    first = "Y,,,NC,,,,2030-01-01,2030-06-30,Ada,ada@example.org,Clerk,2020-01-01,,"
    own = ",,,,,,,2030-01-01,{},Ada,ada@example.org,,,,"
    take_in(lines_of(first, own.format("2030-06-30")))
    run_id = compare(
        lines_of(
            first.replace("Clerk", "Mayor"),
            first.replace("Clerk", "Manager"),
            "Y,,,NC,,,,2030-01-01,2030-07-31,,,,,,",
            own.format("2030-08-31"),
            own.format("2030-09-30"),
        )
    )
    assert problems(run_id) == [
        (3, "says_otherwise"),
        (4, "says_otherwise"),
        (6, "says_otherwise"),
    ]


def test_new_memberships_of_people_are_held_against_each_other() -> None:
    own = ",,,,,,,2030-01-01,{},Ada,ada@example.org,,,,"
    run_id = compare(lines_of(own.format("2030-08-31"), own.format("2030-09-30")))
    assert problems(run_id) == [(3, "says_otherwise")]
