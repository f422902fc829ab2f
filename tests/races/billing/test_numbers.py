"""Many invoices at one moment, as HTTP requests to two server processes."""

from collections import Counter

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.billing.models import Invoice
from csd_events.events.rules import OfferDraft
from csd_events.registrations.models import Registration
from tests.crowd import Post, cancelling, form
from tests.factories import make_event, make_registration

ROUNDS = 3
PRICED = [OfferDraft(price_cents=4900)]


def serials(session: Session) -> list[int]:
    session.rollback()
    return list(session.scalars(select(Invoice.serial).order_by(Invoice.serial)))


def test_eight_events_that_charge_and_credit_at_once_number_without_gap_or_double(
    app: Flask, session: Session, post: Post
) -> None:
    for turn in range(ROUNDS):
        here = [
            make_event(session, slug=f"at-{turn}-{n}", offers=PRICED) for n in range(8)
        ]
        held = [make_registration(session, each) for each in here[:4]]
        forms = [form(app, each, f"t{turn}@example.org") for each in here]
        forms += [cancelling(app, each) for each in held]
        assert post(forms) == {303: 12}
        numbers = serials(session)
        assert numbers == list(range(1, 16 * (turn + 1) + 1))


def test_cancelling_twice_at_once_credits_once(
    app: Flask, session: Session, post: Post
) -> None:
    event = make_event(session, slug="once", offers=PRICED)
    made = make_registration(session, event)
    assert post([cancelling(app, made)] * 6) == {303: 6}
    session.rollback()
    kinds = Counter(session.scalars(select(Invoice.kind)))
    assert {kind.value: times for kind, times in kinds.items()} == {
        "invoice": 1,
        "credit_note": 1,
    }
    states = session.scalars(select(Registration.state)).all()
    assert [state.value for state in states] == ["cancelled"]
