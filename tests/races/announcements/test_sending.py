"""Announcements at the moment at which somebody else does something with them."""

from collections import Counter
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.announcements.models import Announcement, Recipient, Subscription
from csd_events.announcements.rules import Stage
from csd_events.audit.models import AuditEntry
from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from tests import announcing
from tests.announcing import leave, progress_of, send, settle_in
from tests.crowd import Form, Post, by_staff
from tests.desk import fill, make_event, staff_browser
from tests.factories import NOON
from tests.letters import deliver

pytestmark = pytest.mark.usefixtures("now")
STAFF, ROUNDS, PEOPLE = 4, 5, 30


@pytest.fixture
def staff(app: Flask, session: Session) -> list[FlaskClient]:
    settle_in(app, announcements_a_week=14)
    return [staff_browser(app, session) for _ in range(STAFF)]


@pytest.fixture
def event_id(app: Flask, session: Session) -> int:
    event_id = make_event(app)
    fill(session, event_id, PEOPLE)
    return event_id


def write(app: Flask, session: Session, event_id: int) -> int:
    event = session.get_one(Event, event_id)
    return announcing.write(app, event)


def pressing(browser: FlaskClient, made: int, what: str) -> Form:
    path = f"/staff/announcements/{made}"
    return by_staff(browser, path, f"{path}/{what}")


def count_mails(session: Session, made: int) -> int:
    own = select(Recipient.id).where(Recipient.announcement_id == made)
    mails = select(func.count()).where(
        OutboxMessage.kind == "announcement.event", OutboxMessage.subject_id.in_(own)
    )
    return session.scalar(mails) or 0


def test_several_who_press_send_at_one_moment_send_it_once(
    app: Flask, session: Session, post: Post, staff: list[FlaskClient], event_id: int
) -> None:
    for _ in range(ROUNDS):
        made = write(app, session, event_id)
        forms = [pressing(browser, made, "send") for browser in staff]
        assert post(forms) == Counter({303: STAFF})
        session.rollback()
        sent_off = select(func.count()).where(
            AuditEntry.action == "announcement.sent_off", AuditEntry.subject_id == made
        )
        assert session.scalar(sent_off) == 1
        leave(app)
        assert progress_of(session, made).known == PEOPLE
        assert count_mails(session, made) == PEOPLE


def test_who_stops_an_announcement_as_it_leaves_stops_all_of_it_or_nothing(
    app: Flask, session: Session, post: Post, staff: list[FlaskClient], event_id: int
) -> None:
    """Either nobody is written to and it is a draft, or it has begun and goes on."""
    for _ in range(ROUNDS):
        made = write(app, session, event_id)
        send(app, made)
        forms = [pressing(staff[0], made, "call-back")]
        leaving = partial(leave, app, now=NOON.replace(minute=5))
        assert post(forms, leaving) == Counter({303: 1})
        leaving()
        session.rollback()
        row = session.get_one(Announcement, made, populate_existing=True)
        found = row.stage, progress_of(session, made).known, count_mails(session, made)
        assert found in {(Stage.DRAFT, 0, 0), (Stage.GONE, PEOPLE, PEOPLE)}


def test_two_loops_at_once_write_to_nobody_twice(
    app: Flask, session: Session, post: Post, staff: list[FlaskClient], event_id: int
) -> None:
    for _ in range(ROUNDS):
        made = write(app, session, event_id)
        send(app, made)
        leaving = partial(leave, app, now=NOON.replace(minute=5))
        post([], leaving, leaving)
        assert progress_of(session, made).known == PEOPLE
        assert count_mails(session, made) == PEOPLE


def test_who_pauses_and_goes_on_while_it_is_delivered_loses_nobody_and_nobody_twice(
    app: Flask,
    session: Session,
    post: Post,
    staff: list[FlaskClient],
    event_id: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = write(app, session, event_id)
    send(app, made)
    moment = NOON.replace(minute=5)
    monkeypatch.setitem(app.config, "CLOCK", lambda: moment)
    leave(app, now=moment, pieces=2)
    gone: Counter[str] = Counter()

    def delivering() -> None:
        leave(app, now=moment)
        gone.update(str(mail["To"]) for mail in deliver(app))

    paused = [pressing(staff[0], made, "pause")]
    resumed = [pressing(staff[1], made, "resume")]
    for _ in range(ROUNDS):
        post(paused, delivering)
        post(resumed, delivering)
    while progress_of(session, made).waiting:
        delivering()
    assert (len(gone), set(gone.values())) == (PEOPLE, {1})
    session.rollback()
    states = select(OutboxMessage.state).distinct()
    assert session.scalars(states).all() == [MailState.SENT]


def test_a_mail_program_that_asks_many_times_at_once_is_answered_each_time(
    app: Flask, session: Session, post: Post, event_id: int
) -> None:
    settle_in(app)
    made = write(app, session, event_id)
    send(app, made)
    leave(app, now=NOON.replace(minute=5))
    session.rollback()
    row = session.scalars(select(Subscription).limit(1)).one()
    with app.app_context():
        token = links().token(Purpose.UNSUBSCRIBE, row.id, 1)
    once = Form(f"/unsubscribe/{token}", {"List-Unsubscribe": "One-Click"})
    assert post([once] * 8) == Counter({200: 8})
    session.rollback()
    done = select(func.count()).where(AuditEntry.action == "person.unsubscribed")
    assert session.scalar(done) == 1
