"""What an invoice is called, when it is due, how it stands, which payment fits it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """Which of the two documents it is; both are numbered in one series."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"  # takes the whole of one invoice back


class Standing(StrEnum):
    """How an invoice stands on a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    PAID = "paid"
    CREDITED = "credited"
    REFUND = "refund"  # paid, and credited: the money is to go back


class Unfit(StrEnum):
    """Why an amount cannot be recorded."""

    NOTHING = "nothing"
    MORE_THAN_OWED = "more_than_owed"
    MORE_THAN_PAID = "more_than_paid"


@dataclass(frozen=True, slots=True)
class Line:
    """What is charged: what for, in more words, and how much in hundredths."""

    words: str
    details: str
    cents: int


@dataclass(frozen=True, slots=True)
class Balance:
    """The sums of an invoice, all in hundredths of its currency.

    Attributes:
        paid: What came in, less what went back.
    """

    total: int
    credited: int = 0
    paid: int = 0

    @property
    def owed(self) -> int:
        """What is still to be paid; below zero what is to be paid back."""
        return self.total - self.credited - self.paid


def number_of(prefix: str, year: int, serial: int) -> str:
    """Write a number as it stands on paper: ``INV-2026-0001``.

    The series goes on in a new year: the last part alone tells documents apart.
    """
    return f"{prefix}-{year}-{serial:04}"


def due_after(issued_on: date, days: int) -> date:
    """Return the last day on which a payment is in time."""
    return issued_on + timedelta(days=days)


def standing(balance: Balance, due_on: date, today: date) -> Standing:
    """Say how an invoice stands."""
    if balance.owed < 0:
        return Standing.REFUND
    if balance.owed > 0:
        return Standing.OVERDUE if due_on < today else Standing.OPEN
    return Standing.CREDITED if balance.credited else Standing.PAID


def objection_to(cents: int, balance: Balance) -> Unfit | None:
    """Say why an amount that came in, or below zero went back, cannot be so."""
    if cents == 0:
        return Unfit.NOTHING
    if cents > max(0, balance.owed):
        return Unfit.MORE_THAN_OWED
    if -cents > balance.paid:
        return Unfit.MORE_THAN_PAID
    return None
