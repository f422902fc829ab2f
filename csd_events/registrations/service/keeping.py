"""The rows that a form leaves: a registration, a receipt, and the counts of both.

The statements are made once. In a rush, writing one down would cost more than asking
it, and loading an object more than both.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Table,
    Update,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from csd_events.accounts.service import Met
from csd_events.events.models import Event, EventOffer
from csd_events.registrations.models import Receipt, Registration
from csd_events.registrations.rules import Outcome, State

EVENTS = cast("Table", Event.__table__)
OFFERS = cast("Table", EventOffer.__table__)
REGISTRATIONS = cast("Table", Registration.__table__)
RECEIPTS = cast("Table", Receipt.__table__)
_REPEAT = select(RECEIPTS.c.registration_id, RECEIPTS.c.id, RECEIPTS.c.sent_at).where(
    RECEIPTS.c.nonce == bindparam("nonce")
)
_BEFORE = select(
    REGISTRATIONS.c.id,
    REGISTRATIONS.c.state,
    REGISTRATIONS.c.life,
    cast("ColumnElement[bool]", Registration.is_pending),
).where(
    REGISTRATIONS.c.event_id == bindparam("event_id"),
    REGISTRATIONS.c.person_id == bindparam("person_id"),
)
_ADD = insert(REGISTRATIONS).returning(REGISTRATIONS.c.id, REGISTRATIONS.c.life)
_ADD_RECEIPT = insert(RECEIPTS).returning(RECEIPTS.c.id)


def _one_more(table: Table, counter: str) -> Update:
    one = update(table).where(table.c.id == bindparam("of_id"))
    return one.values({counter: table.c[counter] + 1})


_ONE_MORE = {
    State.CONFIRMED: (_one_more(EVENTS, "confirmed"), _one_more(OFFERS, "confirmed")),
    State.HELD: (_one_more(EVENTS, "held"), _one_more(OFFERS, "held")),
}
_ONE_MORE_WAITS = (
    update(EVENTS)
    .where(EVENTS.c.id == bindparam("of_id"))
    .values(
        waiting=EVENTS.c.waiting + 1,
        next_position=EVENTS.c.next_position + 1,
    )
)


class Before(NamedTuple):
    """What a person has at an event already, cancelled or not."""

    id: int
    state: State
    life: int
    is_pending: bool  # until whoever typed them in has proved who that is

    @property
    def is_kept(self) -> bool:
        return self.state is not State.CANCELLED and not self.is_pending


def find_repeat(session: Session, nonce: str | None) -> Outcome | None:
    """Return what the same form led to when it was sent before."""
    if nonce is None:
        return None
    row = session.execute(_REPEAT, {"nonce": nonce}).one_or_none()
    return Outcome(*row) if row else None


def find_before(session: Session, *, event_id: int, person_id: int) -> Before | None:
    whose = {"event_id": event_id, "person_id": person_id}
    row = session.execute(_BEFORE, whose).one_or_none()
    return Before(*row) if row else None


def find_all_before(
    session: Session, *, event_id: int, person_ids: Collection[int]
) -> dict[int, Before]:
    """Return what several people have at an event already, by person."""
    theirs = select(REGISTRATIONS.c.person_id, *_BEFORE.selected_columns).where(
        REGISTRATIONS.c.event_id == event_id, REGISTRATIONS.c.person_id.in_(person_ids)
    )
    return {row[0]: Before(*row[1:]) for row in session.execute(theirs)}


def owned_by(who: Met) -> dict[str, Any]:
    """Return what a registration says of whose it is."""
    return {"person_id": who.person_id, "email_key": who.key}


def add_registrations(
    session: Session, rows: Sequence[dict[str, Any]]
) -> dict[int, tuple[int, int]]:
    """Write several registrations. Return id and calendar life by person."""
    add = _ADD.returning(REGISTRATIONS.c.person_id)
    if not rows:
        return {}
    written = session.execute(add, list(rows))
    return {person_id: (row_id, life) for row_id, life, person_id in written}


def count_all(
    session: Session, *, event_id: int, offers: Mapping[int, Counter[State]]
) -> None:
    """Count several more at a locked event, by offer and by how they stand."""
    in_all: Counter[State] = sum(offers.values(), Counter())
    waiting = in_all[State.WAITING]
    added = {
        "confirmed": EVENTS.c.confirmed + in_all[State.CONFIRMED],
        "held": EVENTS.c.held + in_all[State.HELD],
        "waiting": EVENTS.c.waiting + waiting,
        "next_position": EVENTS.c.next_position + waiting,
    }
    session.execute(update(EVENTS).where(EVENTS.c.id == event_id).values(added))
    for offer_id, counts in offers.items():
        placed = {
            "confirmed": OFFERS.c.confirmed + counts[State.CONFIRMED],
            "held": OFFERS.c.held + counts[State.HELD],
        }
        session.execute(update(OFFERS).where(OFFERS.c.id == offer_id).values(placed))


def add_registration(session: Session, values: dict[str, Any]) -> tuple[int, int]:
    """Write a registration. Return its id and its calendar life."""
    row = session.execute(_ADD, values).one()
    return row.id, row.life


def revive(session: Session, before: Before, values: dict[str, Any]) -> tuple[int, int]:
    """Write a cancelled registration anew, with a new calendar life."""
    session.execute(
        update(REGISTRATIONS)
        .where(REGISTRATIONS.c.id == before.id)
        .values(**values, life=before.life + 1)
    )
    return before.id, before.life + 1


def add_receipt(session: Session, values: dict[str, Any]) -> int:
    return cast("int", session.scalars(_ADD_RECEIPT, values).one())


def count_place(
    session: Session, state: State, *, event_id: int, offer_id: int
) -> None:
    """Count one more place had or held, at a locked event and through an offer."""
    at_event, by_offer = _ONE_MORE[state]
    session.execute(at_event, {"of_id": event_id})
    session.execute(by_offer, {"of_id": offer_id})


def count_waiting(session: Session, *, event_id: int) -> None:
    """Count one more who waits for a locked event, at its next position."""
    session.execute(_ONE_MORE_WAITS, {"of_id": event_id})
