"""What people are answered whose turn to write does not come, for others hold it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from inspect import getmembers, isclass
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import errors as postgres
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse
from wtforms import PasswordField

from csd_events.accounts import forms as account_forms
from csd_events.accounts.models import Account
from csd_events.core.busy import PASSWORDS
from csd_events.core.db import waited_in_vain
from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import OfferDraft
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import check_counters
from tests.desk import fields_of, staff_browser
from tests.factories import (
    NOON,
    PASSWORD,
    make_account,
    make_event,
    make_member,
    make_registration,
    writing,
)
from tests.visitors import TYPED, heading, hidden_on, open_form, words

pytestmark = pytest.mark.usefixtures("now", "impatient")
NOT_SAVED = "Not saved yet"


class Pressed(NamedTuple):
    """A button that somebody presses.

    Attributes:
        ends: How the one registration stands when it was heard.
        mails: How many were mailed by then.
        again: What is answered who sends it once more after that.
    """

    browser: FlaskClient
    path: str
    data: Mapping[str, Any]
    ends: State
    mails: int
    again: int = 303

    def press(self) -> TestResponse:
        return self.browser.post(self.path, data=self.data)


def by_a_guest(app: Flask, session: Session) -> Pressed:
    browser = app.test_client()
    make_event(session, slug="talk")
    data = TYPED | {"ticket": open_form(browser, "talk"), "state": "OH"}
    return Pressed(browser, "/events/talk/register", data, State.CONFIRMED, 1)


def by_a_member(app: Flask, session: Session) -> Pressed:
    browser = app.test_client(user=make_member(session))
    make_event(session, slug="talk")
    page = browser.get("/events/talk")
    data = {name: hidden_on(page, name) for name in ("csrf_token", "ticket")}
    return Pressed(browser, "/events/talk/register", data, State.CONFIRMED, 1)


def by_its_owner(app: Flask, made: Registration, what: str) -> tuple[FlaskClient, str]:
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, made.id, made.link_version)
    return app.test_client(), f"/registrations/{token}/{what}"


def cancelling(app: Flask, session: Session) -> Pressed:
    made = make_registration(session, make_event(session))
    return Pressed(*by_its_owner(app, made, "cancel"), {}, State.CANCELLED, 2)


def taking(app: Flask, session: Session) -> Pressed:
    offers = [OfferDraft(price_cents=4900)]
    event = make_event(session, capacity=1, waiting_limit=None, offers=offers)
    first, second = (make_registration(session, event) for _ in range(2))
    with writing(session):
        service.cancel(session, first.id, now=NOON)
    return Pressed(*by_its_owner(app, second, "take"), {}, State.CONFIRMED, 5)


def by_staff(
    app: Flask, session: Session, page: str, ends: State, **typed: str
) -> Pressed:
    browser = staff_browser(app, session)
    data = fields_of(browser.get(page).text) | typed
    return Pressed(browser, page, data, ends, 2)


def approving(app: Flask, session: Session) -> Pressed:
    event = make_event(session, needs_approval=True)
    made = make_registration(session, event)
    browser = staff_browser(app, session)
    page = browser.get(f"/staff/events/{event.id}/registrations?state=held")
    token = {"csrf_token": hidden_on(page, "csrf_token")}
    path = f"/staff/registrations/{made.id}/approve"
    return Pressed(browser, path, token, State.CONFIRMED, 2)


def declining(app: Flask, session: Session) -> Pressed:
    made = make_registration(session, make_event(session, needs_approval=True))
    page = f"/staff/registrations/{made.id}/decline"
    note = "Not for you:\n<b>others</b> & more"
    return by_staff(app, session, page, State.CANCELLED, note=note)


def cancelling_for_somebody(app: Flask, session: Session) -> Pressed:
    made = make_registration(session, make_event(session))
    page = f"/staff/registrations/{made.id}/cancel"
    return by_staff(app, session, page, State.CANCELLED)


def by_hand(app: Flask, session: Session) -> Pressed:
    event = make_event(session)
    page = f"/staff/events/{event.id}/registrations/new"
    pressed = by_staff(app, session, page, State.CONFIRMED, **TYPED)
    return pressed._replace(mails=1, again=409)


@contextmanager
def held(session: Session) -> Iterator[None]:
    """Hold every event, as somebody does who saves for too long."""
    with writing(session):
        for event_id in session.scalars(select(Event.id)):
            events.lock(session, event_id)
        yield


def ends(session: Session) -> tuple[State | None, int | None]:
    """Return how the newest registration stands, and how many mails there are."""
    session.rollback()
    newest = select(Registration.state).order_by(Registration.id.desc()).limit(1)
    mails = select(func.count(OutboxMessage.id))
    return session.scalar(newest), session.scalar(mails)


@pytest.mark.parametrize(
    "scene",
    [
        by_a_guest,
        by_a_member,
        cancelling,
        taking,
        approving,
        declining,
        cancelling_for_somebody,
        by_hand,
    ],
)
def test_who_waited_in_vain_sends_the_same_once_more_and_it_counts_once(
    app: Flask, session: Session, scene: Callable[[Flask, Session], Pressed]
) -> None:
    pressed = scene(app, session)
    before = ends(session)
    with held(session):
        answer = pressed.press()
    assert (answer.status_code, heading(answer)) == (503, NOT_SAVED)
    assert answer.headers["Retry-After"] == "5"
    assert ends(session) == before
    kept = fields_of(answer.text)
    assert kept == dict(pressed.data)
    assert f'action="{pressed.path}"' in answer.text
    answers = [pressed.browser.post(pressed.path, data=kept) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, pressed.again]
    assert ends(session) == (pressed.ends, pressed.mails)
    assert check_counters(session) == []


def test_what_is_typed_beside_a_password_is_on_no_page(
    app: Flask, session: Session
) -> None:
    own = app.test_client(user=make_account(session))
    page = own.get("/me/account/address")
    typed = {"email": "new@example.org", "present": PASSWORD}
    with writing(session):
        session.scalars(select(Account).with_for_update()).all()
        answer = own.post("/me/account/address", data=fields_of(page.text) | typed)
    assert (answer.status_code, heading(answer)) == (503, NOT_SAVED)
    assert PASSWORD not in answer.text
    assert "Go back, and send it again in a few seconds." in words(answer)


def test_every_field_of_a_password_is_among_those_that_no_page_repeats() -> None:
    found = {
        name
        for _, form in getmembers(account_forms, isclass)
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) is PasswordField
    }
    assert found == PASSWORDS


def test_an_error_of_the_database_that_is_no_waiting_is_not_called_so() -> None:
    def said(error: Exception) -> bool:
        return waited_in_vain(OperationalError("UPDATE", {}, error))

    assert said(postgres.DeadlockDetected())
    assert said(postgres.LockNotAvailable())
    assert not said(postgres.QueryCanceled())
    assert not said(Exception("the server closed the connection"))
