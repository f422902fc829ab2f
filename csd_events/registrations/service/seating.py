"""Writing the registrations of a party."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.accounts.service import Met
from csd_events.audit import service as audit
from csd_events.audit.service import Entry
from csd_events.core.tokens import new_reference
from csd_events.events.queries import Ledger, LockedOffer
from csd_events.registrations.models import RegistrationGroup
from csd_events.registrations.rules import Hold, State, Wish
from csd_events.registrations.service.answering import forget_said
from csd_events.registrations.service.charging import Charged, charge_all
from csd_events.registrations.service.comparing import holds_for
from csd_events.registrations.service.informing import Told
from csd_events.registrations.service.keeping import (
    Before,
    add_registrations,
    count_all,
    owned_by,
    revive,
)
from csd_events.registrations.service.registering import Request, values_of


@dataclass(frozen=True, slots=True)
class Guest:
    """A colleague for whom there is an offer.

    Attributes:
        index: Of their row in the form.
        before: What they have at the event already, if anything.
        is_known: Whether that stays as it is.
        place: What somebody new gets.
        position: In the queue, of who waits.
    """

    index: int
    wish: Wish
    met: Met
    offer: LockedOffer
    before: Before | None
    is_known: bool
    place: State = State.CONFIRMED
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A row of a form, and the registration that it is about.

    Attributes:
        place: What somebody new gets by it, once it is known whose form it is.
        hold: What that waits for, if it is held.
    """

    guest: Guest
    registration_id: int
    life: int
    place: State
    hold: Hold | None

    @property
    def told(self) -> State:
        return State.HELD if self.hold else self.place

    @property
    def as_told(self) -> Told:
        return Told(
            registration_id=self.registration_id,
            life=self.life,
            state=self.told,
            hold=self.hold,
            is_known=self.guest.is_known,
            email=self.guest.met.email,
            confirmed=self.guest.met.confirmed,
        )


def write_all(
    session: Session,
    group: RegistrationGroup,
    event: Ledger,
    guests: Sequence[Guest],
    *,
    now: datetime,
) -> list[Made]:
    """Write who has nothing at the event yet; return all in the order of the form."""
    placed = [g.met.person_id for g in guests if g.place is State.CONFIRMED]
    holds = holds_for(session, event, placed)
    rows = {
        guest.met.person_id: _values(
            group, event, guest, holds.get(guest.met.person_id), now
        )
        for guest in guests
        if not guest.is_known
    }
    written = _write(session, guests, rows)
    counts: dict[int, Counter[State]] = defaultdict(Counter)
    for values in rows.values():
        counts[values["offer_id"]][values["state"]] += 1
    if counts:
        count_all(session, event_id=event.id, offers=counts)
    entries = [
        Entry(
            "registration.made",
            written[person_id][0],
            {"state": values["state"].value},
        )
        for person_id, values in rows.items()
    ]
    actor_id = group.sender_id if group.confirmed_at else None
    audit.record_all(session, entries, now=now, actor_id=actor_id)
    charged = [Charged(*written[whose], values) for whose, values in rows.items()]
    charge_all(session, event, charged, now=now)
    return [
        Made(guest, *written[whose], guest.place, holds.get(whose))
        for guest in guests
        for whose in [guest.met.person_id]
    ]


def _values(
    group: RegistrationGroup,
    event: Ledger,
    guest: Guest,
    hold: Hold | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the row of somebody new; unheard of until it is known whose form it is."""
    request = Request(guest.wish, event, guest.offer, guest.place, guest.met, now)
    state, until = guest.place, None
    if group.confirmed_at is None:
        until = group.held_until
        hold = Hold.SENDER if state is State.CONFIRMED else None
    values = values_of(request, State.HELD if hold else state, hold)
    values |= {"event_id": event.id, **owned_by(guest.met)}
    return values | {
        "group_id": group.id,
        "position": guest.position,
        "held_until": until,
    }


def _write(
    session: Session, guests: Sequence[Guest], rows: dict[int, dict[str, Any]]
) -> dict[int, tuple[int, int]]:
    """Write rows, anew where somebody had cancelled. Return id and life by person."""
    before = {guest.met.person_id: guest.before for guest in guests if guest.before}
    written = {whose: (each.id, each.life) for whose, each in before.items()}
    again = before.keys() & rows.keys()
    forget_said(session, *(before[whose].id for whose in again))
    for whose in again:
        written[whose] = revive(session, before[whose], rows[whose])
    new = [
        row | {"reference": new_reference()}
        for whose, row in rows.items()
        if whose not in before
    ]
    return written | add_registrations(session, new)
