"""Invoices as PDF files, out of what their rows say."""

import json
from datetime import date
from pathlib import Path

from csd_events.billing.models import Invoice
from csd_events.billing.rules import Kind
from csd_events.core.time import day_words
from csd_events.core.web import money
from csd_events.core.words import gettext as _
from csd_events.core.words import locale_name

TEMPLATE = Path(__file__).with_name("invoice.typ")
#: Tagged, so that a screen reader finds heading, table and the cells' headings.
TAGGED = "ua-1"


def pdf(invoice: Invoice, *, credits_number: str | None = None) -> bytes:
    """Print an invoice, or a credit note with the number of what it takes back.

    The same row gives the same file. Letters that its fonts lack would not be allowed
    in a tagged file; then it says that they are missing, and is not tagged as one.
    """
    from typst import TypstError  # noqa: PLC0415 - tens of megabytes, for who prints

    words = _words(invoice, credits_number)
    try:
        return _printed(words, [TAGGED])
    except TypstError as error:
        if "glyph" not in str(error):
            raise
    words["notes"].append(
        [_("Some letters of this document cannot be shown here. Our pages show them.")]
    )
    return _printed(words, [])


def heading_of(kind: Kind) -> str:
    return str(_("Invoice") if kind is Kind.INVOICE else _("Credit note"))


def _printed(words: dict[str, object], standards: list[str]) -> bytes:
    import typst  # noqa: PLC0415 - as above

    printed: bytes = typst.compile(
        TEMPLATE,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"given": json.dumps(words)},
        pdf_standards=standards,
    )
    return printed


def _words(invoice: Invoice, credits_number: str | None) -> dict[str, list[object]]:
    heading, total = heading_of(invoice.kind), invoice.total_cents
    lines = [
        [line.words, line.details, money(line.cents, invoice.currency)]
        for line in invoice.all_lines
    ]
    pays = invoice.kind is Kind.INVOICE and bool(invoice.payment_words)
    return {
        "lang": locale_name().partition("_")[0],
        "title": f"{heading} {invoice.number}",
        "heading": heading,
        "issued_on": list(invoice.issued_on.timetuple()[:3]),
        "issuer": invoice.issuer.split("\n"),
        "facts": _facts(invoice, credits_number),
        "to_heading": _("To"),
        "to": [each for each in (invoice.organization, *_address(invoice)) if each],
        "columns": [_("For"), _("Amount")],
        "lines": lines,
        "total": [_("Total"), money(total, invoice.currency)],
        "notes_heading": _("How to pay") if pays else "",
        "notes": [invoice.payment_words.split("\n")] if pays else [],
    }


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


def _address(invoice: Invoice) -> list[str]:
    return invoice.bill_to.split("\n")
