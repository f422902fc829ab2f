"""What a mail says of money: the invoice of a place, the credit note that ends it."""

import logging
from dataclasses import dataclass

from sqlalchemy.orm import Session

from csd_events.billing import exports
from csd_events.billing import queries as billing
from csd_events.billing.models import Invoice
from csd_events.core.time import day_words
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url, money
from csd_events.outbox.message import Attachment
from csd_events.registrations.models import Registration

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """A document about money, as a mail names it.

    Attributes:
        number: As it is printed on it.
        total_words: What it is over.
        due_words: Until when to pay; empty for a credit note.
        taken_back: The number of the invoice that a credit note ends; else empty.
        paid_words: What had been paid of that one; empty for nothing.
        link: To the file; empty for who has no link of their own any more.
        files: The file itself; none where it could not be printed.
    """

    number: str
    total_words: str
    due_words: str = ""
    taken_back: str = ""
    paid_words: str = ""
    link: str = ""
    files: tuple[Attachment, ...]


def invoice_for(session: Session, registration: Registration) -> Charged | None:
    """Find the invoice of a place; None where it costs nothing."""
    if not registration.price_cents:
        return None
    invoice = billing.find_open(session, registration.id)
    if invoice is None:
        return None
    return Charged(
        number=invoice.number,
        total_words=money(invoice.total_cents, invoice.currency),
        due_words=day_words(invoice.due_on) if invoice.due_on else "",
        link=_link(registration, invoice),
        files=_printed(invoice, None),
    )


def credit_for(
    session: Session, registration: Registration, *, life: int
) -> Charged | None:
    """Find the credit note over what a life of a registration had been charged."""
    if not registration.price_cents:
        return None
    found = billing.find_credit(session, registration.id, life=life)
    if found is None or found.credit is None:
        return None
    credit, paid = found.credit, found.balance.paid
    return Charged(
        number=credit.number,
        total_words=money(credit.total_cents, credit.currency),
        taken_back=found.invoice.number,
        paid_words=money(paid, credit.currency) if paid else "",
        link=_link(registration, credit),
        files=_printed(credit, found.invoice.number),
    )


def _link(registration: Registration, invoice: Invoice) -> str:
    version = registration.link_version
    own = links().token(Purpose.REGISTRATION, registration.id, version)
    return external_url("registrations.invoice", token=own, number=invoice.number)


def _printed(invoice: Invoice, credits_number: str | None) -> tuple[Attachment, ...]:
    """Print the file of a mail, which goes without it rather than not at all."""
    try:
        content = exports.pdf(invoice, credits_number=credits_number)
    except Exception:
        log.exception("%s cannot be printed", invoice.number)
        return ()
    name = f"{invoice.number}.pdf"
    return (Attachment(content_type="application/pdf", content=content, filename=name),)
