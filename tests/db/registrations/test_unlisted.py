"""Who is not on the list of the conference that an event requires, and how many."""

from collections.abc import Mapping
from random import Random

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from csd_events.accounts import service as accounts
from csd_events.accounts.service import give_address
from csd_events.events import service as events
from csd_events.events.models import Event
from csd_events.events.rules import Kind
from csd_events.registrations import service
from csd_events.registrations.models import Registration, Selected
from csd_events.registrations.queries import (
    ListFilters,
    Sort,
    count_unlisted,
    page_of_event,
    pieces_of_event,
)
from csd_events.registrations.rules import Deed, Newcomer, State
from csd_events.registrations.service import By, check_unlisted, report_counters
from tests.desk import fill
from tests.factories import (
    NOON,
    make_conference,
    make_event,
    make_registration,
    put_on_list,
    writing,
)

ADA = "ada@example.org"
BO = "bo@example.org"


@pytest.fixture
def conference(session: Session) -> int:
    return make_conference(session)


@pytest.fixture
def forum(session: Session, conference: int) -> Event:
    return make_event(
        session, kind=Kind.FORUM, conference_id=conference, requires_conference=True
    )


@pytest.mark.parametrize("sort", list(Sort))
def test_who_is_missing_is_found_in_any_order_page_by_page(
    session: Session, conference: int, forum: Event, sort: Sort
) -> None:
    fill(session, forum.id, 70)
    everybody = _everybody(session, forum.id)
    wanted = everybody[:60]
    elsewhere = make_event(session)
    fill(session, elsewhere.id, 5)
    make_registration(session, elsewhere, email=wanted[0].email_key)
    with writing(session):
        service.cancel(session, everybody[-1].id, now=NOON)
    put_on_list(session, conference, *(each.email_key for each in everybody[60:-1]))

    only = ListFilters(unlisted=True, sort=sort)
    first = page_of_event(session, forum.id, only)
    last = page_of_event(session, forum.id, only, after=first.after)
    found = [*first.items, *last.items]
    assert last.after is None
    # `fill` names organizations the other way round than people.
    falls = sort is not Sort.NAME
    shown = [each.id for each in wanted]
    assert [line.id for line in found] == (shown[::-1] if falls else shown)
    assert all(line.is_unlisted for line in found)
    assert count_unlisted(session, forum.id) == 60


def test_who_is_missing_is_narrowed_as_everybody_is(
    session: Session, conference: int, forum: Event
) -> None:
    fill(session, forum.id, 2)
    fill(session, forum.id, 4, State.WAITING)
    waiting = _everybody(session, forum.id)[-4:]
    put_on_list(session, conference, waiting[0].email_key)

    wanted = {
        ListFilters(unlisted=True, state=State.WAITING): waiting[1:],
        ListFilters(unlisted=True, words=waiting[1].email_key): [waiting[1]],
        ListFilters(unlisted=True, words=waiting[0].email_key): [],
    }
    for filters, registrations in wanted.items():
        page = page_of_event(session, forum.id, filters)
        assert {line.id for line in page.items} == {each.id for each in registrations}


def test_all_who_are_missing_can_be_chosen_and_are_what_a_file_holds(
    session: Session, conference: int, forum: Event
) -> None:
    fill(session, forum.id, 5)
    everybody = _everybody(session, forum.id)
    put_on_list(session, conference, *(each.email_key for each in everybody[3:]))
    wanted = {each.id for each in everybody[:3]}
    only = ListFilters(unlisted=True)

    with writing(session):
        service.choose(session, forum.id, Deed.CANCEL, only, now=NOON, actor_id=None)
    assert set(session.scalars(select(Selected.registration_id))) == wanted
    lines = [
        line
        for piece in pieces_of_event(session, forum.id, only, with_answers=False)
        for line in piece
    ]
    references = {each.reference for each in everybody[:3]}
    assert {line.reference for line in lines} == references


def test_the_list_goes_back_a_page_among_who_is_missing(
    session: Session, forum: Event
) -> None:
    fill(session, forum.id, 60)
    only = ListFilters(unlisted=True)
    first = page_of_event(session, forum.id, only)
    second = page_of_event(session, forum.id, only, after=first.after)
    back = page_of_event(session, forum.id, only, before=second.before)
    assert (len(first.items), len(second.items)) == (50, 10)
    assert back.items == first.items


def test_nobody_is_missing_where_no_conference_is_required(
    session: Session, conference: int
) -> None:
    event = make_event(session, kind=Kind.FORUM, conference_id=conference)
    make_registration(session, event)
    assert count_unlisted(session, event.id) == 0
    page = page_of_event(session, event.id, ListFilters(unlisted=True))
    assert page.items == []


def test_who_registers_is_missing_until_they_are_listed_and_again_when_taken_off(
    session: Session, conference: int, forum: Event
) -> None:
    put_on_list(session, conference, BO)
    make_registration(session, forum, email=BO)
    make_registration(session, forum, email=ADA)
    assert _missing(session, forum) == {ADA}
    put_on_list(session, conference, ADA, BO)
    assert _missing(session, forum) == set()
    with writing(session):
        events.remove_address(session, conference, BO, now=NOON)
    assert _missing(session, forum) == {BO}


def test_another_address_is_compared_anew_be_it_the_persons_or_another_persons(
    session: Session, conference: int, forum: Event
) -> None:
    put_on_list(session, conference, ADA)
    made = make_registration(session, forum, email=ADA)
    with writing(session):
        give_address(session, made.person_id, "a@example.org", holder_id=None, now=NOON)
    assert _missing(session, forum) == {"a@example.org"}
    newcomer = Newcomer(full_name="Ada Sample", email=ADA, organization="Town")
    with writing(session):
        service.replace(session, made.id, newcomer, now=NOON, by=By())
    assert _missing(session, forum) == set()


def test_two_who_swap_addresses_swap_being_listed(
    session: Session, conference: int, forum: Event
) -> None:
    put_on_list(session, conference, ADA)
    ada = make_registration(session, forum, email=ADA)
    bo = make_registration(session, forum, email=BO)
    with writing(session):
        give_address(session, bo.person_id, ADA, holder_id=ada.person_id, now=NOON)
    page = page_of_event(session, forum.id, ListFilters(unlisted=True))
    assert [line.id for line in page.items] == [ada.id]


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"requires_conference": False}, set()),
        ({"requires_conference": False, "conference_id": None}, set()),
        ({"title": "Another title"}, {BO}),
    ],
)
def test_what_an_event_requires_anew_is_compared_anew(
    session: Session,
    conference: int,
    forum: Event,
    change: Mapping[str, object],
    missing: set[str],
) -> None:
    put_on_list(session, conference, ADA)
    for each in (ADA, BO):
        make_registration(session, forum, email=each)
    before = {"requires_conference": True, "conference_id": conference}
    _write(session, forum, change)
    assert _missing(session, forum) == missing
    _write(session, forum, before)
    assert _missing(session, forum) == {BO}


def test_the_list_of_another_conference_counts_once_it_is_the_one_required(
    session: Session, conference: int, forum: Event
) -> None:
    other = make_conference(session, name="Another Conference")
    put_on_list(session, conference, ADA)
    put_on_list(session, other, BO)
    for each in (ADA, BO):
        make_registration(session, forum, email=each)
    assert _missing(session, forum) == {BO}
    _write(session, forum, {"conference_id": other})
    assert _missing(session, forum) == {ADA}
    put_on_list(session, conference, ADA, BO)
    assert _missing(session, forum) == {ADA}


def test_who_cancelled_is_compared_by_the_time_they_come_again(
    session: Session, conference: int, forum: Event
) -> None:
    put_on_list(session, conference, ADA)
    made = make_registration(session, forum, email=ADA)
    with writing(session):
        service.cancel(session, made.id, now=NOON)
    put_on_list(session, conference)
    assert _missing(session, forum) == set()
    make_registration(session, forum, email=ADA)
    assert _missing(session, forum) == {ADA}


class Story:
    """Two conferences, two forums and an event of neither, and six who come and go."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.drawn = Random(seed)  # noqa: S311 - a story, no secret
        self.conferences = [make_conference(session, name=each) for each in ("A", "B")]
        self.forums = [
            make_event(session, kind=Kind.FORUM, conference_id=each)
            for each in self.conferences
        ]
        self.events = [*self.forums, make_event(session)]
        self.addresses = [f"sample{number}@example.org" for number in range(6)]

    def register(self) -> None:
        event, address = self.drawn.choice(self.events), self._address()
        make_registration(self.session, event, email=address)

    def cancel(self) -> None:
        for registration_id in self._one_of(Registration.id):
            with writing(self.session):
                service.cancel(self.session, registration_id, now=NOON)

    def list_some(self) -> None:
        some = self.drawn.sample(self.addresses, self.drawn.randrange(6))
        put_on_list(self.session, self.drawn.choice(self.conferences), *some)

    def take_off(self) -> None:
        conference, key = self.drawn.choice(self.conferences), self._address()
        with writing(self.session):
            events.remove_address(self.session, conference, key, now=NOON)

    def require(self) -> None:
        values = {
            "conference_id": self.drawn.choice(self.conferences),
            "requires_conference": self.drawn.random() < 0.7,
        }
        _write(self.session, self.drawn.choice(self.forums), values)

    def give_address(self) -> None:
        for who in self._one_of(Registration.person_id):
            address = self._address()
            holder = accounts.find_holder(self.session, address)
            theirs = holder.person_id if holder else None
            if theirs == who:
                return
            with writing(self.session):
                give_address(self.session, who, address, holder_id=theirs, now=NOON)

    def _address(self) -> str:
        return self.drawn.choice(self.addresses)

    def _one_of(self, column: InstrumentedAttribute[int]) -> list[int]:
        found = self.session.scalars(select(column).order_by(column)).all()
        return [self.drawn.choice(found)] if found else []


@pytest.mark.parametrize("seed", range(10))
def test_it_is_said_as_the_lists_are_whatever_is_done_in_whatever_order(
    session: Session, seed: int
) -> None:
    story = Story(session, seed)
    steps = [
        story.register, story.register, story.cancel, story.list_some, story.take_off,
        story.require, story.give_address,
    ]  # fmt: skip
    for _ in range(40):
        step = story.drawn.choice(steps)
        step()
        assert check_unlisted(session) == [], step.__name__


def test_where_the_two_differ_is_found_and_written_in_the_log(
    session: Session, conference: int, forum: Event, caplog: pytest.LogCaptureFixture
) -> None:
    put_on_list(session, conference, BO)
    ada = make_registration(session, forum, email=ADA)
    bo = make_registration(session, forum, email=BO)
    with writing(session):
        session.execute(text("UPDATE registrations SET is_unlisted = NOT is_unlisted"))
    wrong = [
        f"{ada.reference}: is not on its conference's list",
        f"{bo.reference}: is on its conference's list, or need not be",
    ]
    assert check_unlisted(session) == wrong
    report_counters(session, now=NOON)
    assert caplog.messages == [f"a list is wrong: {line}" for line in wrong]


def _write(session: Session, event: Event, values: Mapping[str, object]) -> None:
    with writing(session):
        for name, value in values.items():
            setattr(event, name, value)


def _missing(session: Session, event: Event) -> set[str]:
    """Say who is missing by all that says so: the list, the number, and the check."""
    assert check_unlisted(session) == []
    page = page_of_event(session, event.id, ListFilters(unlisted=True))
    assert count_unlisted(session, event.id) == len(page.items)
    everybody = page_of_event(session, event.id, ListFilters()).items
    assert {each.id for each in everybody if each.is_unlisted} == {
        each.id for each in page.items
    }
    return {each.email for each in page.items}


def _everybody(session: Session, event_id: int) -> list[Registration]:
    of_event = select(Registration).where(Registration.event_id == event_id)
    return list(session.scalars(of_event.order_by(Registration.id)))
