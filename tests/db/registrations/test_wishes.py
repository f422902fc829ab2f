"""Who wishes to hear when registration opens: asked, told once, forgotten."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events.models import Event, EventOffer
from csd_events.events.rules import Audience, OfferDraft
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import OpeningWish
from csd_events.registrations.rules import Refusal
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_account,
    make_event,
    make_member,
    writing,
)
from tests.statements import counted

ADA = "ada@example.org"
OPENS = NOON + 3 * DAY + 16 * HOUR  # the first instant of May 5 in New York
SECOND = timedelta(seconds=1)


def later(session: Session, **given: Any) -> Event:
    offer = OfferDraft(opens_on=date(2030, 5, 5), **given)
    return make_event(session, slug="later", offers=[offer])


def ask(session: Session, email: str = ADA, *, now: datetime = NOON, **by: Any) -> None:
    with writing(session):
        service.ask_for_opening(session, "later", email, now=now, **by)


def confirm(session: Session) -> None:
    with writing(session):
        for wish_id in session.scalars(select(OpeningWish.id)).all():
            service.confirm_wish(session, wish_id, now=NOON)


def tell(session: Session, now: datetime = OPENS) -> int:
    with writing(session):
        return service.tell_of_openings(session, now=now)


def mails(session: Session) -> Sequence[tuple[str, str]]:
    session.rollback()
    rows = select(OutboxMessage.kind, OutboxMessage.to_address)
    return [(kind, to) for kind, to in session.execute(rows.order_by(OutboxMessage.id))]


def wishes(session: Session) -> Sequence[str]:
    session.rollback()
    return session.scalars(select(OpeningWish.email)).all()


def test_an_address_is_asked_and_hears_once_when_it_opens(session: Session) -> None:
    later(session)
    ask(session)
    assert mails(session) == [("wishes.confirm", ADA)]
    confirm(session)
    assert [tell(session, OPENS - SECOND), tell(session), tell(session)] == [0, 1, 0]
    assert mails(session)[1:] == [("wishes.opened", ADA)]
    assert wishes(session) == []


def test_an_address_that_nobody_confirmed_hears_nothing_and_is_forgotten(
    session: Session,
) -> None:
    later(session)
    ask(session)
    assert tell(session) == 0
    for now, left in ((NOON + 3 * DAY, [ADA]), (NOON + 3 * DAY + SECOND, [])):
        with writing(session):
            service.forget_wishes(session, now=now)
        assert wishes(session) == left


def test_a_confirmed_wish_is_kept_until_it_opens(session: Session) -> None:
    later(session)
    ask(session)
    confirm(session)
    with writing(session):
        service.forget_wishes(session, now=NOON + 30 * DAY)
    assert wishes(session) == [ADA]


def test_asking_again_mails_once_an_hour(session: Session) -> None:
    later(session)
    for now in (NOON, NOON + HOUR - SECOND, NOON + HOUR, NOON + HOUR + SECOND):
        ask(session, ADA.upper() if now > NOON else ADA, now=now)
    assert [kind for kind, _to in mails(session)] == ["wishes.confirm"] * 2
    confirm(session)
    ask(session, now=NOON + DAY)
    assert len(mails(session)) == 2
    assert wishes(session) == [ADA]


def test_an_address_gets_three_such_mails_an_hour(session: Session) -> None:
    for number in range(4):
        offer = OfferDraft(opens_on=date(2030, 5, 5))
        make_event(session, slug=f"later-{number}", offers=[offer])
        with writing(session):
            service.ask_for_opening(session, f"later-{number}", ADA, now=NOON)
    session.rollback()
    due = session.scalars(select(OutboxMessage.due_at).order_by(OutboxMessage.id))
    assert list(due) == [NOON, NOON, NOON, NOON + HOUR]


def test_who_is_signed_in_needs_one_press(session: Session) -> None:
    later(session)
    account = make_account(session, email=ADA)
    ask(session, person_id=account.person_id)
    ask(session, person_id=account.person_id)
    assert mails(session) == []
    assert tell(session) == 1


def test_who_asked_as_a_visitor_may_press_when_signed_in(session: Session) -> None:
    later(session)
    ask(session)
    account = make_account(session, email=ADA)
    ask(session, person_id=account.person_id)
    assert tell(session) == 1


@pytest.mark.parametrize(
    ("offers", "why"),
    [
        ([OfferDraft()], Refusal.CLOSED),  # open: there is nothing to wait for
        ([OfferDraft(closes_on=date(2030, 4, 20))], Refusal.CLOSED),
        ([OfferDraft(audience=Audience.MEMBERS)], Refusal.NOT_A_MEMBER),
    ],
)
def test_a_wish_needs_an_opening_to_come(
    session: Session, offers: Sequence[OfferDraft], why: Refusal
) -> None:
    make_event(session, slug="later", offers=offers)
    with pytest.raises(RefusedError) as refused:
        ask(session)
    assert refused.value.reason == why
    assert wishes(session) == []


def test_there_is_no_wish_for_an_event_that_is_not_there(session: Session) -> None:
    with pytest.raises(NotFoundError):
        ask(session)


def test_a_wish_moves_with_the_opening(session: Session) -> None:
    event = later(session)
    ask(session)
    confirm(session)
    event.offers[0].opens_at = OPENS + DAY
    session.add(event)
    session.commit()
    assert [tell(session), tell(session, OPENS + DAY)] == [0, 1]


@pytest.mark.parametrize("ends", ["cancelled", "passed"])
def test_a_wish_ends_with_its_event(session: Session, ends: str) -> None:
    event = later(session)
    ask(session)
    confirm(session)
    if ends == "cancelled":
        with writing(session):
            service.cancel_event(session, event.id, note="", now=NOON)
    assert tell(session, NOON if ends == "cancelled" else NOON + 20 * DAY) == 0
    assert wishes(session) == []
    assert [kind for kind, _to in mails(session)] == ["wishes.confirm"]


def test_each_hears_when_it_opens_for_them(session: Session) -> None:
    """Members can register before the others do."""
    offers = [
        OfferDraft(audience=Audience.MEMBERS, opens_on=date(2030, 5, 5)),
        OfferDraft(audience=Audience.OTHERS, opens_on=date(2030, 5, 6)),
    ]
    make_event(session, slug="later", offers=offers)
    member = make_member(session, email="member@example.org")
    ask(session)
    ask(session, "member@example.org", person_id=member.person_id)
    confirm(session)
    assert [tell(session), tell(session, OPENS + DAY)] == [1, 1]
    opened = [to for kind, to in mails(session) if kind == "wishes.opened"]
    assert opened == ["member@example.org", ADA]


def test_where_it_will_only_open_for_members_the_others_hear_that(
    session: Session,
) -> None:
    make_event(
        session,
        slug="later",
        offers=[
            OfferDraft(audience=Audience.OTHERS, opens_on=date(2030, 5, 6)),
            OfferDraft(audience=Audience.MEMBERS, opens_on=date(2030, 5, 5)),
        ],
    )
    ask(session)
    confirm(session)
    with writing(session):
        for_others = EventOffer.audience == Audience.OTHERS
        session.execute(delete(EventOffer).where(for_others))
    assert [tell(session, OPENS - SECOND), tell(session)] == [0, 1]


def test_telling_many_costs_what_telling_two_does(app: Flask, session: Session) -> None:
    later(session)
    found = []
    for number in (2, 40):
        for each in range(number):
            ask(session, f"{number}-{each}@example.org", now=NOON)
        confirm(session)
        with counted(app) as statements:
            told = tell(session)
        found.append((told, len(statements)))
    assert [told for told, _asked in found] == [2, 40]
    assert found[0][1] == found[1][1]
