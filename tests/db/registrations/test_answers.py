"""What was said with a place, as places are revived, merged and handed over."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import MailedLink
from csd_events.accounts.service import Asking
from csd_events.core.errors import NotFoundError
from csd_events.events.models import Event, EventQuestion
from csd_events.events.rules import QuestionKind
from csd_events.registrations import queries, service
from csd_events.registrations.models import Registration
from csd_events.registrations.queries import ListFilters, Narrowed
from csd_events.registrations.rules import Colleague, Said
from csd_events.registrations.service import own_needs
from tests.asking import answered, ask, make_asking
from tests.factories import (
    HOUR,
    NOON,
    make_account,
    make_party,
    make_person,
    make_registration,
    make_wish,
    writing,
)

ADA = "ada@example.org"


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def event(session: Session) -> Event:
    return make_asking(session, ask(QuestionKind.SHORT))


def saying(event: Event, words: str) -> Said:
    (question,) = event.questions
    return Said({question.id: words}, f"needs of {words}")


def said_by(session: Session, registration_id: int) -> tuple[dict[str, object], str]:
    return answered(session, registration_id), own_needs(session, registration_id)


def register(session: Session, event: Event, words: str, email: str) -> int:
    said = saying(event, words)
    return make_registration(session, event, email=email, said=said).id


def cancel(session: Session, registration_id: int) -> None:
    with writing(session):
        service.cancel(session, registration_id, now=NOON)


def test_who_registers_again_says_what_the_new_form_says(
    session: Session, event: Event
) -> None:
    first = register(session, event, "old", ADA)
    cancel(session, first)
    assert register(session, event, "new", ADA) == first
    assert said_by(session, first) == ({"Which?": "new"}, "needs of new")


def test_a_new_form_that_says_nothing_leaves_nothing_of_the_old(
    session: Session, event: Event
) -> None:
    first = register(session, event, "old", ADA)
    cancel(session, first)
    make_registration(session, event, email=ADA)
    assert said_by(session, first) == ({}, "")


def test_whom_a_colleague_brings_back_has_said_nothing_yet(
    session: Session, event: Event
) -> None:
    first = register(session, event, "old", ADA)
    cancel(session, first)
    ada = Colleague(full_name="Ada", email=ADA, organization="Town")
    party = make_party(
        event, colleagues=[ada], person_id=make_account(session).person_id
    )
    with writing(session):
        service.register_party(session, party, now=NOON)
    assert said_by(session, first) == ({}, "")


@pytest.mark.parametrize("order", [("mine", "theirs"), ("theirs", "mine")])
def test_of_two_registrations_made_one_the_answers_of_the_kept_one_stay(
    session: Session, event: Event, order: tuple[str, str]
) -> None:
    me = make_account(session, email=ADA)
    guest = make_person(session, email="new@example.org", email_confirmed_at=None)
    addresses = {"mine": ADA, "theirs": guest.email}
    person_id, guest_address = me.person_id, guest.email
    made = {
        who: make_registration(
            session,
            event,
            email=addresses[who],
            said=saying(event, who),
            at=NOON + minute * HOUR / 60,
        ).id
        for minute, who in enumerate(order)
    }
    with writing(session):
        asking = Asking(email=guest_address)
        accounts.ask_for_address(session, person_id, asking, now=NOON)
    link_id = session.scalars(select(MailedLink.id)).one()
    with writing(session):
        service.take_new_address(session, link_id, now=NOON)
    kept = order[0]
    own = session.scalars(
        select(Registration.id).where(Registration.person_id == person_id)
    ).one()
    assert own == made["mine"]
    assert said_by(session, own) == ({"Which?": kept}, f"needs of {kept}")


def test_a_corrected_address_brings_its_answers_to_a_place_given_up_before(
    session: Session, event: Event
) -> None:
    before = register(session, event, "before", ADA)
    cancel(session, before)
    typo = make_wish(event, email="aad@example.org", said=saying(event, "now"))
    with writing(session):
        outcome = service.register(session, typo, now=NOON)
    assert outcome.receipt_id is not None
    with writing(session):
        service.change_address(session, outcome.receipt_id, ADA, now=NOON)
    assert said_by(session, before) == ({"Which?": "now"}, "needs of now")
    assert said_by(session, outcome.registration_id) == ({}, "")


def test_the_first_answer_is_noted_on_its_question(
    session: Session, event: Event
) -> None:
    noted = select(EventQuestion.answered)
    assert session.scalars(noted).one() is False
    made = make_registration(session, event).id
    assert session.scalars(noted).one() is False
    with writing(session):
        said = saying(event, "now")
        service.answer(session, made, said, link_version=1, now=NOON)
    assert session.scalars(noted).one() is True


def test_a_link_that_ended_answers_nothing(session: Session, event: Event) -> None:
    made = make_registration(session, event).id
    with writing(session), pytest.raises(NotFoundError):
        service.answer(session, made, Said(), link_version=2, now=NOON)


def test_the_database_lets_no_question_go_that_was_answered(
    session: Session, event: Event
) -> None:
    register(session, event, "now", ADA)
    question = session.scalars(select(EventQuestion)).one()
    session.delete(question)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("value", [True, False, "Nguyễn Thị Ánh", 'a "quoted" \\ word'])
def test_the_list_finds_an_answer_whatever_its_letters(
    session: Session, *, value: str | bool
) -> None:
    kind = QuestionKind.YES_NO if isinstance(value, bool) else QuestionKind.SHORT
    event = make_asking(session, ask(kind))
    (question,) = event.questions
    made = make_registration(session, event, said=Said({question.id: value})).id
    make_registration(session, event)
    filters = ListFilters(answer=Narrowed(question.id, value))
    page = queries.page_of_event(session, event.id, filters)
    assert [line.id for line in page.items] == [made]
