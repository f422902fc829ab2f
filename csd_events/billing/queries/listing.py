"""Staff's list of invoices: its filters, its pages, and the sums."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from csd_events.billing.models import Invoice, Payment
from csd_events.billing.queries.reading import (
    CREDITED,
    OWED,
    Account,
    Credit,
    account_of,
    accounts,
)
from csd_events.billing.rules import Kind, Standing
from csd_events.core.pages import Page
from csd_events.core.search import holds
from csd_events.core.text import fold

PER_PAGE = 50
PIECE = 2_000


@dataclass(frozen=True, slots=True)
class Filters:
    """Which invoices staff want to see."""

    standing: Standing | None = None
    event_id: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """What invoices come to in one currency, in hundredths of it."""

    currency: str
    owed: int
    to_return: int


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
        shown = [account_of(row) for row in reversed(rows[:PER_PAGE])]
        newer, older = len(rows) > PER_PAGE, True
    else:
        below = wanted.order_by(Invoice.serial.desc())
        if before is not None:
            below = below.where(Invoice.serial < before)
        rows = session.execute(below.limit(PER_PAGE + 1)).all()
        shown = [account_of(row) for row in rows[:PER_PAGE]]
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
            found = account_of(row)
            last = found.invoice.serial
            yield found
        session.expunge_all()


def sums(session: Session, *, event_id: int | None = None) -> list[Sums]:
    """Add up what is owed, and what is to go back, in each currency."""
    of = _balances(event_id).c
    rows = session.execute(
        select(
            of.currency,
            func.coalesce(func.sum(of.owed).filter(of.owed > 0), 0),
            func.coalesce(func.sum(-of.owed).filter(of.owed < 0), 0),
        )
        .group_by(of.currency)
        .order_by(of.currency)
    )
    return [Sums(currency, int(owed), int(back)) for currency, owed, back in rows]


def count(
    session: Session, which: Sequence[Standing], *, today: date
) -> dict[Standing, int]:
    """Count the invoices that stand in each of some ways, in one statement."""
    balances = _balances()
    of = balances.c
    stands = [_stands(each, today, of.owed, of.credited, of.due_on) for each in which]
    counts = [func.count().filter(each) for each in stands]
    row = session.execute(select(*counts).select_from(balances)).one()
    return dict(zip(which, row, strict=True))


def _balances(event_id: int | None = None) -> Subquery:
    """Select what became of each invoice, its payments added up in one pass.

    Asked for each by itself, they take PostgreSQL five times as long.
    """
    paid = select(Payment.invoice_id, func.sum(Payment.cents).label("cents"))
    these = Invoice.kind == Kind.INVOICE
    if event_id is not None:
        these = and_(these, Invoice.event_id == event_id)
        paid = paid.where(Payment.invoice_id.in_(select(Invoice.id).where(these)))
    of = paid.group_by(Payment.invoice_id).subquery()
    credited = func.coalesce(Credit.total_cents, 0)
    owed = Invoice.total_cents - credited - func.coalesce(of.c.cents, 0)
    return (
        select(
            Invoice.currency,
            Invoice.due_on,
            owed.label("owed"),
            credited.label("credited"),
        )
        .outerjoin(of, of.c.invoice_id == Invoice.id)
        .outerjoin(Credit, Credit.credits_id == Invoice.id)
        .where(these)
        .subquery()
    )


def _wanted(filters: Filters, today: date) -> Select[*tuple[Any, ...]]:
    wanted = accounts()
    if filters.standing is not None:
        wanted = wanted.where(_stands(filters.standing, today))
    if filters.event_id is not None:
        wanted = wanted.where(Invoice.event_id == filters.event_id)
    return wanted.where(*_searched(filters.words))


def _searched(words: str) -> Sequence[ColumnElement[bool]]:
    """Match every word in what an invoice is known by, or a credit note's number."""
    return [
        or_(
            holds(Invoice.search_key, word),
            holds(Credit.number, word.upper()),
        )
        for word in fold(words).split()
    ]


def _stands(
    which: Standing,
    today: date,
    owed: ColumnElement[int] = OWED,
    credited: ColumnElement[int] = CREDITED,
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
