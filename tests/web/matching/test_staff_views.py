"""Staff see why a case study comes up, and what a made-up person would be shown."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.events.models import Event
from csd_events.library import service as library
from tests.desk import send, staff_browser
from tests.factories import make_account, make_event, writing
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")
PAGE = "/staff/library/suggestions"


@pytest.fixture
def desk(app: Flask, session: Session) -> FlaskClient:
    with writing(session):
        library.import_cases(session, library.built_in_document())
    return staff_browser(app, session)


def test_a_made_up_profile_shows_cases_with_reasons_and_levels(
    desk: FlaskClient,
) -> None:
    said = words(desk.get(f"{PAGE}?area_1=dispatch_911&state=NY&was_there=y"))
    assert "Service: 911 dispatch, which you chose; Your state, NY" in said
    assert (
        "service 2, form 0, main subject 1, size 0, place 2, kind 0, topics 0" in said
    )
    assert "We hold no account of a similar arrangement" in said


def test_who_told_us_nothing_is_asked_for_the_service(desk: FlaskClient) -> None:
    said = words(desk.get(PAGE))
    assert "Nothing: no case study fits." in said
    assert "Tell us which service you are looking at" in said


def test_at_an_event_what_is_pinned_comes_first_and_what_is_hidden_does_not(
    desk: FlaskClient, session: Session
) -> None:
    event = make_event(
        session,
        areas=["dispatch_911"],
        reading=["logis"],
        hidden_cases=["concord-dispatch"],
    )
    page = desk.get(f"{PAGE}?event={event.id}")
    said = words(page)
    assert f"To somebody registered for {event.title}." in said
    assert "Discussed in the session None; staff pinned it" in said
    assert "Service: 911 dispatch, which the session is about" in said
    assert "/library/case-studies/concord-dispatch" not in page.text
    assert f'href="/staff/events/{event.id}/edit#topic"' in page.text


@pytest.mark.parametrize("query", ["event=9", "event=x", "event="])
def test_an_event_that_is_not_there_is_none(desk: FlaskClient, query: str) -> None:
    said = words(desk.get(f"{PAGE}?{query}"))
    assert "Make up a profile" in said


def test_what_is_no_choice_of_ours_is_said_beside_it(desk: FlaskClient) -> None:
    answer = desk.get(f"{PAGE}?area_1=no-such-service")
    assert answer.status_code == 422
    assert "Choose one from the list" in words(answer)


def test_visitors_and_members_do_not_see_it(app: Flask, session: Session) -> None:
    member = app.test_client(user=make_account(session))
    assert member.get(PAGE).status_code == 403
    assert app.test_client().get(PAGE).status_code == 401


def test_staff_hide_a_case_study_at_an_event(
    desk: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    typed = {"hidden_cases-0": "concord-dispatch"}
    saved = send(desk, f"/staff/events/{event.id}/edit", typed)
    assert saved.status_code == 303
    session.rollback()
    assert session.get_one(Event, event.id).hidden_cases == ["concord-dispatch"]
