"""Answers after registering: on one's own page, in mails, in staff's list and file."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.core.tokens import Purpose
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import QuestionKind
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Said
from tests.asking import ALL_ANSWERS, answered, ask, filled, make_asking, names
from tests.desk import blamed, fields_of, staff_browser
from tests.factories import DAY, NOON, make_event, make_registration, writing
from tests.letters import deliver, links_in, side
from tests.statements import counted
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
HOW_FAR = ask(QuestionKind.ONE, "How far?", choices=("An idea", "Shared"))


def page_of(app: Flask, made: Registration, *, version: int | None = None) -> str:
    token = app.extensions["csd_links"].token(
        Purpose.REGISTRATION, made.id, version or made.link_version
    )
    return f"/registrations/{token}"


def save(session: Session, event: Event, **given: Any) -> None:
    with writing(session):
        found = events.get(session, event.id)
        draft = replace(events.as_saved(found), **given)
        service.save_event(session, event.id, draft, version=found.version, now=NOON)


def send_answers(client: FlaskClient, own: str, typed: dict[str, Any]) -> TestResponse:
    page = client.get(f"{own}/answers")
    return client.post(f"{own}/answers", data=fields_of(page.text) | typed)


def test_who_was_registered_by_somebody_else_answers_on_their_own_page(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_asking(session)
    own = page_of(app, make_registration(session, event))
    assert "Answer what we ask, and say what you need" in words(client.get(own))
    answer = send_answers(client, own, filled(event) | {"needs": "Captions"})
    shown = words(client.get(answer.location))
    assert (answer.status_code, answered(session)) == (303, ALL_ANSWERS)
    assert "How many calls? 1200.5 List my name Yes" in shown
    assert "Captions" not in shown


def test_answers_and_needs_can_be_changed_and_taken_back(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_asking(session)
    own = page_of(app, make_registration(session, event))
    send_answers(client, own, filled(event) | {"needs": "Captions"})
    held = fields_of(client.get(f"{own}/answers").text)
    named = names(event)
    assert (held["needs"], held[named["A member?"]]) == ("Captions", "no")
    empty: dict[str, Any] = dict.fromkeys(named.values(), "") | {"needs": ""}
    empty |= {named["Which days?"]: [], named["List my name"]: []}
    empty |= {named["Your service"]: "Police"}
    assert send_answers(client, own, empty).status_code == 303
    again = fields_of(client.get(f"{own}/answers").text)
    assert (answered(session), again["needs"]) == ({"Your service": "Police"}, "")


def test_what_has_to_be_answered_is_asked_for_with_all_that_was_typed(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    consent = ask(QuestionKind.CONSENT, "List my name", required=True)
    event = make_asking(session, consent, ask(QuestionKind.LONG, "Your hopes"))
    own = page_of(app, make_registration(session, event))
    typed = {names(event)["Your hopes"]: "More sleep", "needs": "Captions"}
    page = send_answers(client, own, typed)
    box = names(event)["List my name"]
    said = "Tick the box if you agree, or you cannot take part: List my name"
    assert (page.status_code, blamed(page)) == (422, {box: said})
    assert {name: fields_of(page.text)[name] for name in typed} == typed
    assert answered(session) == {}


def test_a_choice_that_was_answered_stays_though_it_is_offered_no_more(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_asking(session, HOW_FAR)
    (question,) = event.questions
    made = make_registration(session, event, said=Said({question.id: "An idea"}))
    (kept,) = events.as_saved(event).questions
    save(session, event, questions=[replace(kept, choices=("Shared", "Left"))])
    own = page_of(app, made)
    assert "How far? An idea" in words(client.get(own))
    assert send_answers(client, own, {"needs": "x"}).status_code == 303
    assert answered(session) == {"How far?": "An idea"}


def test_a_question_asked_no_more_keeps_its_answers(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_asking(session, HOW_FAR)
    (question,) = event.questions
    made = make_registration(session, event, said=Said({question.id: "An idea"}))
    (kept,) = events.as_saved(event).questions
    save(session, event, questions=[replace(kept, active=False)])
    own = page_of(app, made)
    assert "question-" not in client.get(f"{own}/answers").text
    send_answers(client, own, {})
    assert answered(session) == {"How far?": "An idea"}


def test_answers_change_until_the_event_starts(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    event = make_asking(session, HOW_FAR)
    own = page_of(app, make_registration(session, event))
    typed = {names(event)["How far?"]: "Shared"}
    at(NOON + 10 * DAY)
    page = client.get(f"{own}/answers")
    sent = client.post(f"{own}/answers", data=typed)
    assert ([page.status_code, sent.status_code], answered(session)) == ([303, 303], {})
    words_of_own = words(client.get(own))
    assert "take part" not in words_of_own


def test_nobody_answers_for_a_place_that_was_given_up_or_by_a_link_that_ended(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_asking(session, HOW_FAR)
    made = make_registration(session, event)
    old = page_of(app, made)
    made.link_version += 1
    session.commit()
    assert client.get(f"{old}/answers").status_code == 410
    assert client.get("/registrations/nothing/answers").status_code == 404
    with writing(session):
        service.cancel(session, made.id, now=NOON)
    own = page_of(app, made)
    sent = client.post(f"{own}/answers", data={names(event)["How far?"]: "Shared"})
    assert (sent.status_code, answered(session)) == (303, {})


@pytest.mark.parametrize("part", ["text/plain", "text/html"])
def test_the_confirmation_says_that_answers_are_missing_and_where_to_give_them(
    app: Flask, client: FlaskClient, session: Session, part: str
) -> None:
    event = make_asking(session, replace(HOW_FAR, required=True))
    made = make_registration(session, event)
    (mail,) = deliver(app)
    assert "yours are not answered yet" in side(mail, part)
    own = page_of(app, made)
    (link,) = {each for each in links_in(mail) if each.endswith("/answers")}
    assert link.endswith(f"{own}/answers")
    assert client.get(f"{own}/answers").status_code == 200


def test_the_confirmation_asks_nothing_where_all_is_answered_or_may_be_left_out(
    app: Flask, session: Session
) -> None:
    needed = make_asking(session, replace(HOW_FAR, required=True))
    (question,) = needed.questions
    make_registration(session, needed, said=Said({question.id: "An idea"}))
    make_registration(session, make_asking(session, HOW_FAR, slug="other"))
    make_registration(session, make_event(session))
    mails = deliver(app)
    asked = [each for mail in mails for each in links_in(mail) if "answers" in each]
    assert (len(mails), asked) == (3, [])


def _file(app: Flask, session: Session, event: Event) -> list[list[str]]:
    browser = staff_browser(app, session)
    answer = browser.get(f"/staff/events/{event.id}/registrations.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(answer.text.removeprefix("\ufeff").splitlines()))


def test_the_file_has_a_column_for_each_question_in_order(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_asking(session)
    answers = {each.id: ALL_ANSWERS[each.label] for each in event.questions}
    said = Said({**answers, event.questions[1].id: "More sleep"})
    made = make_registration(session, event, full_name="Ada Sample", said=said)
    make_registration(
        session, event, full_name="Bo Sample", said=Said(needs="Captions")
    )
    headings, ada, bo = _file(app, session, event)
    assert headings[11:] == list(names(event))
    assert (ada[0], ada[1]) == (made.reference, "Ada Sample")
    assert ada[11:] == [
        "Fire",
        "More sleep",
        "Shared",
        "Mon; Wed",
        "No",
        "1200.5",
        "Yes",
    ]
    assert bo[1:2] + bo[11:] == ["Bo Sample", *[""] * 7]


def test_no_cell_of_the_file_is_a_formula(app: Flask, session: Session) -> None:
    event = make_asking(session, ask(QuestionKind.SHORT, "=1+1"))
    (question,) = event.questions
    make_registration(
        session, event, full_name="@Ada", said=Said({question.id: "=cmd|' /C calc'!A0"})
    )
    headings, row = _file(app, session, event)
    assert [headings[-1], row[1], row[-1]] == ["'=1+1", "'@Ada", "'=cmd|' /C calc'!A0"]


def test_the_file_is_read_in_pieces_and_repeats_nobody(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csd_events.registrations.queries.exporting.AT_ONCE", 2)
    event = make_asking(session, HOW_FAR)
    (question,) = event.questions
    said = Said({question.id: "Shared"})
    for number in range(5):
        make_registration(session, event, full_name=f"Guest {number}", said=said)
    _headings, *rows = _file(app, session, event)
    assert [(row[1], row[-1]) for row in rows] == [
        (f"Guest {number}", "Shared") for number in range(5)
    ]


def test_staff_read_answers_in_the_list_and_narrow_it_by_one(
    app: Flask, session: Session
) -> None:
    event = make_asking(session, HOW_FAR, ask(QuestionKind.YES_NO, "A member?"))
    far, member = (each.id for each in event.questions)
    make_registration(
        session, event, full_name="Ada", said=Said({far: "An idea", member: True})
    )
    make_registration(
        session, event, full_name="Bo", said=Said({far: "Shared", member: False})
    )
    make_registration(session, event, full_name="Cy")
    browser = staff_browser(app, session)
    path = f"/staff/events/{event.id}/registrations"

    def shown(query: str) -> list[bool]:
        text = words(browser.get(f"{path}?{query}"))
        return [f"{name} guest" in text for name in ("Ada", "Bo", "Cy")]

    everybody = words(browser.get(path))
    assert "A member? Everyone Yes No" in everybody
    assert "2 answers How far? An idea A member? Yes" in everybody
    assert shown(f"question={far}&answer=An+idea") == [True, False, False]
    assert shown(f"question={far}&answer=Shared") == [False, True, False]
    assert shown(f"question={member}&answer=yes") == [True, False, False]
    assert shown(f"question={member}&answer=no&state=confirmed") == [False, True, False]
    assert shown(f"question={far}&answer=Nowhere") == [True, True, True]
    assert shown("question=x&answer=Shared") == [True, True, True]
    narrowed = words(browser.get(f"{path}?question={far}&answer=Shared"))
    assert "1 registration" in narrowed


def test_the_list_asks_as_often_for_two_people_as_for_many(
    app: Flask, session: Session
) -> None:
    event = make_asking(session, HOW_FAR)
    (question,) = event.questions
    said = Said({question.id: "Shared"})
    browser = staff_browser(app, session)
    path = f"/staff/events/{event.id}/registrations"
    for _ in range(2):
        make_registration(session, event, said=said)
    browser.get(path)
    with counted(app) as few:
        browser.get(path)
    for _ in range(20):
        make_registration(session, event, said=said)
    with counted(app) as many:
        browser.get(path)
    assert len(few) == len(many)
