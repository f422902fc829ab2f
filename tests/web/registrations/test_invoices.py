"""Invoices as people meet them: asked for in the form, mailed, opened by their link."""

import re
from datetime import date
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.billing import exports, queries
from csd_events.billing import service as billing
from csd_events.billing.models import Invoice
from csd_events.billing.service import Received
from csd_events.events.models import Event
from csd_events.events.rules import Audience, OfferDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Newcomer
from csd_events.registrations.service import By
from tests.billing import words_of
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.letters import by_address, deliver, links_in, side
from tests.visitors import open_form, press, send_form, words

pytestmark = pytest.mark.usefixtures("now")
PRICED = [OfferDraft(price_cents=4900)]
BO = Newcomer(
    full_name="Bo Sample", email="bo@example.org", organization="Town of Other"
)
COMES = "Nothing to pay now: an invoice comes by mail, due 30 days after."
ASKED = ("Purchase order number", "Who the invoice is for")


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="paid", offers=PRICED)


def attached(mail: EmailMessage) -> dict[str, bytes]:
    return {
        str(part.get_filename()): part.get_payload(decode=True)  # type: ignore[misc]  # no message
        for part in mail.walk()
        if part.get_content_type() == "application/pdf"
    }


def text(mail: EmailMessage) -> str:
    return " ".join(side(mail, "text/plain").split())


def html(mail: EmailMessage) -> str:
    plain = re.sub(
        r"<style.*?</style>|<[^>]+>", " ", side(mail, "text/html"), flags=re.DOTALL
    )
    return " ".join(plain.split())


def file_link(mail: EmailMessage) -> str:
    (link,) = (link for link in links_in(mail) if link.endswith(".pdf"))
    return urlsplit(link).path


def cancel(session: Session, made: Registration) -> None:
    with writing(session):
        service.cancel(session, made.id, now=NOON)


def pay(session: Session, cents: int) -> None:
    invoice_id = session.scalars(select(Invoice.id)).one()
    received = Received(
        cents=cents, paid_on=NOON.date(), reference="", nonce=str(cents)
    )
    with writing(session):
        billing.record_payment(session, invoice_id, received, now=NOON, actor_id=None)


@pytest.mark.usefixtures("event")
def test_a_form_with_a_price_asks_what_an_invoice_needs_and_says_that_one_comes(
    client: FlaskClient,
) -> None:
    for path in ("/events/paid", "/events/paid/register"):
        assert COMES in words(client.get(path))
    form = words(client.get("/events/paid/register"))
    assert [label for label in ASKED if label in form] == list(ASKED)


def test_a_form_without_a_price_asks_nothing_of_it(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="free")
    form = words(client.get("/events/free/register"))
    assert [said for said in (*ASKED, "invoice") if said in form] == []


def test_a_form_by_invitation_asks_where_an_invitation_costs(
    client: FlaskClient, session: Session
) -> None:
    for slug, price_cents in (("dear", 4900), ("gift", 0)):
        offer = OfferDraft(
            audience=Audience.INVITED, code="CHIEFS-24", price_cents=price_cents
        )
        make_event(session, slug=slug, offers=[offer])
    asked = [
        [label for label in ASKED if label in words(client.get(path))]
        for path in ("/events/dear/register", "/events/gift/register")
    ]
    assert asked == [list(ASKED), []]


@pytest.mark.usefixtures("event")
def test_what_is_typed_for_the_invoice_stands_on_it_and_comes_back_after_an_error(
    client: FlaskClient, session: Session
) -> None:
    typed = {"purchase_order": "PO 7", "bill_to": "Finance\r\nRoom 2"}
    wrong = send_form(client, "paid", email="", **typed)
    assert wrong.status_code == 422
    assert 'value="PO 7"' in wrong.text
    assert "Finance\nRoom 2</textarea>" in wrong.text
    answer = send_form(client, "paid", **typed)
    receipt = words(client.get(answer.location))
    assert f"USD 49.00, by invoice {COMES}" in receipt
    session.rollback()
    (invoice,) = session.scalars(select(Invoice)).all()
    assert (invoice.purchase_order, invoice.bill_to) == ("PO 7", "Finance\nRoom 2")


@pytest.mark.usefixtures("event")
def test_too_long_a_purchase_order_is_said_beside_its_field(
    client: FlaskClient,
) -> None:
    page = send_form(client, "paid", purchase_order="7" * 61)
    assert page.status_code == 422
    assert "Purchase order number must be 60 characters or fewer" in words(page)


def test_a_signed_in_person_gives_a_purchase_order_on_the_event_page(
    app: Flask, session: Session, event: Event
) -> None:
    browser = app.test_client(user=make_account(session))
    page = browser.get("/events/paid")
    assert "For the invoice (optional)" in words(page)
    assert press(browser, page, "/events/paid/register").status_code == 303
    assert queries.find_open(session, 0) is None
    session.rollback()
    (invoice,) = session.scalars(select(Invoice)).all()
    assert (invoice.event_id, invoice.purchase_order) == (event.id, "")


def test_who_is_refused_reads_that_what_follows_comes_with_an_invoice(
    client: FlaskClient, session: Session
) -> None:
    said = []
    for price_cents in (4900, 0):
        later = OfferDraft(price_cents=price_cents, opens_on=date(2030, 5, 5))
        make_event(session, slug=f"later-{price_cents}", offers=[later])
        page = words(client.get(f"/events/later-{price_cents}/register"))
        said.append("Where there is a price, an invoice comes by mail" in page)
    assert said == [True, False]


def test_who_waits_hears_of_the_invoice_for_later(
    client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="full", capacity=1, offers=PRICED)
    make_registration(session, event)
    later = "Nothing to pay now: once you have a place, an invoice comes by mail"
    assert later in words(client.get("/events/full/register"))
    answer = send_form(client, "full", ticket=open_form(client, "full"))
    assert later in words(client.get(answer.location))


def test_the_confirmation_carries_the_invoice_and_leads_to_it(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event, full_name="Ada Sample")
    (mail,) = deliver(app)
    assert (
        "Price: USD 49.00, due by May 31, 2030. Invoice INV-2030-0001 says how to pay:"
        in text(mail)
    )
    assert (
        "Price: USD 49.00, due by May 31, 2030. Invoice INV-2030-0001 says how to pay."
        in html(mail)
    )
    (file,) = attached(mail).items()
    assert file[0] == "INV-2030-0001.pdf"
    assert "Registered Ada Sample" in words_of(file[1])
    opened = client.get(file_link(mail))
    assert (opened.mimetype, opened.data) == ("application/pdf", file[1])
    assert opened.headers["Cache-Control"] == "no-store"


def test_a_mail_goes_without_the_file_where_that_cannot_be_printed(
    app: Flask,
    session: Session,
    event: Event,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = tmp_path / "invoice.typ"
    broken.write_text("#panic()")
    monkeypatch.setattr(exports, "TEMPLATE", broken)
    make_registration(session, event)
    (mail,) = deliver(app)
    assert attached(mail) == {}
    assert "Invoice INV-2030-0001 says how to pay" in text(mail)


def test_a_free_place_says_nothing_of_an_invoice(app: Flask, session: Session) -> None:
    made = make_registration(session, make_event(session))
    cancel(session, made)
    for mail in deliver(app):
        assert attached(mail) == {}
        assert [w for w in ("invoice", "credit note") if w in text(mail)] == []


@pytest.mark.parametrize("paid", [0, 2000])
def test_a_cancellation_says_which_invoice_is_taken_back_and_what_is_paid_back(
    app: Flask, session: Session, event: Event, paid: int
) -> None:
    made = make_registration(session, event)
    deliver(app)
    if paid:
        pay(session, paid)
    cancel(session, made)
    (mail,) = deliver(app)
    for said in (text(mail), html(mail)):
        assert "credit note INV-2030-0002" in said
        assert "over USD 49.00 takes invoice INV-2030-0001 back." in said
        assert ("We pay USD 20.00 back, which we have had from you." in said) == bool(
            paid
        )
    (file,) = attached(mail).items()
    assert file[0] == "INV-2030-0002.pdf"
    assert "Takes back invoice INV-2030-0001" in words_of(file[1])


def test_who_cancelled_and_came_back_reads_of_the_credit_note_of_that_time(
    app: Flask, session: Session, event: Event
) -> None:
    """The mail of the life that ended goes after the new one has begun."""
    made = make_registration(session, event, email="ada@example.org")
    deliver(app)
    cancel(session, made)
    make_registration(session, event, email="ada@example.org")
    mails = {str(mail["Subject"]).partition(":")[0]: mail for mail in deliver(app)}
    assert {subject: [*attached(mail)] for subject, mail in mails.items()} == {
        "Your registration is cancelled": ["INV-2030-0002.pdf"],
        "You are registered": ["INV-2030-0003.pdf"],
    }


def test_who_cancels_twice_before_a_mail_goes_reads_of_both_credit_notes(
    app: Flask, session: Session, event: Event
) -> None:
    for _ in range(2):
        cancel(session, make_registration(session, event, email="ada@example.org"))
    files = [name for mail in deliver(app) for name in attached(mail)]
    assert files == ["INV-2030-0002.pdf", "INV-2030-0004.pdf"]


def test_an_event_called_off_sends_everybody_their_credit_note(
    app: Flask, session: Session, event: Event
) -> None:
    for _ in range(2):
        make_registration(session, event)
    deliver(app)
    with writing(session):
        service.cancel_event(session, event.id, note="", now=NOON)
    files = [[*attached(mail)] for mail in deliver(app)]
    assert files == [["INV-2030-0003.pdf"], ["INV-2030-0004.pdf"]]


def test_the_page_of_a_registration_lists_what_was_charged(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    made = make_registration(session, event)
    (mail,) = deliver(app)
    path = urlsplit(next(x for x in links_in(mail) if "/registrations/" in x)).path
    page = "/".join(path.split("/")[:3])
    assert "Invoice INV-2030-0001 (PDF) , USD 49.00 due by May 31, 2030" in words(
        client.get(page)
    )
    pay(session, 4900)
    assert "Invoice INV-2030-0001 (PDF) , paid" in words(client.get(page))
    cancel(session, made)
    assert (
        "taken back by credit note INV-2030-0002 (PDF) ; USD 49.00 goes back to you"
        in words(client.get(page))
    )


def test_nobody_opens_the_invoice_of_another_by_their_own_link(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    for _ in range(2):
        make_registration(session, event)
    mine, theirs = (file_link(mail) for mail in deliver(app))
    token, number = mine.split("/")[2], theirs.rpartition("/")[2]
    answers = [
        client.get(f"/registrations/{token}/invoice/{each}").status_code
        for each in (number, "INV-2030-0009.pdf", mine.rpartition("/")[2])
    ]
    assert answers == [404, 404, 200]


def test_the_page_that_asks_before_cancelling_says_what_becomes_of_the_invoice(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event)
    (mail,) = deliver(app)
    path = urlsplit(next(x for x in links_in(mail) if x.endswith("/cancel"))).path
    assert "a credit note that takes the invoice back comes by mail" in words(
        client.get(path)
    )


def hand_on(session: Session, made: Registration) -> Registration:
    with writing(session):
        given = service.replace(session, made.id, BO, now=NOON, by=By(is_staff=True))
    session.expire_all()
    return session.get_one(Registration, given)


def test_a_place_that_went_on_is_credited_to_who_cancels_it(
    app: Flask, session: Session, event: Event
) -> None:
    """The invoice is of the life before, since it is never changed."""
    given = hand_on(session, make_registration(session, event))
    deliver(app)
    cancel(session, given)
    (mail,) = deliver(app)
    assert "bo@example.org" in mail["To"]
    assert [*attached(mail)] == ["INV-2030-0002.pdf"]
    assert "credit note INV-2030-0002" in text(mail)


def test_who_waited_after_a_place_that_was_credited_reads_of_no_note(
    app: Flask, session: Session
) -> None:
    event = make_event(session, slug="paid", offers=PRICED, capacity=1)
    cancel(session, make_registration(session, event, email="ada@example.org"))
    make_registration(session, event)
    waits = make_registration(session, event, email="ada@example.org")
    deliver(app)
    cancel(session, waits)
    (mail,) = deliver(app)
    assert attached(mail) == {}
    assert "credit note" not in text(mail)


def test_who_passed_a_place_on_reads_that_their_invoice_is_taken_back(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event, email="bo@example.org")  # who has one already
    made = make_registration(session, event, email="ada@example.org")
    deliver(app)
    hand_on(session, made)
    mails = by_address(deliver(app))
    mail = mails["ada@example.org"]
    for said in (text(mail), html(mail)):
        assert "credit note INV-2030-0003" in said
        assert "over USD 49.00 takes invoice INV-2030-0002 back." in said
    assert [*attached(mail)] == ["INV-2030-0003.pdf"]
    assert not [link for link in links_in(mail) if link.endswith(".pdf")]


def test_an_invoice_names_who_comes_and_not_who_had_the_place(
    session: Session, event: Event
) -> None:
    cancel(session, make_registration(session, event, email="bo@example.org"))
    hand_on(session, make_registration(session, event, email="ada@example.org"))
    session.rollback()
    last = session.scalars(select(Invoice).order_by(Invoice.serial.desc())).first()
    assert last is not None
    assert (last.full_name, last.organization) == ("Bo Sample", "Town of Other")
