"""One registration with its whole story, as its own page and in the drawer."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.attendance.models import Visit
from csd_events.events.rules import OfferDraft, QuestionKind
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Said
from tests.asking import ask, make_asking
from tests.desk import fill, staff_browser
from tests.factories import HOUR, NOON, make_event, make_registration, writing
from tests.letters import deliver
from tests.statements import counted
from tests.visitors import heading, words

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def story(text: str) -> list[str]:
    found = re.findall(r"<strong>(.*?)</strong>", text.partition('class="story"')[2])
    return [re.sub("<[^>]+>", "", each) for each in found]


def test_a_person_has_their_whole_story_in_order(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_asking(
        session,
        ask(QuestionKind.SHORT, "How far do you come?"),
        offers=[OfferDraft(price_cents=4900)],
    )
    (question,) = event.questions
    said = Said({question.id: "Two miles"}, needs="live captions")
    made = make_registration(
        session, event, full_name="Ada Sample", said=said, via="newsletter"
    )
    deliver(app)
    session.rollback()
    session.add(
        Visit(
            registration_id=made.id,
            session_id=event.sessions[0].id,
            joined_at=NOON + HOUR,
        )
    )
    session.commit()
    with writing(session):
        service.cancel(session, made.id, now=NOON + 2 * HOUR)
    page = browser.get(f"/staff/registrations/{made.id}")
    shown = words(page)
    assert heading(page) == "Ada Sample"
    for each in ("Two miles", "newsletter", "USD 49.00", made.reference, "Invoice"):
        assert each in shown
    assert "live captions" not in page.text
    order = story(page.text)
    told = ["Registered", "Mail: Confirmation", "Joined", "Registration cancelled"]
    assert [order.index(each) for each in told] == sorted(map(order.index, told))
    assert "Mail: Registration cancelled" in order
    assert "A visitor" in shown


def test_whoever_was_moved_has_that_in_both_stories(
    browser: FlaskClient, session: Session
) -> None:
    here = make_event(session, slug="here", title="The first talk")
    there = make_event(session, slug="there", title="The second talk")
    made = make_registration(session, here)
    with writing(session):
        service.move(
            session,
            made.id,
            (there.id, there.offers[0].id),
            tell=False,
            now=NOON,
            actor_id=None,
        )
    mine = select(Registration.id).where(Registration.event_id == there.id)
    for registration_id in (made.id, session.scalars(mine).one()):
        page = browser.get(f"/staff/registrations/{registration_id}")
        assert "Moved to another event" in story(page.text)
        assert "The first talk → became The second talk" in words(page)


def test_the_list_leads_to_each_story_and_nobody_elses_is_one(
    browser: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    made = make_registration(session, event)
    page = browser.get(f"/staff/events/{event.id}/registrations")
    link = re.search(r'href="([^"]+)"\s+data-drawer="Close"', page.text)
    assert link
    assert link[1] == f"/staff/registrations/{made.id}"
    assert "data-drawn" in browser.get(link[1]).text
    assert browser.get("/staff/registrations/999999").status_code == 404


def test_a_story_is_asked_for_as_often_whatever_has_happened(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    fill(session, event.id, 1)
    session.rollback()
    quiet = session.scalars(select(Registration.id)).one()
    busy = make_registration(session, event).id
    for hours in range(1, 4):
        with writing(session):
            at = NOON + hours * 2 * HOUR
            service.resend_details(session, busy, now=at, actor_id=None)
    numbers = []
    for each in (quiet, busy):
        browser.get(f"/staff/registrations/{each}")
        with counted(app) as statements:
            browser.get(f"/staff/registrations/{each}")
        numbers.append(len(statements))
    assert max(numbers) - min(numbers) <= 2, numbers
