"""What staff do by hand, at the very moment at which somebody else does something."""

from collections import Counter
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State, Wish
from csd_events.registrations.service import ByHand, check_counters
from tests.factories import NOON, make_event, make_registration, make_wish
from tests.together import together

ROUNDS = 6


@pytest.mark.usefixtures("now")
def test_promotion_and_manual_add_at_the_same_moment_never_overbook(
    app: Flask, session: Session
) -> None:
    def give_back(registration_id: int) -> None:
        with transaction() as inside:
            service.cancel(inside, registration_id, now=NOON)

    def add(wish: Wish) -> None:
        with transaction() as inside:
            given = ByHand(wish=wish, beyond=False, tell=True)
            service.register_by_hand(inside, given, now=NOON, actor_id=None)

    for turn in range(ROUNDS):
        event = make_event(session, slug=f"talk-{turn}", capacity=2)
        first, second, *_waiting = (make_registration(session, event) for _ in range(4))
        wishes = [make_wish(event, offer_id=event.offers[0].id) for _ in range(3)]
        gone = [partial(give_back, each.id) for each in (first, second)]
        added = [partial(add, each) for each in wishes]
        assert together(app, *gone, *added) == []
        session.rollback()
        mine = select(Registration.state).where(Registration.event_id == event.id)
        states = Counter(session.scalars(mine.order_by(Registration.id)))
        assert states == {State.CONFIRMED: 2, State.WAITING: 3, State.CANCELLED: 2}
        assert check_counters(session) == []
