"""Forms that are sent all at one moment, as HTTP requests to two server processes."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode, urlsplit

from flask import Flask

from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event
from csd_events.registrations.forms import new_ticket
from csd_events.registrations.models import Registration
from tests.factories import NOON
from tests.visitors import TYPED

Sent = Sequence[tuple[str, dict[str, str]]]
Post = Callable[[Sent], Counter[int]]


def poster(site: str) -> Post:
    """Send forms all at one moment. Return how often each status was answered."""
    host = urlsplit(site).netloc

    def post(forms: Sent) -> Counter[int]:
        gate = Barrier(len(forms))

        def send(path: str, data: dict[str, str]) -> int:
            connection = HTTPConnection(host, timeout=60)
            connection.connect()
            gate.wait()
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", path, urlencode(data), kind)
            status = connection.getresponse().status
            connection.close()
            return status

        with ThreadPoolExecutor(len(forms)) as pool:
            return Counter(pool.map(send, *zip(*forms, strict=True)))

    return post


def form(app: Flask, event: Event, email: str) -> tuple[str, dict[str, str]]:
    with app.app_context():
        ticket = new_ticket(event.slug, None, now=NOON)
    return f"/events/{event.slug}/register", TYPED | {"email": email, "ticket": ticket}


def cancelling(app: Flask, made: Registration) -> tuple[str, dict[str, str]]:
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, made.id, made.link_version)
    return f"/registrations/{token}/cancel", {}
