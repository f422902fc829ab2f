"""The scheduler on several workers at once, on whichever database the suite runs."""

from collections import Counter
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.rules import reminder_key
from csd_events.registrations.service import queue_reminders
from tests.factories import DAY, NOON, make_event, make_registration
from tests.together import together

WORKERS = 4
PEOPLE = 30
START = NOON + 10 * DAY


def test_scheduler_runs_on_four_workers_at_once_and_everybody_has_one_reminder(
    app: Flask, session: Session
) -> None:
    event = make_event(session, starts_at=START)
    made = [make_registration(session, event) for _ in range(PEOPLE)]
    moment = START - DAY + timedelta(hours=1)  # late enough for the run to settle
    queued: list[int] = []

    def remind() -> None:
        with transaction() as own:
            queued.append(queue_reminders(own, now=moment))

    assert together(app, *[remind] * WORKERS) == []
    assert Counter(queued) == {PEOPLE: 1, 0: WORKERS - 1}
    session.rollback()
    keys = session.scalars(
        select(OutboxMessage.key).where(
            OutboxMessage.kind == "registration.reminder",
            OutboxMessage.note.is_(None),
        )
    )
    assert Counter(keys) == Counter(reminder_key(DAY, each.id, START) for each in made)
