"""Several registrations at once: ticked or all, then written to, cancelled, moved."""

import csv
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.announcements import queries as announcements
from csd_events.announcements import service as announcing
from csd_events.audit.models import AuditEntry
from csd_events.core.errors import RefusedError
from csd_events.events.models import Event
from csd_events.events.rules import OfferDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration, Selected, Selection
from csd_events.registrations.queries import ListFilters
from csd_events.registrations.rules import Deed, NotMoved, Said, State
from csd_events.registrations.service import check_counters, own_needs
from tests.desk import fields_of, fill, said, send, staff_browser
from tests.factories import (
    DAY,
    NOON,
    make_event,
    make_registration,
    writing,
)
from tests.letters import by_address, deliver
from tests.statements import counted
from tests.visitors import heading, words

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", title="The talk")


def people(session: Session, event: Event, *names: str) -> list[int]:
    """Register people by their first names; return the ids."""
    return [
        make_registration(
            session, event, full_name=name, email=f"{name.lower()}@example.org"
        ).id
        for name in names
    ]


def choose(
    browser: FlaskClient, event: Event, deed: str, ids: list[int], **given: Any
) -> TestResponse:
    """Tick some people of the list and press a button."""
    path = f"/staff/events/{event.id}/registrations"
    data = fields_of(browser.get(path).text) | {"id": ids, "deed": deed} | given
    return browser.post(f"{path}/chosen", data=data)


def go(app: Flask) -> None:
    """Let whoever does errands do all that is to be done."""
    errand = dict(app.extensions["csd_errands"])["selections"]
    with app.app_context():
        for _ in range(20):
            errand(NOON)


def standing(session: Session, event: Event) -> list[tuple[str, State]]:
    session.rollback()
    session.expire_all()
    rows = session.execute(
        select(Registration.full_name, Registration.state)
        .where(Registration.event_id == event.id)
        .order_by(Registration.id)
    )
    return [(name, state) for name, state in rows]


def report(browser: FlaskClient, path: str) -> list[list[str]]:
    answer = browser.get(f"{path}/report.csv")
    return list(csv.reader(answer.text.removeprefix("\ufeff").splitlines()))


def test_staff_cancel_those_they_ticked_and_read_who_was_not(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    ada, bo, cy = people(session, event, "Ada", "Bo", "Cy")
    with writing(session):
        service.cancel(session, bo, now=NOON)
    deliver(app)
    path = choose(browser, event, "cancel", [ada, bo]).location
    page = browser.get(path)
    assert heading(page) == "Cancel 2 registrations?"
    assert "Nobody waits: their places are free for others." in words(page)
    assert standing(session, event)[0] == ("Ada", State.CONFIRMED)
    assert send(browser, path).location == path
    going = browser.get(path)
    assert heading(going) == "Cancelling registrations"
    assert "0 of 2 done (0 %)" in words(going)
    assert going.headers["Refresh"] == "2"
    go(app)
    done = browser.get(path)
    assert heading(done) == "Registrations cancelled"
    assert "Bo Town of Sample Was cancelled already." in words(done)
    assert "Refresh" not in done.headers
    assert standing(session, event) == [
        ("Ada", State.CANCELLED),
        ("Bo", State.CANCELLED),
        ("Cy", State.CONFIRMED),
    ]
    assert sorted(by_address(deliver(app))) == ["ada@example.org"]
    assert report(browser, path)[1:] == [
        ["Ada", "Town of Sample", "Cancelled", ""],
        ["Bo", "Town of Sample", "Not cancelled", "Was cancelled already."],
    ]
    assert check_counters(session) == []
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "selection.cancelled")
    ).one()
    assert entry.changes == {"people": [None, 2], "told": [None, True]}
    assert cy


def test_without_the_mail_nobody_is_told_and_the_page_says_so(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    ids = people(session, event, "Ada", "Bo")
    deliver(app)
    path = choose(browser, event, "cancel", ids).location
    send(browser, path, {"tell": []})
    go(app)
    assert "Nobody is told." in words(browser.get(path))
    assert deliver(app) == []


def test_all_that_fit_a_filter_are_meant_as_they_stood_then(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    fill(session, event.id, 120)
    people(session, event, "Ada")
    path = choose(browser, event, "cancel", [], all="1", q="person").location
    people(session, event, "Late Person")
    assert heading(browser.get(path)) == "Cancel 120 registrations?"
    assert "The first 50 of 120." in words(browser.get(path))
    send(browser, path, {"tell": []})
    go(app)
    left = [
        name for name, state in standing(session, event) if state.value != "cancelled"
    ]
    assert left == ["Ada", "Late Person"]
    assert check_counters(session) == []


def test_a_place_that_is_freed_goes_to_who_waits(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, capacity=2)
    ids = people(session, event, "Ada", "Bo", "Cy")
    path = choose(browser, event, "cancel", ids[:1]).location
    assert "1 person waits." in words(browser.get(path))
    send(browser, path)
    go(app)
    assert standing(session, event)[2] == ("Cy", State.CONFIRMED)


def test_who_is_cancelled_with_others_is_promised_no_place_of_theirs_before(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, title="The talk", capacity=1)
    ids = people(session, event, "Ada", "Bo", "Cy")
    deliver(app)
    send(browser, choose(browser, event, "cancel", ids[:2]).location)
    go(app)
    assert standing(session, event) == [
        ("Ada", State.CANCELLED),
        ("Bo", State.CANCELLED),
        ("Cy", State.CONFIRMED),
    ]
    assert sorted(f"{m['To']}: {m['Subject']}" for m in deliver(app)) == [
        "Ada <ada@example.org>: Your registration is cancelled: The talk",
        "Bo <bo@example.org>: You no longer wait for a place: The talk",
        "Cy <cy@example.org>: You have a place: The talk",
    ]
    assert check_counters(session) == []


def test_who_waits_and_could_not_be_moved_has_the_place_that_came_free(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, title="The talk", capacity=1)
    ids = people(session, event, "Ada", "Bo")
    there = make_event(session, slug="there", title="The other talk")
    people(session, there, "Bo")
    path = choose(browser, event, "move", ids).location
    second = browser.post(
        path, data=fields_of(browser.get(path).text) | {"target": there.id}
    )
    browser.post(path, data=fields_of(second.text))
    go(app)
    assert standing(session, event) == [
        ("Ada", State.CANCELLED),
        ("Bo", State.CONFIRMED),
    ]
    assert check_counters(session) == []


def test_pressing_twice_or_by_two_people_cancels_once(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    ids = people(session, event, "Ada", "Bo")
    path = choose(browser, event, "cancel", ids).location
    form = fields_of(browser.get(path).text)
    browser.post(path, data=form)
    browser.post(path, data=form)
    go(app)
    browser.post(path, data=form)
    go(app)
    session.rollback()
    done = session.scalar(
        select(func.count()).where(AuditEntry.action == "registration.cancelled")
    )
    begun = session.scalar(
        select(func.count()).where(AuditEntry.action == "selection.cancelled")
    )
    assert (done, begun) == (2, 1)


def test_what_is_interrupted_goes_on_where_it_was(
    app: Flask, session: Session, event: Event
) -> None:
    ids = people(session, event, "Ada", "Bo", "Cy")
    with writing(session):
        made = service.choose(
            session, event.id, Deed.CANCEL, ids, now=NOON, actor_id=None
        )
        service.begin(session, made, tell=False, now=NOON, actor_id=None)
    with writing(session):
        assert service.work(session, now=NOON)
    service.work(session, now=NOON)  # and the process ends here
    session.rollback()
    assert [state.value for _name, state in standing(session, event)] == [
        "cancelled",
        "confirmed",
        "confirmed",
    ]
    go(app)
    assert {state for _name, state in standing(session, event)} == {State.CANCELLED}
    assert session.get_one(Selection, made).done == 3


def test_nobody_ticked_is_said(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    people(session, event, "Ada")
    answer = choose(browser, event, "cancel", [])
    assert said(browser, answer) == ["Tick somebody first, or everyone who fits."]
    assert session.scalar(select(func.count(Selection.id))) == 0


def test_people_of_another_event_cannot_be_ticked(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    (mine,) = people(session, event, "Ada")
    (theirs,) = people(session, make_event(session, slug="other"), "Bo")
    choose(browser, event, "cancel", [mine, theirs])
    session.rollback()
    assert session.scalars(select(Selected.registration_id)).all() == [mine]


def test_a_selection_is_found_at_its_own_event_alone(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    ids = people(session, event, "Ada")
    path = choose(browser, event, "cancel", ids).location
    other = make_event(session, slug="other")
    wrong = path.replace(f"/events/{event.id}/", f"/events/{other.id}/")
    assert browser.get(wrong).status_code == 404


def test_staff_write_to_those_they_chose_and_to_nobody_else(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    ada, bo, _cy = people(session, event, "Ada", "Bo", "Cy")
    path = choose(browser, event, "write", [ada, bo]).location
    page = browser.get(path)
    assert "To the 2 registrations you chose" in words(page)
    answer = send(browser, path, {"subject": "A map", "body": "Hello {name}"})
    shown = words(browser.get(answer.location))
    assert "The talk: those who were chosen" in shown
    with writing(session):
        service.cancel(session, bo, now=NOON)
    made = int(answer.location.rpartition("/")[2])
    row = announcements.get(session, made)
    terms = announcing.terms_of(session, row, now=NOON)
    readers = announcements.list_readers(session, terms, limit=9)
    assert [each.email for each in readers] == ["ada@example.org"]
    edited = send(browser, f"{answer.location}/edit", {"subject": "The map"})
    assert edited.status_code == 303
    with writing(session):
        service.forget_old_selections(session, now=NOON + 90 * DAY)
    assert session.scalar(select(func.count()).select_from(Selected)) == 2


def test_those_ticked_are_downloaded_alone(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    ada, _bo, cy = people(session, event, "Ada", "Bo", "Cy")
    path = choose(browser, event, "export", [ada, cy]).location
    page = browser.get(path)
    assert "(those who were ticked)" in words(page)
    file = path.replace("/registrations?", "/registrations.csv?")
    rows = list(csv.reader(browser.get(file).text.splitlines()))
    assert [row[1] for row in rows[1:]] == ["Ada", "Cy"]


def test_staff_move_people_and_see_before_what_becomes_of_each(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    ids = people(session, event, "Ada", "Bo", "Cy", "Di")
    with writing(session):
        service.cancel(session, ids[3], now=NOON)
    there = make_event(session, slug="there", title="The other talk", capacity=2)
    people(session, there, "Cy")
    deliver(app)
    path = choose(browser, event, "move", ids).location
    first = browser.get(path)
    assert heading(first) == "Move 4 registrations to another event"
    second = browser.post(path, data=fields_of(first.text) | {"target": there.id})
    shown = words(second)
    assert "1 gets a place" in shown
    assert "1 joins the waiting list there" in shown
    assert "1 is registered there already and stays here as well" in shown
    assert "1 is cancelled, or only held a place, and stays as it is" in shown
    assert standing(session, there) == [("Cy", State.CONFIRMED)]
    assert browser.post(path, data=fields_of(second.text)).status_code == 303
    go(app)
    assert standing(session, event) == [
        ("Ada", State.CANCELLED),
        ("Bo", State.CANCELLED),
        ("Cy", State.CONFIRMED),
        ("Di", State.CANCELLED),
    ]
    assert standing(session, there) == [
        ("Cy", State.CONFIRMED),
        ("Ada", State.CONFIRMED),
        ("Bo", State.WAITING),
    ]
    assert report(browser, path)[1:] == [
        ["Ada", "Town of Sample", "Have a place there", ""],
        ["Bo", "Town of Sample", "Wait there", ""],
        ["Cy", "Town of Sample", "Not moved", "Registered at the other event already."],
        ["Di", "Town of Sample", "Not moved", "Was cancelled already."],
    ]
    assert sorted(f"{m['To']}: {m['Subject']}" for m in deliver(app)) == [
        "Ada <ada@example.org>: You are registered: The other talk",
        "Ada <ada@example.org>: Your registration is cancelled: The talk",
        "Bo <bo@example.org>: Waiting list, number 1: The other talk",
        "Bo <bo@example.org>: Your registration is cancelled: The talk",
    ]
    assert check_counters(session) == []


def test_what_somebody_needs_goes_along(session: Session, event: Event) -> None:
    made = make_registration(session, event, said=Said(needs="live captions"))
    there = make_event(session, slug="there")
    with writing(session):
        service.move(
            session,
            made.id,
            (there.id, there.offers[0].id),
            tell=False,
            now=NOON,
            actor_id=None,
        )
    new = session.scalars(
        select(Registration.id).where(Registration.event_id == there.id)
    ).one()
    assert (own_needs(session, made.id), own_needs(session, new)) == (
        "",
        "live captions",
    )


def test_who_cannot_be_moved_keeps_what_they_have(
    session: Session, event: Event, now: datetime
) -> None:
    there = make_event(session, slug="there", offers=[OfferDraft(price_cents=4900)])
    made = make_registration(session, event)
    target = there.id, there.offers[0].id
    with writing(session):
        service.cancel_event(session, there.id, note="", now=now, actor_id=None)
    with pytest.raises(RefusedError) as refused, writing(session):
        service.move(session, made.id, target, tell=True, now=NOON, actor_id=None)
    assert refused.value.reason is NotMoved.TARGET_OVER
    session.rollback()
    assert standing(session, event)[0][1] is State.CONFIRMED
    assert standing(session, there) == []


def test_what_nobody_said_yes_to_is_forgotten_after_a_day(
    session: Session, event: Event
) -> None:
    people(session, event, "Ada")
    with writing(session):
        service.choose(
            session, event.id, Deed.CANCEL, ListFilters(), now=NOON, actor_id=None
        )
    with writing(session):
        service.forget_old_selections(session, now=NOON + DAY / 2)
    assert session.scalar(select(func.count(Selection.id))) == 1
    with writing(session):
        service.forget_old_selections(session, now=NOON + 2 * DAY)
    counts = select(func.count(Selection.id)), select(func.count(Selected.selection_id))
    assert [session.scalar(each) for each in counts] == [0, 0]


def test_an_idle_errand_asks_once(app: Flask) -> None:
    with app.app_context(), counted(app) as idle:
        dict(app.extensions["csd_errands"])["selections"](NOON)
    assert len(idle) == 1
