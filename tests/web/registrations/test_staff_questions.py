"""Questions as staff write them, on the form of an event."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.events import queries as events
from csd_events.events.models import Event, EventQuestion
from csd_events.events.rules import QuestionKind
from csd_events.registrations.rules import Said
from tests.asking import answered, ask, make_asking
from tests.desk import blamed, fields_of, said, send, staff_browser, summary_of
from tests.factories import make_event, make_registration
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")

FIRST, SECOND = "questions-0-", "questions-1-"
HOW_FAR = ask(QuestionKind.ONE, "How far?", choices=("An idea", "Shared"))


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def edit(event: Event) -> str:
    return f"/staff/events/{event.id}/edit"


def rows(session: Session, event_id: int) -> list[tuple[Any, ...]]:
    session.rollback()
    found = events.get(session, event_id).questions
    return [
        (each.label, each.kind.value, list(each.choices), each.required, each.active)
        for each in found
    ]


def trail(session: Session) -> dict[str, Any]:
    """Return what the last save changed."""
    session.rollback()
    saved = select(AuditEntry.changes).where(AuditEntry.action == "event.saved")
    found: dict[str, Any] = session.scalars(saved).one()
    return found


def answered_once(session: Session, event: Event) -> int:
    (question,) = event.questions
    make_registration(session, event, said=Said({question.id: "An idea"}))
    return question.id


def test_staff_add_questions_in_the_order_they_give(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    page = browser.get(edit(event))
    assert "two that need no answer are about what people bear" in words(page)
    typed = {
        f"{FIRST}label": "How far?",
        f"{FIRST}kind": "one",
        f"{FIRST}choices": "An idea\r\n\r\nShared\r\nShared",
        f"{FIRST}order": "2",
        f"{FIRST}required": "y",
        f"{SECOND}label": "Your service",
        f"{SECOND}kind": "short",
        f"{SECOND}choices": "not for a line of text",
        f"{SECOND}order": "1",
    }
    answer = send(browser, edit(event), typed)
    assert said(browser, answer) == ["Saved."]
    assert rows(session, event.id) == [
        ("Your service", "short", [], False, True),
        ("How far?", "one", ["An idea", "Shared"], True, True),
    ]
    (before, after) = trail(session)["questions"]
    assert (before, [each["label"] for each in after]) == (
        [],
        ["Your service", "How far?"],
    )
    assert "How far?" in words(browser.get(f"/staff/events/{event.id}/settings"))


def test_the_form_saved_as_it_stands_changes_nothing(
    browser: FlaskClient, session: Session
) -> None:
    event = make_asking(session, HOW_FAR, ask(QuestionKind.NUMBER, "How many?"))
    before = rows(session, event.id)
    send(browser, edit(event))
    assert rows(session, event.id) == before
    session.rollback()
    done = session.scalars(select(AuditEntry.action)).all()
    assert "event.saved" not in done


def test_another_row_comes_back_with_all_that_was_typed(
    browser: FlaskClient, session: Session
) -> None:
    event = make_asking(session, HOW_FAR)
    data = fields_of(browser.get(edit(event)).text)
    page = browser.post(
        edit(event), data=data | {"more": "questions", f"{FIRST}label": "How far now?"}
    )
    kept = fields_of(page.text)
    assert (kept[f"{FIRST}label"], kept[f"{SECOND}label"]) == ("How far now?", "")


def test_a_question_without_its_words_or_its_choices_is_asked_for_beside_it(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    typed = {f"{FIRST}help": "Why we ask", f"{SECOND}label": "Which?"}
    page = send(browser, edit(event), typed)
    assert (page.status_code, blamed(page)) == (
        422,
        {f"{FIRST}label": "Enter the question"},
    )
    typed = {
        f"{FIRST}label": "One?",
        f"{SECOND}label": "Which?",
        f"{SECOND}kind": "several",
        f"{SECOND}choices": "only one",
    }
    page = send(browser, edit(event), typed)
    message = "Enter two choices or more, each on a line of its own"
    assert blamed(page) == {f"{SECOND}choices": message}
    assert summary_of(page) == [f"Question 2: {message}"]
    assert fields_of(page.text)[f"{SECOND}choices"] == "only one"
    assert rows(session, event.id) == []


def test_a_question_nobody_answered_can_be_taken_out_or_become_another_kind(
    browser: FlaskClient, session: Session
) -> None:
    event = make_asking(session, HOW_FAR, ask(QuestionKind.SHORT, "Your service"))
    send(browser, edit(event), {f"{FIRST}left_out": "y", f"{SECOND}kind": "long"})
    assert rows(session, event.id) == [("Your service", "long", [], False, True)]
    send(browser, edit(event), {f"{FIRST}left_out": "y"})
    session.rollback()
    found = events.get(session, event.id)
    assert (found.questions, found.has_questions) == ([], False)


def test_a_question_with_answers_is_not_offered_to_be_taken_out(
    browser: FlaskClient, session: Session
) -> None:
    event = make_asking(session, HOW_FAR, ask(QuestionKind.SHORT, "Your service"))
    far, _service = event.questions
    make_registration(session, event, said=Said({far.id: "An idea"}))
    page = browser.get(edit(event))
    assert f'name="{FIRST}left_out"' not in page.text
    assert f'name="{SECOND}left_out"' in page.text
    why = "People have answered it, so it cannot be taken out."
    assert words(page).count(why) == 1


def test_a_question_with_answers_is_reworded_and_switched_off_and_not_taken_out(
    browser: FlaskClient, session: Session
) -> None:
    event = make_asking(session, HOW_FAR)
    question_id = answered_once(session, event)
    page = send(browser, edit(event), {f"{FIRST}left_out": "y"})
    assert (page.status_code, blamed(page)) == (
        422,
        {
            f"{FIRST}left_out": "People have answered this question. Keep it; to ask "
            "it no more, take the tick out of “Ask it”"
        },
    )
    page = send(browser, edit(event), {f"{FIRST}kind": "several"})
    assert blamed(page) == {
        f"{FIRST}kind": "People have answered this question as it is. Switch it off "
        "and write another"
    }
    typed = {f"{FIRST}label": "How far by now?", f"{FIRST}active": []}
    assert send(browser, edit(event), typed).status_code == 303
    assert rows(session, event.id) == [
        ("How far by now?", "one", ["An idea", "Shared"], False, False)
    ]
    assert answered(session) == {"How far by now?": "An idea"}
    assert session.scalars(select(EventQuestion.id)).all() == [question_id]


def test_a_form_without_an_answered_question_takes_it_not_out(
    browser: FlaskClient, session: Session
) -> None:
    event = make_asking(session, HOW_FAR)
    answered_once(session, event)
    data = fields_of(browser.get(edit(event)).text)
    data = {name: value for name, value in data.items() if not name.startswith(FIRST)}
    page = browser.post(edit(event), data=data | {"action": "save"})
    assert page.status_code == 422
    assert answered(session) == {"How far?": "An idea"}


def test_the_id_of_a_question_of_another_event_changes_nothing_there(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    other = make_asking(session, HOW_FAR, slug="other")
    (theirs,) = other.questions
    typed = {f"{FIRST}question_id": str(theirs.id), f"{FIRST}label": "Mine now"}
    send(browser, edit(event), typed)
    assert rows(session, other.id) == [
        ("How far?", "one", ["An idea", "Shared"], False, True)
    ]
    assert [row[0] for row in rows(session, event.id)] == ["Mine now"]


def test_what_somebody_else_saved_meanwhile_is_shown_and_not_lost(
    browser: FlaskClient, session: Session
) -> None:
    event = make_asking(session, HOW_FAR)
    data = fields_of(browser.get(edit(event)).text) | {"action": "save"}
    send(browser, edit(event), {f"{FIRST}label": "Theirs"})
    page = browser.post(edit(event), data=data | {f"{FIRST}label": "Mine"})
    assert page.status_code == 409
    assert "Theirs" in words(page)
    assert fields_of(page.text)[f"{FIRST}label"] == "Mine"
    assert [row[0] for row in rows(session, event.id)] == ["Theirs"]


def test_a_move_and_another_kind_of_event_keep_the_questions(
    browser: FlaskClient, session: Session
) -> None:
    event = make_asking(session, HOW_FAR)
    before = rows(session, event.id)
    typed = {"sessions-0-start_time": "9:00 am", "sessions-0-end_time": "10:00 am"}
    moved = send(browser, f"/staff/events/{event.id}/move", typed)
    assert (moved.status_code, rows(session, event.id)) == (303, before)
