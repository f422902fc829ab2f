"""What a form says beside who comes: answers, and what somebody needs."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events.models import EventQuestion
from csd_events.events.queries import Ledger
from csd_events.events.rules import Answer as Value
from csd_events.registrations import rules
from csd_events.registrations.models import AccessibilityNeed, Answer
from csd_events.registrations.rules import Refusal, Said, State
from csd_events.registrations.service.locking import lock
from csd_events.registrations.service.needing import forget_needs, write_needs

QUESTIONS = cast("Table", EventQuestion.__table__)
ANSWERS = cast("Table", Answer.__table__)
NEEDS = cast("Table", AccessibilityNeed.__table__)
_ASKED = select(QUESTIONS.c.id, QUESTIONS.c.answered).where(
    QUESTIONS.c.event_id == bindparam("event_id"), QUESTIONS.c.active
)


def keep_said(
    session: Session,
    event: Ledger,
    registration_id: int,
    said: Said,
    *,
    revived: bool,
    now: datetime,
) -> None:
    """Keep what the form of a registration said; its event is locked.

    Args:
        revived: Whether it had been cancelled: what was said then has no use.
    """
    if revived:
        forget_said(session, registration_id)
    if event.has_questions and said.answers:
        asked = dict(session.execute(_ASKED, {"event_id": event.id}).all())
        _write_answers(session, registration_id, said.answers, asked)
    write_needs(session, registration_id, said.needs, now=now)


def answer(
    session: Session,
    registration_id: int,
    said: Said,
    *,
    link_version: int,
    now: datetime,
) -> None:
    """Let somebody answer, and say what they need, instead of what they said before.

    Args:
        link_version: Of the link by which they do.

    Raises:
        NotFoundError: No such registration, or its link has ended.
        RefusedError: The event has begun or is called off, or they gave it up.
    """
    event, registration = lock(session, registration_id)
    if link_version != registration.link_version:
        raise NotFoundError(str(registration_id))
    may = rules.may_answer(event.starts_at, event.over_at, event.cancelled_at, now)
    if registration.state is State.CANCELLED or not may:
        raise RefusedError(Refusal.CLOSED)
    asked = dict(session.execute(_ASKED, {"event_id": event.id}).all())
    now_asked = Answer.question_id.in_(asked)
    own = Answer.registration_id == registration_id
    session.execute(delete(Answer).where(own, now_asked))
    _write_answers(session, registration_id, said.answers, asked)
    forget_needs(session, registration_id)
    write_needs(session, registration_id, said.needs, now=now)


def hand_said(session: Session, *, from_id: int, to_id: int) -> None:
    """Let a registration say what another one said; that one says nothing then."""
    for kept in (ANSWERS, NEEDS):
        session.execute(delete(kept).where(kept.c.registration_id == to_id))
        session.execute(
            update(kept)
            .where(kept.c.registration_id == from_id)
            .values(registration_id=to_id)
        )


def forget_said(session: Session, *registration_ids: int) -> None:
    """Forget what registrations said: others have them, or they begin anew."""
    if not registration_ids:
        return
    for kept in (ANSWERS, NEEDS):
        theirs = kept.c.registration_id.in_(registration_ids)
        session.execute(delete(kept).where(theirs))


def _write_answers(
    session: Session,
    registration_id: int,
    answers: Mapping[int, Value],
    asked: Mapping[int, bool],
) -> None:
    """Write what was answered to questions of this event, and to no others.

    Args:
        asked: Whether each question that the event asks was answered before: the
            first answer is noted on it.
    """
    given = {each: answers[each] for each in asked if each in answers}
    if given:
        rows = [
            {"registration_id": registration_id, "question_id": each, "value": value}
            for each, value in given.items()
        ]
        session.execute(insert(ANSWERS), rows)
    first = [each for each in given if not asked[each]]
    if first:
        which = QUESTIONS.c.id.in_(first)
        session.execute(update(QUESTIONS).where(which).values(answered=True))
