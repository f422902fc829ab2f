"""Everybody of an event for a file, in pieces, so that memory stays small."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.db import among
from csd_events.events.rules import Answer as Value
from csd_events.registrations.models import Registration
from csd_events.registrations.queries.answers import Answered, list_answers
from csd_events.registrations.queries.filtering import ListFilters, select_ids
from csd_events.registrations.rules import State

AT_ONCE = 2_000


class ExportLine(NamedTuple):
    """One registration as it leaves in a file, with its answers by question.

    Its fields stand in the order in which they are asked for. A tuple is made sooner
    than a dataclass, and a file has a hundred thousand.
    """

    id: int
    reference: str
    full_name: str
    organization: str
    us_state: str | None
    email: str
    state: State
    service_area: str | None
    price_cents: int
    currency: str
    registered_at: datetime
    offer_id: int | None
    via: str | None
    answers: Mapping[int, Value]


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody who has a place, as the door knows them."""

    full_name: str
    organization: str
    reference: str


def list_expected(session: Session, event_id: int) -> list[Expected]:
    """List everybody who has a place, by name."""
    columns = (
        Registration.full_name,
        Registration.organization,
        Registration.reference,
    )
    placed = select(*columns).where(
        Registration.event_id == event_id, Registration.state == State.CONFIRMED
    )
    ordered = placed.order_by(Registration.name_key, Registration.id)
    return [Expected(*row) for row in session.execute(ordered)]


def pieces_of_event(
    session: Session, event_id: int, filters: ListFilters, *, with_answers: bool
) -> Iterator[list[ExportLine]]:
    """Yield the registrations of an event in the order made, cancelled ones too.

    Who fits is read first, as numbers alone, and then one piece after the other.

    Args:
        session: Nothing is held in it while the reader takes their time.
        event_id: Of the event.
        filters: Whom to yield; how they would be sorted has no meaning here.
        with_answers: Whether answers are wanted.
    """
    query = select(
        Registration.id,
        Registration.reference,
        Registration.full_name,
        Registration.organization,
        Registration.us_state,
        Person.email,
        Registration.state,
        Registration.service_area,
        Registration.price_cents,
        Registration.currency,
        Registration.registered_at,
        Registration.offer_id,
        Registration.via,
    ).join(Person, Person.id == Registration.person_id)
    everybody = sorted(session.scalars(select_ids(event_id, filters)))
    for start in range(0, len(everybody), AT_ONCE):
        ids = everybody[start : start + AT_ONCE]
        some = query.where(among(session, Registration.id, ids))
        rows: Any = session.execute(some.order_by(Registration.id)).all()
        said = list_answers(session, ids) if with_answers else {}
        session.rollback()
        yield [ExportLine._make([*row, _answers(said.get(row.id, ()))]) for row in rows]


def _answers(said: Iterable[Answered]) -> dict[int, Value]:
    return {each.question_id: each.value for each in said}
