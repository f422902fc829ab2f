"""Taking in files: what is new, what differs, what is wrong, in pieces, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.audit.models import AuditEntry
from csd_events.audit.queries import list_about
from csd_events.core.db import among, db, transaction
from csd_events.core.errors import StaleError
from csd_events.core.tables import Table, TableLine
from csd_events.imports import service as imports
from csd_events.imports.rules import RunState
from csd_events.organizations import queries, service
from csd_events.organizations.models import (
    Affiliation,
    ImportLine,
    ImportRun,
    ImportThing,
    Organization,
)
from csd_events.organizations.rules import Standing, Term, Through
from csd_events.organizations.rules import runs as pieces
from csd_events.organizations.service import NewOrganization, TypeFacts, importing
from csd_events.organizations.service.importing import things, working
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_person,
    make_registration,
)
from tests.importing import (
    WHOLE,
    compare,
    confirm,
    count,
    counts,
    every_line,
    everything,
    lines_of,
    problems,
    rows,
    start,
    take_in,
    undo,
    work,
)
from tests.plans import plan_of

DAY = date(2030, 5, 1)


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a piece be two lines or two things."""
    for module in (working, things, pieces):
        monkeypatch.setattr(module, "PIECE", 2)


def organization(session: Session, name: str) -> Organization:
    session.rollback()
    return session.scalars(select(Organization).filter_by(name=name)).one()


def run_of(session: Session, run_id: int) -> ImportRun:
    session.rollback()
    return session.get_one(ImportRun, run_id, populate_existing=True)


def work_and_be_killed() -> None:
    """Do a piece, and end before it is committed: nothing of it is kept."""
    with transaction() as session:
        importing.work(session, now=NOON)
        raise KeyboardInterrupt


def standing(session: Session, email: str) -> Standing:
    person = session.scalars(select(Person.id).filter_by(email_key=email)).one()
    return queries.standing(session, person, DAY)


def test_a_file_brings_organizations_members_and_people(session: Session) -> None:
    run_id = take_in(WHOLE)

    city = organization(session, "City of Sample")
    county = organization(session, "Sample County")
    assert (city.kind, city.state, city.population_class, city.external_id) == (
        "city",
        "NC",
        "25k-50k",
        "2",
    )
    assert (city.parent_id, county.parent_id) == (county.id, None)
    people = queries.page_people(session, city.id, DAY).items
    assert [
        (p.full_name, p.email, p.position, p.from_on, p.until_on, p.is_contact)
        for p in people
    ] == [
        ("Ada Alder", "ada@example.org", "Manager", date(2020, 1, 15), None, True),
        ("Ben Birch", "ben@example.org", "Clerk", DAY, None, False),
    ]
    assert standing(session, "ben@example.org") == Standing(
        Through.ORGANIZATION, "City of Sample", date(2030, 12, 31)
    )
    assert counts(run_id) == {"new": 4}


def test_comparing_changes_nothing(session: Session) -> None:
    before = rows()
    run_id = compare(WHOLE)
    assert (rows(), counts(run_id)) == (before, {"new": 4})
    assert count(session, AuditEntry) == 0


@pytest.mark.usefixtures("small_pieces")
def test_the_second_run_of_a_file_changes_nothing(session: Session) -> None:
    take_in(WHOLE)
    before, audited = everything(), count(session, AuditEntry)

    again = take_in(WHOLE)

    session.rollback()
    assert (everything(), counts(again)) == (before, {"unchanged": 4})
    newest = session.scalars(
        select(AuditEntry.action).order_by(AuditEntry.id).offset(audited)
    ).all()
    assert newest == ["import_run.done"]


def test_an_empty_cell_changes_nothing_and_a_file_removes_nobody(
    session: Session,
) -> None:
    take_in(WHOLE)
    before = everything()
    run_id = take_in(lines_of("City of Sample,,,NC,,,,,,,,,,,"))
    assert (everything(), counts(run_id)) == (before, {"unchanged": 1})


def test_what_differs_is_shown_before_and_after(session: Session) -> None:
    take_in(WHOLE)
    run_id = compare(
        lines_of(
            "City of Sample,2,town,NC,,,,,,Ada,ADA@example.org,Mayor,,12/31/2030,no"
        )
    )
    (line,) = every_line(run_id)
    assert (line.outcome, line.facts["changes"]) == (
        "changed",
        [
            ["organization", "kind", "city", "town"],
            ["affiliation", "position", "Manager", "Mayor"],
            ["affiliation", "until_on", None, "2030-12-31"],
            ["affiliation", "is_contact", True, False],
        ],
    )


def test_a_known_person_keeps_the_name_they_gave(session: Session) -> None:
    person = make_person(session, email="ada@example.org", full_name="Ada A. Alder")
    take_in(WHOLE)
    session.expire_all()
    assert session.get_one(Person, person.id).full_name == "Ada A. Alder"
    assert rows()["people"] == 2


def test_the_trail_names_who_imported_and_who_undid_whoever_sent_the_file(
    session: Session,
) -> None:
    sender, importer, undoer = (make_person(session).id for _ in range(3))
    run_id = start(WHOLE, actor_id=sender)
    work(run_id)
    confirm(run_id, actor_id=importer)
    work(run_id)
    city = organization(session, "City of Sample").id
    assert undo(run_id, actor_id=undoer) is RunState.UNDONE
    session.rollback()
    of_run = list_about(session, "import_run", run_id)
    of_city = list_about(session, "organization", city)
    assert {each.action: each.actor_id for each in (*of_run, *of_city)} == {
        "import_run.done": importer,
        "organization.created": importer,
        "organization.saved": importer,
        "import_run.undone": undoer,
        "organization.removed": undoer,
    }


def test_each_change_is_in_the_audit_trail_with_who_made_it(session: Session) -> None:
    staff = make_person(session)
    take_in(WHOLE)
    run_id = take_in(lines_of("City of Sample,,town,NC,,,,,,,,,,,"), actor_id=staff.id)
    city = organization(session, "City of Sample")
    entry = list_about(session, "organization", city.id)[0]
    assert (entry.action, entry.actor_id, entry.changes) == (
        "organization.saved",
        staff.id,
        {"kind": ["city", "town"], "import_run": run_id},
    )
    (done,) = list_about(session, "import_run", run_id)
    assert (done.action, done.actor_id, done.changes["changed"]) == (
        "import_run.done",
        staff.id,
        1,
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("City of X,,castle,NC,,,,,,,,,,,", "kind"),
        ("City of X,,,Atlantis,,,,,,,,,,,", "state"),
        ("City of X,,,NC,many,,,,,,,,,,", "population"),
        ("City of X,,,NC,,,,2030-02-30,,,,,,,", "day"),
        ("City of X,,,NC,,,,2030-02-01,2030-01-31,,,,,,", "ends_first"),
        ("City of X,,,NC,,,,,2030-01-31,,,,,,", "member_from_missing"),
        ("City of X,,,NC,,,,2030-01-01,,,,,,,", "member_until_missing"),
        ("City of X,,,NC,,,Gold,2030-01-01,,,,,,,", "type_unknown"),
        ("City of X,,,NC,,,,,,Ann,ann(at)example.org,,,,", "email"),
        ("City of X,,,NC,,,,,,,ann@example.org,,,,", "no_full_name"),
        ("City of X,,,NC,,,,,,Ann,,,,,", "no_email"),
        (",,,,,,,,,Ann,ann@example.org,Clerk,,,", "no_organization"),
        (",99,,NC,,,,,,,,,,,", "no_name"),
        ("City of X,,,NC,,County of Nowhere,,,,,,,,,", "parent_unknown"),
        ("City of X,,,NC,,,,,,Ann,ann@example.org,,,,perhaps", "yes_or_no"),
        ("City of X,,,NC,,,,,,Ann,ann@example.org,,,2029-01-01,", "ends_first"),
        (f"{'x' * 201},,,NC,,,,,,,,,,,", "too_long"),
    ],
)
def test_a_line_with_a_problem_is_named_and_left_out(line: str, problem: str) -> None:
    run_id = take_in(lines_of("Town of Y,,,NC,,,,,,,,,,,", line))
    assert problems(run_id) == [(3, problem)]
    assert counts(run_id) == {"new": 1, "problem": 1}
    assert rows() == {
        "organizations": 1,
        "affiliations": 0,
        "memberships": 0,
        "people": 0,
    }


def test_two_springfields_are_told_apart_by_their_states(session: Session) -> None:
    take_in(lines_of("Springfield,,,IL,,,,,,,,,,,", "Springfield,,,Ohio,,,,,,,,,,,"))
    assert rows()["organizations"] == 2
    run_id = compare(lines_of("Springfield,,city,,,,,,,,,,,,"))
    assert problems(run_id) == [(2, "state_missing")]


def test_another_members_number_does_not_give_member_rights(session: Session) -> None:
    """The mistyped number of a line makes nobody a member through its owner."""
    take_in(WHOLE)
    run_id = take_in(
        lines_of("Town of Else,2,,NC,,,,,,Eve Elm,eve@example.org,Clerk,,,")
    )
    assert problems(run_id) == [(2, "number_is_others")]
    assert session.scalar(select(Person).filter_by(email_key="eve@example.org")) is None


def test_an_organization_keeps_its_number(session: Session) -> None:
    take_in(WHOLE)
    run_id = take_in(lines_of("City of Sample,77,,NC,,,,,,,,,,,"))
    assert problems(run_id) == [(2, "other_number")]
    assert organization(session, "City of Sample").external_id == "2"


def test_lines_that_say_two_things_of_one_are_a_problem_of_the_second(
    session: Session,
) -> None:
    same = "Town of Y,,town,NC,,,,,,,,,,,"
    run_id = compare(lines_of(same, same, "TOWN OF Y,,city,NC,,,,,,,,,,,"))
    lines = [(e.number, e.outcome) for e in every_line(run_id)]
    assert lines == [(2, "new"), (3, "unchanged"), (4, "problem")]
    assert problems(run_id) == [(4, "says_otherwise")]
    assert every_line(run_id)[2].facts["line"] == 2


@pytest.mark.usefixtures("small_pieces")
def test_a_number_stands_for_its_organization_lines_later(session: Session) -> None:
    take_in(
        lines_of(
            "Town of Y,5,,NC,,,,,,,,,,,",
            "Town of Z,6,,NC,,,,,,,,,,,",
            ",5,,,,,,,,Ada,ada@example.org,Clerk,,,",
            ",5,,,,,,,,Ben,ben@example.org,Clerk,,,",
        )
    )
    town = organization(session, "Town of Y")
    people = queries.page_people(session, town.id, DAY).items
    assert [each.full_name for each in people] == ["Ada", "Ben"]


@pytest.mark.usefixtures("small_pieces")
def test_no_organization_comes_to_stand_under_itself(session: Session) -> None:
    take_in(lines_of("A,,,NC,,,,,,,,,,,", "B,,,NC,,A,,,,,,,,,", "C,,,NC,,B,,,,,,,,,"))
    run_id = compare(
        lines_of("A,,,NC,,C,,,,,,,,,", "B,,,NC,,B,,,,,,,,,", "A,,,NC,,A,,,,,,,,,")
    )
    assert problems(run_id) == [
        (2, "parent_is_below"),
        (3, "parent_is_below"),
        (4, "parent_is_below"),
    ]


def test_a_membership_without_a_last_day_takes_the_term_of_its_type(
    session: Session,
) -> None:
    with transaction() as ours:
        given = TypeFacts(name="Local government", for_people=False, months=12)
        service.create_type(ours, given, now=NOON)
    run_id = take_in(
        lines_of(
            "Town of Y,,,NC,,,local GOVERNMENT,2030-03-01,,,,,,,",
            ",,,,,,Local government,2030-03-01,,Ada,ada@example.org,,,,",
        )
    )
    town = organization(session, "Town of Y")
    page = queries.page_memberships(session, organization_id=town.id)
    (membership,) = page.items
    assert (membership.type_name, membership.until_on) == (
        "Local government",
        date(2031, 2, 28),
    )
    assert problems(run_id) == [(3, "type_not_for")]


def test_a_person_may_be_a_member_on_their_own(session: Session) -> None:
    take_in(lines_of(",,,,,,,2030-01-01,2030-12-31,Ada,ada@example.org,,,,"))
    assert standing(session, "ada@example.org") == Standing(
        Through.OWN, None, date(2030, 12, 31)
    )


def test_a_stay_is_corrected_and_a_new_one_is_added(session: Session) -> None:
    take_in(lines_of("Y,,,NC,,,,,,Ada,ada@example.org,Clerk,2010-01-01,2015-01-01,"))
    take_in(
        lines_of(
            "Y,,,NC,,,,,,Ada,ada@example.org,Manager,2020-01-01,,",
            "Y,,,NC,,,,,,Ada,ada@example.org,Clerk,2009-01-01,2015-01-01,",
        )
    )
    stays = session.execute(
        select(Affiliation.position, Affiliation.from_on).order_by(Affiliation.from_on)
    ).all()
    assert [tuple(stay) for stay in stays] == [
        ("Clerk", date(2009, 1, 1)),
        ("Manager", date(2020, 1, 1)),
    ]


@pytest.mark.usefixtures("small_pieces")
def test_an_import_that_is_killed_goes_on_where_it_stopped(session: Session) -> None:
    """Each piece is applied once, and the numbers shown are the ones kept."""
    earlier = take_in(WHOLE)
    expected = everything()
    assert undo(earlier) is RunState.UNDONE

    run_id = start(WHOLE)
    shown = []
    while True:
        with pytest.raises(KeyboardInterrupt):
            work_and_be_killed()
        with transaction() as ours:
            went_on = importing.work(ours, now=NOON)
        run = run_of(session, run_id)
        shown.append((run.state.value, run.done, run.known))
        session.rollback()
        if run.state is RunState.READY:
            confirm(run_id)
        if not went_on or run.state is RunState.DONE:
            break

    assert shown == [
        ("comparing", 2, 4),
        ("comparing", 4, 4),
        ("ready", 4, 4),
        ("applying", 2, 8),
        ("applying", 3, 8),
        ("applying", 5, 8),
        ("applying", 7, 8),
        ("applying", 8, 8),
        ("done", 8, 8),
    ]
    got, want = everything(), expected
    assert {k: len(v) for k, v in got.items()} == {k: len(v) for k, v in want.items()}
    assert got["affiliations"] == want["affiliations"]


@pytest.mark.usefixtures("small_pieces")
def test_after_an_undo_everything_is_as_it_was(session: Session) -> None:
    with transaction() as ours:
        service.create_organization(
            ours, NewOrganization("City of Sample", "town", None, "NC"), now=NOON
        )
    before, numbers = everything(), rows()
    run_id = take_in(WHOLE)
    assert rows() != numbers

    assert undo(run_id) is RunState.UNDONE

    assert (everything(), rows()) == (before, numbers)


def test_an_import_and_its_undo_let_no_open_form_bring_old_words_back(
    session: Session,
) -> None:
    old = NewOrganization("City of Sample", "town", None, "NC")
    with transaction() as ours:
        city = service.create_organization(ours, old, now=NOON)
    run_id = take_in(WHOLE)
    imported = organization(session, "City of Sample").version
    assert undo(run_id) is RunState.UNDONE
    undone = organization(session, "City of Sample").version
    assert 1 < imported < undone
    with pytest.raises(StaleError), transaction() as ours:
        service.save_organization(
            ours, city, old, version=imported, now=NOON, actor_id=None
        )


@pytest.mark.usefixtures("small_pieces")
def test_an_undo_is_refused_as_a_whole_where_somebody_has_changed_a_row(
    session: Session,
) -> None:
    run_id = take_in(WHOLE)
    session.execute(update(Affiliation).values(position="Mayor"))
    session.commit()
    after = everything()

    assert undo(run_id) is RunState.DONE

    assert everything() == after
    run = run_of(session, run_id)
    assert sorted(run.counts["touched"]) == ["Ada Alder", "Ben Birch", "City of Sample"]


def test_an_undo_is_refused_where_somebody_was_added_to_a_new_organization(
    session: Session,
) -> None:
    run_id = take_in(WHOLE)
    person = make_person(session)
    city = organization(session, "City of Sample").id
    session.rollback()
    with transaction() as ours:
        service.affiliate(
            ours, person_id=person.id, organization_id=city, term=Term(DAY), now=NOON
        )
    assert undo(run_id) is RunState.DONE
    run = run_of(session, run_id)
    assert run.counts["touched"] == ["City of Sample"]


def test_who_registered_or_has_an_account_outlives_an_undo(session: Session) -> None:
    run_id = take_in(WHOLE)
    make_registration(session, make_event(session), email="ada@example.org")
    ben = session.scalars(select(Person).filter_by(email_key="ben@example.org")).one()
    make_account(session, person=ben)

    assert undo(run_id) is RunState.UNDONE

    assert rows() == {
        "organizations": 0,
        "affiliations": 0,
        "memberships": 0,
        "people": 3,  # and the one who came with the account
    }


def test_an_undo_can_be_asked_for_once_it_is_done_and_not_again(
    session: Session,
) -> None:
    run_id = compare(WHOLE)
    with pytest.raises(StaleError), transaction() as ours:
        importing.undo(ours, run_id)
    confirm(run_id)
    work(run_id)
    assert undo(run_id) is RunState.UNDONE
    with pytest.raises(StaleError), transaction() as ours:
        importing.undo(ours, run_id)


def test_what_goes_wrong_ends_an_import_which_can_go_on(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = compare(WHOLE)
    confirm(run_id)

    def stumble(*_: object, **__: object) -> None:
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setitem(working._PIECES, RunState.APPLYING, stumble)  # noqa: SLF001 - where it stumbles
        assert work(run_id) is RunState.FAILED
    run = run_of(session, run_id)
    assert (run.note, run.counts["failed_in"]) == ("ValueError", "applying")
    session.rollback()

    with transaction() as ours:
        imports.go_on(ours, ImportRun, run_id)
    assert work(run_id) is RunState.DONE
    assert rows()["organizations"] == 2


def test_what_changed_since_it_was_compared_counts(session: Session) -> None:
    run_id = compare(WHOLE)
    with transaction() as ours:
        service.create_organization(
            ours, NewOrganization("City of Sample", "town", None, "NC"), now=NOON
        )
    confirm(run_id)
    work(run_id)
    city = organization(session, "City of Sample")
    assert (city.kind, city.external_id) == ("city", "2")
    assert undo(run_id) is RunState.UNDONE
    city = organization(session, "City of Sample")
    assert (city.kind, city.external_id) == ("town", None)


def test_files_are_forgotten_after_a_day_and_lines_after_thirty(
    session: Session,
) -> None:
    compare(WHOLE)
    kept = take_in(WHOLE)
    for after, runs, lines in (
        (timedelta(days=1), 2, 8),
        (timedelta(days=1, seconds=1), 1, 4),
        (timedelta(days=30), 1, 4),
        (timedelta(days=30, seconds=1), 1, 0),
    ):
        with transaction() as ours:
            imports.forget_old(ours, ImportRun, now=NOON + after)
        session.rollback()
        assert (count(session, ImportRun), count(session, ImportLine)) == (runs, lines)
    assert count(session, ImportThing) == 0
    session.rollback()
    with pytest.raises(StaleError), transaction() as ours:
        importing.undo(ours, kept)


def test_a_piece_takes_as_many_statements_for_two_lines_as_for_two_hundred(
    session: Session,
) -> None:
    found = []
    for number in (2, 200):
        lines = [
            f"Town {i},{i},,NC,,,,,,Ada,ada{i}@example.org,Clerk,,,"
            for i in range(number)
        ]
        run_id = start(lines_of(*lines))
        with statements() as seen:
            work(run_id, pieces=1)
        found.append(len(seen))
    assert found[0] == found[1]


def test_a_file_compared_twice_and_confirmed_twice_is_one_membership(
    session: Session,
) -> None:
    content = lines_of(
        "City of X,,,NC,,,,2030-01-01,2030-12-31,,,,,,",
        ",,,,,,,2030-01-01,2030-12-31,Ada Alder,ada@example.org,,,,",
    )
    first, second = compare(content), compare(content)
    for run_id in (first, second):
        confirm(run_id)
        assert work(run_id) is RunState.DONE
    assert rows()["memberships"] == 2
    assert undo(second) is RunState.UNDONE
    assert rows()["memberships"] == 2


def test_an_address_that_begins_like_a_number_is_a_persons(session: Session) -> None:
    line = ",,,,,,,2030-01-01,2030-12-31,Ada Alder,#ann@example.org,,,,"
    take_in(lines_of(line))
    assert standing(session, "#ann@example.org").through is Through.OWN


def test_a_name_of_a_file_is_kept_without_what_nobody_can_see(
    session: Session,
) -> None:
    with transaction() as ours:
        run_id = importing.take_in(
            ours,
            Table(["Organi\0zation"], [TableLine(2, ["City\0"])]),
            file_name="mem\0bers\n.csv",
            now=NOON,
        )
    assert run_of(session, run_id).file_name == "members.csv"


def test_parents_are_written_with_as_many_statements_for_2_as_for_200(
    session: Session,
) -> None:
    found = []
    for number in (2, 200):
        county = f"County {number},,county,NC,,,,,,,,,,,"
        towns = [
            f"Town {number} {i},,town,NC,,County {number},,,,,,,,,"
            for i in range(number)
        ]
        run_id = compare(lines_of(county, *towns))
        confirm(run_id)
        work(run_id, pieces=1)
        with statements() as seen:
            work(run_id, pieces=1)
        found.append(len(seen))
    assert found[0] == found[1]


@pytest.mark.postgres_only
def test_a_piece_goes_through_no_list_for_each_row_of_a_table(
    session: Session,
) -> None:
    keys = [f"p:{i}@example.org" for i in range(1_500)]
    mine = among(session, ImportThing.key, keys)
    plan = plan_of(session, select(ImportThing.id).where(mine))
    assert ("ProjectSet" in plan, "ANY" in plan) == (True, False)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Note the statements of a block."""
    seen: list[str] = []

    def see(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", see)
