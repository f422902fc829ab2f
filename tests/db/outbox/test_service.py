"""Queueing once, claiming under a lease, and outcomes that count."""

import contextlib
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.outbox import queries, service
from csd_events.outbox.message import Body
from csd_events.outbox.models import OutboxBody, OutboxMessage
from csd_events.outbox.rules import Outcome, Refusal, State
from tests.mailing import KIND, people, queue

#: A lease that has ended by the time it is given.
OVER = timedelta(seconds=-1)
SENT = Outcome(State.SENT, "250 taken")


def rows(session: Session) -> list[OutboxMessage]:
    session.expire_all()
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def states(session: Session) -> list[State]:
    return [row.state for row in rows(session)]


def test_a_mail_is_queued_once_for_its_key(session: Session, now: datetime) -> None:
    given = {"key": "k:1", "kind": "k", "subject_id": 1, "to_address": "a@example.org"}
    made = [
        service.enqueue(session, **given, due_at=now, now=now)  # type: ignore[arg-type]
        for _ in range(2)
    ]
    assert made == [True, False]
    (row,) = rows(session)
    assert (row.key, row.kind, row.subject_id, row.to_address, row.state) == (
        *given.values(),
        State.QUEUED,
    )
    assert (row.due_at, row.queued_at, row.attempts, row.claim) == (now, now, 0, None)


def test_everyone_a_question_finds_is_queued_once(
    session: Session, now: datetime
) -> None:
    queue(session, "a@example.org")
    taken = rows(session)[0].key
    who = union_all(
        *(
            select(
                literal(key).label("key"),
                literal(7).label("subject_id"),
                literal(address).label("to_address"),
            )
            for key, address in [(taken, "a@x.gov"), ("b:1", "b@x.gov"), ("b:2", "c")]
        )
    ).subquery()
    number = service.enqueue_all(session, select(who), kind="b", due_at=now, now=now)
    assert number == 2
    _first, *queued = rows(session)
    assert sorted((row.key, row.kind, row.state, row.note) for row in queued) == [
        ("b:1", "b", State.QUEUED, None),
        ("b:2", "b", State.QUEUED, None),
    ]
    ids = [row.message_id for row in queued]
    assert [len(each) for each in ids] == [32, 32]
    assert len(set(ids)) == 2


def test_what_need_not_go_is_kept_with_the_reason(
    session: Session, now: datetime
) -> None:
    who = select(
        literal("k:1").label("key"),
        literal(7).label("subject_id"),
        literal("a@x.gov").label("to_address"),
    )
    service.enqueue_all(session, who, kind="k", due_at=now, now=now, skipped="said")
    assert [(row.state, row.note) for row in rows(session)] == [(State.SKIPPED, "said")]
    assert service.claim_due(session, claim="c", now=now) == []


def test_the_bell_rings_after_the_commit_and_not_before(
    app: Flask, session: Session, now: datetime
) -> None:
    service.BELL.clear()
    given = {"kind": "k", "subject_id": 1, "to_address": "a@example.org", "now": now}
    with app.app_context():
        with transaction() as own:
            service.enqueue(own, key="k:1", due_at=now, **given)  # type: ignore[arg-type]
            before = service.BELL.is_set()
        after = service.BELL.is_set()
    assert (before, after) == (False, True)


def test_the_bell_does_not_ring_for_what_is_rolled_back_or_not_due(
    app: Flask, session: Session, now: datetime
) -> None:
    service.BELL.clear()
    given = {"kind": "k", "subject_id": 1, "to_address": "a@example.org", "now": now}
    later = now + timedelta(minutes=5)
    with app.app_context():
        with transaction() as own:
            service.enqueue(own, key="k:1", due_at=later, **given)  # type: ignore[arg-type]
        with contextlib.suppress(ZeroDivisionError), transaction() as own:
            service.enqueue(own, key="k:2", due_at=now, **given)  # type: ignore[arg-type]
            raise ZeroDivisionError
    assert service.BELL.is_set() is False
    assert [row.key for row in rows(session)] == ["k:1"]


def test_the_oldest_due_are_claimed_first_and_what_is_planned_waits(
    session: Session, now: datetime
) -> None:
    queue(session, "new@example.org")
    queue(session, "planned@example.org", due_at=now + timedelta(seconds=1))
    queue(session, "old@example.org", due_at=now - timedelta(hours=1))
    due = service.claim_due(session, claim="c", now=now, limit=2)
    assert [each.to_address for each in due] == ["old@example.org", "new@example.org"]
    assert [(each.attempts, each.repeat) for each in due] == [(1, False)] * 2
    assert states(session) == [State.SENDING, State.QUEUED, State.SENDING]


def test_what_one_holds_nobody_else_is_given(session: Session, now: datetime) -> None:
    queue(session, *people(3))
    first = service.claim_due(session, claim="a", now=now, limit=2)
    second = service.claim_due(session, claim="b", now=now, limit=2)
    assert [len(first), len(second)] == [2, 1]
    assert {each.id for each in first} & {each.id for each in second} == set()


def test_a_lease_that_has_ended_is_taken_over_and_said_to_be_a_repeat(
    session: Session, now: datetime
) -> None:
    queue(session, "a@example.org")
    (first,) = service.claim_due(session, claim="a", now=now, lease=OVER)
    (second,) = service.claim_due(session, claim="b", now=now)
    assert (first.repeat, second.repeat) == (False, True)
    assert (first.message_id, second.attempts) == (second.message_id, 2)


def test_an_outcome_counts_only_from_who_holds_the_claim(
    session: Session, now: datetime
) -> None:
    queue(session, "a@example.org")
    (due,) = service.claim_due(session, claim="a", now=now, lease=OVER)
    service.claim_due(session, claim="b", now=now)
    late = service.settle(session, due.id, SENT, claim="a", now=now)
    assert (late, states(session)) == (False, [State.SENDING])
    held = service.settle(session, due.id, SENT, claim="b", now=now)
    assert (held, states(session)) == (True, [State.SENT])


def test_an_outcome_counts_once(session: Session, now: datetime) -> None:
    queue(session, "a@example.org")
    (due,) = service.claim_due(session, claim="a", now=now)
    outcomes = [SENT, Outcome(State.FAILED, "no")]
    counted = [
        service.settle(session, due.id, each, claim="a", now=now) for each in outcomes
    ]
    assert counted == [True, False]
    (row,) = rows(session)
    assert (row.state, row.sent_at, row.note) == (State.SENT, now, "250 taken")


def test_a_mail_to_try_again_falls_due_when_it_was_said_to(
    session: Session, now: datetime
) -> None:
    queue(session, "a@example.org")
    (due,) = service.claim_due(session, claim="a", now=now)
    later = now + timedelta(minutes=1)
    outcome = Outcome(State.QUEUED, "451 later", again_at=later)
    service.settle(session, due.id, outcome, claim="a", now=now)
    assert service.claim_due(session, claim="b", now=now) == []
    (again,) = service.claim_due(session, claim="b", now=later)
    assert (again.attempts, again.repeat) == (2, False)


def test_what_is_given_back_is_due_at_once_and_was_not_tried(
    session: Session, now: datetime
) -> None:
    queue(session, *people(2))
    ids = [due.id for due in service.claim_due(session, claim="a", now=now)]
    service.give_back(session, ids[:1], claim="b", now=now)  # not b's to give
    service.give_back(session, ids[1:], claim="a", now=now)
    assert states(session) == [State.SENDING, State.QUEUED]
    (due,) = service.claim_due(session, claim="c", now=now)
    assert (due.id, due.attempts, due.repeat) == (ids[1], 1, False)


def test_a_lease_is_renewed_for_what_is_still_ours(
    session: Session, now: datetime
) -> None:
    queue(session, *people(2))
    ids = [due.id for due in service.claim_due(session, claim="a", now=now, lease=OVER)]
    (taken,) = service.claim_due(session, claim="b", now=now, limit=1)
    kept = service.renew(session, ids, claim="a", now=now)
    assert kept == set(ids) - {taken.id}
    assert service.claim_due(session, claim="c", now=now) == []


def test_sending_again_is_a_new_mail_about_the_same_thing(
    session: Session, now: datetime
) -> None:
    (key,) = queue(session, "a@example.org")
    (due,) = service.claim_due(session, claim="a", now=now)
    service.settle(session, due.id, Outcome(State.FAILED, "no"), claim="a", now=now)
    new_id = service.send_again(session, due.id, now=now)
    (again,) = service.claim_due(session, claim="b", now=now)
    assert (again.id, again.key, again.kind) == (new_id, key, KIND)
    assert (again.subject_id, again.to_address) == (due.subject_id, due.to_address)
    assert again.message_id != due.message_id


def test_sending_again_twice_sends_once(session: Session, now: datetime) -> None:
    queue(session, "a@example.org")
    (due,) = service.claim_due(session, claim="a", now=now)
    service.settle(session, due.id, SENT, claim="a", now=now)
    service.send_again(session, due.id, now=now)
    with pytest.raises(RefusedError) as refused:
        service.send_again(session, due.id, now=now)
    assert refused.value.reason is Refusal.SENT_AGAIN_BEFORE
    assert states(session) == [State.SENT, State.QUEUED]


def test_a_mail_that_was_skipped_is_sent_again_as_itself_and_once(
    session: Session, now: datetime
) -> None:
    queue(session, "a@example.org")
    (due,) = service.claim_due(session, claim="a", now=now)
    skipped = Outcome(State.SKIPPED, "a pause")
    service.settle(session, due.id, skipped, claim="a", now=now)
    assert service.send_again(session, due.id, now=now) == due.id
    session.expire_all()
    with pytest.raises(RefusedError) as refused:
        service.send_again(session, due.id, now=now)
    assert refused.value.reason is Refusal.ON_ITS_WAY
    (again,) = service.claim_due(session, claim="b", now=now)
    assert (again.id, again.message_id) == (due.id, due.message_id)


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [(KIND, Refusal.ON_ITS_WAY), ("accounts.sign_in_link", Refusal.PRIVATE)],
)
def test_what_waits_or_is_private_is_not_sent_again(
    session: Session, now: datetime, kind: str, refusal: Refusal
) -> None:
    queue(session, "a@example.org", kind=kind)
    with pytest.raises(RefusedError) as refused:
        service.send_again(session, rows(session)[0].id, now=now)
    assert refused.value.reason is refusal


def test_a_mail_that_is_not_there_is_not_sent_again(
    session: Session, now: datetime
) -> None:
    with pytest.raises(NotFoundError):
        service.send_again(session, 1, now=now)


def test_bodies_are_kept_for_ninety_days(session: Session, now: datetime) -> None:
    queue(session, *people(2))
    old, new = (row.id for row in rows(session))
    body = Body(subject="Grüße", text="Hallo 😀", headers={"To": "Zoë <z@example.org>"})
    days = timedelta(days=90)
    service.keep_body(session, old, body, now=now - days - timedelta(seconds=1))
    service.keep_body(session, new, body, now=now - days)
    service.forget_old_bodies(session, now=now)
    assert session.scalars(select(OutboxBody.message_id)).all() == [new]
    assert queries.find_body(session, new) == body
    assert queries.find_body(session, old) is None


@pytest.mark.parametrize(
    ("passed", "taken"),
    [
        (timedelta(0), False),
        (timedelta(seconds=59), False),
        (timedelta(minutes=1), True),
        (timedelta(days=2), True),
        (timedelta(seconds=-60), False),
        (timedelta(days=-1), True),  # the clock was set back by a day
    ],
)
def test_a_chore_is_taken_once_in_its_time(
    session: Session, now: datetime, passed: timedelta, *, taken: bool
) -> None:
    minute = timedelta(minutes=1)
    assert service.take_chore(session, "remind", every=minute, now=now) is True
    again = service.take_chore(session, "remind", every=minute, now=now + passed)
    assert again is taken
    assert service.take_chore(session, "other", every=minute, now=now) is True


def test_what_somebody_needs_to_sign_in_goes_while_mail_is_held(
    session: Session, now: datetime
) -> None:
    queue(session, "ada@example.org")
    queue(session, "bo@example.org", kind="accounts.sign_in_link")
    service.hold_mail(session, now=now, actor_id=None)
    due = service.claim_due(session, claim="a", now=now)
    assert [each.to_address for each in due] == ["bo@example.org"]
    assert queries.has_due(session, now=now) is False
    service.let_mail_go(session, now=now, actor_id=None)
    assert queries.has_due(session, now=now) is True


def test_what_is_being_sent_counts_among_the_mails_of_a_minute(
    session: Session, now: datetime
) -> None:
    queue(session, *people(5))
    service.set_rate(session, 3, now=now, actor_id=None)
    assert len(service.claim_due(session, claim="a", now=now, limit=2)) == 2
    assert len(service.claim_due(session, claim="b", now=now, limit=2)) == 1
    assert service.claim_due(session, claim="c", now=now) == []
