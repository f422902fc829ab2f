"""Who comes to what somebody presents, in numbers, and what is asked: no names."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.attendance.models import Visit
from csd_events.events.models import EventQuestion
from csd_events.events.rules import IN_WORDS
from csd_events.organizations import queries as organizations
from csd_events.organizations.models import Organization
from csd_events.registrations.models import Answer, Registration
from csd_events.registrations.rules import State

#: Of fewer than so many it could be told who they are.
FEWEST = 5
#: Answers to one question; nobody reads more on one page.
MOST_ANSWERS = 200
_IN = (State.CONFIRMED, State.HELD, State.WAITING)


@dataclass(frozen=True, slots=True)
class Coming:
    """Who has a place at an event, as far as a number gives nobody away.

    Attributes:
        joined: How many of them joined, once it began.
        states: How many by state, of those that at least a few come from.
        sizes: The same by the size of their community.
    """

    joined: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)


def list_coming(
    session: Session, event_ids: Collection[int], *, today: date
) -> Mapping[int, Coming]:
    """Count who comes to each of some events, in two statements.

    Args:
        today: On which they must belong to an organization for it to count.
    """
    joined = dict(
        session.execute(
            select(Registration.event_id, func.count(Visit.registration_id.distinct()))
            .join(Registration, Registration.id == Visit.registration_id)
            .where(Registration.event_id.in_(event_ids))
            .group_by(Registration.event_id)
        ).all()
    )
    home = organizations.homes(today).subquery()
    columns: list[Any] = [
        Registration.event_id,
        Registration.us_state,
        Organization.population_class,
    ]
    counted = (
        select(*columns, func.count())
        .join_from(
            Registration,
            home,
            home.c.person_id == Registration.person_id,
            isouter=True,
        )
        .outerjoin(Organization, Organization.id == home.c.organization_id)
        .where(
            Registration.event_id.in_(event_ids), Registration.state == State.CONFIRMED
        )
        .group_by(*columns)
    )
    states: dict[int, Counter[str]] = defaultdict(Counter)
    sizes: dict[int, Counter[str]] = defaultdict(Counter)
    rows: Any = session.execute(counted)
    for event_id, state, size, number in rows:
        if state is not None:
            states[event_id][state] += number
        if size is not None:
            sizes[event_id][size] += number
    return {
        event_id: Coming(
            joined.get(event_id, 0), _enough(states[event_id]), _enough(sizes[event_id])
        )
        for event_id in event_ids
    }


def list_asked(
    session: Session, event_ids: Collection[int]
) -> Mapping[int, Sequence[tuple[str, list[str]]]]:
    """List what was answered to the questions that who presents may read.

    Each question of an event, in order, with the answers of who comes or waits. They
    stand in the order of their words, which says nothing of whose they are.
    """
    rows = session.execute(
        select(EventQuestion.event_id, EventQuestion.label, Answer.value)
        .join(Answer, Answer.question_id == EventQuestion.id)
        .join(Registration, Registration.id == Answer.registration_id)
        .where(
            EventQuestion.event_id.in_(event_ids),
            EventQuestion.for_presenters,
            EventQuestion.kind.in_(IN_WORDS),
            Registration.state.in_(_IN),
            ~Registration.is_pending,
        )
        .order_by(EventQuestion.position, EventQuestion.id)
    )
    found: dict[int, dict[str, list[str]]] = defaultdict(dict)
    for event_id, label, value in rows:
        found[event_id].setdefault(label, []).append(str(value))
    return {
        event_id: [
            (label, sorted(answers, key=str.casefold)[:MOST_ANSWERS])
            for label, answers in questions.items()
        ]
        for event_id, questions in found.items()
    }


def _enough(counts: Counter[str]) -> dict[str, int]:
    return {key: n for key, n in counts.most_common() if n >= FEWEST}
