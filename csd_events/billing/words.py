"""Invoices as people and staff read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from csd_events.billing.queries import Account, Paid, Sums
from csd_events.billing.rules import Standing
from csd_events.core.time import day_words
from csd_events.core.web import money
from csd_events.core.words import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """An invoice, with what became of it, in words.

    Attributes:
        what: The title of the event.
        credit_number: Of the credit note that takes it back; empty for none.
        owed_words: What is still to be paid, or is to go back; empty for nothing.
    """

    number: str
    what: str
    event_id: int
    full_name: str
    organization: str
    purchase_order: str
    issued_words: str
    due_words: str
    total_words: str
    owed_words: str
    credit_number: str
    standing: str
    standing_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidLine:
    """A payment in words; one below zero went back."""

    day_words: str
    amount_words: str
    went_back: bool
    reference: str
    recorded_by: str


def account_line(account: Account, today: date) -> AccountLine:
    """Put an invoice into words as it stands on a day."""
    invoice, owed = account.invoice, account.balance.owed
    stands = account.standing(today)
    return AccountLine(
        number=invoice.number,
        what=invoice.all_lines[0].words,
        event_id=invoice.event_id,
        full_name=invoice.full_name,
        organization=invoice.organization,
        purchase_order=invoice.purchase_order,
        issued_words=day_words(invoice.issued_on),
        due_words=day_words(invoice.due_on) if invoice.due_on else "",
        total_words=money(invoice.total_cents, invoice.currency),
        owed_words=money(abs(owed), invoice.currency) if owed else "",
        credit_number=account.credit.number if account.credit else "",
        standing=stands.value,
        standing_words=standing_words(stands),
    )


def paid_line(paid: Paid, currency: str) -> PaidLine:
    """Put a payment into words."""
    payment = paid.payment
    return PaidLine(
        day_words=day_words(payment.paid_on),
        amount_words=money(abs(payment.cents), currency),
        went_back=payment.cents < 0,
        reference=payment.reference,
        recorded_by=paid.recorded_by or "",
    )


def sum_lines(sums: Sequence[Sums], *, nothing: bool = True) -> list[tuple[str, str]]:
    """Say what is owed in each currency, and what is to go back, if anything is.

    Args:
        sums: By currency.
        nothing: Whether it is said, too, that nothing is owed.
    """
    lines = []
    for each in sums:
        if each.owed or nothing:
            lines.append((str(_("Owed")), money(each.owed, each.currency)))
        if each.to_return:
            back = money(each.to_return, each.currency)
            lines.append((standing_words(Standing.REFUND), back))
    return lines


def standing_words(standing: Standing) -> str:
    words: dict[Standing, str] = {
        Standing.OPEN: _("Open"),
        Standing.OVERDUE: _("Overdue"),
        Standing.PAID: _("Paid"),
        Standing.CREDITED: _("Credited"),
        Standing.REFUND: _("To be paid back"),
    }
    return str(words[standing])
