"""A called-off event is quiet: whatever was planned stays unsent, of every kind."""

from collections.abc import Callable
from datetime import date, datetime
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events.models import Event
from csd_events.events.rules import OfferDraft
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import service
from csd_events.registrations.models import OpeningWish
from tests import announcing
from tests.announcing import settle_in
from tests.factories import DAY, HOUR, NOON, make_registration, writing
from tests.letters import deliver, deliver_now
from tests.staging import make_stage_event
from tests.web.registrations.test_stage_notices import move

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
START = NOON + 10 * DAY
EVE = START - DAY


def go_on(
    app: Flask, at: SetClock, since: datetime, until: datetime
) -> list[EmailMessage]:
    """Let every chore be done and every mail go, hour by hour. Return what went."""
    found: list[EmailMessage] = []
    while since <= until:
        at(since)
        with app.app_context():
            for _name, _every, chore in app.extensions["csd_chores"]:
                chore(since)
            for _name, errand in app.extensions["csd_errands"]:
                errand(since)
        found += deliver_now(app)
        since += HOUR
    return found


@pytest.fixture
def event(app: Flask, session: Session, at: SetClock) -> Event:
    """An event, tomorrow by then, of which a mail of each kind is planned.

    Ada has a place, Bo gave his back, so Cy is offered one, and Di waits.
    """
    settle_in(app)
    price = OfferDraft(price_cents=4900, closes_on=date(2030, 5, 30))
    event = make_stage_event(session, capacity=2, offers=[price])
    _ada, bo, *_ = (
        make_registration(session, event, email=f"{name}@example.com")
        for name in ("ada", "bo", "cy", "di")
    )
    deliver(app)
    at(EVE)
    announced = announcing.write(app, event)
    announcing.send(app, announced, now=EVE - HOUR)
    announcing.leave(app, now=EVE)
    with writing(session):
        assert service.queue_reminders(session, now=EVE) == 2
        service.cancel(session, bo.id, now=EVE, tell=False)
        session.add(
            OpeningWish(
                event_id=event.id,
                email="wishing@example.org",
                email_key="wishing@example.org",
                version=1,
                asked_at=NOON,
                confirmed_at=NOON,
            )
        )
    move(session, event, place="Room 7")
    return event


def test_all_of_these_would_go(
    app: Flask, session: Session, at: SetClock, event: Event
) -> None:
    """Or the next test would prove nothing."""
    go_on(app, at, EVE, START + 3 * DAY)
    session.rollback()
    sent = OutboxMessage.state == MailState.SENT, OutboxMessage.due_at >= EVE - HOUR
    kinds = session.scalars(select(OutboxMessage.kind).where(*sent).distinct())
    assert set(kinds) == {
        "announcement.event",
        "events.presenter_moved",
        "registration.follow_up",
        "registration.moved",
        "registration.offered",
        "registration.reminder",
        "wishes.opened",
    }


def test_event_cancelled_all_planned_messages_stop_one_cancellation_notice(
    app: Flask, session: Session, at: SetClock, event: Event
) -> None:
    """Acceptance 37, the waiting list and who presents included."""
    with writing(session):
        service.cancel_event(session, event.id, note="A storm.", now=EVE)
    went = go_on(app, at, EVE, START + 3 * DAY)
    told = [str(mail["To"]).rpartition("<")[2].rstrip(">") for mail in went]
    assert {str(mail["Subject"]) for mail in went} == {"Cancelled: Sharing dispatch"}
    assert sorted(told) == [
        "ada@example.com",
        "ada@example.org",  # who presents it
        "cy@example.com",
        "di@example.com",
    ]
