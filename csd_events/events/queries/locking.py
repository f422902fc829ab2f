"""Locking an event, before anyone is given a place at it or gives one back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session, selectinload

from csd_events.core.errors import NotFoundError
from csd_events.events.models import Event, EventOffer
from csd_events.events.queries.finding import is_public
from csd_events.events.rules import Audience, Offer, State, offers_in_force


@dataclass(frozen=True, slots=True)
class LockedOffer:
    """An offer as a form meets it: see `EventOffer`."""

    id: int
    audience: Audience
    price_cents: int
    currency: str
    opens_at: datetime | None
    closes_at: datetime | None
    quota: int | None
    code: str | None
    confirmed: int
    held: int

    @property
    def taken(self) -> int:
        return self.confirmed + self.held


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a form is decided on, of an event that stays locked: see `Event`."""

    id: int
    title: str
    state: State
    zone: str
    starts_at: datetime | None
    capacity: int | None
    waiting_limit: int | None
    needs_approval: bool
    conference_id: int | None
    requires_conference: bool
    has_questions: bool
    confirmed: int
    held: int
    waiting: int
    next_position: int
    offers: Sequence[LockedOffer]  # the last, and no column

    @property
    def terms_of_offers(self) -> list[Offer]:
        """The offers as the rules see them, with the windows that apply."""
        return offers_in_force(self.offers, self.starts_at)


EVENTS = cast("Table", Event.__table__)
OFFERS = cast("Table", EventOffer.__table__)
# Columns, not objects, and made once: every form sent asks this.
_LEDGER = (
    select(*(EVENTS.c[field.name] for field in fields(Ledger)[:-1]))
    .where(EVENTS.c.slug == bindparam("slug"), is_public())
    .with_for_update()
)
# A statement of their own: joined, PostgreSQL would show them as they were before it
# waited for the lock.
_OFFERS = (
    select(*(OFFERS.c[field.name] for field in fields(LockedOffer)))
    .where(OFFERS.c.event_id == bindparam("event_id"))
    .order_by(OFFERS.c.id)
)
_LOCK = (
    select(Event)
    .where(Event.id == bindparam("id"))
    .options(selectinload(Event.offers))
    .with_for_update(of=Event)
    .execution_options(populate_existing=True)
)


def lock(session: Session, event_id: int) -> Event:
    """Return an event, locked until the transaction ends, with its offers.

    Raises:
        NotFoundError: No event has this id.
    """
    event = session.scalar(_LOCK, {"id": event_id})
    if event is None:
        raise NotFoundError("event")
    return event


def lock_all(session: Session, event_ids: Collection[int]) -> None:
    """Lock events until the transaction ends, by their ids, in one statement."""
    which = select(Event.id).where(Event.id.in_(event_ids)).order_by(Event.id)
    session.execute(which.with_for_update()).all()


def lock_ledger(session: Session, slug: str) -> Ledger:
    """Lock a public event until the transaction ends. Return what a form needs of it.

    Raises:
        NotFoundError: No event has this slug, or it is still a draft.
    """
    row: Any = session.execute(_LEDGER, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFoundError("event")
    offers = session.execute(_OFFERS, {"event_id": row.id})
    return Ledger(**row._asdict(), offers=[LockedOffer(*each) for each in offers])
