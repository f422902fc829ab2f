"""Events that ask questions, and what people answer."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events.models import Event, EventQuestion
from csd_events.events.rules import Answer as Value
from csd_events.events.rules import QuestionDraft, QuestionKind
from csd_events.registrations.models import Answer, Registration
from tests.factories import make_event

ONE_OF_EACH = (
    QuestionDraft(kind=QuestionKind.SHORT, label="Your service"),
    QuestionDraft(kind=QuestionKind.LONG, label="Your hopes"),
    QuestionDraft(
        kind=QuestionKind.ONE, label="How far?", choices=("An idea", "Shared", "Left")
    ),
    QuestionDraft(
        kind=QuestionKind.SEVERAL, label="Which days?", choices=("Mon", "Tue", "Wed")
    ),
    QuestionDraft(kind=QuestionKind.YES_NO, label="A member?"),
    QuestionDraft(kind=QuestionKind.NUMBER, label="How many calls?"),
    QuestionDraft(kind=QuestionKind.CONSENT, label="List my name"),
)


def ask(kind: QuestionKind, label: str = "Which?", **given: Any) -> QuestionDraft:
    return QuestionDraft(kind=kind, label=label, **given)


def make_asking(session: Session, *questions: QuestionDraft, **given: Any) -> Event:
    """An event called "talk" that asks something: one of each kind unless told."""
    asks = questions or ONE_OF_EACH
    event = make_event(session, **{"slug": "talk", "questions": asks} | given)
    session.expunge(event)  # so that it still knows its questions after a commit
    return event


def names(event: Event) -> dict[str, str]:
    """Return the names of the fields of an event's questions, by their words."""
    return {each.label: f"question-{each.id}" for each in event.questions}


def filled(event: Event, **more: object) -> dict[str, Any]:
    """Return what is typed to answer one of each kind."""
    typed: dict[str, Any] = {
        "Your service": "Fire",
        "Your hopes": "More\r\nsleep",
        "How far?": "Shared",
        "Which days?": ["Mon", "Wed"],
        "A member?": "no",
        "How many calls?": "1,200.5",
        "List my name": "y",
    }
    return {name: (typed | more)[label] for label, name in names(event).items()}


def answered(session: Session, registration_id: int | None = None) -> dict[str, object]:
    """Return what was answered, by the words of the question."""
    session.rollback()
    query = (
        select(EventQuestion.label, Answer.value)
        .join(EventQuestion, EventQuestion.id == Answer.question_id)
        .join(Registration, Registration.id == Answer.registration_id)
        .order_by(EventQuestion.position)
    )
    if registration_id is not None:
        query = query.where(Registration.id == registration_id)
    found: dict[str, object] = dict(session.execute(query).all())
    return found


ALL_ANSWERS: dict[str, Value] = {
    "Your service": "Fire",
    "Your hopes": "More\nsleep",
    "How far?": "Shared",
    "Which days?": ["Mon", "Wed"],
    "A member?": False,
    "How many calls?": 1200.5,
    "List my name": True,
}
