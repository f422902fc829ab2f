"""Reading invoices: one, and those of a registration."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from csd_events.accounts.models import Person
from csd_events.billing.models import Invoice, Payment
from csd_events.billing.rules import Balance, Kind, Standing, standing
from csd_events.core.errors import NotFoundError

Credit = aliased(Invoice)
PAID = (
    select(func.coalesce(func.sum(Payment.cents), 0))
    .where(Payment.invoice_id == Invoice.id)
    .correlate(Invoice)
    .scalar_subquery()
)
CREDITED = (
    select(func.coalesce(func.sum(Credit.total_cents), 0))
    .where(Credit.credits_id == Invoice.id)
    .correlate(Invoice)
    .scalar_subquery()
)
OWED = Invoice.total_cents - CREDITED - PAID


@dataclass(frozen=True, slots=True)
class Account:
    """An invoice, with what became of it.

    Attributes:
        credit: The credit note that takes it back, if there is one.
    """

    invoice: Invoice
    balance: Balance
    credit: Invoice | None = None

    def standing(self, today: date) -> Standing:
        # Only credit notes have no day on which they are due.
        return standing(self.balance, self.invoice.due_on or date.max, today)


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or a credit note, which names the invoice that it takes back."""

    invoice: Invoice
    credits_number: str | None


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment, and who recorded it."""

    payment: Payment
    recorded_by: str | None


def is_open() -> ColumnElement[bool]:
    """Match the invoices that no credit note takes back."""
    credited = exists().where(Credit.credits_id == Invoice.id)
    return and_(Invoice.kind == Kind.INVOICE, ~credited)


def find_open(session: Session, registration_id: int) -> Invoice | None:
    """Find what a registration is charged by now."""
    theirs = Invoice.registration_id == registration_id
    return session.scalar(select(Invoice).where(theirs, is_open()))


def find_credit(session: Session, registration_id: int, *, life: int) -> Account | None:
    """Find what a registration was last charged by a life, if that was taken back.

    A place that went on, or goes by another address, begins a new life and keeps its
    invoice.
    """
    theirs = Invoice.registration_id == registration_id, Invoice.life <= life
    last = accounts().where(*theirs).order_by(Invoice.serial.desc()).limit(1)
    row = session.execute(last).one_or_none()
    found = account_of(row) if row else None
    return found if found and found.credit else None


def get_document(
    session: Session, number: str, *, registration_id: int | None = None
) -> Document:
    """Return the invoice or credit note with a number.

    Args:
        session: To read in.
        number: As it is printed.
        registration_id: Whose it has to be; None where anybody's will do.

    Raises:
        NotFoundError: There is none, or it is another's.
    """
    charged = aliased(Invoice)
    row = session.execute(
        select(Invoice, charged.number)
        .outerjoin(charged, charged.id == Invoice.credits_id)
        .where(Invoice.number == number)
    ).one_or_none()
    if row is None or registration_id not in {None, row[0].registration_id}:
        raise NotFoundError("invoice")
    return Document(*row)


def get_account(session: Session, number: str) -> Account:
    """Return an invoice with what became of it; also by the number of its credit note.

    Raises:
        NotFoundError: There is none with this number.
    """
    numbered = or_(Invoice.number == number, Credit.number == number)
    row = session.execute(accounts().where(numbered)).one_or_none()
    if row is None:
        raise NotFoundError("invoice")
    return account_of(row)


def list_accounts(session: Session, registration_id: int) -> list[Account]:
    """List what a registration was charged, the latest first."""
    theirs = accounts().where(Invoice.registration_id == registration_id)
    rows = session.execute(theirs.order_by(Invoice.serial.desc()))
    return [account_of(row) for row in rows]


def list_payments(session: Session, invoice_id: int) -> list[Paid]:
    """List the payments of an invoice in the order in which they were recorded."""
    rows = session.execute(
        select(Payment, Person.full_name)
        .outerjoin(Person, Person.id == Payment.recorded_by)
        .where(Payment.invoice_id == invoice_id)
        .order_by(Payment.id)
    )
    return [Paid(payment, name) for payment, name in rows]


def balance_of(session: Session, invoice_id: int) -> Balance:
    """Return the sums of one invoice."""
    sums = select(Invoice.total_cents, CREDITED, PAID)
    return Balance(*session.execute(sums.where(Invoice.id == invoice_id)).one())


def accounts() -> Select[*tuple[Any, ...]]:
    return (
        select(Invoice, CREDITED, PAID, Credit)
        .outerjoin(Credit, Credit.credits_id == Invoice.id)
        .where(Invoice.kind == Kind.INVOICE)
    )


def account_of(row: Any) -> Account:
    invoice, credited, paid, credit = row
    return Account(invoice, Balance(invoice.total_cents, credited, paid), credit)
