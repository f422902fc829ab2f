"""``flask registrations``."""

from datetime import datetime

from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from csd_events.billing.models import Invoice
from csd_events.events.models import Event, EventOffer
from csd_events.events.rules import OfferDraft
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.seeds.service import load
from tests.factories import CHEAP, make_event, make_registration


def _run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["registrations", *words])
    return result.exit_code, result.output


def test_counters_that_agree_are_in_order(app: Flask, session: Session) -> None:
    words = "Every counter, invoice and list agrees with its registrations.\n"
    assert _run(app, "check") == (0, words)


def test_a_counter_that_differs_is_named(
    app: Flask, session: Session, now: datetime
) -> None:
    load(session, password_hash=CHEAP.hash("sample password"), now=now)
    session.execute(
        update(Event).where(Event.slug == "fire-together").values(confirmed=3)
    )
    session.commit()
    assert _run(app, "check") == (
        1,
        "fire-together: says 3 confirmed, 0 held, 0 waiting; has 0, 0, 0\n"
        "Error: Counters that differ: 1; invoices: 0; lists: 0\n",
    )


def test_a_place_without_its_invoice_and_an_invoice_without_a_place_are_named(
    app: Flask, session: Session
) -> None:
    paid = make_event(session, offers=[OfferDraft(price_cents=4900)])
    lacks, owes = (make_registration(session, paid) for _ in range(2))
    session.execute(delete(Invoice).where(Invoice.registration_id == lacks.id))
    session.execute(
        update(Registration)
        .where(Registration.id == owes.id)
        .values(state=State.CANCELLED)
    )
    session.execute(update(Event).values(confirmed=1))
    session.execute(update(EventOffer).values(confirmed=1))
    session.commit()
    assert _run(app, "check") == (
        1,
        f"{lacks.reference}: has no invoice\n"
        f"{owes.reference}: owes and has no place\n"
        "Error: Counters that differ: 0; invoices: 2; lists: 0\n",
    )


def test_who_is_wrongly_said_to_be_missing_is_named(
    app: Flask, session: Session
) -> None:
    made = make_registration(session, make_event(session))
    session.execute(update(Registration).values(is_unlisted=True))
    session.commit()
    assert _run(app, "check") == (
        1,
        f"{made.reference}: is on its conference's list, or need not be\n"
        "Error: Counters that differ: 0; invoices: 0; lists: 1\n",
    )


def test_reminding_says_how_many_go(
    app: Flask, session: Session, now: datetime
) -> None:
    assert _run(app, "remind") == (0, "Reminders queued: 0\n")
