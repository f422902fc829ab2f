"""What registering asks of the database: as much beside many others as beside few."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import text
from sqlalchemy.orm import Session

from csd_events.core.db import db, engine_name, transaction
from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event
from csd_events.events.rules import OfferDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import ANSWER_KEPT, State
from tests.desk import fill, staff_browser
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver
from tests.statements import counted
from tests.visitors import TYPED, hidden_on, open_form

pytestmark = pytest.mark.usefixtures("now")

MOST_OF_A_FORM, MOST_OF_A_PAGE = 20, 6
#: Grow for as long as the program is used.
GROWING = (
    "audit_entries", "events", "outbox_messages", "people", "receipts", "registrations",
)  # fmt: skip
#: Told to PostgreSQL's planner, which may have looked at the small tables since.
AS_IF_GROWN = text(
    "UPDATE pg_class SET reltuples = 1000000, relpages = 1 WHERE relname = ANY(:tables)"
)
Press = Callable[[], Any]
Scene = Callable[[Flask, Session, int], Press]


def crowded(session: Session, others: int, **given: Any) -> Event:
    """An event where others have all places, and as many wait."""
    event = make_event(session, capacity=others, **given)
    fill(session, event.id, others)
    fill(session, event.id, others, State.WAITING)
    session.commit()
    return event


def roomy(session: Session, others: int, **given: Any) -> Event:
    event = make_event(session, **given)
    fill(session, event.id, others)
    session.commit()
    return event


def sending(browser: FlaskClient, path: str, data: Mapping[str, Any]) -> Press:
    def send() -> None:
        assert browser.post(path, data=data).status_code == 303

    return send


def filled_in(app: Flask, event: Event, email: str) -> Press:
    browser = app.test_client()
    data = TYPED | {"email": email, "ticket": open_form(browser, event.slug)}
    return sending(browser, f"/events/{event.slug}/register", data)


def guest(app: Flask, session: Session, others: int) -> Press:
    event = roomy(session, others)
    return filled_in(app, event, f"new{event.id}@example.org")


def guest_who_waits(app: Flask, session: Session, others: int) -> Press:
    event = crowded(session, others)
    return filled_in(app, event, f"new{event.id}@example.org")


def guest_known_there(app: Flask, session: Session, others: int) -> Press:
    event = roomy(session, others)
    made = make_registration(session, event)
    return filled_in(app, event, made.person.email)


def member(app: Flask, session: Session, others: int) -> Press:
    event = roomy(session, others)
    browser = app.test_client(user=make_account(session))
    page = browser.get(f"/events/{event.slug}")
    data = {name: hidden_on(page, name) for name in ("csrf_token", "ticket")}
    return sending(browser, f"/events/{event.slug}/register", data)


def link_of(app: Flask, made: Registration) -> str:
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, made.id, made.link_version)
    return f"/registrations/{token}"


def cancelling(app: Flask, session: Session, others: int) -> Press:
    """One gives up a place, and the next in line gets it."""
    event = make_event(session, capacity=others + 1)
    made = make_registration(session, event)
    session.expire_all()
    fill(session, event.id, others)
    fill(session, event.id, others, State.WAITING)
    return sending(app.test_client(), f"{link_of(app, made)}/cancel", {})


def taking(app: Flask, session: Session, others: int) -> Press:
    offers = [OfferDraft(price_cents=4900)]
    event = make_event(session, capacity=1, offers=offers)
    first, second = (make_registration(session, event) for _ in range(2))
    with writing(session):
        service.cancel(session, first.id, now=NOON)
    session.expire_all()
    fill(session, event.id, others, State.WAITING)
    return sending(app.test_client(), f"{link_of(app, second)}/take", {})


def approving(app: Flask, session: Session, others: int) -> Press:
    event = roomy(session, others, needs_approval=True)
    made = make_registration(session, event)
    browser = staff_browser(app, session)
    page = browser.get(f"/staff/events/{event.id}/registrations?state=held")
    token = {"csrf_token": hidden_on(page, "csrf_token")}
    return sending(browser, f"/staff/registrations/{made.id}/approve", token)


FORMS = [
    guest,
    guest_who_waits,
    guest_known_there,
    member,
    cancelling,
    taking,
    approving,
]


def cost(app: Flask, press: Press) -> int:
    with counted(app) as said:
        press()
    return len(said)


@pytest.mark.parametrize("scene", FORMS)
def test_a_form_costs_as_many_statements_beside_200_as_beside_2(
    app: Flask, session: Session, scene: Scene
) -> None:
    few, many = (cost(app, scene(app, session, others)) for others in (2, 200))
    assert few == many
    assert many <= MOST_OF_A_FORM


@pytest.mark.parametrize("waits", [False, True])
def test_the_pages_of_a_registration_cost_as_much_beside_200_as_beside_2(
    app: Flask, session: Session, *, waits: bool
) -> None:
    costs = []
    for others in (2, 200):
        event = (crowded if waits else roomy)(session, others)
        made = make_registration(session, event)
        browser = app.test_client()
        data = TYPED | {"ticket": open_form(browser, event.slug)}
        sent = browser.post(f"/events/{event.slug}/register", data=data)
        pages = (
            f"/events/{event.slug}",
            f"/events/{event.slug}/register",
            sent.location,
            link_of(app, made),
        )
        costs.append([cost(app, partial(browser.get, page)) for page in pages])
    assert costs[0] == costs[1]
    assert max(costs[1]) <= MOST_OF_A_PAGE


@contextmanager
def asked(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """Keep the statements that reach the database, with their values."""
    with app.app_context():
        engine = db.engine
    said: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, words: str, values: Any, *_: object) -> None:
        if words.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            said.append((words, values))

    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", note)


def scans(session: Session, words: str, values: Any) -> list[str]:
    """Name the tables that grow which a statement reads from end to end."""
    connection = session.connection()
    if engine_name(session) == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values)
        return [
            found[1]
            for row in plan
            if (found := re.match(r"SCAN (\w+)", row.detail)) and found[1] in GROWING
        ]
    connection.execute(AS_IF_GROWN, {"tables": list(GROWING)})
    for way in ("seqscan", "hashjoin", "mergejoin"):
        connection.execute(text(f"SET LOCAL enable_{way} = off"))
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {words}", values)
    found = plan.scalar_one()
    (whole,) = json.loads(found) if isinstance(found, str) else found
    return list(_scans_below(whole["Plan"]))


def _scans_below(node: dict[str, Any]) -> Iterator[str]:
    reads = node["Node Type"].endswith("Scan") and node.get("Relation Name") in GROWING
    if reads and not {"Index Cond", "Recheck Cond", "TID Cond"} & node.keys():
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _scans_below(below)


@pytest.mark.parametrize("scene", FORMS)
def test_nothing_on_the_way_of_a_form_reads_a_table_that_grows_from_end_to_end(
    app: Flask, session: Session, scene: Scene
) -> None:
    press = scene(app, session, 2)
    with asked(app) as said:
        press()
        deliver(app)
        with app.app_context(), transaction() as own:
            service.let_lapse(own, now=NOON + ANSWER_KEPT)
    session.rollback()
    assert len(said) > MOST_OF_A_PAGE
    found = {words: scans(session, words, values) for words, values in said}
    assert {words: tables for words, tables in found.items() if tables} == {}


def test_a_statement_that_reads_all_registrations_is_found(
    session: Session,
) -> None:
    words = "SELECT count(*) FROM registrations WHERE full_name = 'Ada'"
    values: Any = () if engine_name(session) == "sqlite" else {}
    assert scans(session, words, values) == ["registrations"]
