"""What is known of the association, as a value."""

import re
from dataclasses import dataclass

from csd_events.core.text import domain_key

DAYS_TO_PAY = 30
ANNOUNCEMENTS_A_WEEK = 2
INVOICE_PREFIX = "INV"


def may_come_from(address: str, server_address: str) -> bool:
    """Tell whether mail of ours may come from an address: one of the server's domain.

    Of any other domain it would be taken for forged, and thrown away or returned.

    Args:
        server_address: What this server was set up to send from.
    """
    domain, own = (each.rpartition("@")[2] for each in (address, server_address))
    return domain_key(domain) == domain_key(own)


@dataclass(frozen=True, slots=True)
class AssociationView:
    """Whoever runs this site, as pages and mails speak of it.

    Attributes:
        sender_address: What mail comes from; empty for the setting of the server.
        reply_address: Where answers go, and whom people write to; may be empty.
        zone: IANA name that is offered first for a new event.
        privacy_words: Markdown.
        accessibility_words: Markdown.
        invoice_name: Who writes invoices; empty for `name`.
        invoice_address: Of several lines; empty for `postal_address`.
        tax_id: Such as an EIN; may be empty.
        payment_words: How to pay an invoice; may be empty.
        days_to_pay: After an invoice was issued.
        invoice_prefix: What the number of an invoice begins with.
        announcements_a_week: How many go to one person within seven days at most.
        is_sample: Whether the sample program is what the site shows.
    """

    name: str
    short_name: str
    sender_address: str
    reply_address: str
    postal_address: str
    telephone: str
    zone: str
    privacy_words: str
    accessibility_words: str
    invoice_name: str = ""
    invoice_address: str = ""
    tax_id: str = ""
    payment_words: str = ""
    days_to_pay: int = DAYS_TO_PAY
    invoice_prefix: str = INVOICE_PREFIX
    announcements_a_week: int = ANNOUNCEMENTS_A_WEEK
    is_sample: bool = False

    @property
    def on_invoices(self) -> str:
        """Who writes an invoice, from where, and where to ask, in lines."""
        name = self.invoice_name or self.name
        lines = [name, self.invoice_address or self.postal_address]
        if self.tax_id:
            lines.append(f"EIN {self.tax_id}")
        lines.append(self.reply_address)
        return "\n".join(line for line in lines if line)

    @property
    def can_be_paid(self) -> bool:
        """Whether an invoice says from where it comes, and how to pay it."""
        address = self.invoice_address or self.postal_address
        return bool(address and self.payment_words)


def literal(text: str) -> str:
    """Write a text so that Markdown shows it as it is."""
    return re.sub(r"([^\w\s]|_)", r"\\\1", text)
