"""The invoices of a bulk event at a price, and the payments of most."""

from datetime import datetime

from sqlalchemy import Date, String, cast, insert, literal, select
from sqlalchemy.orm import Session

from csd_events.billing.models import Invoice, Payment
from csd_events.core.types import UtcDateTime
from csd_events.events.models import Event
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import charge
from csd_events.seeds.service.mails import last_registration


def write_invoices(
    session: Session, event: Event, starts_at: datetime, *, now: datetime
) -> None:
    """Charge everybody who has a place; of what is over nine in ten have paid."""
    at = last_registration(starts_at, now)
    placed = select(Registration).where(
        Registration.event_id == event.id, Registration.state == State.CONFIRMED
    )
    charge(session, event, *session.scalars(placed), now=at)
    if starts_at < now:
        _pay(session, event, at)


def _pay(session: Session, event: Event, at: datetime) -> None:
    paid = select(
        Invoice.id,
        Invoice.total_cents,
        literal(at.date(), Date),
        literal(""),
        literal(at, UtcDateTime()),
        literal("bulk-") + cast(Invoice.id, String),
    ).where(Invoice.event_id == event.id, Invoice.serial % 10 != 0)
    columns = ["invoice_id", "cents", "paid_on", "reference", "recorded_at", "nonce"]
    session.execute(insert(Payment).from_select(columns, paid))
