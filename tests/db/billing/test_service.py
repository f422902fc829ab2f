"""Numbers without gaps, and what was paid."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from csd_events.association import queries as association
from csd_events.association import service as association_service
from csd_events.audit.models import AuditEntry
from csd_events.billing import queries, service
from csd_events.billing.models import Invoice, Payment
from csd_events.billing.queries import Filters
from csd_events.billing.rules import Balance, Line, Standing, Unfit
from csd_events.billing.service import Bill, Received
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events.models import Event
from csd_events.registrations.models import Registration
from tests.billing import documents
from tests.factories import NOON, make_event, make_registration, writing

TODAY = date(2030, 5, 1)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


def bill_for(registration: Registration, **given: object) -> Bill:
    bill = Bill(
        registration_id=registration.id,
        event_id=registration.event_id,
        life=registration.life,
        full_name="Ada Sample",
        organization="Town of Sample",
        bill_to="",
        purchase_order="",
        currency="USD",
        lines=[Line("Sharing dispatch", "May 11, 2030", 4900)],
    )
    return replace(bill, **given)  # type: ignore[arg-type]  # fields by name


def charge(session: Session, event: Event, **given: object) -> Invoice:
    made = make_registration(session, event)
    with writing(session):
        service.issue_all(session, [bill_for(made, **given)], now=NOON)
    found = queries.find_open(session, made.id)
    assert found is not None
    return found


def pay(session: Session, invoice: Invoice, cents: int, nonce: str) -> None:
    received = Received(cents=cents, paid_on=TODAY, reference="check 7", nonce=nonce)
    with writing(session):
        service.record_payment(session, invoice.id, received, now=NOON, actor_id=None)


def balance(session: Session, invoice: Invoice) -> Balance:
    return queries.balance_of(session, invoice.id)


def test_an_invoice_keeps_what_the_association_said_when_it_was_written(
    session: Session, event: Event
) -> None:
    first = replace(
        association.first(), invoice_name="Us", invoice_address="1 Road", tax_id="12"
    )
    with writing(session):
        association_service.save(session, first, now=NOON, actor_id=None)
    before = charge(session, event)
    later = replace(first, invoice_name="Others", days_to_pay=45, invoice_prefix="B")
    with writing(session):
        association_service.save(session, later, now=NOON, actor_id=None)
    after = charge(session, event)
    kept = [(i.number, i.issuer, i.due_on) for i in (before, after)]
    assert kept == [
        ("INV-2030-0001", "Us\n1 Road\nEIN 12", date(2030, 5, 31)),
        ("B-2030-0002", "Others\n1 Road\nEIN 12", date(2030, 6, 15)),
    ]


def test_without_details_an_invoice_carries_the_name_and_the_postal_address(
    session: Session, event: Event
) -> None:
    with writing(session):
        association_service.save(
            session,
            replace(association.first(), name="Us", postal_address="1 Road, Town"),
            now=NOON,
            actor_id=None,
        )
    assert charge(session, event).issuer == "Us\n1 Road, Town"


def test_the_year_of_a_number_is_that_of_where_the_association_is(
    session: Session, event: Event
) -> None:
    """Three in the morning in Greenwich is the evening before in New York."""
    made = make_registration(session, event)
    late = datetime(2031, 1, 1, 3, tzinfo=UTC)
    with writing(session):
        service.issue_all(session, [bill_for(made)], now=late)
    found = session.scalars(select(Invoice)).one()
    assert (found.number, found.issued_on) == ("INV-2030-0001", date(2030, 12, 31))


def test_a_registration_owes_once_at_a_time(session: Session, event: Event) -> None:
    made = make_registration(session, event)
    with writing(session):
        service.issue_all(session, [bill_for(made)], now=NOON)
    with pytest.raises(IntegrityError), writing(session):
        service.issue_all(session, [bill_for(made)], now=NOON)
    with writing(session):
        assert service.take_back(session, made.id, now=NOON) == 1
        assert service.take_back(session, made.id, now=NOON) == 0
        service.issue_all(session, [bill_for(made)], now=NOON)
    assert documents(session) == [
        ("invoice", "INV-2030-0001", None),
        ("credit_note", "INV-2030-0002", "INV-2030-0001"),
        ("invoice", "INV-2030-0003", None),
    ]


def test_everything_charged_for_an_event_is_taken_back_at_once(
    session: Session, event: Event
) -> None:
    elsewhere = charge(session, make_event(session))
    here = [charge(session, event) for _ in range(3)]
    with writing(session):
        service.take_back(session, here[1].registration_id, now=NOON)
        assert service.take_back_all(session, event.id, now=NOON) == 2
    assert [credited for _kind, _number, credited in documents(session)[4:]] == [
        here[1].number,
        here[0].number,
        here[2].number,
    ]
    assert queries.find_open(session, elsewhere.registration_id) is not None


@given(kept=st.lists(st.booleans(), min_size=1, max_size=12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_rolled_back_numbers_have_no_gap(
    session: Session, kept: list[bool]
) -> None:
    event = make_event(session)
    before = len(documents(session))
    for keep in kept:
        made = make_registration(session, event)
        with writing(session):
            service.issue_all(session, [bill_for(made)], now=NOON)
            service.take_back(session, made.id, now=NOON)
            if not keep:
                session.rollback()
    session.rollback()
    serials = session.scalars(select(Invoice.serial).order_by(Invoice.serial)).all()
    assert list(serials) == list(range(1, before + 2 * sum(kept) + 1))


def test_payments_add_up_until_nothing_is_owed(session: Session, event: Event) -> None:
    invoice = charge(session, event)
    pay(session, invoice, 2000, "a")
    pay(session, invoice, 2900, "b")
    assert balance(session, invoice) == Balance(4900, 0, 4900)
    entries = session.scalars(
        select(AuditEntry.changes)
        .where(AuditEntry.action == "invoice.paid")
        .order_by(AuditEntry.id)
    ).all()
    assert [entry["paid_cents"] for entry in entries] == [[0, 2000], [2000, 4900]]


def test_the_same_form_again_records_nothing(session: Session, event: Event) -> None:
    invoice = charge(session, event)
    for _ in range(2):
        pay(session, invoice, 2000, "once")
    assert balance(session, invoice).paid == 2000


@pytest.mark.parametrize(
    ("cents", "why"), [(4901, Unfit.MORE_THAN_OWED), (-1, Unfit.MORE_THAN_PAID)]
)
def test_no_more_is_recorded_than_is_owed_or_was_paid(
    session: Session, event: Event, cents: int, why: Unfit
) -> None:
    invoice = charge(session, event)
    with pytest.raises(RefusedError) as refused:
        pay(session, invoice, cents, "a")
    assert refused.value.reason is why
    assert session.scalars(select(Payment)).all() == []


def test_a_credit_note_is_not_paid(session: Session, event: Event) -> None:
    invoice = charge(session, event)
    with writing(session):
        service.take_back(session, invoice.registration_id, now=NOON)
    account = queries.get_account(session, invoice.number)
    assert account.credit is not None
    with pytest.raises(NotFoundError):
        pay(session, account.credit, 100, "a")


def test_what_was_paid_of_what_is_credited_is_to_go_back(
    session: Session, event: Event
) -> None:
    invoice = charge(session, event)
    pay(session, invoice, 4900, "a")
    with writing(session):
        service.take_back(session, invoice.registration_id, now=NOON)
    stands = queries.get_account(session, invoice.number).standing
    assert stands(TODAY) is Standing.REFUND
    pay(session, invoice, -4900, "b")
    stands = queries.get_account(session, invoice.number).standing
    assert stands(TODAY) is Standing.CREDITED


def test_no_row_is_another_after_all_that_can_happen_to_it(
    session: Session, event: Event
) -> None:
    invoice = charge(session, event)
    pay(session, invoice, 4900, "a")
    columns = [*Invoice.__table__.columns]
    before = session.execute(select(*columns)).all()
    payments = session.execute(select(*Payment.__table__.columns)).all()
    pay(session, invoice, -900, "b")
    with writing(session):
        service.take_back(session, invoice.registration_id, now=NOON)
        session.get_one(Registration, invoice.registration_id).full_name = "Bo"
        session.get_one(Event, event.id).title = "Another title"
    pay(session, invoice, -4000, "c")
    after = session.execute(select(*columns).order_by(Invoice.serial)).all()
    assert after[:1] == before
    rows = select(*Payment.__table__.columns).order_by(Payment.id)
    assert session.execute(rows).all()[:1] == payments


def test_the_list_finds_each_invoice_by_how_it_stands(
    session: Session, event: Event
) -> None:
    """The condition of the database and the rule say the same."""
    late = TODAY + timedelta(days=31)
    accounts = [charge(session, event) for _ in range(5)]
    pay(session, accounts[1], 4900, "a")
    pay(session, accounts[2], 100, "b")
    pay(session, accounts[3], 4900, "c")
    with writing(session):
        for each in accounts[3:]:
            service.take_back(session, each.registration_id, now=NOON)
    for today in (TODAY, TODAY + timedelta(days=30), late):
        everything = queries.page(session, Filters(), today=today).items
        for which in Standing:
            found = queries.page(session, Filters(standing=which), today=today).items
            said = [a.invoice.number for a in everything if a.standing(today) is which]
            assert [a.invoice.number for a in found] == said
            assert queries.count(session, [which], today=today) == {which: len(said)}
        counts = queries.count(session, list(Standing), today=today)
        assert sum(counts.values()) == len(everything)
    (sums,) = queries.sums(session, event_id=event.id)
    assert (sums.owed, sums.to_return) == (4900 + 4800, 4900)


def test_an_invoice_is_counted_once_however_many_payments_it_has(
    session: Session, event: Event
) -> None:
    invoice, _other = charge(session, event), charge(session, event)
    for cents, nonce in ((2000, "a"), (2900, "b"), (-900, "c")):
        pay(session, invoice, cents, nonce)
    none = dict.fromkeys(Standing, 0)
    counts = queries.count(session, list(Standing), today=TODAY)
    assert counts == none | {Standing.OPEN: 2}

    pay(session, invoice, 900, "d")

    counts = queries.count(session, list(Standing), today=TODAY)
    assert counts == none | {Standing.OPEN: 1, Standing.PAID: 1}
    (of_all,), (of_event,) = (
        queries.sums(session, event_id=which) for which in (None, event.id)
    )
    assert of_all == of_event
    assert (of_event.owed, of_event.to_return) == (4900, 0)


def search(session: Session) -> Callable[[str], list[str]]:
    def find(words: str) -> list[str]:
        found = queries.page(session, Filters(words=words), today=TODAY)
        return [each.invoice.number for each in found.items]

    return find


def test_an_invoice_is_found_by_number_organization_name_or_purchase_order(
    session: Session, event: Event
) -> None:
    given = {"organization": "Comté de Été", "purchase_order": "PO-77"}
    invoice = charge(session, event, full_name="Nguyễn Thị Ánh", **given)
    charge(session, event)
    with writing(session):
        service.take_back(session, invoice.registration_id, now=NOON)
    found = search(session)
    for words in (
        "inv-2030-0001",
        "comte de",
        "nguyen",
        "po-77",
        "INV-2030-0003",  # of the credit note
    ):
        assert found(words) == [invoice.number], words
    assert found("nobody") == []
