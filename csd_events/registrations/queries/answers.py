"""What registrations answered to the questions of their event."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from csd_events.core.db import among
from csd_events.events.models import EventQuestion
from csd_events.events.rules import Answer as Value
from csd_events.registrations.models import Answer, Registration


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and what somebody answered."""

    question_id: int
    question: str
    value: Value


def list_answers(
    session: Session, registration_ids: Collection[int]
) -> Mapping[int, Sequence[Answered]]:
    """List what each of some registrations answered, in the order asked.

    Also to questions that are asked no more.
    """
    rows = session.execute(
        select(
            Answer.registration_id, EventQuestion.id, EventQuestion.label, Answer.value
        )
        .join(EventQuestion, EventQuestion.id == Answer.question_id)
        .where(among(session, Answer.registration_id, registration_ids))
        .order_by(EventQuestion.position, EventQuestion.id)
    )
    found: dict[int, list[Answered]] = defaultdict(list)
    for registration_id, *answered in rows:
        found[registration_id].append(Answered(*answered))
    return found


def lacks_answers(session: Session, registration: Registration) -> bool:
    """Tell whether something that has to be answered was not."""
    answered = exists().where(
        Answer.registration_id == registration.id,
        Answer.question_id == EventQuestion.id,
    )
    lacking = select(EventQuestion.id).where(
        EventQuestion.event_id == registration.event_id,
        EventQuestion.active,
        EventQuestion.required,
        ~answered,
    )
    return session.scalar(lacking.limit(1)) is not None
