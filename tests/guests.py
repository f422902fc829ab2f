"""Guests of a server that runs: they ask it over HTTP, as a browser does."""

import re
from html import unescape
from urllib.parse import urlencode
from urllib.request import urlopen

PATIENCE = 60  # seconds until a test gives up; nothing is measured


def register(address: str, slug: str, *, email: str = "ada@example.org") -> str:
    """Open a guest's form, fill it in, send it, and return where that leads."""
    form = f"{address}/events/{slug}/register"
    ticket = re.search(r'name="ticket"[^>]*value="([^"]*)"', get(form))
    assert ticket
    typed = {
        "ticket": unescape(ticket[1]),
        "full_name": "Ada Sample",
        "email": email,
        "organization": "Town of Sample",
    }
    return get(form, urlencode(typed).encode())


def get(url: str, data: bytes | None = None) -> str:
    with urlopen(url, data, timeout=PATIENCE) as answer:  # noqa: S310 - ours, by http
        content: bytes = answer.read()
        return content.decode()
