"""Copying, repeating and publishing by itself, while somebody does the same."""

from collections import Counter
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.db import transaction
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event, EventSeries
from csd_events.events.rules import OfferDraft, State
from csd_events.registrations import service
from csd_events.registrations.models import OpeningWish
from tests.crowd import Form, Post, by_staff, mailed
from tests.desk import fields_of, staff_browser
from tests.factories import DAY, NOON, make_event, writing
from tests.together import together

pytestmark = pytest.mark.usefixtures("now")
ROUNDS = 5


@pytest.fixture
def windows(app: Flask, session: Session) -> list[FlaskClient]:
    """Two windows in which somebody of the staff is signed in."""
    return [staff_browser(app, session) for _ in range(2)]


def count(session: Session, kind: type[Event] | type[EventSeries]) -> int:
    session.rollback()
    return session.scalars(select(func.count(kind.id))).one()


def repeating(browser: FlaskClient, event: Event, weeks: int) -> Form:
    """The days of a rule as a browser sends them, all with a tick."""
    path = f"/staff/events/{event.id}/repeat"
    rule = {"every": "week", "times": str(weeks), "action": "list"}
    shown = browser.post(path, data=fields_of(browser.get(path).text) | rule)
    data = fields_of(shown.text) | {"action": "make"}
    cookie = browser.get_cookie("session", domain="csd.test")
    assert cookie is not None
    return Form(path, data, f"session={cookie.value}")


def test_a_copy_whose_button_is_pressed_twice_is_made_once(
    session: Session, post: Post, windows: list[FlaskClient]
) -> None:
    for turn in range(1, ROUNDS + 1):
        event = make_event(session)
        typed = {
            "starts_on-month": "6",
            "starts_on-day": "20",
            "starts_on-year": "2030",
        }
        form = by_staff(windows[0], f"/staff/events/{event.id}/copy", **typed)
        assert post([form, form, form]) == Counter({303: 3})
        assert count(session, Event) == 2 * turn


def test_a_repetition_whose_button_is_pressed_twice_makes_one_series_of_one_of_each(
    session: Session, post: Post, windows: list[FlaskClient]
) -> None:
    for turn in range(1, ROUNDS + 1):
        event = make_event(session)
        form = repeating(windows[0], event, 3)
        assert post([form, form, form]) == Counter({303: 3})
        assert (count(session, EventSeries), count(session, Event)) == (turn, 4 * turn)


def test_of_two_windows_that_repeat_an_event_on_one_day_the_second_is_shown_the_days(
    session: Session, post: Post, windows: list[FlaskClient]
) -> None:
    for turn in range(1, ROUNDS + 1):
        event = make_event(session)
        forms = [repeating(each, event, 3) for each in windows]
        assert post(forms) == Counter({303: 1, 409: 1})
        assert (count(session, EventSeries), count(session, Event)) == (turn, 4 * turn)


def wish(session: Session, event: Event) -> None:
    """Let somebody have said that they want to hear when it opens."""
    email = "ada@example.org"
    with writing(session):
        session.add(
            OpeningWish(
                event_id=event.id,
                email=email,
                email_key=email,
                version=1,
                asked_at=NOON - DAY,
                confirmed_at=NOON - DAY,
            )
        )


def test_two_processes_publish_what_is_due_once_and_tell_its_people_once(
    app: Flask, session: Session
) -> None:
    def take_a_turn() -> None:
        dict(app.extensions["csd_errands"])["publishing"](NOON)
        with transaction() as own:
            service.tell_of_openings(own, now=NOON)

    for _ in range(ROUNDS):
        opens = OfferDraft(opens_on=date(2030, 5, 1))
        event = make_event(session, offers=[opens], draft=True)
        wish(session, event)
        with writing(session):
            event_service.plan_publishing(
                session, event.id, NOON, now=NOON - DAY, actor_id=None
            )
        assert together(app, *[take_a_turn] * 3) == []
        session.rollback()
        session.expire_all()
        assert events.get_row(session, event.id).state is State.PUBLISHED
        published = select(func.count()).where(
            AuditEntry.action == "event.published", AuditEntry.subject_id == event.id
        )
        assert session.scalar(published) == 1
        assert mailed(session, event) == {"opened": 1}
