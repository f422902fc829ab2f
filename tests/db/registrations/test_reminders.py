"""Reminders: found per registrant, once each, none that is stale."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.events import queries as events
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import Kind, OfferDraft, SessionDraft
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import service
from csd_events.registrations.models import Registration, ReminderRun
from csd_events.registrations.rules import (
    LEADS,
    NOTICE_WAITS,
    SETTLED_AFTER,
    Hold,
    State,
    reminder_is_due,
    reminder_key,
    says_something_new,
)
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    again,
    make_draft,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver, mails_among_others

START = NOON + 10 * DAY
MINUTE = timedelta(minutes=1)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk")


def run(session: Session, now: datetime) -> int:
    with writing(session):
        queued = service.queue_reminders(session, now=now)
    assert mails_among_others(session) == []
    return queued


def reminders(
    session: Session, state: MailState | None = MailState.QUEUED
) -> list[str]:
    keys = select(OutboxMessage.key).where(
        OutboxMessage.kind == "registration.reminder"
    )
    if state is not None:
        keys = keys.where(OutboxMessage.state == state)
    return sorted(session.scalars(keys))


def key(lead: timedelta, made: Registration, start: datetime = START) -> str:
    return reminder_key(lead, made.id, start)


def test_three_reminders_go_each_at_its_time_and_once(
    session: Session, event: Event
) -> None:
    made = make_registration(session, event)
    moments = [
        *(
            START - lead + late
            for lead in (7 * DAY, DAY, HOUR)
            for late in (-MINUTE, 0 * MINUTE, MINUTE)
        ),
        START,
        START + DAY,
    ]
    queued = [run(session, moment) for moment in moments]
    assert queued == [0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0]
    assert reminders(session) == sorted(key(lead, made) for lead in LEADS)


def test_the_program_looks_for_reminders_by_itself_every_minute(
    app: Flask, session: Session, event: Event
) -> None:
    made = make_registration(session, event)
    chores = {name: rest for name, *rest in app.extensions["csd_chores"]}
    every, look = chores["reminders"]
    with app.app_context():
        look(START - DAY)
    session.rollback()  # to see what another has saved
    assert (every, reminders(session)) == (MINUTE, [key(DAY, made)])


def test_scheduler_runs_twice_at_once_and_one_reminder_goes(
    session: Session, event: Event
) -> None:
    make_registration(session, event)
    moment = START - DAY
    assert [run(session, moment) for _ in range(2)] == [1, 0]
    # Another process had not yet seen that the first was done.
    session.execute(delete(ReminderRun))
    session.commit()
    assert run(session, moment + HOUR) == 0
    assert len(reminders(session)) == 1


def test_after_two_days_down_overdue_reminders_of_finished_events_are_dropped(
    session: Session, event: Event
) -> None:
    """Others are sent once: the nearest, and the farther ones are kept as skipped."""
    soon = make_event(session, starts_at=NOON + DAY)
    gone = make_registration(session, soon, at=NOON - 20 * DAY)
    later = make_registration(session, event, at=NOON)
    back = START - HOUR / 2
    assert run(session, back) == 1
    assert reminders(session) == [key(HOUR, later)]
    assert reminders(session, MailState.SKIPPED) == sorted(
        [key(DAY, later), key(7 * DAY, later)]
    )
    assert str(gone.id) not in {k.split(":")[2] for k in reminders(session, None)}


def test_register_30_minutes_before_and_no_reminder_comes(
    session: Session, event: Event
) -> None:
    make_registration(session, event, at=START - 30 * MINUTE)
    assert run(session, START - 29 * MINUTE) == 0
    assert reminders(session, None) == []


def test_who_registers_after_a_reminder_went_gets_only_the_next(
    session: Session, event: Event
) -> None:
    early = make_registration(session, event)
    run(session, START - DAY)
    late = make_registration(session, event, at=START - DAY + MINUTE)
    run(session, START - DAY + 2 * MINUTE)
    run(session, START - HOUR)
    assert reminders(session) == sorted(
        [key(DAY, early), key(HOUR, early), key(HOUR, late)]
    )


def test_who_was_still_being_saved_when_a_reminder_fell_due_gets_it_too(
    session: Session, event: Event
) -> None:
    """Their transaction began before it and was committed after the first look."""
    early = make_registration(session, event)
    run(session, START - DAY)
    slow = make_registration(session, event, at=START - DAY - MINUTE)
    assert run(session, START - DAY + MINUTE) == 1
    assert reminders(session) == sorted([key(DAY, early), key(DAY, slow)])


def test_who_waits_or_has_cancelled_gets_none(session: Session) -> None:
    event = make_event(session, capacity=1)
    first = make_registration(session, event)
    make_registration(session, event)
    with writing(session):
        service.cancel(session, first.id, now=START - DAY + MINUTE)
    assert run(session, START - DAY + 2 * MINUTE) == 0  # a place since a minute


def test_a_cancelled_event_reminds_nobody(session: Session, event: Event) -> None:
    make_registration(session, event)
    with writing(session):
        service.cancel_event(session, event.id, note="", now=NOON)
    assert run(session, START - DAY) == 0
    assert reminders(session, None) == []


def test_a_moved_event_reminds_again_and_its_old_reminders_are_stale(
    session: Session, event: Event
) -> None:
    made = make_registration(session, event)
    run(session, START - 7 * DAY)
    run(session, START - 7 * DAY + SETTLED_AFTER)  # for this start it is done
    found = events.get(session, event.id)
    draft = make_draft(
        starts_at=START + DAY, offers=[OfferDraft(id=found.offers[0].id)]
    )
    draft = replace(draft, sessions=again(found, draft.sessions))
    moved_at = START - 6 * DAY - NOTICE_WAITS
    with writing(session):
        service.save_event(
            session, event.id, draft, version=found.version, now=moved_at
        )
    assert run(session, START - 6 * DAY) == 1
    assert reminders(session) == sorted(
        [key(7 * DAY, made), key(7 * DAY, made, START + DAY)]
    )


def test_what_a_change_has_just_said_is_not_said_again(
    session: Session, event: Event
) -> None:
    make_registration(session, event)
    session.execute(update(EventSession).values(announced_at=START - DAY + MINUTE))
    session.commit()
    assert run(session, START - DAY + 2 * MINUTE) == 0
    assert run(session, START - HOUR) == 1


def test_each_session_of_a_program_has_its_reminders(session: Session) -> None:
    walls = [datetime(2030, 5, day, 8) for day in (11, 12)]  # noqa: DTZ001
    drafts = [SessionDraft(wall_start=wall, zone="America/New_York") for wall in walls]
    training = make_event(session, kind=Kind.TRAINING, sessions=drafts)
    made = make_registration(session, training)
    for moment in (START - DAY, START, START + DAY - HOUR):
        run(session, moment)
    assert reminders(session) == sorted(
        [
            key(DAY, made),
            key(DAY, made, START + DAY),
            key(HOUR, made, START + DAY),
        ]
    )


def test_of_sessions_whose_reminders_are_due_at_once_only_the_nearest_is_sent(
    session: Session,
) -> None:
    """After two days down, say: the others are kept as skipped, with the reason."""
    walls = [datetime(2030, 5, day, 8) for day in (11, 12)]  # noqa: DTZ001
    drafts = [SessionDraft(wall_start=wall, zone="America/New_York") for wall in walls]
    training = make_event(session, kind=Kind.TRAINING, sessions=drafts)
    made = make_registration(session, training)
    assert run(session, START - 5 * DAY) == 1
    assert reminders(session) == [key(7 * DAY, made)]
    assert reminders(session, MailState.SKIPPED) == [key(7 * DAY, made, START + DAY)]
    notes = session.scalars(
        select(OutboxMessage.note).where(OutboxMessage.state == MailState.SKIPPED)
    ).all()
    assert notes == ["an earlier session comes first, and its own reminders"]


LATE = (0 * MINUTE, MINUTE, 30 * MINUTE)


def weekly(session: Session, number: int, **given: Any) -> Event:
    """A program of some Saturdays, the first of which is at START."""
    walls = [datetime(2030, 5, 11, 8) + timedelta(weeks=n) for n in range(number)]  # noqa: DTZ001
    drafts = [SessionDraft(wall_start=wall, zone="America/New_York") for wall in walls]
    return make_event(session, kind=Kind.TRAINING, sessions=drafts, **given)


def test_a_weekly_program_reminds_of_each_session_and_never_twice(
    session: Session,
) -> None:
    """A week before the second session people sit in the first: nothing new."""
    made = make_registration(session, weekly(session, 3))
    starts = [START + n * 7 * DAY for n in range(3)]
    moments = {s - lead + late for s in starts for lead in LEADS for late in LATE}
    for moment in sorted(moments):
        run(session, moment)
    found = [key(7 * DAY, made)]
    found += [key(lead, made, start) for start in starts for lead in (DAY, HOUR)]
    assert reminders(session) == sorted(found)
    far = [key(7 * DAY, made, start) for start in starts[1:]]
    assert reminders(session, MailState.SKIPPED) == sorted(far)


def test_who_gets_a_place_after_the_first_session_is_reminded_of_the_rest(
    session: Session,
) -> None:
    made = make_registration(session, weekly(session, 3))
    session.execute(
        update(Registration)
        .where(Registration.id == made.id)
        .values(confirmed_at=START + DAY)
    )
    session.commit()
    for days in range(-8, 22):
        for hours in (0, 23):
            run(session, START + days * DAY + hours * HOUR)
    starts = [START + n * 7 * DAY for n in (1, 2)]
    assert reminders(session) == sorted(
        key(lead, made, start) for start in starts for lead in (DAY, HOUR)
    )


moments = st.integers(-3 * 60, 9 * 24 * 60).map(lambda n: START - n * MINUTE)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    known=st.lists(
        st.tuples(moments, st.sampled_from(State), st.booleans(), st.booleans()),
        min_size=1,
        max_size=5,
    ),
    announced=moments,
    now=moments,
)
@example(
    known=[
        (START - 8 * DAY, State.CONFIRMED, wanted, off)
        for wanted in (True, False)
        for off in (True, False)
    ],
    announced=START - 9 * DAY,
    now=START - DAY,
)
def test_the_statement_that_queues_and_the_rule_that_explains_say_the_same(
    session: Session,
    known: list[tuple[datetime, State, bool, bool]],
    announced: datetime,
    now: datetime,
) -> None:
    event = make_event(session)
    made = []
    for number, (confirmed_at, state, wanted, off) in enumerate(known):
        each = make_registration(session, event)
        session.execute(
            update(Person)
            .where(Person.id == each.person_id)
            .values(wants_reminders=wanted)
        )
        session.execute(
            update(Registration)
            .where(Registration.id == each.id)
            .values(
                confirmed_at=confirmed_at,
                state=state,
                hold=Hold.APPROVAL if state is State.HELD else None,
                position=number + 1 if state is State.WAITING else None,
                reminders_off=off,
            )
        )
        session.commit()
        made.append((each.id, confirmed_at, state, wanted and not off))
    session.execute(
        update(EventSession)
        .where(EventSession.event_id == event.id)
        .values(announced_at=announced)
    )
    session.commit()
    run(session, now)
    expected = {
        reminder_key(lead, number, START)
        for number, confirmed_at, state, wanted in made
        for lead in LEADS
        if state is State.CONFIRMED
        and reminder_is_due(
            START, max(confirmed_at, announced), lead, now, wanted=wanted
        )
    }
    nearest = {
        number: min(
            (lead for lead in LEADS if reminder_key(lead, number, START) in expected),
            default=None,
        )
        for number, *_ in made
    }
    sent = {
        reminder_key(lead, number, START) for number, lead in nearest.items() if lead
    }
    ids = {str(number) for number, *_ in made}

    def of_these(state: MailState | None) -> set[str]:
        return {k for k in reminders(session, state) if k.split(":")[2] in ids}

    assert of_these(None) == expected
    assert of_these(MailState.QUEUED) == sent
    session.execute(delete(OutboxMessage))
    session.execute(update(Event).values(confirmed=0))
    session.commit()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gaps=st.lists(st.integers(2, 20 * 24), min_size=1, max_size=3),
    confirmed=moments,
    hours=st.integers(-10 * 24, 30 * 24),
)
def test_what_a_run_sends_of_a_program_is_what_the_rule_says(
    session: Session, gaps: list[int], confirmed: datetime, hours: int
) -> None:
    walls = [datetime(2030, 5, 11, 8)]  # noqa: DTZ001
    for gap in gaps:
        walls.append(walls[-1] + gap * HOUR)
    drafts = [SessionDraft(wall_start=wall, zone="America/New_York") for wall in walls]
    event = make_event(session, kind=Kind.TRAINING, sessions=drafts)
    made = make_registration(session, event)
    starts = [each.starts_at for each in event.sessions]
    session.execute(
        update(Registration)
        .where(Registration.id == made.id)
        .values(confirmed_at=confirmed)
    )
    session.commit()
    now = START + hours * HOUR

    run(session, now)

    expected = []
    for start, previous in zip(starts, [None, *starts], strict=False):
        due = [lead for lead in LEADS if start - lead <= now < start]
        nearest = min(due, default=None)
        if nearest is None or not reminder_is_due(start, confirmed, nearest, now):
            continue
        if says_something_new(start, nearest, previous):
            expected.append(key(nearest, made, start))
    sent = [k for k in reminders(session) if k.split(":")[2] == str(made.id)]
    assert sent == expected[:1]  # of several at once, that of the nearest start
    session.execute(delete(OutboxMessage))
    session.execute(update(Event).values(confirmed=0))
    session.commit()


def choose(session: Session, event: Event, *leads: str, now: datetime) -> None:
    """Save an event with other reminders, and the rest as it was."""
    with writing(session):
        found = events.get(session, event.id)
        draft = replace(events.as_saved(found), reminders=leads)
        service.save_event(session, event.id, draft, version=found.version, now=now)


def test_reminders_go_when_staff_have_chosen(session: Session) -> None:
    event = make_event(session, reminders=["4h", "14d"], starts_at=NOON + 20 * DAY)
    start = NOON + 20 * DAY
    made = make_registration(session, event)
    moments = [start - lead for lead in (14 * DAY, 7 * DAY, DAY, 4 * HOUR, HOUR)]
    assert [run(session, moment) for moment in moments] == [1, 0, 0, 1, 0]
    assert reminders(session) == sorted(
        key(lead, made, start) for lead in (14 * DAY, 4 * HOUR)
    )


def test_without_reminders_none_go(session: Session) -> None:
    event = make_event(session, reminders=[])
    make_registration(session, event)
    assert [run(session, START - lead) for lead in (7 * DAY, DAY, HOUR)] == [0, 0, 0]


def test_a_reminder_whose_moment_is_over_when_it_is_chosen_does_not_go(
    session: Session, event: Event
) -> None:
    make_registration(session, event)
    now = START - 2 * DAY - HOUR
    run(session, now)
    choose(session, event, "1h", "1d", "2d", "3d", "7d", now=now)
    assert run(session, now + MINUTE) == 0
    assert run(session, START - 2 * DAY) == 1


def test_a_reminder_that_staff_take_back_before_it_goes_is_skipped(
    app: Flask, session: Session, event: Event, at: Callable[[datetime], None]
) -> None:
    make_registration(session, event)
    deliver(app)
    at(START - DAY)
    run(session, START - DAY)
    choose(session, event, "1h", now=START - DAY)
    assert deliver(app) == []
    session.rollback()
    tried = OutboxMessage.attempts > 0, OutboxMessage.state == MailState.SKIPPED
    assert session.scalars(select(OutboxMessage.note).where(*tried)).all() == [
        "staff chose other reminders before this went"
    ]
