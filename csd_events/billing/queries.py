"""Reading invoices: one, those of a registration, staff's list, and the sums."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from csd_events.accounts.models import Person
from csd_events.billing.models import Invoice, Payment
from csd_events.billing.rules import Balance, Kind, Standing, standing
from csd_events.core.errors import NotFoundError
from csd_events.core.pages import Page
from csd_events.core.text import fold

PER_PAGE = 50
PIECE = 2_000
_Credit = aliased(Invoice)
_PAID = (
    select(func.coalesce(func.sum(Payment.cents), 0))
    .where(Payment.invoice_id == Invoice.id)
    .correlate(Invoice)
    .scalar_subquery()
)
_CREDITED = (
    select(func.coalesce(func.sum(_Credit.total_cents), 0))
    .where(_Credit.credits_id == Invoice.id)
    .correlate(Invoice)
    .scalar_subquery()
)
_OWED = Invoice.total_cents - _CREDITED - _PAID


@dataclass(frozen=True, slots=True)
class Filters:
    """Which invoices staff want to see."""

    standing: Standing | None = None
    event_id: int | None = None
    words: str = ""


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
class Sums:
    """What invoices come to in one currency, in hundredths of it."""

    currency: str
    owed: int
    to_return: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment, and who recorded it."""

    payment: Payment
    recorded_by: str | None


def is_open() -> ColumnElement[bool]:
    """Match the invoices that no credit note takes back."""
    credited = exists().where(_Credit.credits_id == Invoice.id)
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
    last = _accounts().where(*theirs).order_by(Invoice.serial.desc()).limit(1)
    row = session.execute(last).one_or_none()
    found = _account(row) if row else None
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
    numbered = or_(Invoice.number == number, _Credit.number == number)
    row = session.execute(_accounts().where(numbered)).one_or_none()
    if row is None:
        raise NotFoundError("invoice")
    return _account(row)


def list_accounts(session: Session, registration_id: int) -> list[Account]:
    """List what a registration was charged, the latest first."""
    theirs = _accounts().where(Invoice.registration_id == registration_id)
    rows = session.execute(theirs.order_by(Invoice.serial.desc()))
    return [_account(row) for row in rows]


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
    sums = select(Invoice.total_cents, _CREDITED, _PAID)
    return Balance(*session.execute(sums.where(Invoice.id == invoice_id)).one())


def page(
    session: Session,
    filters: Filters,
    *,
    today: date,
    before: int | None = None,
    after: int | None = None,
) -> Page[Account, int]:
    """Return a page of invoices, the latest first: from below a number, or above it."""
    wanted = _wanted(filters, today)
    if after is not None:
        above = wanted.where(Invoice.serial > after).order_by(Invoice.serial)
        rows = session.execute(above.limit(PER_PAGE + 1)).all()
        shown = [_account(row) for row in reversed(rows[:PER_PAGE])]
        newer, older = len(rows) > PER_PAGE, True
    else:
        below = wanted.order_by(Invoice.serial.desc())
        if before is not None:
            below = below.where(Invoice.serial < before)
        rows = session.execute(below.limit(PER_PAGE + 1)).all()
        shown = [_account(row) for row in rows[:PER_PAGE]]
        newer, older = before is not None, len(rows) > PER_PAGE
    return Page(
        items=shown,
        before=shown[0].invoice.serial if shown and newer else None,
        after=shown[-1].invoice.serial if shown and older else None,
    )


def each(session: Session, filters: Filters, *, today: date) -> Iterator[Account]:
    """Read all of some invoices in the order of their numbers, some at a time."""
    last = 0
    while True:
        wanted = _wanted(filters, today).where(Invoice.serial > last)
        rows = session.execute(wanted.order_by(Invoice.serial).limit(PIECE)).all()
        session.rollback()  # nothing is open while a browser reads
        if not rows:
            return
        for row in rows:
            found = _account(row)
            last = found.invoice.serial
            yield found
        session.expunge_all()


def sums(session: Session, *, event_id: int | None = None) -> list[Sums]:
    """Add up what is owed, and what is to go back, in each currency."""
    balances = select(Invoice.currency, _OWED.label("owed")).where(
        Invoice.kind == Kind.INVOICE
    )
    if event_id is not None:
        balances = balances.where(Invoice.event_id == event_id)
    of = balances.subquery()
    rows = session.execute(
        select(
            of.c.currency,
            func.coalesce(func.sum(of.c.owed).filter(of.c.owed > 0), 0),
            func.coalesce(func.sum(-of.c.owed).filter(of.c.owed < 0), 0),
        )
        .group_by(of.c.currency)
        .order_by(of.c.currency)
    )
    return [Sums(currency, int(owed), int(back)) for currency, owed, back in rows]


def count(
    session: Session, which: Sequence[Standing], *, today: date
) -> dict[Standing, int]:
    """Count the invoices that stand in each of some ways, in one statement."""
    balances = (
        select(Invoice.due_on, _OWED.label("owed"), _CREDITED.label("credited")).where(
            Invoice.kind == Kind.INVOICE
        )
    ).subquery()  # each sum is made once
    of = balances.c
    stands = [_stands(each, today, of.owed, of.credited, of.due_on) for each in which]
    counts = [func.count().filter(each) for each in stands]
    row = session.execute(select(*counts).select_from(balances)).one()
    return dict(zip(which, row, strict=True))


def _accounts() -> Select[*tuple[Any, ...]]:
    return (
        select(Invoice, _CREDITED, _PAID, _Credit)
        .outerjoin(_Credit, _Credit.credits_id == Invoice.id)
        .where(Invoice.kind == Kind.INVOICE)
    )


def _account(row: Any) -> Account:
    invoice, credited, paid, credit = row
    return Account(invoice, Balance(invoice.total_cents, credited, paid), credit)


def _wanted(filters: Filters, today: date) -> Select[*tuple[Any, ...]]:
    wanted = _accounts()
    if filters.standing is not None:
        wanted = wanted.where(_stands(filters.standing, today))
    if filters.event_id is not None:
        wanted = wanted.where(Invoice.event_id == filters.event_id)
    return wanted.where(*_searched(filters.words))


def _searched(words: str) -> Sequence[ColumnElement[bool]]:
    """Match every word in what an invoice is known by, or a credit note's number."""
    return [
        or_(
            Invoice.search_key.contains(word, autoescape=True),
            _Credit.number.contains(word.upper(), autoescape=True),
        )
        for word in fold(words).split()
    ]


def _stands(
    which: Standing,
    today: date,
    owed: ColumnElement[int] = _OWED,
    credited: ColumnElement[int] = _CREDITED,
    due_on: Any = Invoice.due_on,
) -> ColumnElement[bool]:
    """Match the invoices of which `rules.standing` says so."""
    settled = owed == 0
    conditions: dict[Standing, ColumnElement[bool]] = {
        Standing.OPEN: and_(owed > 0, due_on >= today),
        Standing.OVERDUE: and_(owed > 0, due_on < today),
        Standing.PAID: and_(settled, credited == 0),
        Standing.CREDITED: and_(settled, credited > 0),
        Standing.REFUND: owed < 0,
    }
    return conditions[which]
