"""Charging for places that have a price, and taking back what was charged.

The event is locked. It comes last in a unit of work: whoever writes an invoice holds
the counter of their numbers until the commit. What is free costs no statement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.billing import service as billing
from csd_events.billing.rules import Line
from csd_events.billing.service import Bill
from csd_events.core.time import local_date
from csd_events.core.words import gettext as _
from csd_events.events.models import Event
from csd_events.events.queries import Ledger
from csd_events.events.rules import State as EventState
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

#: Of a registration, what decides whether it is charged, and what an invoice says.
SAID = (
    "state", "full_name", "organization", "bill_to", "purchase_order", "price_cents",
    "currency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Charged:
    """A registration that may have to be paid for, and what its row says of that."""

    id: int
    life: int
    says: Mapping[str, Any]

    @property
    def owes(self) -> bool:
        return self.says["state"] is State.CONFIRMED and self.says["price_cents"] > 0


def charge(
    session: Session, event: Event, *registrations: Registration, now: datetime
) -> None:
    """Write the invoices of registrations that have a place, if that has a price."""
    people = [
        Charged(each.id, each.life, {name: getattr(each, name) for name in SAID})
        for each in registrations
    ]
    charge_all(session, event, people, now=now)


def charge_all(
    session: Session, event: Event | Ledger, people: Iterable[Charged], *, now: datetime
) -> None:
    """Write the invoices of all registrations of an event that have to be paid for.

    Once it is called off nobody owes anything.
    """
    if event.state is EventState.CANCELLED:
        return
    bills = [_bill(event, whose) for whose in people if whose.owes]
    billing.issue_all(session, bills, now=now)


def _bill(event: Event | Ledger, whose: Charged) -> Bill:
    says = whose.says
    return Bill(
        registration_id=whose.id,
        event_id=event.id,
        life=whose.life,
        full_name=says["full_name"],
        organization=says["organization"],
        bill_to=says["bill_to"],
        purchase_order=says["purchase_order"],
        currency=says["currency"],
        lines=[_line(event, says["price_cents"])],
    )


def take_back_charge(
    session: Session, registration: Registration, *, now: datetime
) -> None:
    """Credit what a registration was charged, if it has a price."""
    if registration.price_cents:
        billing.take_back(session, registration.id, now=now)


def _line(event: Event | Ledger, cents: int) -> Line:
    """Say on an invoice what the place is at, and when."""
    when = _("On demand")
    if event.starts_at is not None:
        when = local_date(event.starts_at, event.zone)
    return Line(event.title, when, cents)
