"""Places that go to a colleague or to another address, and back."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.audit.models import AuditEntry
from csd_events.core import limits
from csd_events.core.errors import EndedError, NotFoundError, RefusedError, TooManyError
from csd_events.events import service as event_service
from csd_events.events.models import Event, EventQuestion
from csd_events.events.rules import Audience, Kind, OfferDraft, QuestionKind
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import queries, rules, service
from csd_events.registrations.models import (
    AccessibilityNeed,
    Handover,
    Receipt,
    Registration,
)
from csd_events.registrations.rules import Colleague, Hold, Newcomer, NotReplaced, State
from csd_events.registrations.service import By, check_counters
from tests.asking import answered, ask, make_asking
from tests.billing import open_of
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_account,
    make_conference,
    make_event,
    make_member,
    make_party,
    make_person,
    make_registration,
    make_wish,
    writing,
)

START = NOON + 10 * DAY
SECOND = timedelta(seconds=1)
ADA, BO, CY = (f"{name}@example.org" for name in ("ada", "bo", "cy"))


def newcomer(**given: str) -> Newcomer:
    said = {"full_name": "Bo Sample", "email": BO, "organization": "Town of Other"}
    return Newcomer(**said | given)


def replace(
    session: Session,
    registration: Registration,
    who: Newcomer | None = None,
    *,
    now: Any = NOON,
    **by: Any,
) -> Registration:
    with writing(session):
        given = service.replace(
            session, registration.id, who or newcomer(), now=now, by=By(**by)
        )
    session.expire_all()
    return queries.get(session, given)


def undo(session: Session, *, now: Any = NOON + HOUR) -> Registration:
    """Press the button of the latest mail that has one."""
    session.rollback()
    last = select(Handover.id).where(Handover.kind != "returned")
    handover_id = session.scalars(last.order_by(Handover.id.desc())).first()
    assert handover_id is not None
    with writing(session):
        given = service.take_place_back(session, handover_id, now=now)
    session.expire_all()
    return queries.get(session, given)


def stand(session: Session, event: Event) -> dict[str, State]:
    """Say how each address stands that a page of its person would show."""
    session.rollback()
    rows = (
        select(Person.email, Registration.state)
        .join(Registration.person)
        .where(Registration.event_id == event.id, Registration.handed_on_at.is_(None))
    )
    return {email: state for email, state in session.execute(rows)}  # noqa: C416 - a result is no mapping


def say(session: Session, registration: Registration, question: EventQuestion) -> None:
    """Answer a question, and say what is needed to take part."""
    said = rules.Said(answers={question.id: "Fire"}, needs="An interpreter")
    version = registration.link_version
    with writing(session):
        service.answer(session, registration.id, said, link_version=version, now=NOON)
    session.expire_all()


def said(session: Session, registration: Registration) -> tuple[object, str]:
    session.rollback()
    needs = session.scalars(select(AccessibilityNeed.words)).all()
    return answered(session, registration.id), ", ".join(needs)


def mails(session: Session) -> Sequence[tuple[str, str]]:
    session.rollback()
    rows = select(OutboxMessage.kind, OutboxMessage.to_address).order_by(
        OutboxMessage.id
    )
    return [(kind.partition(".")[2], to) for kind, to in session.execute(rows)]


def test_a_colleague_gets_the_place_with_a_mail_and_a_link_of_their_own(
    session: Session,
) -> None:
    event = make_event(session, capacity=1)
    ada = make_registration(session, event, email=ADA)
    reference, version, life = ada.reference, ada.link_version, ada.life
    given = replace(session, ada)
    assert stand(session, event) == {BO: State.CONFIRMED}
    assert (given.full_name, given.organization) == ("Bo Sample", "Town of Other")
    assert (given.name_key, given.organization_key) == ("bo sample", "town of other")
    assert given.reference == reference  # the place goes on, and with it its invoice
    assert (given.link_version, given.life) == (version + 1, life + 1)
    assert mails(session) == [
        ("confirmed", ADA),
        ("replaced", ADA),
        ("handed", BO),
    ]
    assert check_counters(session) == []


@pytest.mark.parametrize("had", [None, *State])
def test_nobody_can_tell_from_the_old_holders_side_what_the_other_had(
    session: Session, had: State | None
) -> None:
    """The same row in no list of theirs, the same mail, the same links that end."""
    event = make_event(session, capacity=2, needs_approval=had is State.HELD)
    ada = make_registration(session, event, email=ADA)
    if had is State.HELD:
        with writing(session):
            service.approve(session, ada.id, now=NOON, actor_id=None)
    if had is State.WAITING:
        make_registration(session, event, email=CY)
    if had is not None:
        theirs = make_registration(session, event, email=BO)
        if had is State.CANCELLED:
            with writing(session):
                service.cancel(session, theirs.id, now=NOON)
        assert queries.get(session, theirs.id).state is had
    person_id, version = ada.person_id, ada.link_version
    replace(session, ada)
    assert queries.list_own(session, person_id) == []
    assert queries.get(session, ada.id).link_version > version
    assert ("replaced", ADA) in mails(session)
    assert stand(session, event)[BO] is State.CONFIRMED
    assert ADA not in stand(session, event)
    assert check_counters(session) == []


def test_who_has_a_place_keeps_it_and_the_other_goes_to_the_next_in_line(
    session: Session,
) -> None:
    event = make_event(session, capacity=2)
    ada, bo = (make_registration(session, event, email=each) for each in (ADA, BO))
    make_registration(session, event, email=CY)
    given = replace(session, ada)
    assert given.id == bo.id
    assert given.full_name == bo.full_name  # nothing of theirs changes
    assert stand(session, event) == {BO: State.CONFIRMED, CY: State.CONFIRMED}
    assert mails(session)[3:] == [
        ("promoted", CY),
        ("replaced", ADA),
        ("details", BO),
    ]
    assert check_counters(session) == []


def test_who_waited_gets_the_place_and_waits_no_longer(session: Session) -> None:
    event = make_event(session, capacity=1)
    ada, bo, cy = (
        make_registration(session, event, email=each) for each in (ADA, BO, CY)
    )
    given = replace(session, ada)
    assert (given.id, given.state) == (bo.id, State.CONFIRMED)
    assert queries.rank_waiting(session, queries.get(session, cy.id)) == 1
    assert check_counters(session) == []


def test_who_waits_passes_on_their_number(session: Session) -> None:
    event = make_event(session, capacity=1)
    make_registration(session, event)
    ada = make_registration(session, event, email=ADA)
    make_registration(session, event, email=CY)
    given = replace(session, ada)
    assert (given.state, queries.rank_waiting(session, given)) == (State.WAITING, 1)
    assert mails(session)[-2:] == [("replaced", ADA), ("handed", BO)]


def test_a_colleague_who_is_not_on_the_conferences_list_is_asked_to_be(
    session: Session,
) -> None:
    conference_id = make_conference(session)
    with writing(session):
        event_service.save_addresses(
            session, conference_id, (ADA,), replace=False, now=NOON
        )
    event = make_event(
        session,
        kind=Kind.FORUM,
        conference_id=conference_id,
        requires_conference=True,
    )
    ada = make_registration(session, event, email=ADA)
    assert ada.state is State.CONFIRMED
    given = replace(session, ada)
    assert (given.state, given.hold) == (State.HELD, Hold.CONFERENCE)
    assert undo(session).state is State.CONFIRMED
    assert check_counters(session) == []


def test_a_held_place_is_asked_for_anew(session: Session) -> None:
    ada = make_registration(session, make_event(session, needs_approval=True))
    with pytest.raises(RefusedError) as refused:
        replace(session, ada)
    assert refused.value.reason == NotReplaced.DECIDED


@pytest.mark.parametrize(
    ("now", "by", "why"),
    [
        # The whole of May 4 in New York counts.
        (NOON + 3 * DAY + 16 * HOUR - SECOND, {}, None),
        (NOON + 3 * DAY + 16 * HOUR, {}, NotReplaced.TOO_LATE),
        (NOON + 3 * DAY + 16 * HOUR, {"is_staff": True}, None),
        (START + 2 * HOUR, {"is_staff": True}, NotReplaced.OVER),
    ],
)
def test_the_last_day_that_staff_set_counts_whole(
    session: Session, now: Any, by: dict[str, Any], why: NotReplaced | None
) -> None:
    event = make_event(session, replace_on=date(2030, 5, 4))
    ada = make_registration(session, event)
    found = None
    try:
        replace(session, ada, now=now, **by)
    except RefusedError as error:
        found = error.reason
    assert found == why


def test_without_a_last_day_it_goes_until_the_start(session: Session) -> None:
    ada = make_registration(session, make_event(session))
    with pytest.raises(RefusedError) as refused:
        replace(session, ada, now=START)
    assert refused.value.reason == NotReplaced.TOO_LATE
    replace(session, ada, now=START - SECOND)


def test_a_priced_place_goes_on_only_from_a_confirmed_address(
    session: Session,
) -> None:
    event = make_event(session, offers=[OfferDraft(price_cents=4900)])
    ada = make_registration(session, event, email=ADA)
    with pytest.raises(RefusedError) as refused:
        replace(session, ada)
    assert refused.value.reason == NotReplaced.UNCONFIRMED
    with writing(session):
        service.confirm_address(session, ada.id, link_version=1, now=NOON)
    assert replace(session, ada).price_cents == 4900


def test_a_place_at_the_price_for_members_stays_with_members(session: Session) -> None:
    event = make_event(session, offers=[OfferDraft(audience=Audience.MEMBERS)])
    member = make_member(session)
    ada = make_registration(session, event, person_id=member.person_id)
    with pytest.raises(RefusedError) as refused:
        replace(session, ada)
    assert refused.value.reason == NotReplaced.NOT_A_MEMBER
    other = make_member(session, email=CY)
    given = replace(session, ada, newcomer(email=CY))
    assert given.person_id == other.person_id


def test_members_are_not_found_by_trying(session: Session) -> None:
    event = make_event(session, offers=[OfferDraft(audience=Audience.MEMBERS)])
    member = make_member(session)
    ada = make_registration(session, event, person_id=member.person_id)
    for _ in range(rules.TRIES_AN_HOUR):
        with writing(session):
            service.count_try(session, ada.id, now=NOON)
    with pytest.raises(TooManyError):
        replace(session, ada)


def test_a_place_does_not_go_to_the_address_it_has(session: Session) -> None:
    ada = make_registration(session, make_event(session), email=ADA)
    with pytest.raises(RefusedError) as refused:
        replace(session, ada, newcomer(email=ADA.upper()))
    assert refused.value.reason == NotReplaced.SAME


def test_an_old_link_gives_nothing_away(session: Session) -> None:
    ada = make_registration(session, make_event(session))
    replace(session, ada, link_version=1)
    with pytest.raises(NotFoundError):
        replace(session, ada, newcomer(email=CY), link_version=1)


def test_each_address_counts_for_the_network_it_comes_from(session: Session) -> None:
    ada = make_registration(session, make_event(session))
    replace(session, ada, network_address="203.0.113.9")
    session.rollback()
    assert limits.times(session, what="form", who="203.0.113.9", now=NOON) == 1


def test_the_receipt_of_the_form_moves_the_colleagues_place_nowhere(
    session: Session,
) -> None:
    event = make_event(session)
    ada = make_registration(session, event, email=ADA)
    receipt_id = session.scalars(select(Receipt.id)).one()
    replace(session, ada)
    with writing(session):
        service.change_address(session, receipt_id, CY, now=NOON)
    assert stand(session, event) == {BO: State.CONFIRMED}


def test_a_colleague_begins_with_reminders_and_hears_no_old_ones(
    session: Session,
) -> None:
    ada = make_registration(session, make_event(session))
    with writing(session):
        service.switch_reminders(session, ada.id, link_version=1, off=True)
    given = replace(session, ada, now=NOON + DAY)
    assert (given.reminders_off, given.confirmed_at) == (False, NOON + DAY)


def test_staff_replace_with_the_mails_or_without(session: Session) -> None:
    event = make_event(session)
    staff = make_account(session)
    ada, cy = (make_registration(session, event, email=each) for each in (ADA, CY))
    replace(session, ada, is_staff=True, actor_id=staff.person_id)
    assert mails(session)[-2:] == [("replaced", ADA), ("handed", BO)]
    replace(session, cy, newcomer(email="di@example.org"), is_staff=True, tell=False)
    assert mails(session)[-2:] == [("replaced", ADA), ("handed", BO)]
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.action == "registration.replaced")
        .order_by(AuditEntry.id)
    ).all()
    assert [(each.actor_id, each.changes) for each in entries] == [
        (staff.person_id, {"email": [ADA, BO]}),
        (None, {"email": [CY, "di@example.org"], "told": [None, False]}),
    ]


# --- This was not me ---


def test_who_had_a_place_can_have_it_back_for_a_day(session: Session) -> None:
    event = make_event(session, capacity=1)
    ada = make_registration(session, event, email=ADA)
    name, organization = ada.full_name, ada.organization
    given = replace(session, ada)
    version, life = given.link_version, given.life
    back = undo(session, now=NOON + DAY - SECOND)
    assert stand(session, event) == {ADA: State.CONFIRMED}
    assert (back.full_name, back.organization) == (name, organization)
    assert (back.link_version, back.life) == (version + 1, life + 1)
    assert mails(session)[-2:] == [("returned", BO), ("details", ADA)]
    assert check_counters(session) == []


def test_after_a_day_or_a_second_press_nothing_goes_back(session: Session) -> None:
    event = make_event(session)
    ada = make_registration(session, event, email=ADA)
    replace(session, ada)
    with pytest.raises(EndedError):
        undo(session, now=NOON + DAY)
    undo(session)
    with pytest.raises(EndedError):
        undo(session)
    assert stand(session, event) == {ADA: State.CONFIRMED}


def test_a_place_comes_back_from_wherever_it_went_since(session: Session) -> None:
    event = make_event(session, capacity=1)
    ada = make_registration(session, event, email=ADA)
    first = replace(session, ada)
    replace(session, first, newcomer(email=CY))
    session.rollback()
    earliest = session.scalars(select(Handover.id).order_by(Handover.id)).first()
    assert earliest is not None
    with writing(session):
        service.take_place_back(session, earliest, now=NOON)
    assert stand(session, event) == {ADA: State.CONFIRMED}
    with pytest.raises(EndedError):  # who had it in between has nothing to get back
        undo(session)
    assert check_counters(session) == []


def test_a_place_comes_back_out_of_other_registrations_too(session: Session) -> None:
    """Bo and Cy had cancelled theirs: the place went into the rows that they had."""
    event = make_event(session, capacity=1)
    for email in (BO, CY):
        gone = make_registration(session, event, email=email)
        with writing(session):
            service.cancel(session, gone.id, now=NOON)
    ada = make_registration(session, event, email=ADA)
    cy = replace(session, replace(session, ada), newcomer(email=CY))
    session.rollback()
    earliest = session.scalars(select(Handover.id).order_by(Handover.id)).first()
    assert earliest is not None
    with writing(session):
        back = service.take_place_back(session, earliest, now=NOON)
    assert back == ada.id != cy.id
    assert stand(session, event) == {ADA: State.CONFIRMED}
    assert mails(session)[-2:] == [("returned", CY), ("details", ADA)]
    assert check_counters(session) == []


def test_a_place_of_one_who_had_two_comes_back_if_one_is_free(session: Session) -> None:
    event = make_event(session, capacity=3)
    ada, _bo = (make_registration(session, event, email=each) for each in (ADA, BO))
    replace(session, ada)
    undo(session)
    assert stand(session, event) == {ADA: State.CONFIRMED, BO: State.CONFIRMED}
    assert check_counters(session) == []


def test_where_none_is_free_they_are_first_in_line(session: Session) -> None:
    event = make_event(session, capacity=2)
    ada, bo = (make_registration(session, event, email=each) for each in (ADA, BO))
    make_registration(session, event, email=CY)
    make_registration(session, event, email="di@example.org")
    replace(session, ada)  # and Cy gets the place
    back = undo(session)
    assert (back.state, queries.rank_waiting(session, back)) == (State.WAITING, 1)
    assert check_counters(session) == []
    with writing(session):
        service.cancel(session, bo.id, now=NOON)
    assert stand(session, event)[ADA] is State.CONFIRMED


def test_who_waited_has_the_same_number_again(session: Session) -> None:
    event = make_event(session, capacity=1)
    make_registration(session, event, email=BO)
    ada = make_registration(session, event, email=ADA)
    cy = make_registration(session, event, email=CY)
    replace(session, ada)
    assert queries.rank_waiting(session, queries.get(session, cy.id)) == 1
    back = undo(session)
    assert (back.state, queries.rank_waiting(session, back)) == (State.WAITING, 1)
    assert check_counters(session) == []


def test_a_place_the_colleague_gave_back_is_given_again_if_free(
    session: Session,
) -> None:
    event = make_event(session, capacity=1)
    given = replace(session, make_registration(session, event, email=ADA))
    with writing(session):
        service.cancel(session, given.id, now=NOON)
    back = undo(session)
    assert (back.state, back.person.email) == (State.CONFIRMED, ADA)
    assert check_counters(session) == []


def test_who_came_again_by_themselves_holds_one_place(session: Session) -> None:
    event = make_event(session, capacity=2)
    ada = make_registration(session, event, email=ADA)
    replace(session, ada)
    again = make_registration(session, event, email=ADA)
    back = undo(session)
    assert back.id == again.id
    assert stand(session, event) == {ADA: State.CONFIRMED}
    assert check_counters(session) == []


def test_nothing_goes_back_once_the_event_is_over(session: Session) -> None:
    event = make_event(session, starts_at=NOON + HOUR)
    replace(session, make_registration(session, event, email=ADA))
    with pytest.raises(RefusedError):
        undo(session, now=NOON + 3 * HOUR)


# --- another address ---


def correct(
    session: Session, registration: Registration, email: str, **by: Any
) -> Registration:
    with writing(session):
        given = service.correct_address(
            session, registration.id, email, now=NOON, by=By(**by)
        )
    session.expire_all()
    return queries.get(session, given)


@pytest.mark.parametrize("approved", [True, False])
def test_an_address_is_corrected_later_and_the_old_one_is_told(
    session: Session, *, approved: bool
) -> None:
    event = make_event(session, needs_approval=not approved)
    ada = make_registration(session, event, email=ADA)
    name, state = ada.full_name, ada.state
    given = correct(session, ada, BO)
    assert (given.id, given.full_name, given.state) == (ada.id, name, state)
    assert given.person.email == BO
    assert given.link_version == 2
    assert mails(session)[-2:] == [("readdressed", ADA), ("details", BO)]
    assert undo(session).person.email == ADA
    assert check_counters(session) == []


def test_an_address_that_has_a_place_holds_one_still(session: Session) -> None:
    event = make_event(session, capacity=2)
    ada, bo = (make_registration(session, event, email=each) for each in (ADA, BO))
    person_id = ada.person_id
    assert correct(session, ada, BO).id == bo.id
    assert stand(session, event) == {BO: State.CONFIRMED}
    assert queries.list_own(session, person_id) == []
    assert mails(session)[-2:] == [("readdressed", ADA), ("details", BO)]
    assert check_counters(session) == []


def test_staff_correct_an_address_without_a_mail(session: Session) -> None:
    event = make_event(session, offers=[OfferDraft(price_cents=4900)])
    ada = make_registration(session, event, email=ADA)
    with pytest.raises(RefusedError):
        correct(session, ada, BO)
    correct(session, ada, BO, is_staff=True, tell=False)
    assert mails(session) == [("confirmed", ADA)]


def test_an_address_stays_the_persons_who_is_known_by_it(session: Session) -> None:
    """The name on the registration goes along; the person's own is not touched."""
    known = make_person(session, email=BO, full_name="Bo Known")
    given = correct(session, make_registration(session, make_event(session)), BO)
    assert (given.person_id, given.person.full_name) == (known.id, "Bo Known")


def test_what_somebody_said_of_themselves_goes_to_nobody_else(session: Session) -> None:
    event = make_asking(session, ask(QuestionKind.SHORT, "Your service"))
    ada = make_registration(session, event)
    say(session, ada, event.questions[0])
    assert said(session, ada) == ({"Your service": "Fire"}, "An interpreter")
    bo = replace(session, ada)
    assert said(session, bo) == ({}, "")
    say(session, bo, event.questions[0])
    assert said(session, undo(session)) == ({}, "")


def test_a_place_that_the_other_gave_up_comes_back_without_their_words(
    session: Session,
) -> None:
    event = make_asking(session, ask(QuestionKind.SHORT, "Your service"))
    bo = replace(session, make_registration(session, event))
    say(session, bo, event.questions[0])
    with writing(session):
        service.cancel(session, bo.id, now=NOON)
    assert said(session, undo(session)) == ({}, "")


def test_who_corrects_their_address_need_not_say_it_again(session: Session) -> None:
    event = make_asking(session, ask(QuestionKind.SHORT, "Your service"))
    ada = make_registration(session, event)
    say(session, ada, event.questions[0])
    with writing(session):
        given = service.correct_address(session, ada.id, BO, now=NOON, by=By())
    there = queries.get(session, given)
    assert said(session, there) == ({"Your service": "Fire"}, "An interpreter")


def test_a_place_held_for_who_comes_instead_goes_to_the_next_in_line(
    session: Session,
) -> None:
    event = make_event(session, capacity=2, needs_approval=True)
    ada, cy, di = (
        make_registration(session, event, email=each)
        for each in (ADA, CY, "di@example.org")
    )
    with writing(session):
        service.approve(session, ada.id, now=NOON, actor_id=None)
    session.expire_all()
    assert (cy.state, di.state) == (State.HELD, State.WAITING)
    replace(session, ada, newcomer(email=CY))
    assert stand(session, event) == {CY: State.CONFIRMED, "di@example.org": State.HELD}
    assert check_counters(session) == []


def test_a_place_of_ones_own_is_not_taken_by_who_had_another_before(
    session: Session,
) -> None:
    """Bo gave up what came from Ada, and has registered alone since."""
    event = make_event(session)
    given = replace(session, make_registration(session, event, email=ADA))
    with writing(session):
        service.cancel(session, given.id, now=NOON + HOUR)
        wish = make_wish(event, email=BO)
        service.register(session, wish, now=NOON + 2 * HOUR)
    with pytest.raises(EndedError):
        undo(session, now=NOON + 3 * HOUR)
    assert stand(session, event) == {BO: State.CONFIRMED}
    assert check_counters(session) == []


def test_a_row_that_somebody_registered_anew_is_theirs_whoever_had_it(
    session: Session,
) -> None:
    """Ada's place went to Bo, and from Bo to Cy, who had one."""
    event = make_event(session, capacity=2)
    ada = make_registration(session, event, email=ADA)
    make_registration(session, event, email=CY)
    given = replace(session, ada)
    replace(session, given, newcomer(email=CY))
    with writing(session):
        service.register(session, make_wish(event, email=BO), now=NOON + HOUR)
    first = session.scalars(select(Handover.id).order_by(Handover.id)).first()
    assert first is not None
    with pytest.raises(EndedError), writing(session):
        service.take_place_back(session, first, now=NOON + 2 * HOUR)
    assert stand(session, event) == {BO: State.CONFIRMED, CY: State.CONFIRMED}
    assert check_counters(session) == []


def test_words_of_a_no_do_not_follow_who_has_a_place_by_now(session: Session) -> None:
    event = make_event(session, needs_approval=True)
    ada, bo = (make_registration(session, event, email=each) for each in (ADA, BO))
    with writing(session):
        service.approve(session, ada.id, now=NOON, actor_id=None)
        service.decline(session, bo.id, note="Too late", now=NOON, actor_id=None)
    given = replace(session, ada)
    assert (given.id, given.decline_note) == (bo.id, "")


def test_who_has_not_heard_of_a_place_is_not_told_that_it_went(
    session: Session,
) -> None:
    event = make_event(session)
    colleague = Colleague(full_name="Ada", email=ADA, organization="Town")
    party = make_party(event, colleagues=[colleague], person_id=None)
    with writing(session):
        service.register_party(session, party, now=NOON)
    pending = session.scalars(select(Registration)).one()
    with pytest.raises(RefusedError) as refused:
        replace(session, pending, is_staff=True)
    assert refused.value.reason is NotReplaced.DECIDED
    with pytest.raises(RefusedError), writing(session):
        service.correct_address(session, pending.id, CY, now=NOON, by=By(is_staff=True))


def test_who_waited_has_their_number_again_when_a_place_goes_back(
    session: Session,
) -> None:
    event = make_event(session, capacity=1)
    ada = make_registration(session, event, email=ADA)
    bo = make_registration(session, event, email=BO, full_name="Bo B. Own")
    make_registration(session, event, email=CY)
    given = replace(session, ada, newcomer(full_name="Somebody Else"))
    assert (given.id, given.full_name) == (bo.id, "Bo B. Own")
    undo(session)
    assert stand(session, event) == {
        ADA: State.CONFIRMED, BO: State.WAITING, CY: State.WAITING,
    }  # fmt: skip
    again = queries.get(session, bo.id)
    assert (again.position, again.full_name) == (1, "Bo B. Own")
    assert queries.rank_waiting(session, again) == 1
    assert mails(session)[-3:] == [
        ("returned", BO),
        ("details", BO),
        ("details", ADA),
    ]
    assert check_counters(session) == []


def test_who_had_asked_is_first_in_line_when_a_place_goes_back(
    session: Session,
) -> None:
    """What was held for them has gone to the next in line meanwhile."""
    event = make_event(session, capacity=2, needs_approval=True)
    ada, _cy, di = (
        make_registration(session, event, email=each)
        for each in (ADA, CY, "di@example.org")
    )
    with writing(session):
        service.approve(session, ada.id, now=NOON, actor_id=None)
    replace(session, ada, newcomer(email=CY))
    assert queries.get(session, di.id).state is State.HELD
    undo(session)
    assert stand(session, event) == {
        ADA: State.CONFIRMED, CY: State.WAITING, "di@example.org": State.HELD,
    }  # fmt: skip
    assert check_counters(session) == []


def test_who_takes_back_what_was_given_up_meanwhile_has_a_free_place_as_their_own(
    session: Session,
) -> None:
    """Under their name, with new links, a new entry and an invoice of its own."""
    event = make_event(session, capacity=1, offers=[OfferDraft(price_cents=4900)])
    ada = make_registration(session, event, email=ADA, full_name="Ada Sample")
    given = replace(session, ada, is_staff=True)
    with writing(session):
        service.cancel(session, given.id, now=NOON + HOUR / 2)
    session.expire_all()
    before = queries.get(session, given.id)
    life, version = before.life, before.link_version
    again = undo(session)
    assert stand(session, event) == {ADA: State.CONFIRMED}
    again = queries.get(session, again.id)
    assert (again.full_name, again.person.email) == ("Ada Sample", ADA)
    assert (again.life, again.link_version) == (life + 1, version + 1)
    assert open_of(session, event.id) == {again.id}
    assert check_counters(session) == []
