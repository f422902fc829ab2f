"""The list for the door: everybody who has a place, by name, to be printed."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.events.rules import Kind, SessionDraft
from csd_events.registrations.service import cancel
from tests.billing import structure_of, words_of
from tests.desk import staff_browser
from tests.factories import NOON, make_event, make_registration, writing

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def desk(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def test_who_has_a_place_stands_there_by_name_with_a_reference(
    desk: FlaskClient, session: Session
) -> None:
    event = make_event(session, capacity=3, waiting_limit=None)
    names = ["Élan Sample", "Zoe Sample", "Ada Sample", "Wes Waiting"]
    made = [make_registration(session, event, full_name=name) for name in names]
    with writing(session):
        cancel(session, made[1].id, now=NOON)
    answer = desk.get(f"/staff/events/{event.id}/door-list.pdf")
    assert answer.mimetype == "application/pdf"
    assert "door-list.pdf" in answer.headers["Content-Disposition"]
    said = words_of(answer.data)
    assert said.index("Ada Sample") < said.index("Élan Sample")
    assert "Zoe Sample" not in said
    assert made[2].reference in said
    assert "3 people" in said  # who waited came in
    assert "Wes Waiting" in said
    tags = structure_of(answer.data)
    assert {"/H1", "/Table", "/TH", "/TD"} <= set(tags)


def test_a_session_of_several_has_its_own(desk: FlaskClient, session: Session) -> None:
    walls = [NOON.replace(tzinfo=None) + timedelta(days=n) for n in (9, 10)]
    event = make_event(
        session,
        kind=Kind.TRAINING,
        zone="UTC",
        sessions=[
            SessionDraft(
                wall_start=wall,
                wall_end=wall + timedelta(hours=1),
                zone="UTC",
                place=f"Room {number}",
            )
            for number, wall in enumerate(walls, start=1)
        ],
    )
    make_registration(session, event)
    path = f"/staff/events/{event.id}/door-list.pdf"
    second = words_of(desk.get(f"{path}?session={event.sessions[1].id}").data)
    assert "Session 2 of 2" in second
    assert "Room 2" in second
    assert "Session" not in words_of(desk.get(f"{path}?session=0").data)


def test_nobody_is_a_list_too(desk: FlaskClient, session: Session) -> None:
    event = make_event(session)
    said = words_of(desk.get(f"/staff/events/{event.id}/door-list.pdf").data)
    assert "0 people" in said
