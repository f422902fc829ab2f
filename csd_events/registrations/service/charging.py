"""Charging for places that have a price, and taking back what was charged.

The event is locked. It comes last in a unit of work: whoever writes an invoice holds
the counter of their numbers until the commit. What is free costs no statement.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.billing import service as billing
from csd_events.billing.rules import Line
from csd_events.billing.service import Bill
from csd_events.core.time import local_date
from csd_events.core.words import gettext as _
from csd_events.events.models import Event
from csd_events.events.queries import Ledger
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State


def charge(
    session: Session, event: Event, registration: Registration, *, now: datetime
) -> None:
    """Write the invoice of a registration that has a place, if that has a price."""
    if registration.state is not State.CONFIRMED or not registration.price_cents:
        return
    bill = Bill(
        registration_id=registration.id,
        event_id=event.id,
        life=registration.life,
        full_name=registration.full_name,
        organization=registration.organization,
        bill_to=registration.bill_to,
        purchase_order=registration.purchase_order,
        currency=registration.currency,
        lines=[line_of(event, registration.price_cents)],
    )
    billing.issue(session, bill, now=now)


def take_back_charge(
    session: Session, registration: Registration, *, now: datetime
) -> None:
    """Credit what a registration was charged, if it has a price."""
    if registration.price_cents:
        billing.take_back(session, registration.id, now=now)


def line_of(event: Event | Ledger, cents: int) -> Line:
    """Say on an invoice what the place is at, and when."""
    when = _("On demand")
    if event.starts_at is not None:
        when = local_date(event.starts_at, event.zone)
    return Line(event.title, when, cents)
