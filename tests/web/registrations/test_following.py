"""The mail on the morning after an event."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.events.models import Event
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import FOLLOWS_WITHIN, follow_up_at
from tests.desk import send, staff_browser
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    call_off,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver, links_in, side

#: The event starts on Saturday at 8 am Eastern; this is Sunday at 9.
START = NOON + 10 * DAY
MORNING = START + DAY + HOUR
MINUTE = timedelta(minutes=1)
SetClock = Callable[[datetime], None]


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk")


@pytest.fixture
def made(session: Session, event: Event) -> Registration:
    return make_registration(session, event, email="ada@example.org")


def run(session: Session, now: datetime = MORNING) -> int:
    with writing(session):
        return service.queue_follow_ups(session, now=now)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1)),  # noqa: DTZ001 - UTC below
    st.sampled_from(["America/New_York", "Asia/Kathmandu", "America/St_Johns"]),
)
def test_it_goes_at_nine_on_the_day_after_where_the_event_took_place(
    ended: datetime, zone: str
) -> None:
    over_at = ended.replace(tzinfo=UTC)
    goes_at = follow_up_at(over_at, zone).astimezone(ZoneInfo(zone))
    last_day = over_at.astimezone(ZoneInfo(zone)).date()
    assert (goes_at.date(), goes_at.hour, goes_at.minute) == (last_day + DAY, 9, 0)


@pytest.mark.usefixtures("made")
def test_it_goes_once_on_the_morning_after(session: Session) -> None:
    moments = (START + HOUR, MORNING - MINUTE, MORNING, MORNING + MINUTE, MORNING + DAY)
    assert [run(session, moment) for moment in moments] == [0, 0, 1, 0, 0]


@pytest.mark.usefixtures("made")
def test_a_scheduler_that_was_down_catches_up_but_not_after_a_week(
    session: Session, event: Event
) -> None:
    assert run(session, MORNING + FOLLOWS_WITHIN + MINUTE) == 0
    session.execute(
        update(Event).where(Event.id == event.id).values(followed_up_at=None)
    )
    session.commit()
    assert run(session, MORNING + 2 * DAY) == 1


def test_it_says_what_stays_within_reach_and_ends_nothing(
    app: Flask, session: Session, made: Registration, at: SetClock
) -> None:
    deliver(app)
    at(MORNING)
    run(session)
    (mail,) = deliver(app)
    assert mail["Subject"] == "What comes next: Sharing dispatch"
    for kind in ("text/plain", "text/html"):
        words = side(mail, kind)
        assert "has taken place" in words
        assert made.reference in words
    assert "WHAT TO READ NEXT" in side(mail, "text/plain")
    assert [link for link in links_in(mail) if "/cancel" in link] == []
    parts = [part.get_content_type() for part in mail.walk()]
    assert "text/calendar" not in parts


def test_where_there_is_a_recording_it_leads_there(
    app: Flask, session: Session, at: SetClock
) -> None:
    event = make_event(
        session, slug="talk", recording_url="https://video.example.org/dispatch"
    )
    make_registration(session, event)
    deliver(app)
    at(MORNING)
    run(session)
    (mail,) = deliver(app)
    words = side(mail, "text/plain")
    assert "Watch the recording" in words
    assert "/events/talk" in words
    assert "video.example.org" not in words


def test_who_wants_no_reminders_waits_or_has_left_gets_none(
    session: Session, event: Event
) -> None:
    quiet, off, left = (make_registration(session, event) for _ in range(3))
    session.execute(
        update(Person).where(Person.id == quiet.person_id).values(wants_reminders=False)
    )
    session.execute(
        update(Registration).where(Registration.id == off.id).values(reminders_off=True)
    )
    session.commit()
    with writing(session):
        service.cancel(session, left.id, now=NOON)
    assert run(session) == 0


@pytest.mark.usefixtures("made")
def test_of_what_was_called_off_or_not_wanted_nothing_follows(
    app: Flask, session: Session, event: Event
) -> None:
    browser = staff_browser(app, session)
    other = make_event(session, slug="other")
    make_registration(session, other)
    send(browser, f"/staff/events/{other.id}/edit", {"follows_up": []})
    session.rollback()
    session.expire_all()
    assert session.get_one(Event, other.id).follows_up is False
    call_off(session, event.id)
    assert run(session) == 0


def test_what_was_switched_off_before_it_went_is_skipped_with_the_reason(
    app: Flask, session: Session, event: Event, made: Registration, at: SetClock
) -> None:
    deliver(app)
    at(MORNING)
    run(session)
    session.execute(update(Event).where(Event.id == event.id).values(follows_up=False))
    session.commit()
    assert deliver(app) == []
    note = select(OutboxMessage.note).where(OutboxMessage.subject_id == made.id)
    notes = session.scalars(note.order_by(OutboxMessage.id)).all()
    assert notes[-1] == "staff want no mail after this event"


@pytest.mark.usefixtures("made")
def test_of_an_event_that_goes_on_after_all_it_waits_for_the_end(
    app: Flask, session: Session, event: Event, at: SetClock
) -> None:
    deliver(app)
    at(MORNING)
    run(session)
    browser = staff_browser(app, session)
    on_monday = {"sessions-0-starts_on-day": "13"}
    send(browser, f"/staff/events/{event.id}/move", on_monday)
    (notice,) = deliver(app)
    assert str(notice["Subject"]).startswith("Changed")
    at(MORNING + 2 * DAY)
    (mail,) = deliver(app)
    assert mail["Subject"] == "What comes next: Sharing dispatch"


def test_the_page_of_a_registration_says_that_it_comes(
    client: FlaskClient, app: Flask, session: Session, made: Registration, at: SetClock
) -> None:
    (confirmation,) = deliver(app)
    own = next(link for link in links_in(confirmation) if "/registrations/" in link)
    at(START - MINUTE)
    page = client.get(own.partition("csd.test")[2] or own).text
    assert "Your next mail comes Sunday, May 12, 2030, 9:00 am Eastern" in page
    assert "what to read next" in page
    assert made.event_id
