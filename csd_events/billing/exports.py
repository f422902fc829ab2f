"""Invoices as PDF files, out of what their rows say."""

from datetime import date
from pathlib import Path

from csd_events.billing.models import Invoice
from csd_events.billing.rules import Kind
from csd_events.core.printing import printed
from csd_events.core.time import day_words
from csd_events.core.web import money
from csd_events.core.words import gettext as _
from csd_events.core.words import locale_name

TEMPLATE = Path(__file__).with_name("invoice.typ")


def pdf(invoice: Invoice, *, credits_number: str | None = None) -> bytes:
    """Print an invoice, or a credit note with the number of what it takes back."""
    return printed(TEMPLATE, _words(invoice, credits_number))


def heading_of(kind: Kind) -> str:
    return str(_("Invoice") if kind is Kind.INVOICE else _("Credit note"))


def _words(invoice: Invoice, credits_number: str | None) -> dict[str, object]:
    heading, total = heading_of(invoice.kind), invoice.total_cents
    lines = [
        [line.words, line.details, money(line.cents, invoice.currency)]
        for line in invoice.all_lines
    ]
    return {
        "lang": locale_name().partition("_")[0],
        "title": f"{heading} {invoice.number}",
        "heading": heading,
        "issued_on": list(invoice.issued_on.timetuple()[:3]),
        "issuer": invoice.issuer.split("\n"),
        "facts": _facts(invoice, credits_number),
        "to_heading": _("To"),
        "to": _recipient(invoice),
        "columns": [_("For"), _("Amount")],
        "lines": lines,
        "total": [_("Total"), money(total, invoice.currency)],
        "notes": _notes(invoice),
        "notes_heading": _("How to pay") if _notes(invoice) else "",
    }


def _notes(invoice: Invoice) -> list[list[str]]:
    """Say how to pay, a list of lines for each note; nobody pays a credit note."""
    if invoice.kind is Kind.CREDIT_NOTE or not invoice.payment_words:
        return []
    return [invoice.payment_words.split("\n")]


def _facts(invoice: Invoice, credits_number: str | None) -> list[list[str]]:
    """List what stands beside the heading, each with its label."""
    facts = [
        (_("Number"), invoice.number),
        (_("Date"), day_words(invoice.issued_on)),
        (_("Due"), _day(invoice.due_on)),
        (_("Takes back invoice"), credits_number or ""),
        (_("Purchase order"), invoice.purchase_order),
        (_("Registered"), invoice.full_name),
    ]
    return [[str(label), words] for label, words in facts if words]


def _day(day: date | None) -> str:
    return day_words(day) if day else ""


def _recipient(invoice: Invoice) -> list[str]:
    """Say to whom it is written; to the person where nothing else is known."""
    lines = [invoice.organization, *invoice.bill_to.split("\n")]
    return [line for line in lines if line] or [invoice.full_name]
