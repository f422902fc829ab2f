"""What staff do for somebody: register them, give a place, take it back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.errors import RefusedError
from csd_events.events.models import Event
from csd_events.events.rules import Audience, OfferDraft, QuestionKind
from csd_events.registrations import queries, service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import check_counters
from tests.asking import ask, make_asking, names
from tests.desk import blamed, fields_of, said, send, staff_browser
from tests.factories import DAY, HOUR, NOON, make_event, make_registration, writing
from tests.letters import deliver, side
from tests.visitors import errors_on, heading, words

pytestmark = pytest.mark.usefixtures("now")

ADA = {
    "full_name": "Ada Sample",
    "email": "ada@example.org",
    "organization": "Town of Sample",
}


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", capacity=1)


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def new(event: Event) -> str:
    return f"/staff/events/{event.id}/registrations/new"


def rows(session: Session) -> list[tuple[str, State]]:
    session.rollback()
    found = select(Registration.full_name, Registration.state)
    listed = session.execute(found.order_by(Registration.id))
    return [(name, state) for name, state in listed]


def subjects(app: Flask) -> list[str]:
    return [str(mail["Subject"]) for mail in deliver(app)]


def without_mail(**typed: Any) -> dict[str, Any]:
    """Take the tick out of the box."""
    return typed | {"tell": []}


def test_staff_register_somebody_who_is_told(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    listed = browser.get(f"/staff/events/{event.id}/registrations")
    assert "Register somebody" in words(listed)
    answer = send(browser, new(event), ADA)
    assert said(browser, answer) == ["Ada Sample is registered. A mail tells them."]
    assert rows(session) == [("Ada Sample", State.CONFIRMED)]
    assert subjects(app) == ["You are registered: Sharing dispatch"]
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "registration.made")
    ).one()
    assert entry.actor_id is not None


def test_staff_register_somebody_without_a_mail_and_read_that(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    answer = send(browser, new(event), without_mail(**ADA))
    assert said(browser, answer) == ["Ada Sample is registered. Nobody was told."]
    assert subjects(app) == []
    session.rollback()
    changes = session.scalars(
        select(AuditEntry.changes).where(AuditEntry.action == "registration.made")
    ).one()
    assert changes == {"state": "confirmed", "told": [None, False]}


def test_where_all_places_are_taken_staff_choose_between_list_and_one_more(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event, full_name="First")
    waits = send(browser, new(event), ADA)
    assert said(browser, waits) == [
        "Ada Sample is on the waiting list. A mail tells them."
    ]
    bo = ADA | {"full_name": "Bo", "email": "bo@example.org", "place": "beyond"}
    beyond = send(browser, new(event), bo)
    assert said(browser, beyond) == ["Bo is registered. A mail tells them."]
    assert rows(session) == [
        ("First", State.CONFIRMED),
        ("Ada Sample", State.WAITING),
        ("Bo", State.CONFIRMED),
    ]
    assert check_counters(session) == []


def test_staff_register_by_any_offer_whether_its_days_are_now_or_not(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, offers=[OfferDraft(price_cents=4900)])
    offer_id = event.offers[0].id
    page = browser.get(new(event))
    assert "Everyone, USD 49.00" in words(page)
    send(browser, new(event), ADA)
    session.rollback()
    made = session.scalars(select(Registration)).one()
    assert (made.price_cents, made.offer_id) == (4900, offer_id)


def test_the_form_of_staff_speaks_of_somebody_else(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, offers=[OfferDraft(price_cents=4900)])
    page = words(browser.get(new(event)))
    assert "If theirs has one, it stands on the invoice." in page
    assert "Left empty, it is their organization." in page
    assert "Do they need anything to take part?" in page
    assert [said for said in (" you ", " your ", " yours ") if said in page] == []


def test_staff_read_beforehand_at_which_price_somebody_will_wait(
    browser: FlaskClient, session: Session
) -> None:
    offers = [
        OfferDraft(price_cents=4900, quota=1),
        OfferDraft(audience=Audience.INVITED, code="Chiefs-24", quota=1),
    ]
    event = make_event(session, offers=offers)
    make_registration(session, event, offer_id=event.offers[0].id)
    page = words(browser.get(new(event)))
    assert "Everyone, USD 49.00 (all taken: they join the waiting list) With" in page
    assert page.count("they join the waiting list") == 1


def test_the_summary_of_errors_of_staff_follows_the_order_of_the_page(
    browser: FlaskClient, session: Session
) -> None:
    priced = [OfferDraft(price_cents=4900)]
    event = make_asking(session, ask(QuestionKind.NUMBER), offers=priced, capacity=1)
    make_registration(session, event)
    (asked,) = names(event).values()
    wrong = dict.fromkeys(ADA, "") | dict.fromkeys(
        ("state", "service_area", "offer", "purchase_order", "bill_to", "place"),
        "x" * 301,
    )
    typed = wrong | {asked: "many", "needs": "x" * 1001}
    page = send(browser, new(event), typed)
    assert list(errors_on(page)) == list(blamed(page)) == list(typed)


def test_what_staff_register_at_an_event_by_request_is_decided_by_that(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, needs_approval=True)
    send(browser, new(event), ADA)
    assert rows(session) == [("Ada Sample", State.CONFIRMED)]


def test_who_is_registered_already_is_not_registered_again(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event, email="ada@example.org")
    answer = send(browser, new(event), ADA)
    assert answer.status_code == 409
    assert "This address is registered already, or waits" in words(answer)
    assert 'value="Ada Sample"' in answer.text
    assert len(rows(session)) == 1


def test_what_is_missing_is_said_beside_its_field(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    answer = send(browser, new(event), {"email": "ada"})
    assert answer.status_code == 422
    assert set(errors_on(answer)) >= {"full_name", "email", "organization"}
    assert rows(session) == []


def test_nobody_is_registered_at_a_draft(
    browser: FlaskClient, session: Session
) -> None:
    draft = make_event(session, draft=True)
    answer = browser.get(new(draft))
    assert said(browser, answer) == [
        "Nobody can be registered: the event is not published."
    ]


@pytest.mark.parametrize("tell", [True, False])
def test_staff_cancel_a_registration_with_its_mail_or_without(
    app: Flask, browser: FlaskClient, session: Session, event: Event, *, tell: bool
) -> None:
    mine = make_registration(session, event)
    make_registration(session, event)
    deliver(app)
    path = f"/staff/registrations/{mine.id}/cancel"
    assert heading(browser.get(path)) == "Cancel this registration?"
    answer = send(browser, path, {} if tell else without_mail())
    mail = "A mail tells them." if tell else "Nobody was told."
    assert said(browser, answer) == [f"The registration is cancelled. {mail}"]
    assert [state for _name, state in rows(session)] == [
        State.CANCELLED,
        State.CONFIRMED,
    ]
    own = ["Your registration is cancelled: Sharing dispatch"] if tell else []
    assert sorted(subjects(app)) == [
        "You have a place: Sharing dispatch",
        *own,
    ]


@pytest.mark.parametrize("tell", [True, False])
def test_staff_give_a_place_before_its_turn_with_its_mail_or_without(
    app: Flask, browser: FlaskClient, session: Session, event: Event, *, tell: bool
) -> None:
    _first, _second, third = (make_registration(session, event) for _ in range(3))
    deliver(app)
    path = f"/staff/registrations/{third.id}/place"
    page = browser.get(path)
    assert "The one place is taken: this is one more than there are." in words(page)
    answer = send(browser, path, {} if tell else without_mail())
    mail = "A mail tells them." if tell else "Nobody was told."
    assert said(browser, answer) == [f"The place is given. {mail}"]
    assert [state for _name, state in rows(session)] == [
        State.CONFIRMED,
        State.WAITING,
        State.CONFIRMED,
    ]
    assert check_counters(session) == []
    assert subjects(app) == (["You have a place: Sharing dispatch"] if tell else [])


def test_the_mail_of_a_place_given_says_that_we_gave_it(
    app: Flask, session: Session, event: Event
) -> None:
    _first, second = (make_registration(session, event) for _ in range(2))
    deliver(app)
    with writing(session):
        service.give_place(session, second.id, now=NOON, actor_id=None, beyond=True)
    (mail,) = deliver(app)
    for kind in ("text/plain", "text/html"):
        assert "we have given you a place" in side(mail, kind)
        assert "next on the waiting list" not in side(mail, kind)


def test_a_request_is_approved_and_not_given_a_place_around_that(
    browser: FlaskClient, session: Session
) -> None:
    mine = make_registration(session, make_event(session, needs_approval=True))
    answer = browser.get(f"/staff/registrations/{mine.id}/place")
    assert said(browser, answer) == [
        "Nothing was changed: it stands otherwise by now. See the list."
    ]
    with writing(session), pytest.raises(RefusedError):
        service.give_place(session, mine.id, now=NOON, actor_id=None, beyond=True)


def test_a_place_that_is_held_for_an_answer_can_be_given_at_once(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, capacity=1, offers=[OfferDraft(price_cents=4900)])
    first, second = (make_registration(session, event) for _ in range(2))
    with writing(session):
        service.cancel(session, first.id, now=NOON)
    path = f"/staff/registrations/{second.id}/place"
    assert "They get it before their turn." in words(browser.get(path))
    send(browser, path, {})
    session.expire_all()
    given = queries.get(session, second.id)
    assert (given.state, given.hold, given.held_until) == (State.CONFIRMED, None, None)
    assert check_counters(session) == []


def test_two_of_the_staff_who_give_the_last_place_give_one(
    app: Flask,
    browser: FlaskClient,
    session: Session,
    at: Callable[[datetime], None],
) -> None:
    """What comes free after the beginning is nobody's until staff give it."""
    event = make_event(session, capacity=1, length=2 * HOUR)
    first, *two = (make_registration(session, event) for _ in range(3))
    at(NOON + 10 * DAY + HOUR)
    with writing(session):
        service.cancel(session, first.id, now=NOON + 10 * DAY + HOUR)
    browsers = browser, staff_browser(app, session)
    paths = [f"/staff/registrations/{each.id}/place" for each in two]
    pages = [b.get(path).text for b, path in zip(browsers, paths, strict=True)]
    answers = [
        b.post(path, data=fields_of(page))
        for b, path, page in zip(browsers, paths, pages, strict=True)
    ]
    assert [said(b, a) for b, a in zip(browsers, answers, strict=True)] == [
        ["The place is given. A mail tells them."],
        ["Nothing was changed: all places are taken by now."],
    ]
    states = [state for _name, state in rows(session)]
    assert states == [State.CANCELLED, State.CONFIRMED, State.WAITING]
    assert "The one place is taken" in words(browser.get(paths[1]))
    send(browser, paths[1], {})
    assert [state for _name, state in rows(session)][1:] == [State.CONFIRMED] * 2
    assert check_counters(session) == []


def test_a_place_beyond_those_of_a_price_is_called_so(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session, capacity=9, offers=[OfferDraft(quota=1)])
    _first, second = (make_registration(session, event) for _ in range(2))
    path = f"/staff/registrations/{second.id}/place"
    page = words(browser.get(path))
    assert "All places at their price are taken: this is one more than there are." in (
        page
    )
    send(browser, path, {})
    assert [state for _name, state in rows(session)] == [State.CONFIRMED] * 2


@pytest.mark.parametrize("what", ["cancel", "place"])
def test_what_stands_otherwise_by_now_is_left_and_said(
    browser: FlaskClient, session: Session, event: Event, what: str
) -> None:
    mine = make_registration(session, event)
    with writing(session):
        service.cancel(session, mine.id, now=NOON)
    answer = browser.get(f"/staff/registrations/{mine.id}/{what}")
    assert said(browser, answer) == [
        "Nothing was changed: it stands otherwise by now. See the list."
    ]


def test_nothing_is_taken_back_of_an_event_that_is_over(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    mine = make_registration(session, event)
    session.execute(update(Event).values(over_at=NOON))
    session.commit()
    answer = browser.get(f"/staff/registrations/{mine.id}/cancel")
    assert said(browser, answer) == [
        "Nothing was changed: the event is over or was cancelled."
    ]
    listed = browser.get(f"/staff/events/{event.id}/registrations")
    assert f"/staff/registrations/{mine.id}/cancel" not in listed.text
