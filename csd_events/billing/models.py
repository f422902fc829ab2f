"""Invoices and credit notes as they went out, and the payments of them.

Their rows are written once: no statement changes or deletes one.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.billing.rules import Kind, Line
from csd_events.core.db import Base
from csd_events.core.types import Id

ONLY_ID = 1
Lines = Annotated[list[dict[str, Any]], mapped_column(JSON)]


class Invoice(Base):
    """An invoice, or the credit note that takes one back, with all its words."""

    __tablename__ = "invoices"
    __table_args__ = (
        # A registration owes once at a time: the next turn begins with a credit note.
        UniqueConstraint("registration_id", "kind", "turn"),
        CheckConstraint("total_cents > 0", name="total"),
        CheckConstraint(
            "(kind = 'credit_note') = (credits_id IS NOT NULL)", name="credits"
        ),
        CheckConstraint("(kind = 'invoice') = (due_on IS NOT NULL)", name="due"),
        Index(None, "event_id", "serial"),
        # An invoice is taken back once. Of credit notes alone: among so many that name
        # nothing, a database would rather read them all.
        Index(
            None,
            "credits_id",
            unique=True,
            postgresql_where=text("credits_id IS NOT NULL"),
            sqlite_where=text("credits_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    serial: Mapped[int] = mapped_column(unique=True)  # 1, 2, 3: without gaps
    number: Mapped[str] = mapped_column(unique=True)  # as it is printed
    credits_id: Mapped[Id | None] = mapped_column(ForeignKey("invoices.id"))
    registration_id: Mapped[Id] = mapped_column(ForeignKey("registrations.id"))
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"))
    #: Of the registration, which of its lives it is about, and which invoice it is.
    life: Mapped[int]
    turn: Mapped[int]
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]  # where the association is
    due_on: Mapped[date | None]
    currency: Mapped[str]  # ISO 4217
    total_cents: Mapped[int]
    lines: Mapped[Lines]
    #: Who writes it, and how to pay, as the association said it then.
    issuer: Mapped[str]
    payment_words: Mapped[str]
    #: To whom: who was registered, by which organization, and what was typed for it.
    full_name: Mapped[str]
    organization: Mapped[str]
    bill_to: Mapped[str]
    purchase_order: Mapped[str]
    search_key: Mapped[str]  # folded, with all that staff search by

    @property
    def all_lines(self) -> list[Line]:
        return [Line(**line) for line in self.lines]


class InvoiceCounter(Base):
    """The number given last: one row, locked by whoever takes the next."""

    __tablename__ = "invoice_counters"
    __table_args__ = (CheckConstraint(f"id = {ONLY_ID}", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Payment(Base):
    """Money that came in for an invoice, or below zero went back."""

    __tablename__ = "payments"
    __table_args__ = (CheckConstraint("cents <> 0", name="cents"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    invoice_id: Mapped[Id] = mapped_column(ForeignKey("invoices.id"), index=True)
    cents: Mapped[int]
    paid_on: Mapped[date]
    reference: Mapped[str]  # of a check or a transfer
    nonce: Mapped[str] = mapped_column(unique=True)  # of the form: a repeat is nothing
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Id | None] = mapped_column(ForeignKey("people.id"))


def as_lines(lines: list[Line]) -> list[Mapping[str, Any]]:
    """Write lines as a row keeps them."""
    return [
        {"words": line.words, "details": line.details, "cents": line.cents}
        for line in lines
    ]
