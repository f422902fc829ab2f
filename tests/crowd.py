"""Many who press something at one moment, as HTTP requests to two server processes."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.forms import new_ticket
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from tests.desk import fields_of
from tests.factories import NOON
from tests.visitors import TYPED


class Form(NamedTuple):
    """What a browser sends: where, what, and whose session."""

    path: str
    data: dict[str, Any]
    cookie: str = ""


class Post(Protocol):
    """Sends forms all at one moment, and tells how often each status was answered.

    Something else may be done at that moment, too.
    """

    def __call__(
        self, forms: Sequence[Form], *others: Callable[[], object]
    ) -> Counter[int]: ...


def poster(host: str) -> Post:
    """Return what sends forms to a server."""

    def post(forms: Sequence[Form], *others: Callable[[], object]) -> Counter[int]:
        gate = Barrier(len(forms) + len(others))

        def send(form: Form) -> int:
            connection = HTTPConnection(host, timeout=60)
            connection.connect()
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            if form.cookie:
                kind["Cookie"] = form.cookie
            gate.wait()
            body = urlencode(form.data, doseq=True)
            connection.request("POST", form.path, body, kind)
            status = connection.getresponse().status
            connection.close()
            return status

        def do(other: Callable[[], object]) -> None:
            gate.wait()
            other()

        with ThreadPoolExecutor(len(forms) + len(others)) as pool:
            doing = [pool.submit(do, other) for other in others]
            answers = Counter(pool.map(send, forms))
            for each in doing:
                each.result()
        return answers

    return post


def form(app: Flask, event: Event, email: str) -> Form:
    """A guest's form, filled in."""
    with app.app_context():
        ticket = new_ticket(event.slug, None, now=NOON)
    typed = TYPED | {"email": email, "ticket": ticket}
    return Form(f"/events/{event.slug}/register", typed)


def by_link(app: Flask, made: Registration, what: str) -> Form:
    """A button that somebody presses who has the link of a registration."""
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, made.id, made.link_version)
    return Form(f"/registrations/{token}/{what}", {})


def cancelling(app: Flask, made: Registration) -> Form:
    return by_link(app, made, "cancel")


def by_staff(
    browser: FlaskClient, page: str, path: str | None = None, **typed: Any
) -> Form:
    """What staff send of a page that is open in a browser of this process.

    Args:
        browser: Where somebody of the staff is signed in.
        page: On which the form stands.
        path: Where it goes, where that is another one.
        typed: What is typed in it.
    """
    data = fields_of(browser.get(page).text) | typed
    cookie = browser.get_cookie("session", domain="csd.test")
    assert cookie is not None
    return Form(path or page, data, f"session={cookie.value}")


def states(session: Session, event: Event) -> Counter[State]:
    session.rollback()
    here = select(Registration.state).where(Registration.event_id == event.id)
    return Counter(session.scalars(here))


def in_line(session: Session, event: Event) -> list[State]:
    """Return how everybody stands, who registered first at the top."""
    session.rollback()
    here = select(Registration.state).where(Registration.event_id == event.id)
    return list(session.scalars(here.order_by(Registration.id)))


def positions(session: Session, event: Event) -> list[int]:
    here = select(Registration.position).where(
        Registration.event_id == event.id, Registration.position.is_not(None)
    )
    return sorted(each for each in session.scalars(here) if each is not None)


def mailed(session: Session, event: Event) -> Counter[str]:
    """Count the mails of an event by what they say."""
    session.rollback()
    kinds = select(OutboxMessage.kind).where(OutboxMessage.event_id == event.id)
    return Counter(kind.partition(".")[2] for kind in session.scalars(kinds))
