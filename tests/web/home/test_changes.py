"""What staff change is written to the trail with who, before and after."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.access import Role
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from tests.desk import NEW, NINE, make_event, send
from tests.factories import make_account, make_person, make_registration
from tests.factories import make_event as event_of
from tests.visitors import hidden_on

pytestmark = pytest.mark.usefixtures("now")

Deed = Callable[[Flask, Session, FlaskClient], object]


def save_association(_app: Flask, _session: Session, browser: FlaskClient) -> object:
    return send(
        browser,
        "/staff/association",
        {"telephone": "704-555-0100", "reply_address": "a@example.org"},
    )


def write_event(_app: Flask, _session: Session, browser: FlaskClient) -> object:
    return send(browser, NEW, NINE)


def publish_at_once(_app: Flask, _session: Session, browser: FlaskClient) -> object:
    return send(browser, NEW, NINE, action="publish")


def edit_offers(app: Flask, _session: Session, browser: FlaskClient) -> object:
    path = f"/staff/events/{make_event(app)}/edit"
    return send(browser, path, {"offers-0-price": "25"})


def edit_areas(app: Flask, _session: Session, browser: FlaskClient) -> object:
    path = f"/staff/events/{make_event(app, areas=['police'])}/edit"
    return send(browser, path, {"areas": ["police", "fire_ems"]})


def move(app: Flask, _session: Session, browser: FlaskClient) -> object:
    path = f"/staff/events/{make_event(app)}/move"
    return send(browser, path, {"sessions-0-start_time": "1:30 pm"})


def call_off(app: Flask, _session: Session, browser: FlaskClient) -> object:
    return send(browser, f"/staff/events/{make_event(app)}/cancel", {"note": "Flood"})


def publish(app: Flask, _session: Session, browser: FlaskClient) -> object:
    event_id = make_event(app, published=False)
    token = hidden_on(browser.get(f"/staff/events/{event_id}"), "csrf_token")
    path = f"/staff/events/{event_id}/publish"
    return browser.post(path, data={"csrf_token": token})


def send_again(_app: Flask, session: Session, browser: FlaskClient) -> object:
    make_registration(session, event_of(session))
    session.execute(update(OutboxMessage).values(state=MailState.FAILED))
    session.commit()
    mail = session.scalars(select(OutboxMessage.id)).one()
    path = f"/staff/outbox/{mail}"
    token = hidden_on(browser.get(path), "csrf_token")
    return browser.post(f"{path}/send-again", data={"csrf_token": token})


def resend(_app: Flask, session: Session, browser: FlaskClient) -> object:
    made = make_registration(session, event_of(session), email="ada@example.org")
    page = browser.get(f"/staff/people/{made.person_id}")
    path = f"/staff/registrations/{made.id}/resend"
    return browser.post(path, data={"csrf_token": hidden_on(page, "csrf_token")})


def grant(_app: Flask, session: Session, browser: FlaskClient) -> object:
    account = make_account(session)
    return send(browser, f"/staff/people/{account.person_id}/role?role=scheduler")


#: What is done, the action the trail shows, and some of what changed by field.
DEEDS: Mapping[str, tuple[Deed, str, dict[str, Any]]] = {
    "association": (
        save_association,
        "association.saved",
        {"telephone": ["", "704-555-0100"]},
    ),
    "new event": (
        write_event,
        "event.created",
        {"title": [None, "Sharing dispatch"], "capacity": [None, 500]},
    ),
    "new event, published": (
        publish_at_once,
        "event.published",
        {"state": ["draft", "published"]},
    ),
    "offers": (edit_offers, "event.saved", {"offers": [0, 2500]}),
    "areas": (
        edit_areas,
        "event.saved",
        {"areas": [["police"], ["police", "fire_ems"]]},
    ),
    "move": (
        move,
        "event.saved",
        {"sessions": ["2030-06-12T18:00:00+00:00", "2030-06-12T17:30:00+00:00"]},
    ),
    "cancel": (
        call_off,
        "event.cancelled",
        {"state": ["published", "cancelled"], "cancel_note": ["", "Flood"]},
    ),
    "publish": (publish, "event.published", {"state": ["draft", "published"]}),
    "send again": (send_again, "mail.sent_again", {}),
    "resend": (
        resend,
        "registration.details_sent",
        {"to": [None, "ada@example.org"]},
    ),
    "role": (grant, "account.role_granted", {"role": ["none", "scheduler"]}),
}
#: Of a list of rows, the field that the deed changes in the first.
WITHIN = {"offers": "price_cents", "sessions": "starts_at"}


@pytest.mark.parametrize("name", DEEDS)
def test_a_change_is_in_the_trail_with_who_and_before_and_after(
    app: Flask, session: Session, name: str
) -> None:
    do, action, wanted = DEEDS[name]
    administrator = make_account(session, role=Role.ADMINISTRATOR)
    do(app, session, app.test_client(user=administrator))
    session.rollback()
    latest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)
    entry = session.scalars(latest).one()
    seen = {field: _sides(field, entry.changes.get(field)) for field in wanted}
    assert (entry.action, entry.actor_id, seen) == (
        action,
        administrator.person_id,
        wanted,
    )


def _sides(field: str, change: Any) -> Any:
    if field not in WITHIN:
        return change
    return [rows[0][WITHIN[field]] for rows in change]


def test_reading_a_person_and_what_changes_nothing_is_not_written_down(
    app: Flask, session: Session
) -> None:
    administrator = make_account(session, role=Role.ADMINISTRATOR)
    browser, person = app.test_client(user=administrator), make_person(session)
    browser.get(f"/staff/people/{person.id}")
    browser.get("/staff/audit")
    send(browser, "/staff/association")
    send(browser, f"/staff/people/{administrator.person_id}/role?role=administrator")
    assert session.scalars(select(AuditEntry)).all() == []
