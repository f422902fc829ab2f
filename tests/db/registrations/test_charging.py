"""When a place is charged, and when what was charged is taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import MailedLink
from csd_events.accounts.service import Asking
from csd_events.billing.models import Invoice, InvoiceCounter
from csd_events.core.db import transaction
from csd_events.events import service as event_service
from csd_events.events.models import Event, EventOffer
from csd_events.events.rules import Kind, OfferDraft
from csd_events.registrations import service
from csd_events.registrations.models import Receipt, Registration
from csd_events.registrations.rules import ANSWER_KEPT, State
from csd_events.registrations.service import ByHand
from tests.billing import are_without_gap, documents, open_of
from tests.factories import (
    NOON,
    call_off,
    make_account,
    make_conference,
    make_event,
    make_registration,
    make_wish,
    writing,
)
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("now")
PRICED = [OfferDraft(price_cents=4900)]
#: What registering, or cancelling, asks of a database at most.
MOST_STATEMENTS = 20


def make_priced(session: Session, **given: Any) -> Event:
    return make_event(session, **{"offers": PRICED} | given)


def do(session: Session, act: Callable[..., Any], *given: Any, **others: Any) -> None:
    with writing(session):
        act(session, *given, now=NOON, **others)


def kinds(session: Session) -> list[str]:
    return [kind for kind, _number, _ends in documents(session)]


def test_a_place_with_a_price_is_charged_to_whom_the_form_says(
    session: Session,
) -> None:
    event = make_priced(session, title="Dispatch", zone="America/Denver")
    make_registration(
        session,
        event,
        full_name="Ada Sample",
        organization="Town of Sample",
        purchase_order="PO 7",
        bill_to="Finance\nRoom 2",
    )
    (invoice,) = session.scalars(select(Invoice)).all()
    told = invoice.full_name, invoice.organization, invoice.bill_to
    assert told == ("Ada Sample", "Town of Sample", "Finance\nRoom 2")
    assert (invoice.purchase_order, invoice.total_cents) == ("PO 7", 4900)
    assert invoice.lines == [
        {"words": "Dispatch", "details": "May 11, 2030", "cents": 4900}
    ]


def test_what_is_free_is_not_charged_and_keeps_nothing_of_an_invoice(
    session: Session,
) -> None:
    made = make_registration(
        session, make_event(session), purchase_order="PO 7", bill_to="Finance"
    )
    do(session, service.cancel, made.id)
    assert documents(session) == []
    assert (made.purchase_order, made.bill_to) == ("", "")
    assert session.scalars(select(InvoiceCounter)).all() == []


def test_cancelling_credits_and_registering_again_charges_anew(
    session: Session,
) -> None:
    event = make_priced(session)
    made = make_registration(session, event, email="ada@example.org")
    do(session, service.cancel, made.id)
    do(session, service.cancel, made.id)
    make_registration(session, event, email="ada@example.org")
    assert documents(session) == [
        ("invoice", "INV-2030-0001", None),
        ("credit_note", "INV-2030-0002", "INV-2030-0001"),
        ("invoice", "INV-2030-0003", None),
    ]
    lives = session.scalars(select(Invoice.life).order_by(Invoice.serial)).all()
    assert lives == [1, 1, 2]


def test_who_waits_is_charged_when_they_take_the_place(session: Session) -> None:
    event = make_priced(session, capacity=1)
    first, second = (make_registration(session, event) for _ in range(2))
    assert kinds(session) == ["invoice"]
    do(session, service.cancel, first.id)
    assert kinds(session) == ["invoice", "credit_note"]
    do(session, service.take, second.id, link_version=None)
    do(session, service.take, second.id, link_version=None)
    assert kinds(session) == ["invoice", "credit_note", "invoice"]


def test_who_lets_a_held_place_go_was_never_charged(session: Session) -> None:
    event = make_priced(session, capacity=1)
    first, second = (make_registration(session, event) for _ in range(2))
    do(session, service.cancel, first.id)
    with writing(session):
        assert service.let_lapse(session, now=NOON + ANSWER_KEPT) == 1
    session.refresh(second)
    assert second.state is State.CANCELLED
    assert kinds(session) == ["invoice", "credit_note"]


def test_a_request_is_charged_when_staff_approve_it(session: Session) -> None:
    event = make_priced(session, needs_approval=True)
    yes, no = (make_registration(session, event) for _ in range(2))
    assert documents(session) == []
    do(session, service.approve, yes.id, actor_id=None)
    do(session, service.decline, no.id, note="", actor_id=None)
    assert kinds(session) == ["invoice"]
    assert open_of(session, event.id) == {yes.id}


def test_staff_who_give_a_place_or_register_somebody_charge_for_it(
    session: Session,
) -> None:
    event = make_priced(session, capacity=1)
    _first, waiting = (make_registration(session, event) for _ in range(2))
    do(session, service.give_place, waiting.id, actor_id=None, beyond=True)
    wish = make_wish(event, offer_id=event.offers[0].id, purchase_order="PO 9")
    by_hand = ByHand(wish=wish, beyond=True, tell=False)
    do(session, service.register_by_hand, by_hand, actor_id=None)
    orders = session.scalars(select(Invoice.purchase_order).order_by(Invoice.serial))
    assert list(orders) == ["", "", "PO 9"]


def test_who_is_let_in_by_a_conference_is_charged_then(session: Session) -> None:
    conference_id = make_conference(session)
    event = make_priced(
        session,
        kind=Kind.FORUM,
        conference_id=conference_id,
        requires_conference=True,
        place="Room 5",
    )
    made = make_registration(session, event, email="ada@example.org")
    assert documents(session) == []
    with writing(session):
        event_service.save_addresses(
            session, conference_id, ("ada@example.org",), replace=False, now=NOON
        )
        assert service.let_in(session, now=NOON) == 1
    assert open_of(session, event.id) == {made.id}


def test_an_event_that_is_called_off_credits_everybody(session: Session) -> None:
    event = make_priced(session)
    made = [make_registration(session, event) for _ in range(3)]
    do(session, service.cancel, made[0].id)
    call_off(session, event.id)
    call_off(session, event.id)
    assert kinds(session) == ["invoice"] * 3 + ["credit_note"] * 3
    assert are_without_gap(session)


def test_an_event_whose_price_was_changed_credits_what_had_been_charged(
    session: Session,
) -> None:
    event = make_priced(session)
    make_registration(session, event)
    with writing(session):
        session.execute(update(EventOffer).values(price_cents=0))
    call_off(session, event.id)
    assert kinds(session) == ["invoice", "credit_note"]


def test_a_place_that_goes_to_another_address_is_charged_there(
    session: Session,
) -> None:
    """To one whose own registration was cancelled: that row has it from now on."""
    event = make_priced(session)
    own = make_registration(session, event, email="right@example.org")
    do(session, service.cancel, own.id)
    make_registration(session, event, email="wrong@example.org", full_name="Ada")
    receipt_id = session.scalars(select(Receipt.id).order_by(Receipt.id.desc())).first()
    with writing(session):
        service.change_address(session, receipt_id or 0, "right@example.org", now=NOON)
    assert kinds(session) == [
        "invoice",
        "credit_note",
        "invoice",
        "credit_note",
        "invoice",
    ]
    assert open_of(session, event.id) == {own.id}


def test_nothing_is_charged_for_an_event_that_was_called_off(session: Session) -> None:
    """Though its place goes to another address afterwards."""
    event = make_priced(session)
    own = make_registration(session, event, email="right@example.org")
    do(session, service.cancel, own.id)
    make_registration(session, event, email="wrong@example.org")
    receipt_id = session.scalars(select(Receipt.id).order_by(Receipt.id.desc())).first()
    call_off(session, event.id)
    with writing(session):
        service.change_address(session, receipt_id or 0, "right@example.org", now=NOON)
    assert kinds(session) == ["invoice", "credit_note"] * 2
    assert open_of(session, event.id) == set()


def test_of_two_registrations_of_one_person_one_is_charged(session: Session) -> None:
    event = make_priced(session)
    older = make_registration(session, event, email="old@example.org")
    me = make_account(session).person_id
    mine = make_registration(session, event, person_id=me)
    with writing(session):
        asking = Asking(email="old@example.org")
        accounts.ask_for_address(session, me, asking, now=NOON)
    link_id = session.scalars(select(MailedLink.id)).one()
    do(session, service.take_new_address, link_id)
    session.expire_all()
    states = [session.get_one(Registration, r.id).state for r in (older, mine)]
    assert states == [State.CANCELLED, State.CONFIRMED]
    assert open_of(session, event.id) == {mine.id}
    do(session, service.cancel, mine.id)
    assert open_of(session, event.id) == set()
    assert are_without_gap(session)


def test_a_place_with_a_price_costs_few_statements_and_a_free_one_none_for_it(
    app: Flask, session: Session
) -> None:
    free, priced = make_event(session), make_priced(session)
    numbers = []
    for event in (free, priced):
        make_registration(session, event)  # the first one fills what is kept
        with app.app_context(), counted(app) as said:
            with transaction() as inner:
                made = service.register(inner, make_wish(event), now=NOON)
            with transaction() as inner:
                service.cancel(inner, made.registration_id, now=NOON)
        about_money = [each for each in said if "invoice" in each]
        numbers.append((len(about_money), len(said)))
    (free_money, free_all), (_money, priced_all) = numbers
    assert free_money == 0
    # The number and the row, twice, and what there is to take back; beside these what
    # stands on it, which is the association's and not counted.
    assert priced_all - free_all == 5
    assert max(free_all, priced_all) <= 2 * MOST_STATEMENTS
