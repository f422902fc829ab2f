"""What became of an event, in numbers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.orm import Session

from csd_events.core.db import engine_name
from csd_events.organizations import queries as organizations
from csd_events.organizations.models import Organization
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

#: The clocks of every zone are whole quarters of an hour apart.
QUARTER = 15 * 60
#: Who has a place, has one held, or waits for one.
_STANDING = (State.CONFIRMED, State.HELD, State.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """Those who have a place, by what is known of them; None: nothing is known."""

    offers: Mapping[int | None, int]
    states: Mapping[str | None, int]
    sizes: Mapping[str | None, int]
    kinds: Mapping[str | None, int]
    #: Whether somebody else registered them, and by which address they came.
    ways: Mapping[tuple[bool, str | None] | None, int]


def count_quarters(session: Session, event_id: int) -> Mapping[int, int]:
    """Count who stands registered, held or waiting, by when they registered.

    Returns:
        Numbers by quarters of an hour since 1970 in UTC, the earliest first.
    """
    quarter = _quarter_of(session)
    counted = (
        select(quarter, func.count())
        .where(
            Registration.event_id == event_id,
            Registration.state.in_(_STANDING),
            ~Registration.is_pending,
        )
        .group_by(quarter)
        .order_by(quarter)
    )
    return dict(session.execute(counted).all())


def break_down(session: Session, event_id: int, *, today: date) -> Breakdown:
    """Count who has a place, by offer, place, government and way, in one statement.

    Args:
        today: On which they must belong to an organization for it to count.
    """
    home = organizations.homes(today).subquery()
    is_of_a_group = Registration.group_id.is_not(None)
    columns: list[Any] = [
        Registration.offer_id,
        Registration.us_state,
        Organization.population_class,
        Organization.kind,
        is_of_a_group.label("is_of_a_group"),
        Registration.via,
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
        .where(Registration.event_id == event_id, Registration.state == State.CONFIRMED)
        .group_by(*columns)
    )
    sums: tuple[Counter[Any], ...] = tuple(Counter() for _ in range(5))
    rows: Any = session.execute(counted)
    for offer, state, size, kind, grouped, via, number in rows:
        keys = (offer, state, size, kind, (bool(grouped), via))
        for counter, key in zip(sums, keys, strict=True):
            counter[key] += number
    offers, states, sizes, kinds, ways = sums
    return Breakdown(offers=offers, states=states, sizes=sizes, kinds=kinds, ways=ways)


def count_mails(session: Session, event_id: int) -> Mapping[tuple[str, MailState], int]:
    """Count the mails of an event by kind and by what became of them."""
    columns = (OutboxMessage.kind, OutboxMessage.state)
    counted = select(*columns, func.count()).group_by(*columns)
    rows = session.execute(counted.where(OutboxMessage.event_id == event_id))
    return {(kind, state): number for kind, state, number in rows}


def _quarter_of(session: Session) -> ColumnElement[int]:
    if engine_name(session) == "postgresql":
        seconds: Any = func.floor(func.extract("epoch", Registration.registered_at))
    else:
        seconds = func.strftime("%s", Registration.registered_at)
    return cast(cast(seconds, Integer) / QUARTER, Integer)
