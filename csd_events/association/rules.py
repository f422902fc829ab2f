"""What is known of the association, as a value."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AssociationView:
    """Whoever runs this site, as pages and mails speak of it.

    Attributes:
        sender_address: What mail comes from; empty for the setting of the server.
        reply_address: Where answers go, and whom people write to; may be empty.
        zone: IANA name that is offered first for a new event.
        privacy_words: Markdown.
        accessibility_words: Markdown.
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
    is_sample: bool = False


def literal(text: str) -> str:
    """Write a text so that Markdown shows it as it is."""
    return re.sub(r"([^\w\s]|_)", r"\\\1", text)
