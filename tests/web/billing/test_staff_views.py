"""What staff see of what is owed, and how they record what was paid."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.association import queries as association
from csd_events.association import service as association_service
from csd_events.billing.models import Invoice, Payment
from csd_events.events.models import Event
from csd_events.events.rules import OfferDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from tests.billing import words_of
from tests.desk import blamed, fields_of, said, send, staff_browser
from tests.factories import NOON, call_off, make_event, make_registration, writing
from tests.statements import counted
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")
PRICED = [OfferDraft(price_cents=4900)]
LIST = "/staff/invoices"
FIRST = f"{LIST}/INV-2030-0001"


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="paid", title="Dispatch", offers=PRICED)


@pytest.fixture
def made(session: Session, event: Event) -> Registration:
    return make_registration(
        session,
        event,
        full_name="Ada Sample",
        organization="Town of Sample",
        purchase_order="PO 7",
        bill_to="Finance\nRoom 2",
    )


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def payments(session: Session) -> list[tuple[int, str]]:
    session.rollback()
    rows = session.execute(
        select(Payment.cents, Payment.reference).order_by(Payment.id)
    )
    return [(cents, reference) for cents, reference in rows]


def standing(browser: FlaskClient) -> str:
    return words(browser.get(FIRST)).partition("Invoices")[2].partition("Invoice ")[0]


@pytest.mark.usefixtures("made")
def test_an_invoice_says_to_whom_it_went_and_is_paid_by_one_press(
    browser: FlaskClient, session: Session
) -> None:
    page = words(browser.get(FIRST))
    for part in ("Ada Sample", "Finance Room 2", "PO 7", "May 31, 2030", "Dispatch"):
        assert part in page
    answer = send(browser, FIRST, {"reference": "check 7"})
    assert said(browser, answer) == ["It is written down."]
    assert payments(session) == [(4900, "check 7")]
    page = words(browser.get(FIRST))
    assert "Still owed Nothing" in page
    assert "May 1, 2030 USD 49.00 Came in check 7 Person" in page


@pytest.mark.usefixtures("made")
def test_the_same_form_sent_twice_is_one_payment(
    browser: FlaskClient, session: Session
) -> None:
    typed = fields_of(browser.get(FIRST).text) | {"amount": "20"}
    for _ in range(2):
        assert browser.post(FIRST, data=typed).status_code == 303
    assert payments(session) == [(2000, "")]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("typed", "field", "complaint"),
    [
        (
            {"amount": "49.01"},
            "amount",
            "No more than USD 49.00 is owed. Enter what was paid of this invoice",
        ),
        (
            {"amount": "1", "way": "back"},
            "amount",
            "No more than USD 0.00 has come in. Enter what went back of it",
        ),
        ({"amount": "0"}, "amount", "Enter an amount above zero"),
        ({"amount": ""}, "amount", "Enter the amount in dollars"),
        (
            {"amount": "lots"},
            "amount",
            "Enter an amount in dollars, such as 25 or 25.00",
        ),
        (
            {"amount": "100,000.01"},
            "amount",
            "Enter an amount of at most 100,000 dollars",
        ),
        (
            {"paid_on-month": "2", "paid_on-day": "30"},
            "paid_on",
            "There is no such day. Check month, day and year",
        ),
        (
            {"paid_on-day": "2"},
            "paid_on",
            "That day is still to come. Check the date",
        ),
        (
            dict.fromkeys(("paid_on-month", "paid_on-day", "paid_on-year"), ""),
            "paid_on",
            "Enter the day on which it was paid",
        ),
    ],
)
def test_what_cannot_be_so_is_said_beside_its_field_and_nothing_is_recorded(
    browser: FlaskClient,
    session: Session,
    typed: dict[str, Any],
    field: str,
    complaint: str,
) -> None:
    answer = send(browser, FIRST, typed | {"reference": "check 7"})
    assert answer.status_code == 422
    assert blamed(answer) == {field: complaint}
    assert 'value="check 7"' in answer.text
    assert payments(session) == []


def test_what_was_paid_and_credited_is_to_go_back_until_it_has(
    browser: FlaskClient, session: Session, made: Registration
) -> None:
    send(browser, FIRST)
    with writing(session):
        service.cancel(session, made.id, now=NOON)
    desk = words(browser.get("/staff"))
    assert "1 invoice was paid and credited: the money is to go back" in desk
    assert "To be paid back USD 49.00" in words(browser.get(LIST))
    page = words(browser.get(FIRST))
    assert "Credit note INV-2030-0002 (PDF)" in page
    send(browser, FIRST)  # the form suggests what is to go back
    assert payments(session) == [(4900, ""), (-4900, "")]
    assert "money is to go back" not in words(browser.get("/staff"))


@pytest.mark.usefixtures("made")
def test_a_mistake_is_taken_back_by_another_line(
    browser: FlaskClient, session: Session
) -> None:
    send(browser, FIRST)
    send(browser, FIRST, {"reference": "wrong check"})
    assert payments(session) == [(4900, ""), (-4900, "wrong check")]
    assert "Still owed USD 49.00" in words(browser.get(FIRST))


def test_the_list_is_narrowed_by_event_standing_and_words(
    browser: FlaskClient, session: Session, made: Registration
) -> None:
    other = make_event(session, title="Fire", offers=PRICED)
    make_registration(session, other, organization="City of Else")
    send(browser, FIRST)
    shown = {
        query: [
            number
            for number in ("INV-2030-0001", "INV-2030-0002")
            if number in words(browser.get(f"{LIST}?{query}"))
        ]
        for query in (
            "",
            f"event={made.event_id}",
            "standing=paid",
            "standing=open",
            "standing=strange",
            "q=else",
            "q=po+7",
        )
    }
    both = ["INV-2030-0001", "INV-2030-0002"]
    assert list(shown.values()) == [
        both, both[:1], both[:1], both[1:], both, both[1:], both[:1],
    ]  # fmt: skip
    page = words(browser.get(f"{LIST}?event={made.event_id}&standing=open"))
    assert "No invoice fits. See all invoices" in page


def test_without_any_invoice_the_list_says_where_they_come_from(
    browser: FlaskClient,
) -> None:
    assert "Who gets a place that has a price is sent one at once." in words(
        browser.get(LIST)
    )


def test_the_list_goes_on_and_back_page_by_page(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    for _ in range(51):
        make_registration(session, event)
    first = browser.get(LIST)
    assert first.text.count(f'href="{LIST}/INV-') == 50
    older = first.text.partition('rel="next"')[2].partition('href="')[2]
    second = browser.get(older.partition('"')[0].replace("&amp;", "&"))
    assert second.text.count(f'href="{LIST}/INV-') == 1
    newer = second.text.partition('rel="prev"')[2].partition('href="')[2]
    back = browser.get(newer.partition('"')[0].replace("&amp;", "&"))
    assert back.text.count(f'href="{LIST}/INV-') == 50


def test_a_list_of_many_asks_no_more_than_one_of_few(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    numbers = []
    for more in (2, 40):
        for _ in range(more):
            make_registration(session, event)
        with counted(app) as seen:
            assert browser.get(LIST).status_code == 200
        numbers.append(len(seen))
    assert numbers[0] == numbers[1] <= 6


def test_all_of_them_come_as_a_table_that_no_spreadsheet_calculates(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event, full_name="=1+1", organization="Town")
    kept = make_registration(session, event, full_name="Bo", organization="City")
    with writing(session):
        service.cancel(session, kept.id, now=NOON)
    answer = browser.get(f"{LIST}/invoices.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.mimetype == "text/csv"
    assert [row[0] for row in rows] == ["Number", "INV-2030-0001", "INV-2030-0002"]
    assert rows[1][4:6] == ["Town", "'=1+1"]
    assert rows[2][-5:] == ["49.00", "INV-2030-0003", "0.00", "0.00", "Credited"]
    only = browser.get(f"{LIST}/invoices.csv?standing=open").data.decode()
    assert ("INV-2030-0001" in only, "INV-2030-0002" in only) == (True, False)


@pytest.mark.usefixtures("made")
def test_staff_open_the_file_of_every_invoice(browser: FlaskClient) -> None:
    answer = browser.get(f"{FIRST}.pdf")
    assert answer.mimetype == "application/pdf"
    assert "Registered Ada Sample" in words_of(answer.data)
    assert browser.get(f"{LIST}/INV-2030-0009.pdf").status_code == 404
    assert browser.get(f"{LIST}/INV-2030-0009").status_code == 404


def test_what_is_overdue_stands_on_the_desk(
    browser: FlaskClient, session: Session, event: Event, at: Any
) -> None:
    make_registration(session, event)
    late = NOON + timedelta(days=30)
    at(late)
    assert "overdue" not in words(browser.get("/staff"))
    at(late + timedelta(days=1))
    assert "1 invoice is overdue" in words(browser.get("/staff"))
    assert "Overdue" in words(browser.get(f"{LIST}?standing=overdue"))


@pytest.mark.usefixtures("made")
def test_an_event_with_a_price_says_what_is_owed_and_a_free_one_nothing(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    free = make_event(session)
    assert "Owed USD 49.00" in words(browser.get(f"/staff/events/{event.id}"))
    page = words(browser.get(f"/staff/events/{free.id}"))
    assert [said for said in ("Owed", "invoices") if said in page] == []


@pytest.mark.usefixtures("made")
def test_a_cancelled_event_of_which_nothing_is_owed_says_nothing_of_it(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    path = f"/staff/events/{event.id}"
    call_off(session, event.id)
    assert "Owed USD" not in words(browser.get(path))
    send(browser, FIRST, {"way": "in", "amount": "49"})
    assert "Owed USD" not in words(browser.get(path))


def test_an_event_with_a_price_says_when_its_invoices_lack_how_to_pay(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    lacks = "Its invoices do not say how to pay"
    path = f"/staff/events/{event.id}"
    assert lacks in words(browser.get(path))
    details = replace(
        association.first(), postal_address="1 Road", payment_words="By check."
    )
    with writing(session):
        association_service.save(session, details, now=NOON, actor_id=None)
    association.forget()
    assert lacks not in words(browser.get(path))
    association.forget()


def test_staff_type_a_purchase_order_where_a_price_is_to_be_paid(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    free = make_event(session)
    path = "/staff/events/{}/registrations/new"
    assert "Purchase order" not in words(browser.get(path.format(free.id)))
    typed = {
        "full_name": "Ada Sample",
        "email": "ada@example.org",
        "organization": "Town of Sample",
        "purchase_order": "PO 7",
    }
    assert send(browser, path.format(event.id), typed).status_code == 303
    session.rollback()
    orders = session.scalars(select(Invoice.purchase_order)).all()
    assert list(orders) == ["PO 7"]
