"""Announcements leave: to whom, how often, when, and behind what else."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person, PersonArea
from csd_events.announcements import queries, service
from csd_events.announcements.models import Announcement, Recipient
from csd_events.announcements.queries import Hearer
from csd_events.announcements.rules import Draft, LeftOut, Progress, Refusal, Stage
from csd_events.announcements.service import leaving
from csd_events.core.errors import RefusedError, StaleError
from csd_events.events.models import EventChange
from csd_events.events.service import mark_cancelled
from csd_events.organizations.models import Affiliation, Membership, Organization
from csd_events.outbox import service as outbox
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.reports import Failure
from csd_events.outbox.rules import Outcome
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import service as registrations
from csd_events.registrations.rules import NOTICE_WAITS, State
from tests import announcing
from tests.announcing import acting, leave, left_out_of, progress_of, send, settle_in
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_account,
    make_event,
    make_member,
    make_person,
    make_registration,
    writing,
)
from tests.letters import deliver, deliver_now
from tests.mailing import queue, queue_sent
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("now")
Clock = Callable[[datetime], None]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def association(app: Flask, session: Session) -> None:
    settle_in(app)


def announced(app: Flask) -> list[str]:
    """Deliver what is due and return whom announcements went to."""
    mails = [mail for mail in deliver(app) if mail["List-Id"]]
    return sorted(mail["To"].rpartition("<")[2].rstrip(">") for mail in mails)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a tenth wait at a time of what waits elsewhere."""
    monkeypatch.setattr(leaving, "MOST_WAITING", 40)
    monkeypatch.setattr(leaving, "QUEUED_AT_ONCE", 20)


def all_are_sent(session: Session) -> int:
    """Let what waits have gone. Return how many that were."""
    sent = update(OutboxMessage).where(OutboxMessage.state == MailState.QUEUED)
    rows = session.execute(
        sent.values(state=MailState.SENT, sent_at=NOON).returning(OutboxMessage.id)
    ).all()
    session.commit()
    return len(rows)


def test_an_announcement_to_the_registrants_reaches_those_in_the_states_chosen(
    app: Flask, session: Session
) -> None:
    event = make_event(session, capacity=1)
    make_registration(session, event, email="in@example.org")
    make_registration(session, event, email="waits@example.org")
    gone = make_registration(session, event, email="gone@example.org")
    with writing(session):
        registrations.cancel(session, gone.id, now=NOON)
    deliver(app)
    for states, reached in (
        (["waiting"], ["waits@example.org"]),
        (["confirmed", "waiting"], ["in@example.org", "waits@example.org"]),
    ):
        made = announcing.write(app, event, states=states)
        send(app, made)
        leave(app)
        assert list(left_out_of(session, made)) == reached
        assert announced(app) == reached


def test_an_announcement_to_members_reaches_those_who_are_members_on_that_day(
    app: Flask, session: Session
) -> None:
    make_member(session, email="own@example.org")
    make_account(session, email="guest@example.org")
    lapsed = make_account(session, email="lapsed@example.org")
    through = make_person(session, email="through@example.org")
    left = make_person(session, email="left@example.org")
    city = Organization(name="City of Sample", key="city", name_key="city")
    session.add(city)
    session.flush()
    year = {"from_on": date(2030, 1, 1), "until_on": date(2030, 12, 31)}
    session.add_all(
        [
            Membership(organization_id=city.id, **year),
            Membership(
                person_id=lapsed.person_id,
                from_on=date(2029, 1, 1),
                until_on=date(2030, 4, 30),
            ),
            Affiliation(
                person_id=through.id, organization_id=city.id, from_on=date(2030, 5, 1)
            ),
            Affiliation(
                person_id=left.id,
                organization_id=city.id,
                from_on=date(2029, 1, 1),
                until_on=date(2030, 4, 30),
            ),
        ]
    )
    session.commit()
    send(app, announcing.write(app))
    leave(app)
    assert announced(app) == ["own@example.org", "through@example.org"]


def test_members_by_service_area_are_those_who_prefer_it_or_have_said_nothing(
    app: Flask, session: Session
) -> None:
    for name, areas in (("fire", ["fire_ems"]), ("police", ["police"]), ("all", [])):
        account = make_member(session, email=f"{name}@example.org")
        for position, area in enumerate(areas):
            row = {"position": position, "area": area}
            session.add(PersonArea(person_id=account.person_id, **row))
    session.commit()
    send(app, announcing.write(app, areas=("fire_ems",)))
    leave(app)
    assert announced(app) == ["all@example.org", "fire@example.org"]


def test_a_member_who_never_confirmed_an_address_is_left_out_and_counted(
    app: Flask, session: Session
) -> None:
    proven, unproven = (make_member(session) for _ in range(2))
    unproven.person.email_confirmed_at = None
    session.commit()
    made = announcing.write(app)
    send(app, made)
    leave(app)
    assert left_out_of(session, made) == {
        proven.email: None,
        unproven.email: LeftOut.UNCONFIRMED,
    }
    assert announced(app) == [proven.email]


def test_whose_mail_comes_back_is_left_out_until_a_later_one_arrives(
    app: Flask, session: Session
) -> None:
    gone, fine = (make_member(session) for _ in range(2))
    (mail,) = queue_sent(session, gone.email)
    with acting(app) as inside:
        outbox.take(inside, Failure(mail.message_id, "5.1.1", ""), now=NOON)
    made = announcing.write(app)
    send(app, made)
    leave(app)
    assert left_out_of(session, made) == {
        gone.email: LeftOut.RETURNED,
        fine.email: None,
    }
    assert announced(app) == [fine.email]
    with acting(app) as inside:
        outbox.believe(inside, {gone.email}, written_at=NOON, now=NOON)
    again = announcing.write(app)
    send(app, again)
    leave(app)
    assert set(left_out_of(session, again).values()) == {None}


def test_whose_mail_comes_back_while_an_announcement_waits_does_not_get_it(
    app: Flask, session: Session
) -> None:
    member = make_member(session)
    (mail,) = queue_sent(session, member.email)
    made = announcing.write(app)
    send(app, made)
    leave(app)
    with acting(app) as inside:
        outbox.take(inside, Failure(mail.message_id, "5.1.1", ""), now=NOON)
    assert announced(app) == []
    assert queries.list_reasons(session, made) == [
        ("mail to their address came back", 1)
    ]


def test_an_announcement_that_comes_back_counts_as_failed(
    app: Flask, session: Session
) -> None:
    make_member(session)
    made = announcing.write(app)
    send(app, made)
    leave(app)
    assert len(announced(app)) == 1
    sent = select(OutboxMessage.message_id).where(OutboxMessage.sent_at.is_not(None))
    with acting(app) as inside:
        failure = Failure(inside.scalars(sent).one(), "5.1.1", "")
        outbox.take(inside, failure, now=NOON)
    progress = progress_of(session, made)
    assert (progress.sent, progress.failed) == (0, 1)


def test_who_has_unsubscribed_is_left_out_as_a_person_and_as_an_address(
    app: Flask, session: Session
) -> None:
    """Neither another address nor another owner of the address undoes it."""
    moved = make_member(session, email="moved@example.org")
    heir = make_member(session, email="heir@example.org")
    stays = make_member(session, email="stays@example.org")
    with acting(app) as inside:
        hearer = Hearer(moved.person_id, "moved@example.org")
        service.unsubscribe(inside, hearer, "members", now=NOON)
    for person, address in ((moved, "new@example.org"), (heir, "moved@example.org")):
        person.person.email = person.person.email_key = address
        session.commit()
    made = announcing.write(app)
    send(app, made)
    leave(app)
    assert left_out_of(session, made) == {
        "new@example.org": LeftOut.UNSUBSCRIBED,
        "moved@example.org": LeftOut.UNSUBSCRIBED,
        stays.email: None,
    }


def test_unsubscribing_from_one_list_leaves_the_others(
    app: Flask, session: Session
) -> None:
    member = make_member(session, email="ada@example.org")
    first, second = make_event(session), make_event(session)
    for event in (first, second):
        make_registration(
            session, event, person_id=member.person_id, email=member.email
        )
    with acting(app) as inside:
        hearer = Hearer(member.person_id, "ada@example.org")
        service.unsubscribe(inside, hearer, f"event-{first.id}", now=NOON)
    settle_in(app, announcements_a_week=7)
    found: dict[object, object] = {}
    for audience in (None, first, second):
        made = announcing.write(app, audience)
        try:
            send(app, made)
        except RefusedError as error:
            found[audience] = error.reason
            continue
        leave(app)
        found[audience] = left_out_of(session, made)["ada@example.org"]
    assert found == {None: None, first: Refusal.NOBODY, second: None}


def test_who_has_had_as_many_in_a_week_as_one_person_may_get_is_left_out(
    app: Flask, session: Session, at: Clock
) -> None:
    make_member(session, email="ada@example.org")
    for day, expected in enumerate([True, True, False, False, False, False, False]):
        made = announcing.write(app)
        moment = NOON + day * DAY
        at(moment)
        if expected:
            send(app, made, now=moment)
            leave(app, now=moment)
            assert announced(app) == ["ada@example.org"]
            continue
        with pytest.raises(RefusedError) as refused:
            send(app, made, now=moment)
        assert refused.value.reason is Refusal.NOBODY
    moment = NOON + 7 * DAY + HOUR
    at(moment)
    send(app, announcing.write(app), now=moment)
    leave(app, now=moment)
    assert announced(app) == ["ada@example.org"]


def test_of_two_announcements_the_same_day_the_second_finds_the_cap_reached(
    app: Flask, session: Session
) -> None:
    """It is looked at when it goes, not only when it was sent off."""
    settle_in(app, announcements_a_week=1)
    make_member(session, email="ada@example.org")
    first, second = announcing.write(app), announcing.write(app)
    for each in (first, second):
        send(app, each)
    leave(app)
    assert announced(app) == ["ada@example.org"]
    assert left_out_of(session, first) == {"ada@example.org": None}
    assert left_out_of(session, second) == {"ada@example.org": LeftOut.OVER_CAP}


def test_a_cap_that_falls_while_a_mail_waits_holds_when_it_is_delivered(
    app: Flask, session: Session
) -> None:
    make_member(session, email="ada@example.org")
    for _ in range(2):
        send(app, announcing.write(app))
    leave(app)
    settle_in(app, announcements_a_week=1)
    assert announced(app) == ["ada@example.org"]
    session.rollback()
    notes = select(OutboxMessage.note).where(OutboxMessage.state == MailState.SKIPPED)
    assert session.scalars(notes).all() == [
        "they have had as many this week as one person may get"
    ]


def test_what_happened_since_decides_at_delivery(app: Flask, session: Session) -> None:
    """Cancelled, unsubscribed, and with another address: none of them gets it."""
    event = make_event(session)
    people = {
        name: make_registration(session, event, email=f"{name}@example.org")
        for name in ("stays", "cancels", "leaves", "moves")
    }
    made = announcing.write(app, event)
    send(app, made)
    leave(app)
    deliver_none = progress_of(session, made)
    with acting(app) as inside:
        registrations.cancel(inside, people["cancels"].id, now=NOON)
        hearer = Hearer(people["leaves"].person_id, "leaves@example.org")
        service.unsubscribe(inside, hearer, f"event-{event.id}", now=NOON)
        inside.execute(
            update(Person)
            .where(Person.id == people["moves"].person_id)
            .values(email="else@example.org", email_key="else@example.org")
        )
    assert announced(app) == ["stays@example.org"]
    assert deliver_none.waiting == 4
    assert progress_of(session, made) == Progress(known=4, sent=1, left_out=3)


def test_event_cancelled_stops_its_announcements_that_wait(
    app: Flask, session: Session, at: Clock
) -> None:
    """Case 37; one that is written afterwards goes: it may say what comes instead."""
    event = make_event(session)
    make_registration(session, event, email="ada@example.org")
    planned = announcing.write(app, event)
    send(app, planned)
    leave(app)
    with acting(app) as inside:
        mark_cancelled(inside, event.id, note="", now=NOON + MINUTE)
    assert announced(app) == []
    later = NOON + 2 * MINUTE
    at(later)
    send(app, announcing.write(app, event), now=later)
    leave(app, now=later)
    assert announced(app) == ["ada@example.org"]


@pytest.mark.parametrize("is_undone", [True, False])
def test_while_a_change_of_its_event_can_be_undone_an_announcement_waits(
    app: Flask, session: Session, at: Clock, *, is_undone: bool
) -> None:
    """It may name a time that then holds no more, or the event takes place again."""
    event = make_event(session)
    make_registration(session, event, email="ada@example.org")
    made = announcing.write(app, event)
    send(app, made)
    leave(app)
    with acting(app) as inside:
        registrations.cancel_event(inside, event.id, note="", now=NOON)
    assert deliver_now(app) == []
    assert progress_of(session, made) == Progress(known=1, waiting=1)
    if is_undone:
        change = session.scalars(select(EventChange.id)).one()
        with acting(app) as inside:
            registrations.undo(inside, event.id, change, now=NOON, actor_id=None)
    at(NOON + NOTICE_WAITS)
    assert announced(app) == (["ada@example.org"] if is_undone else [])


def test_mail_to_more_than_twenty_waits_five_minutes_in_which_it_can_be_called_back(
    app: Flask, session: Session
) -> None:
    announcing.make_crowd(session, 21)
    made = announcing.write(app)
    assert send(app, made) == NOON + 5 * MINUTE
    assert leave(app, now=NOON + 5 * MINUTE - timedelta(seconds=1)) == 0
    with acting(app) as inside:
        service.call_back(inside, made, now=NOON, actor_id=None)
    assert leave(app, now=NOON + HOUR) == 0
    session.rollback()
    row = session.get_one(Announcement, made)
    assert (row.stage, row.sent_at, row.leaves_at) == (Stage.DRAFT, None, None)
    assert send(app, made) == NOON + 5 * MINUTE
    leave(app, now=NOON + 5 * MINUTE)
    assert progress_of(session, made).known == 21


def test_mail_to_twenty_leaves_at_once(app: Flask, session: Session) -> None:
    announcing.make_crowd(session, 20)
    assert send(app, announcing.write(app)) == NOON


def test_who_calls_back_what_has_begun_to_leave_is_refused(
    app: Flask, session: Session
) -> None:
    announcing.make_crowd(session, 3)
    made = announcing.write(app)
    send(app, made)
    leave(app, pieces=1)
    with pytest.raises(RefusedError) as refused, acting(app) as inside:
        service.call_back(inside, made, now=NOON, actor_id=None)
    assert refused.value.reason is Refusal.BEGUN


def test_what_does_not_leave_by_evening_waits_for_the_morning(
    app: Flask, session: Session, at: Clock
) -> None:
    """Six in the evening in New York is ten in the evening where clocks show UTC."""
    evening, morning = NOON + 10 * HOUR, NOON + 24 * HOUR
    announcing.make_crowd(session, 3)
    made = announcing.write(app)
    send(app, made, now=evening - MINUTE)
    leave(app, now=evening - MINUTE)
    at(evening)
    assert announced(app) == []
    session.rollback()
    due = select(OutboxMessage.due_at, OutboxMessage.state).distinct()
    assert session.execute(due).all() == [(morning, MailState.QUEUED)]
    at(morning)
    assert len(announced(app)) == 3

    assert send(app, announcing.write(app), now=evening) == morning
    assert leave(app, now=morning - MINUTE) == 0
    assert leave(app, now=morning) > 0


@pytest.mark.usefixtures("few")
def test_paused_what_has_not_left_waits_and_nobody_gets_it_twice(
    app: Flask, session: Session, at: Clock
) -> None:
    announcing.make_crowd(session, 90)
    made = announcing.write(app)
    send(app, made)
    moment = NOON + 5 * MINUTE
    at(moment)
    gone: Counter[str] = Counter()
    leave(app, now=moment)
    gone.update(announced(app))
    first = len(gone)
    leave(app, now=moment)
    with acting(app) as inside:
        service.pause(inside, made, now=moment, actor_id=None)
    assert leave(app, now=moment) == 0
    assert announced(app) == []
    assert progress_of(session, made) == Progress(
        known=90, sent=first, waiting=90 - first
    )
    with acting(app) as inside:
        service.resume(inside, made, now=moment, actor_id=None)
    while progress_of(session, made).waiting:
        leave(app, now=moment)
        gone.update(announced(app))
    leave(app, now=moment)
    assert 0 < first < 90
    assert set(gone.values()) == {1}
    assert progress_of(session, made) == Progress(known=90, sent=90)
    session.rollback()
    assert session.get_one(Announcement, made).stage is Stage.GONE


def test_a_mail_in_hand_while_it_is_paused_for_a_moment_is_not_lost(
    app: Flask, session: Session
) -> None:
    """Its composer found the announcement paused; by then it goes on."""
    announcing.make_crowd(session, 1)
    made = announcing.write(app)
    send(app, made)
    leave(app, pieces=2)
    with acting(app) as inside:
        (due,) = outbox.claim_due(inside, claim="one", now=NOON)
        service.pause(inside, made, now=NOON, actor_id=None)
    with app.app_context():
        composed = app.extensions["csd_composers"][due.kind](session, due, NOON)
    session.rollback()
    with acting(app) as inside:
        service.resume(inside, made, now=NOON, actor_id=None)
    assert leave(app) == 0
    with acting(app) as inside:
        skipped = Outcome(MailState.SKIPPED, composed.reason)
        assert outbox.settle(inside, due.id, skipped, claim="one", now=NOON)
    leave(app)
    assert len(announced(app)) == 1


def test_what_staff_sent_again_while_it_was_paused_goes_once(
    app: Flask, session: Session
) -> None:
    announcing.make_crowd(session, 1)
    made = announcing.write(app)
    send(app, made)
    leave(app, pieces=2)
    with acting(app) as inside:
        service.pause(inside, made, now=NOON, actor_id=None)
        paused = inside.scalars(select(OutboxMessage.id)).one()
        outbox.send_again(inside, paused, now=NOON)
    assert announced(app) == []  # it is paused still
    with acting(app) as inside:
        service.resume(inside, made, now=NOON, actor_id=None)
    leave(app)
    assert announced(app) == ["member.0@example.org"]


@pytest.mark.usefixtures("few")
def test_stopped_for_good_what_has_not_left_is_skipped_with_the_reason(
    app: Flask, session: Session, at: Clock
) -> None:
    announcing.make_crowd(session, 90)
    made = announcing.write(app)
    send(app, made)
    moment = NOON + 5 * MINUTE
    at(moment)
    leave(app, now=moment)
    sent = len(announced(app))
    leave(app, now=moment)
    with acting(app) as inside:
        service.pause(inside, made, now=moment, actor_id=None)
    with acting(app) as inside:
        assert service.stop(inside, made, now=moment, actor_id=None) == sent
    assert progress_of(session, made) == Progress(
        known=90, sent=sent, left_out=90 - sent
    )
    notes = (
        select(OutboxMessage.note, func.count())
        .where(OutboxMessage.state == MailState.SKIPPED)
        .group_by(OutboxMessage.note)
    )
    assert session.execute(notes).all() == [("staff stopped the announcement", 40)]
    assert leave(app, now=moment + DAY) == 0
    assert announced(app) == []
    with pytest.raises(RefusedError), acting(app) as inside:
        service.resume(inside, made, now=moment, actor_id=None)


def test_5000_recipients_finish_without_blocking_web_requests_and_can_be_paused(
    app: Flask, session: Session, at: Clock
) -> None:
    """Case 44: what a request waits for does not grow with the number of people."""
    announcing.make_crowd(session, 5000)
    made = announcing.write(app)
    with counted(app) as pressing:
        send(app, made)
    assert not [each for each in pressing if "announcement_recipients" in each][1:]
    assert progress_of(session, made).known == 0

    moment = NOON + 5 * MINUTE
    at(moment)
    pieces, waited = [], set()
    while progress_of(session, made).sent < 5000:
        with counted(app) as piece:
            done = leave(app, now=moment, pieces=1)
        pieces.append(len(piece))
        if not done:
            waited.add(all_are_sent(session))
    assert max(waited) == 400
    assert len(pieces) > 5000 / 400
    assert max(pieces) < 15
    made = announcing.write(app)
    settle_in(app, announcements_a_week=7)
    send(app, made)
    leave(app, now=moment, pieces=4)
    with acting(app) as inside, counted(app) as pausing:
        service.pause(inside, made, now=moment, actor_id=None)
    assert len(pausing) < 10


def test_confirmations_go_before_announcements_that_have_waited_longer(
    app: Flask, session: Session
) -> None:
    announcing.make_crowd(session, 60)
    send(app, announcing.write(app))
    moment = NOON + 5 * MINUTE
    leave(app, now=moment)
    (key,) = queue(session, "now@example.org", due_at=moment + MINUTE)
    with acting(app) as inside:
        claimed = outbox.claim_due(inside, claim="one", now=moment + MINUTE, limit=50)
    assert claimed[0].key == key
    assert [each.kind for each in claimed[1:]] == ["announcement.members"] * 49


@pytest.mark.usefixtures("few")
def test_no_more_of_it_waits_at_a_time_than_leaves_soon(
    app: Flask, session: Session
) -> None:
    """So that pausing stops most of it before it is queued at all."""
    announcing.make_crowd(session, 90)
    made = announcing.write(app)
    send(app, made)
    leave(app, now=NOON + 5 * MINUTE)
    assert leave(app, now=NOON + 5 * MINUTE) == 0
    session.rollback()
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 40
    assert session.scalar(select(func.count()).select_from(Recipient)) == 90


def test_an_announcement_without_a_postal_address_is_refused(
    app: Flask, session: Session
) -> None:
    settle_in(app, postal_address="")
    make_member(session)
    with pytest.raises(RefusedError) as refused:
        send(app, announcing.write(app))
    assert refused.value.reason is Refusal.NO_POSTAL_ADDRESS


def test_what_somebody_has_changed_since_is_not_sent(
    app: Flask, session: Session
) -> None:
    make_member(session)
    made = announcing.write(app)
    draft = Draft(subject="Another", body="Words")
    with acting(app) as inside:
        service.save(inside, made, draft, version=1, now=NOON, actor_id=None)
    with pytest.raises(StaleError), acting(app) as inside:
        service.send(inside, made, version=1, now=NOON, actor_id=None)
    with pytest.raises(StaleError), acting(app) as inside:
        service.save(inside, made, draft, version=1, now=NOON, actor_id=None)


def test_who_somebody_else_is_registering_hears_nothing_yet(
    app: Flask, session: Session
) -> None:
    event = make_event(session)
    make_registration(session, event, email="known@example.org")
    held = make_registration(session, event, email="held@example.org")
    held.held_until = NOON + DAY
    session.commit()
    made = announcing.write(app, event)
    send(app, made)
    leave(app)
    assert left_out_of(session, made) == {
        "known@example.org": None,
        "held@example.org": LeftOut.UNCONFIRMED,
    }


def test_resending_to_the_waiting_list_does_not_reach_who_was_promoted(
    app: Flask, session: Session
) -> None:
    event = make_event(session, capacity=1)
    first = make_registration(session, event, email="first@example.org")
    make_registration(session, event, email="next@example.org")
    send(app, announcing.write(app, event, states=(State.WAITING.value,)))
    leave(app)
    with acting(app) as inside:
        registrations.cancel(inside, first.id, now=NOON)
    assert announced(app) == []


def test_the_loop_lets_an_announcement_leave_as_one_of_its_errands(
    app: Flask, session: Session
) -> None:
    make_member(session, email="ada@example.org")
    made = announcing.write(app)
    errands = dict(app.extensions["csd_errands"])
    with app.app_context(), counted(app) as idle:
        errands["announcements"](NOON)
    send(app, made)
    with app.app_context():
        errands["announcements"](NOON)
    assert len(idle) == 1
    assert announced(app) == ["ada@example.org"]
    with app.app_context():
        errands["announcements"](NOON)
    session.rollback()
    assert session.get_one(Announcement, made).stage is Stage.GONE


def test_a_postal_address_that_is_gone_when_it_is_delivered_stops_it(
    app: Flask, session: Session
) -> None:
    make_member(session)
    send(app, announcing.write(app))
    leave(app)
    settle_in(app, postal_address="")
    assert announced(app) == []
    session.rollback()
    notes = session.scalars(select(OutboxMessage.note)).all()
    assert notes == ["the association has no postal address"]


def test_a_mail_in_hand_as_it_is_stopped_does_not_go(
    app: Flask, session: Session
) -> None:
    make_member(session)
    made = announcing.write(app)
    send(app, made)
    leave(app, pieces=2)
    with acting(app) as inside:
        (due,) = outbox.claim_due(inside, claim="one", now=NOON)
        service.stop(inside, made, now=NOON, actor_id=None)
    with app.app_context():
        composed = app.extensions["csd_composers"][due.kind](session, due, NOON)
    session.rollback()
    assert composed.reason == "staff stopped the announcement"
