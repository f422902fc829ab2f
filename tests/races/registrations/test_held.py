"""Requests, held places and places given, while others press at the same moment."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.events.models import Event
from csd_events.events.rules import OfferDraft
from csd_events.registrations import service
from csd_events.registrations.rules import ANSWER_KEPT, State
from csd_events.registrations.service import check_counters
from tests.crowd import (
    Form,
    Post,
    by_link,
    by_staff,
    cancelling,
    form,
    in_line,
    mailed,
)
from tests.desk import fields_of, staff_browser
from tests.factories import NOON, make_event, make_registration, writing
from tests.visitors import TYPED

ROUNDS = 4
CONFIRMED, HELD, WAITING, CANCELLED = (
    State.CONFIRMED,
    State.HELD,
    State.WAITING,
    State.CANCELLED,
)


@pytest.fixture
def staff(app: Flask, session: Session) -> list[FlaskClient]:
    return [staff_browser(app, session) for _ in range(2)]


def approving(browser: FlaskClient, event: Event, registration_id: int) -> Form:
    page = f"/staff/events/{event.id}/registrations?state=held"
    path = f"/staff/registrations/{registration_id}/approve"
    return by_staff(browser, page, path)


def giving(browser: FlaskClient, registration_id: int) -> Form:
    return by_staff(browser, f"/staff/registrations/{registration_id}/place")


def by_hand(browser: FlaskClient, event: Event, email: str) -> Form:
    page = f"/staff/events/{event.id}/registrations/new"
    return by_staff(browser, page, **TYPED | {"email": email})


def test_a_request_approved_while_it_is_taken_back_is_taken_back(
    app: Flask, session: Session, post: Post, staff: list[FlaskClient]
) -> None:
    for _ in range(ROUNDS):
        event = make_event(session, capacity=1, needs_approval=True)
        mine, _next = (make_registration(session, event) for _ in range(2))
        forms = [approving(browser, event, mine.id) for browser in staff]
        forms += [cancelling(app, mine)] * 2
        assert post(forms) == {303: 4}
        assert in_line(session, event) == [CANCELLED, HELD]
        told = mailed(session, event)
        assert told.pop("approved", 0) <= 1
        assert told == {"requested": 2, "waiting": 1, "cancelled": 1}
        assert check_counters(session) == []


def test_a_place_taken_as_its_time_ends_is_theirs_or_the_next_ones(
    app: Flask, session: Session, post: Post
) -> None:
    def let_lapse() -> None:
        with app.app_context(), transaction() as own:
            service.let_lapse(own, now=NOON + ANSWER_KEPT)

    for _ in range(ROUNDS):
        offers = [OfferDraft(price_cents=4900)]
        event = make_event(session, capacity=1, offers=offers)
        first, mine, _next = (make_registration(session, event) for _ in range(3))
        with writing(session):
            service.cancel(session, first.id, now=NOON)
        assert post([by_link(app, mine, "take")] * 3, let_lapse) == {303: 3}
        before = {"confirmed": 1, "waiting": 2, "cancelled": 1, "offered": 1}
        ends = in_line(session, event)[1:], mailed(session, event)
        assert ends in (
            ([CONFIRMED, WAITING], before | {"confirmed": 2}),
            ([CANCELLED, HELD], before | {"lapsed": 1, "offered": 2}),
        )
        assert check_counters(session) == []


def test_places_given_back_while_staff_make_more_go_to_the_next_in_order(
    app: Flask, session: Session, post: Post, staff: list[FlaskClient]
) -> None:
    for turn in range(ROUNDS):
        event = make_event(session, slug=f"raised-{turn}", capacity=2)
        held = [make_registration(session, event) for _ in range(7)]
        page = f"/staff/events/{event.id}/edit"
        asked = by_staff(staff[0], page, capacity="4", action="save")
        seen = fields_of(staff[0].post(page, data=asked.data).text)
        raising = asked._replace(data=seen | {"action": "save"})
        assert post([raising, *(cancelling(app, one) for one in held[:2])]) == {303: 3}
        assert in_line(session, event) == [
            *[CANCELLED] * 2,
            *[CONFIRMED] * 4,
            WAITING,
        ]
        assert mailed(session, event)["promoted"] == 4
        assert check_counters(session) == []


def test_two_of_the_staff_give_the_last_place_to_one(
    session: Session, post: Post, staff: list[FlaskClient]
) -> None:
    for _ in range(ROUNDS):
        event = make_event(session, capacity=1)
        _first, *two = [make_registration(session, event) for _ in range(3)]
        with writing(session):  # a place that nobody was promoted to
            session.execute(update(Event).values(capacity=2).filter_by(id=event.id))
        forms = [giving(b, each.id) for b, each in zip(staff, two, strict=True)]
        assert post(forms) == {303: 2}
        assert sorted(in_line(session, event)) == [CONFIRMED, CONFIRMED, WAITING]
        assert mailed(session, event)["placed"] == 1
        assert check_counters(session) == []


def test_two_of_the_staff_register_for_the_last_place_and_one_waits(
    session: Session, post: Post, staff: list[FlaskClient]
) -> None:
    for _ in range(ROUNDS):
        event = make_event(session, capacity=2)
        make_registration(session, event)
        forms = [
            by_hand(browser, event, f"hand{number}-{event.id}@example.org")
            for number, browser in enumerate(staff)
        ]
        assert post(forms) == {303: 2}
        assert in_line(session, event) == [CONFIRMED, CONFIRMED, WAITING]
        assert check_counters(session) == []


def test_one_place_freed_exactly_one_promoted_in_order(
    app: Flask, session: Session, post: Post
) -> None:
    for turn in range(ROUNDS):
        event = make_event(session, slug=f"freed-{turn}", capacity=3)
        held = [make_registration(session, event) for _ in range(8)]
        assert post([cancelling(app, held[1])] * 4) == {303: 4}
        assert in_line(session, event) == [
            *(CONFIRMED, CANCELLED, CONFIRMED, CONFIRMED),
            *[WAITING] * 4,
        ]
        assert mailed(session, event)["promoted"] == 1
        assert post([cancelling(app, held[n]) for n in (0, 2)]) == {303: 2}
        assert in_line(session, event) == [
            *[CANCELLED] * 3,
            *[CONFIRMED] * 3,
            *[WAITING] * 2,
        ]
        assert mailed(session, event)["promoted"] == 3
        assert check_counters(session) == []


def test_promotion_and_manual_add_at_the_same_moment_no_overbook(
    app: Flask, session: Session, post: Post, staff: list[FlaskClient]
) -> None:
    for turn in range(ROUNDS):
        event = make_event(session, slug=f"manual-{turn}", capacity=2)
        first, *_others = [make_registration(session, event) for _ in range(3)]
        forms = [
            by_hand(browser, event, f"hand{number}-{event.id}@example.org")
            for number, browser in enumerate(staff)
        ]
        forms.append(cancelling(app, first))
        forms.append(form(app, event, f"guest{event.id}@example.org"))
        assert post(forms) == {303: 4}
        assert in_line(session, event) == [
            *(CANCELLED, CONFIRMED, CONFIRMED),
            *[WAITING] * 3,
        ]
        assert mailed(session, event)["promoted"] == 1
        assert check_counters(session) == []
