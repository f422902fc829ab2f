"""The staff desk as a browser uses it: open a form, send it, read what came."""

import html
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from html5lib import HTMLParser
from sqlalchemy import insert
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.accounts.models import Person
from csd_events.core.access import Role
from csd_events.core.db import transaction
from csd_events.events import service as events
from csd_events.events.models import Event
from csd_events.events.rules import EventDraft, Kind, OfferDraft, SessionDraft
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from tests.factories import NOON, make_account

_serial = count(1)
NEW = "/staff/events/new/webinar"
ZONE = "America/New_York"
#: What a newcomer fills in to publish a webinar: nine fields.
NINE = {
    "title": "Sharing dispatch",
    "summary": "What three counties learned from one dispatch center.",
    "starts_on-month": "6",
    "starts_on-day": "12",
    "starts_on-year": "2030",
    "start_time": "2:00 pm",
    "end_time": "3 pm",
    "platform_url": "https://meet.example.org/dispatch",
    "capacity": "500",
    "offers-0-closes_on-month": "6",
    "offers-0-closes_on-day": "5",
    "offers-0-closes_on-year": "2030",
}


def staff_browser(
    app: Flask, session: Session, *, role: Role = Role.SCHEDULER
) -> FlaskClient:
    """A browser in which somebody of the staff is signed in."""
    return app.test_client(user=make_account(session, role=role))


def fields_of(page: str) -> dict[str, Any]:
    """Read what a browser would send of the form of a page, were it sent as it is."""
    tree = HTMLParser(namespaceHTMLElements=False, strict=True).parse(page)
    typed: dict[str, Any] = {}
    for form in tree.iter("form"):
        if (form.get("method") or "").lower() == "post" and "sign-out" not in (
            form.get("action") or ""
        ):
            typed |= _fields(form)
    return typed


def _fields(form: Any) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    inputs = [each for each in form.iter("input") if each.get("name")]
    radios = {each.get("name") for each in inputs if each.get("type") == "radio"}
    others = {each.get("name") for each in inputs if each.get("type") != "radio"}
    assert radios & others == set(), "a browser sends the other one, too, and first"
    names = Counter(each.get("name") for each in inputs)
    boxes = {
        each.get("name")
        for each in inputs
        if each.get("type") == "checkbox" and names[each.get("name")] > 1
    }
    for each in inputs:
        ticked = each.get("type") not in {"radio", "checkbox"} or each.get("checked")
        if ticked is not None and ticked is not False:
            name, value = each.get("name"), each.get("value") or ""
            typed[name] = [*typed.get(name, []), value] if name in boxes else value
    for each in form.iter("textarea"):
        typed[each.get("name")] = (each.text or "").removeprefix("\n")
    for each in form.iter("select"):
        options = list(each.iter("option"))
        chosen = next((o for o in options if o.get("selected") is not None), options[0])
        typed[each.get("name")] = chosen.get("value")
    return typed


def send(
    browser: FlaskClient,
    path: str,
    typed: Mapping[str, Any] | None = None,
    *,
    action: str = "save",
) -> TestResponse:
    """Open the form of a page, type into it and press a button.

    What it will cause is read, and the button pressed again.
    """
    answer = ask(browser, path, typed, action=action)
    if foreseen_in(answer) is None:
        return answer
    return browser.post(path, data=fields_of(answer.text) | {"action": action})


def ask(
    browser: FlaskClient,
    path: str,
    typed: Mapping[str, Any] | None = None,
    *,
    action: str = "save",
) -> TestResponse:
    """Open the form of a page, type into it and press its button once."""
    page = browser.get(path)
    assert page.status_code == 200, page.status
    data = fields_of(page.text) | {"action": action} | dict(typed or {})
    return browser.post(path, data=data)


def foreseen_in(answer: TestResponse) -> list[str] | None:
    """Return what a page says it will cause; None if it does not ask."""
    panel = re.search(r'<h2 id="foresight">.*?</ul>', answer.text, re.DOTALL)
    if panel is None:
        return None
    lines = re.findall(r"<li>(.*?)</li>", panel.group(), re.DOTALL)
    return [html.unescape(words).strip() for words in lines]


def errors_in(answer: TestResponse) -> list[str]:
    """Return the words beside fields."""
    notes = re.findall(
        r'<p class="usa-error-message".*?</span>(.*?)</p>', answer.text, re.DOTALL
    )
    return [html.unescape(note).strip() for note in notes]


def blamed(answer: TestResponse) -> dict[str, str]:
    """Return the words beside each field that has any, by the field they are beside."""
    notes = re.findall(
        r'<p class="usa-error-message" id="([\w-]+)-error">.*?</span>(.*?)</p>',
        answer.text,
        re.DOTALL,
    )
    return {field: html.unescape(words).strip() for field, words in notes}


def summary_of(answer: TestResponse) -> list[str]:
    """Return the words of the box on top, each of which leads to its field."""
    box = answer.text.partition("data-errors")[2].partition("</ul>")[0]
    links = re.findall(r'<a href="#[\w-]+">(.*?)</a>', box, re.DOTALL)
    return [html.unescape(words).strip() for words in links]


def said(browser: FlaskClient, answer: TestResponse) -> list[str]:
    """Follow a redirect and return what the page says was done."""
    page = browser.get(answer.location).text
    box = re.search(
        r'<div class="wrap flashes" role="status">(.*?)</div>\s*</div>', page, re.DOTALL
    )
    found = re.findall(r"<p>(.*?)</p>", box[1], re.DOTALL) if box else []
    return [html.unescape(words).strip() for words in found]


def draft(**given: Any) -> EventDraft:
    """A webinar in six weeks, free through the week before, with 500 places."""
    start = given.pop("wall_start", wall(2030, 6, 12, 14))
    defaults: dict[str, Any] = {
        "title": "Sharing dispatch",
        "summary": "What three counties learned.",
        "kind": Kind.WEBINAR,
        "zone": ZONE,
        "sessions": [
            SessionDraft(
                wall_start=start, wall_end=start + timedelta(hours=1), zone=ZONE
            )
        ],
        "offers": [OfferDraft(closes_on=date(2030, 6, 5))],
        "platform_url": "https://meet.example.org/dispatch",
        "capacity": 500,
    }
    return EventDraft(**defaults | given)


def make_event(app: Flask, *, published: bool = True, **given: Any) -> int:
    """Save an event through the service, published unless told otherwise."""
    with app.app_context(), transaction() as session:
        event_id = events.create(session, draft(**given), now=NOON).id
        if published:
            events.publish(session, event_id, now=NOON)
        return event_id


def fill(
    session: Session, event_id: int, number: int, state: State = State.CONFIRMED
) -> None:
    """Let a number of people hold a place at an event, or wait for one."""
    numbers = [next(_serial) for _ in range(number)]
    people = [
        {
            "email": f"person.{n}@example.org",
            "email_key": f"person.{n}@example.org",
            "email_confirmed_at": NOON,
            "full_name": f"Person {n:06}",
            "created_at": NOON,
        }
        for n in numbers
    ]
    made = insert(Person).returning(Person.id, sort_by_parameter_order=True)
    ids = session.scalars(made, people).all()
    waits = state is State.WAITING
    rows = [
        {
            "event_id": event_id,
            "person_id": person_id,
            "email_key": f"person.{n}@example.org",
            "state": state,
            "position": n if waits else None,
            "reference": f"CSD-{n:08}",
            "full_name": f"Person {n:06}",
            "organization": f"City of {1_000_000 - n:07}",
            "price_cents": 0,
            "currency": "USD",
            "registered_at": NOON + timedelta(seconds=n),
            "confirmed_at": None if waits else NOON,
        }
        for n, person_id in zip(numbers, ids, strict=True)
    ]
    session.execute(insert(Registration), rows)
    event = session.get_one(Event, event_id)
    if waits:
        event.waiting += number
    elif state is State.CONFIRMED:
        event.confirmed += number
    session.commit()


def utc(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def wall(year: int, month: int, day: int, hour: int) -> datetime:
    """What a clock on the wall shows."""
    return utc(year, month, day, hour).replace(tzinfo=None)
