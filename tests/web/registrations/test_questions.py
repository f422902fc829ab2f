"""Questions of an event, asked in the forms by which people register."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Audience, OfferDraft, QuestionKind
from csd_events.registrations import service
from csd_events.registrations.forms import new_ticket
from csd_events.registrations.models import Answer, Registration
from tests.asking import (
    ALL_ANSWERS,
    ONE_OF_EACH,
    answered,
    ask,
    filled,
    make_asking,
    names,
)
from tests.desk import blamed, fields_of, send, staff_browser
from tests.factories import NOON, make_account, make_event, make_registration, writing
from tests.statements import counted
from tests.visitors import TYPED, errors_on, heading, hidden_on, send_form, words

pytestmark = pytest.mark.usefixtures("now")

REQUIRED = tuple(replace(each, required=True) for each in ONE_OF_EACH)


def number_registered(session: Session) -> int:
    session.rollback()
    return session.scalars(select(func.count(Registration.id))).one()


def test_a_guest_answers_one_of_each_kind_on_the_one_page(
    client: FlaskClient, session: Session
) -> None:
    event = make_asking(session)
    answer = send_form(client, "talk", **filled(event))
    page = client.get(answer.location)
    assert (heading(page), answered(session)) == ("You are registered", ALL_ANSWERS)


def test_questions_without_an_answer_leave_nothing(
    client: FlaskClient, session: Session
) -> None:
    make_asking(session)
    send_form(client, "talk")
    assert (number_registered(session), answered(session)) == (1, {})


def test_what_has_to_be_answered_is_asked_for_beside_its_field_in_its_words(
    client: FlaskClient, session: Session
) -> None:
    event = make_asking(session, *REQUIRED)
    page = send_form(client, "talk")
    named = names(event)
    said = {
        named["Your service"]: "Enter an answer: Your service",
        named["Your hopes"]: "Enter an answer: Your hopes",
        named["How far?"]: "Choose an answer: How far?",
        named["Which days?"]: "Choose one answer or more: Which days?",
        named["A member?"]: "Choose yes or no: A member?",
        named["How many calls?"]: "Enter a number: How many calls?",
        named["List my name"]: (
            "Tick the box if you agree, or you cannot take part: List my name"
        ),
    }
    assert (page.status_code, blamed(page)) == (422, said)
    assert errors_on(page) == said
    assert number_registered(session) == 0


def test_the_summary_of_errors_follows_the_order_of_the_page(
    client: FlaskClient, session: Session
) -> None:
    friends = OfferDraft(audience=Audience.INVITED, code="Chiefs-24")
    priced = OfferDraft(price_cents=4900)
    event = make_asking(session, *REQUIRED, offers=[priced, friends])
    others = ("service_area", "state", "code", "needs", "purchase_order", "bill_to")
    wrong = dict.fromkeys(TYPED, "") | dict.fromkeys(others, "x" * 1001)
    page = send_form(client, "talk", **wrong)
    assert list(errors_on(page)) == list(blamed(page))
    assert list(errors_on(page)) == [
        *TYPED,
        *others[:3],
        *names(event).values(),
        *others[3:],
    ]


def test_all_that_was_typed_comes_back_with_an_error(
    client: FlaskClient, session: Session
) -> None:
    event = make_asking(session)
    typed = filled(event, **{"How many calls?": "many"}) | {"needs": "Live captions"}
    page = send_form(client, "talk", **typed)
    number = names(event)["How many calls?"]
    assert blamed(page) == {
        number: "Enter a number, such as 12 or 2.5, and nothing else"
    }
    kept = fields_of(page.text)
    expected = TYPED | typed
    expected[names(event)["Your hopes"]] = "More\nsleep"
    assert {name: kept[name] for name in expected} == expected
    assert page.text.count(" checked") == 5  # Shared, Mon, Wed, no, the consent


def test_a_number_beyond_all_reason_is_refused(
    client: FlaskClient, session: Session
) -> None:
    event = make_asking(session, ask(QuestionKind.NUMBER))
    (name,) = names(event).values()
    page = send_form(client, "talk", **{name: "1,000,000,001"})
    assert blamed(page) == {name: "Enter a number of at most 1,000,000,000"}


def test_a_choice_that_is_not_offered_is_refused(
    client: FlaskClient, session: Session
) -> None:
    event = make_asking(session)
    one, several = names(event)["How far?"], names(event)["Which days?"]
    page = send_form(client, "talk", **{one: "Elsewhere", several: ["Sun"]})  # type: ignore[arg-type]
    assert blamed(page) == {
        one: "Choose one from the list",
        several: "Choose from the list",
    }


def test_a_signed_in_person_answers_on_the_page_of_the_event(
    app: Flask, session: Session
) -> None:
    """Opening the page and pressing the button stay the two clicks."""
    event = make_asking(session, *REQUIRED)
    browser = app.test_client(user=make_account(session))
    page = browser.get("/events/talk")
    typed = fields_of(page.text) | filled(event)
    answer = browser.post("/events/talk/register", data=typed)
    shown = words(browser.get(answer.location))
    assert answered(session) == ALL_ANSWERS
    assert "Which days? Mon; Wed" in shown


def test_what_a_signed_in_person_left_out_is_asked_with_the_rest_kept(
    app: Flask, session: Session
) -> None:
    event = make_asking(session, *REQUIRED)
    browser = app.test_client(user=make_account(session))
    page = browser.get("/events/talk")
    typed = fields_of(page.text) | filled(event, **{"How far?": ""})
    again = browser.post("/events/talk/register", data=typed)
    assert (again.status_code, blamed(again)) == (
        422,
        {names(event)["How far?"]: "Choose an answer: How far?"},
    )
    sent = fields_of(again.text) | filled(event)
    assert browser.post("/events/talk/register", data=sent).status_code == 303


def test_two_clicks_need_no_answer_where_none_is_required(
    app: Flask, session: Session
) -> None:
    make_asking(session)
    browser = app.test_client(user=make_account(session))
    typed = fields_of(browser.get("/events/talk").text)
    assert browser.post("/events/talk/register", data=typed).status_code == 303


def test_a_form_without_a_ticket_of_ours_comes_back_with_its_answers(
    client: FlaskClient, session: Session
) -> None:
    event = make_asking(session, *REQUIRED)
    page = send_form(client, "talk", ticket="forged", **filled(event))
    kept = fields_of(page.text)
    assert kept[names(event)["Your service"]] == "Fire"
    answer = client.post("/events/talk/register", data=kept | filled(event))
    assert (answer.status_code, answered(session)) == (303, ALL_ANSWERS)


def test_a_form_opened_before_there_were_questions_is_still_good(
    client: FlaskClient, session: Session
) -> None:
    """Whoever sent it is asked by mail instead, and loses no place."""
    event = make_event(session, slug="talk")
    ticket = hidden_on(client.get("/events/talk/register"), "ticket")
    _save(session, event, questions=REQUIRED)
    answer = send_form(client, "talk", ticket=ticket)
    assert (answer.status_code, number_registered(session)) == (303, 1)


def test_a_question_switched_off_while_a_form_was_open_is_left_out(
    client: FlaskClient, session: Session
) -> None:
    event = make_asking(session, ask(QuestionKind.SHORT))
    (name,) = names(event).values()
    ticket = hidden_on(client.get("/events/talk/register"), "ticket")
    kept = [replace(each, active=False) for each in events.as_saved(event).questions]
    _save(session, event, questions=kept)
    answer = send_form(client, "talk", ticket=ticket, **{name: "Fire"})
    assert (answer.status_code, answered(session)) == (303, {})


def test_questions_of_another_event_are_not_answered(
    client: FlaskClient, session: Session
) -> None:
    make_asking(session, ask(QuestionKind.SHORT))
    other = make_asking(session, ask(QuestionKind.SHORT), slug="other")
    (name,) = names(other).values()
    send_form(client, "talk", **{name: "Fire"})
    assert (number_registered(session), answered(session)) == (1, {})


def test_a_stranger_changes_no_answer_of_an_address_that_is_known(
    client: FlaskClient, session: Session
) -> None:
    event = make_asking(session, ask(QuestionKind.SHORT))
    (name,) = names(event).values()
    send_form(client, "talk", **{name: "Fire"})
    send_form(client, "talk", **{name: "Nothing"}, needs="Nothing")
    assert answered(session) == {"Which?": "Fire"}


def test_staff_answer_what_they_know_and_need_not_answer(
    app: Flask, session: Session
) -> None:
    event = make_asking(session, *REQUIRED)
    browser = staff_browser(app, session)
    path = f"/staff/events/{event.id}/registrations/new"
    known = {names(event)["Your service"]: "Fire"}
    answer = send(browser, path, TYPED | known)
    assert (answer.status_code, answered(session)) == (303, {"Your service": "Fire"})


def test_a_refused_form_shows_the_answers_in_words(
    client: FlaskClient, session: Session
) -> None:
    event = make_asking(session)
    ticket = hidden_on(client.get("/events/talk/register"), "ticket")
    with writing(session):
        service.cancel_event(session, event.id, note="", now=NOON)
    page = send_form(client, "talk", ticket=ticket, **filled(event))
    assert page.status_code == 409
    assert "Which days? Mon, Wed" in words(page)


def _asked(app: Flask, client: FlaskClient, typed: dict[str, Any]) -> tuple[int, int]:
    with counted(app) as form:
        page = client.get("/events/talk/register")
    with counted(app) as sent:
        answer = send_form(client, "talk", ticket=hidden_on(page, "ticket"), **typed)
    assert answer.status_code == 303
    return len(form), len(sent)


def test_questions_cost_one_statement_more_for_the_form_and_one_for_all_answers(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    """And those who answer look once under the lock at what is asked."""
    warm = make_event(session, slug="warm")
    make_registration(session, warm)
    client.get("/events/warm/register")
    plain = make_event(session, slug="talk")
    without = _asked(app, client, {})
    session.rollback()
    _save(session, plain, questions=ONE_OF_EACH)
    event = events.get(session, plain.id)
    first = _asked(app, client, filled(event) | {"email": "first@example.org"})
    later = _asked(app, client, filled(event) | {"email": "later@example.org"})
    form, sent = without
    assert (first, later) == ((form + 1, sent + 4), (form + 1, sent + 3))
    assert max(first[1], later[1]) <= 20
    session.rollback()
    assert session.scalars(select(func.count()).select_from(Answer)).one() == 14


def test_a_ticket_of_an_event_without_questions_says_nothing_of_them(
    app: Flask,
) -> None:
    with app.app_context():
        plain, asks = (
            len(new_ticket("talk", 1, asks=each, now=NOON)) for each in (False, True)
        )
    assert plain < asks


def _save(session: Session, event: Event, **given: Any) -> None:
    with writing(session):
        found = events.get(session, event.id)
        draft = replace(events.as_saved(found), **given)
        service.save_event(session, event.id, draft, version=found.version, now=NOON)
