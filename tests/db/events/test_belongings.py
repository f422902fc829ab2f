"""Conferences, programs, presenters and partners as the services keep them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from csd_events.audit import queries as audit
from csd_events.core.errors import NotFoundError, ProblemsError, StaleError
from csd_events.events import queries, service
from csd_events.events.models import Event, Partner, Presenter
from csd_events.events.rules import (
    ConferenceDraft,
    Contributor,
    Fault,
    Kind,
    PartnerDraft,
    PartnerKind,
    PresenterDraft,
    Problem,
    ProgramDraft,
    Role,
    SessionDraft,
)
from tests.factories import NOON, make_draft, make_event, writing

LEAGUE = Contributor(role=Role.CO_PRODUCER, name="League")
CONFERENCE = ConferenceDraft(
    name="Annual Conference",
    first_on=date(2030, 6, 10),
    last_on=date(2030, 6, 12),
    place="Lakeview",
    zone="America/Chicago",
    website="https://conference.example.org",
    partners=(LEAGUE,),
)
OUTSIDE = Problem.OUTSIDE_CONFERENCE


def _conference(session: Session, **changed: Any) -> int:
    with writing(session):
        return service.create_conference(
            session, replace(CONFERENCE, **changed), now=NOON
        )


def _speaker(name: str = "Ada", organization: str = "Town") -> Contributor:
    return Contributor(role=Role.PRESENTER, name=name, organization=organization)


def _told(session: Session, kind: str, row_id: int) -> list[tuple[str, Any]]:
    entries = audit.list_about(session, kind, row_id)
    return [(entry.action, entry.changes) for entry in entries]


def test_a_conference_s_address_stays_when_its_name_changes(session: Session) -> None:
    made = _conference(session)
    with writing(session):
        renamed = replace(CONFERENCE, name="Another Name", partners=())
        service.update_conference(session, made, renamed, version=1, now=NOON)
    found = queries.get_conference(session, made)
    assert (found.slug, found.name, found.version, found.partners) == (
        "annual-conference",
        "Another Name",
        2,
        [],
    )
    assert _told(session, "conference", made)[0] == (
        "conference.saved",
        {
            "name": ["Annual Conference", "Another Name"],
            "partners": [["co_producer: League"], []],
        },
    )


def test_saving_as_it_is_is_no_change(session: Session) -> None:
    made = _conference(session)
    program = ProgramDraft(name="Sharing", partners=(LEAGUE,))
    league = session.scalars(select(Partner)).one()
    as_it_is = PartnerDraft(name=league.name)
    with writing(session):
        program_id = service.create_program(session, program, now=NOON)
        service.update_conference(session, made, CONFERENCE, version=1, now=NOON)
        service.update_program(session, program_id, program, version=1, now=NOON)
        service.update_contributor(
            session, Partner, league.id, as_it_is, version=league.version, now=NOON
        )
    (about_conference,) = _told(session, "conference", made)
    (about_program,) = _told(session, "program", program_id)
    assert (about_conference[0], about_program[0]) == (
        "conference.created",
        "program.created",
    )
    assert _told(session, "partner", league.id) == []
    assert queries.get_conference(session, made).version == 1


def test_a_name_may_come_again_in_another_year_at_an_address_of_its_own(
    session: Session,
) -> None:
    _conference(session)
    later = {"first_on": date(2031, 6, 1), "last_on": date(2031, 6, 2)}
    second = _conference(session, **later)
    assert queries.get_conference(session, second).slug == "annual-conference-2"
    with pytest.raises(ProblemsError) as error:
        _conference(session, **later)
    assert error.value.problems == {"name": Fault.NAME_TAKEN}


def test_days_that_run_backwards_are_refused(session: Session) -> None:
    with pytest.raises(ProblemsError) as error:
        _conference(session, last_on=date(2030, 6, 9))
    assert error.value.problems == {"last_on": Fault.DAYS_BACKWARDS}


def test_a_save_over_what_was_not_seen_changes_nothing(session: Session) -> None:
    made = _conference(session)
    with pytest.raises(StaleError), writing(session):
        service.update_conference(
            session, made, replace(CONFERENCE, name="Mine"), version=0, now=NOON
        )
    assert queries.get_conference(session, made).name == "Annual Conference"


def test_a_conference_or_program_that_is_not_there_is_not_saved(
    session: Session,
) -> None:
    with pytest.raises(NotFoundError):
        service.update_conference(session, 7, CONFERENCE, version=1, now=NOON)
    with pytest.raises(NotFoundError):
        service.update_program(session, 7, ProgramDraft(name="x"), version=1, now=NOON)


def test_two_programs_of_one_name_are_refused(session: Session) -> None:
    with writing(session):
        made = service.create_program(session, ProgramDraft(name="Sharing"), now=NOON)
        service.update_program(
            session,
            made,
            ProgramDraft(name="Sharing", areas=("transit",), partners=(LEAGUE,)),
            version=1,
            now=NOON,
        )
    with pytest.raises(ProblemsError) as error, writing(session):
        service.create_program(session, ProgramDraft(name="Sharing"), now=NOON)
    assert error.value.problems == {"name": Fault.NAME_TAKEN}
    assert _told(session, "program", made)[0][1] == {
        "areas": [[], ["transit"]],
        "partners": [[], ["co_producer: League"]],
    }


def test_a_list_is_added_to_replaced_and_counted_in_the_trail(
    session: Session,
) -> None:
    made = _conference(session)
    with writing(session):
        service.save_addresses(
            session, made, ("a@example.org", "b@example.org"), replace=False, now=NOON
        )
        added = service.save_addresses(
            session, made, ("b@example.org", "c@example.org"), replace=False, now=NOON
        )
        swapped = service.save_addresses(
            session, made, ("c@example.org", "d@example.org"), replace=True, now=NOON
        )
        removed = [
            service.remove_address(session, made, key, now=NOON)
            for key in ("d@example.org", "nobody@example.org")
        ]
    assert (added.new, added.known, added.gone) == (("c@example.org",), 1, ())
    assert swapped.gone == ("a@example.org", "b@example.org")
    assert removed == [True, False]
    assert queries.known_addresses(session, made) == {"c@example.org"}
    told = [changes for action, changes in _told(session, "conference", made)][:-1]
    assert told == [{"addresses": pair} for pair in ([2, 1], [3, 2], [2, 3], [0, 2])]


def test_twenty_thousand_addresses_are_saved_at_once(session: Session) -> None:
    made = _conference(session)
    keys = tuple(f"person{n}@example.org" for n in range(20_000))
    with writing(session):
        service.save_addresses(session, made, keys, replace=False, now=NOON)
        service.save_addresses(session, made, keys[:5_000], replace=True, now=NOON)
    assert queries.count_addresses(session, made) == 5_000


def test_a_forum_requires_its_conference_only_if_it_has_one(session: Session) -> None:
    draft = make_draft(kind=Kind.FORUM, requires_conference=True, place="Hall")
    with pytest.raises(ProblemsError) as error, writing(session):
        service.create(session, draft, now=NOON)
    assert error.value.problems == {"conference_id": Problem.NO_CONFERENCE}
    event = make_event(session)
    with pytest.raises(IntegrityError), writing(session):
        session.get_one(Event, event.id).requires_conference = True


@pytest.mark.parametrize(
    ("starts", "zone", "problems"),
    [
        # The conference is in Chicago from June 10 through June 12.
        (["2030-06-12T22:00"], "America/Chicago", {}),
        (["2030-06-13T00:30"], "America/New_York", {}),
        (["2030-06-13T00:30"], "America/Chicago", {"starts": OUTSIDE}),
        (["2030-06-10T00:30"], "America/New_York", {"starts": OUTSIDE}),
        (
            ["2030-06-12T09:00", "2030-06-13T09:00"],
            "America/Chicago",
            {"starts": OUTSIDE},
        ),
    ],
)
def test_every_session_of_a_forum_is_on_a_day_of_its_conference_where_that_is(
    session: Session, starts: list[str], zone: str, problems: dict[str, Problem]
) -> None:
    forum = make_event(
        session,
        draft=True,
        kind=Kind.FORUM,
        zone=zone,
        conference_id=_conference(session),
        sessions=[
            SessionDraft(wall_start=datetime.fromisoformat(start), zone=zone)
            for start in starts
        ],
    )
    assert service.missing(forum, NOON) == problems


def test_presenters_of_one_name_have_a_page_each(session: Session) -> None:
    people = [_speaker(), _speaker(organization="City"), _speaker("阿", "")]
    make_event(session, contributors=people)
    slugs = session.scalars(select(Presenter.slug).order_by(Presenter.id)).all()
    assert slugs == ["ada", "ada-2", "presenter"]


def test_a_presenter_s_new_name_is_found_and_no_open_form_brings_the_old_one_back(
    session: Session,
) -> None:
    event = make_event(session, contributors=[_speaker()])
    (ada,) = session.scalars(select(Presenter)).all()
    with writing(session):
        service.update_contributor(
            session,
            Presenter,
            ada.id,
            PresenterDraft(full_name="Ada Byron", title="Countess"),
            version=1,
            now=NOON,
        )
    found = queries.get(session, event.id)
    assert ("ada byron" in found.search_text, found.version) == (True, 2)
    assert session.get_one(Presenter, ada.id).slug == "ada"
    draft = make_draft(contributors=[_speaker()])
    with pytest.raises(StaleError), writing(session):
        service.update(session, event.id, draft, version=1, now=NOON)


def test_a_presenter_or_partner_cannot_take_another_one_s_name(
    session: Session,
) -> None:
    make_event(session, contributors=[_speaker(), _speaker("Bob"), LEAGUE, _union()])
    ada, bob = session.scalars(select(Presenter).order_by(Presenter.id)).all()
    league = session.scalars(select(Partner).where(Partner.name == "League")).one()
    same = PresenterDraft(full_name="Ada", organization="Town")
    with pytest.raises(ProblemsError) as error, writing(session):
        service.update_contributor(
            session, Presenter, bob.id, same, version=1, now=NOON
        )
    assert error.value.problems == {"full_name": Fault.NAME_TAKEN}
    union = PartnerDraft(name="Union")
    with pytest.raises(ProblemsError) as error, writing(session):
        service.update_contributor(
            session, Partner, league.id, union, version=1, now=NOON
        )
    assert error.value.problems == {"name": Fault.NAME_TAKEN}
    assert ada.version == 1


def _union(role: Role = Role.UNDERWRITER) -> Contributor:
    return Contributor(role=role, name="Union")


def _names(event: Event) -> Sequence[tuple[int, str, str]]:
    return [
        (row.position, row.role.value, row.presenter.full_name)
        if row.presenter
        else (row.position, row.role.value, row.partner.name if row.partner else "")
        for row in event.contributions
    ]


def test_two_presenters_become_one_on_every_event_and_at_both_addresses(
    session: Session,
) -> None:
    moderates = Contributor(role=Role.MODERATOR, name="A. Byron", organization="Town")
    alone = make_event(session, contributors=[moderates, _speaker("Bob")])
    both = make_event(
        session, contributors=[_speaker("A. Byron"), _speaker("Bob"), _speaker("Ada")]
    )
    found = {each.full_name: each.id for each in session.scalars(select(Presenter))}
    gone, kept = found["A. Byron"], found["Ada"]
    with writing(session):
        session.get_one(Presenter, gone).about = "Counts."
        service.merge_contributors(session, Presenter, gone, into_id=kept, now=NOON)
    session.expire_all()
    assert _names(queries.get(session, alone.id)) == [
        (0, "moderator", "Ada"),
        (1, "presenter", "Bob"),
    ]
    assert _names(queries.get(session, both.id)) == [
        (0, "presenter", "Ada"),
        (1, "presenter", "Bob"),
    ]
    assert "byron" not in queries.get(session, alone.id).search_text
    merged = queries.get_public_presenter(session, "a-byron")
    assert (merged.id, merged.about) == (kept, "Counts.")
    (action, changes) = _told(session, "presenter", kept)[0]
    assert (action, changes["events"], changes["merged"][0]["slug"]) == (
        "presenter.merged",
        [None, [alone.id, both.id]],
        "a-byron",
    )


def test_who_presents_several_sessions_still_does_once_they_are_one(
    session: Session,
) -> None:
    """And their page, as the staff's list, names the event once."""
    start = datetime(2030, 5, 11, 8)  # noqa: DTZ001 - a clock on the wall
    sessions = [
        SessionDraft(
            wall_start=start + timedelta(weeks=number),
            zone="America/New_York",
            contributors=[_speaker(name) for name in names],
        )
        for number, names in enumerate([["Ada"], ["A. Byron", "Ada"]])
    ]
    moderates = Contributor(role=Role.MODERATOR, name="A. Byron", organization="Town")
    event = make_event(
        session, kind=Kind.TRAINING, sessions=sessions, contributors=[moderates]
    )
    found = {each.full_name: each.id for each in session.scalars(select(Presenter))}
    with writing(session):
        service.merge_contributors(
            session, Presenter, found["A. Byron"], into_id=found["Ada"], now=NOON
        )
    session.expire_all()
    merged = queries.get(session, event.id)
    order = [None, *(each.id for each in merged.sessions)]
    rows = [(row.role, order.index(row.session_id)) for row in merged.contributions]
    assert rows == [(Role.MODERATOR, 0), (Role.PRESENTER, 1), (Role.PRESENTER, 2)]
    shown = queries.list_presented(session, found["Ada"], past=False, now=NOON)
    assert [(each.id, role) for each, role in shown] == [(event.id, Role.PRESENTER)]
    (line,) = queries.page_contributors(session, Presenter, words="ada").items
    assert line.events == 1


def test_two_partners_become_one_wherever_they_are_named(session: Session) -> None:
    paid = Contributor(role=Role.UNDERWRITER, name="League")
    event = make_event(session, contributors=[_union(), paid, LEAGUE])
    conference = _conference(
        session, partners=(LEAGUE, _union(Role.CO_PRODUCER), _union())
    )
    with writing(session):
        program = service.create_program(
            session, ProgramDraft(name="Sharing", partners=(_union(),)), now=NOON
        )
    found = {each.name: each.id for each in session.scalars(select(Partner))}
    with writing(session):
        session.get_one(Partner, found["Union"]).kind = PartnerKind.COMPANY
        service.merge_contributors(
            session, Partner, found["Union"], into_id=found["League"], now=NOON
        )
    session.expire_all()
    assert _names(queries.get(session, event.id)) == [
        (0, "underwriter", "League"),
        (1, "co_producer", "League"),
    ]
    rows = queries.get_conference(session, conference).partners
    assert [(row.role.value, row.partner.name) for row in rows] == [
        ("co_producer", "League"),
        ("underwriter", "League"),
    ]
    (row,) = queries.get_program(session, program).partners
    assert (row.partner.name, row.partner.kind) == ("League", PartnerKind.COMPANY)


def test_nobody_becomes_one_with_somebody_who_is_not_there(session: Session) -> None:
    make_event(session, contributors=[_speaker()])
    (ada,) = session.scalars(select(Presenter)).all()
    with pytest.raises(NotFoundError), writing(session):
        service.merge_contributors(
            session, Presenter, ada.id, into_id=ada.id + 1, now=NOON
        )
    assert session.scalars(select(Presenter.slug)).all() == ["ada"]
