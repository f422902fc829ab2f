"""Charging, taking back what was charged, and recording what was paid.

Whoever takes a number holds the counter until the commit, so that none is lost and
none is given twice. It is locked after everything else: the event of what is charged,
its registrations, the invoices that are taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, func, insert, select
from sqlalchemy.orm import Session

from csd_events.association import queries as association
from csd_events.association.rules import AssociationView
from csd_events.audit import service as audit
from csd_events.billing import queries, rules
from csd_events.billing.models import (
    ONLY_ID,
    Invoice,
    InvoiceCounter,
    Payment,
    as_lines,
)
from csd_events.billing.rules import Kind, Line
from csd_events.core.db import INSERTS, engine_name
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.core.text import fold
from csd_events.core.time import to_wall

INVOICES = cast("Table", Invoice.__table__)
PAYMENTS = cast("Table", Payment.__table__)
#: Each invoice of a registration begins a turn, which its credit note ends.
_TURNS_ENDED = select(func.count()).where(
    INVOICES.c.registration_id == bindparam("of"),
    INVOICES.c.kind == Kind.CREDIT_NOTE,
)
_WRITE = insert(INVOICES).values(turn=_TURNS_ENDED.scalar_subquery() + 1)
#: What a credit note says in the words of the invoice that it takes back.
TAKEN_OVER = (
    "registration_id", "event_id", "life", "turn", "currency", "total_cents", "lines",
    "full_name", "organization", "bill_to", "purchase_order", "search_key",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What somebody is charged for, and to whom the invoice is written.

    Attributes:
        life: Which life of the registration it is about.
        bill_to: Who is billed and where, as typed; empty for the organization.
        purchase_order: The number of theirs, as typed; may be empty.
    """

    registration_id: int
    event_id: int
    life: int
    full_name: str
    organization: str
    bill_to: str
    purchase_order: str
    currency: str
    lines: Sequence[Line]

    @property
    def total(self) -> int:
        return sum(line.cents for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Money that came in, or below zero went back.

    Attributes:
        nonce: Of the form that says so: the same one again does nothing.
    """

    cents: int
    paid_on: date
    reference: str
    nonce: str


def issue_all(session: Session, bills: Sequence[Bill], *, now: datetime) -> None:
    """Write the invoices of places that people have got at a price.

    Their event is locked. Only one is open at a time for each registration.
    """
    if not bills:
        return
    issuer = association.read(session)
    documents = _numbered(session, issuer, len(bills), now)
    rows = [
        _row(bill, document, issuer)
        for bill, document in zip(bills, documents, strict=True)
    ]
    session.execute(_WRITE, rows)


def _row(
    bill: Bill, document: dict[str, Any], issuer: AssociationView
) -> dict[str, Any]:
    words = [document["number"], bill.organization, bill.full_name, bill.bill_to]
    return document | {
        "of": bill.registration_id,
        "kind": Kind.INVOICE,
        "registration_id": bill.registration_id,
        "event_id": bill.event_id,
        "life": bill.life,
        "due_on": rules.due_after(document["issued_on"], issuer.days_to_pay),
        "currency": bill.currency,
        "total_cents": bill.total,
        "lines": as_lines(list(bill.lines)),
        "full_name": bill.full_name,
        "organization": bill.organization,
        "bill_to": bill.bill_to,
        "purchase_order": bill.purchase_order,
        "search_key": fold(" ".join([*words, bill.purchase_order])),
    }


def take_back(session: Session, registration_id: int, *, now: datetime) -> int:
    """Credit what a registration is charged by now. Return how many credit notes."""
    return _credit(session, Invoice.registration_id == registration_id, now)


def take_back_all(session: Session, event_id: int, *, now: datetime) -> int:
    """Credit everything that is charged for an event. Return how many credit notes."""
    return _credit(session, Invoice.event_id == event_id, now)


def record_payment(
    session: Session,
    invoice_id: int,
    received: Received,
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Write down money that came in for an invoice, or went back.

    The same form again does nothing.

    Raises:
        NotFoundError: There is no such invoice.
        RefusedError: With an `Unfit`: it is more than is owed, or than was paid.
    """
    locked = select(Invoice.id).where(
        Invoice.id == invoice_id, Invoice.kind == Kind.INVOICE
    )
    if session.scalar(locked.with_for_update()) is None:
        raise NotFoundError("invoice")
    repeat = select(Payment.id).where(Payment.nonce == received.nonce)
    if session.scalar(repeat) is not None:
        return
    balance = queries.balance_of(session, invoice_id)
    unfit = rules.objection_to(received.cents, balance)
    if unfit is not None:
        raise RefusedError(unfit)
    session.execute(
        insert(PAYMENTS).values(
            invoice_id=invoice_id,
            cents=received.cents,
            paid_on=received.paid_on,
            reference=received.reference,
            nonce=received.nonce,
            recorded_at=now,
            recorded_by=actor_id,
        )
    )
    audit.record(
        session,
        "invoice.paid" if received.cents > 0 else "invoice.paid_back",
        subject_id=invoice_id,
        actor_id=actor_id,
        now=now,
        changes={
            "paid_cents": [balance.paid, balance.paid + received.cents],
            "paid_on": received.paid_on.isoformat(),
            "reference": received.reference,
        },
    )


def _credit(session: Session, whose: ColumnElement[bool], now: datetime) -> int:
    charged = select(Invoice).where(whose, queries.is_open()).order_by(Invoice.serial)
    # Locked, so that no payment is recorded by sums that hold no longer.
    found = session.scalars(charged.with_for_update(of=Invoice)).all()
    if not found:
        return 0
    documents = _numbered(session, association.read(session), len(found), now)
    rows = [
        document
        | {name: getattr(invoice, name) for name in TAKEN_OVER}
        | {"kind": Kind.CREDIT_NOTE, "credits_id": invoice.id, "due_on": None}
        for document, invoice in zip(documents, found, strict=True)
    ]
    session.execute(insert(INVOICES), rows)
    return len(rows)


def _numbered(
    session: Session, issuer: AssociationView, how_many: int, now: datetime
) -> list[dict[str, Any]]:
    """Take the next numbers; return what documents say that are written by them now."""
    last = _take_numbers(session, how_many)
    today = to_wall(now, issuer.zone).date()
    return [
        {
            "serial": serial,
            "number": rules.number_of(issuer.invoice_prefix, today.year, serial),
            "issued_at": now,
            "issued_on": today,
            "issuer": issuer.on_invoices,
            "payment_words": issuer.payment_words,
        }
        for serial in range(last - how_many + 1, last + 1)
    ]


def _take_numbers(session: Session, how_many: int) -> int:
    """Return the last of some numbers that are ours until the rollback, if one comes.

    One statement, which locks the row that it changes.
    """
    add = INSERTS[engine_name(session)](InvoiceCounter).values(
        id=ONLY_ID, last=how_many
    )
    taken = add.on_conflict_do_update(
        index_elements=["id"], set_={"last": InvoiceCounter.last + how_many}
    ).returning(InvoiceCounter.last)
    return cast("int", session.scalars(taken).one())
