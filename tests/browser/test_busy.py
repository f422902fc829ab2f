"""A form whose turn to be saved does not come, as a browser sees it."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from tests.browser.looking import faults_of
from tests.factories import make_event, writing

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now", "impatient")]


def test_a_form_that_others_kept_from_being_saved_is_sent_again_by_a_button(
    page: Page, session: Session
) -> None:
    event = make_event(session, slug="talk")
    page.goto("/events/talk/register")
    page.get_by_label("Full name").fill("Nguyễn Thị Ánh")
    page.get_by_label("Email").fill("anh@example.org")
    page.get_by_label("Municipality or organization").fill("Town of “Sample” & Sons")
    with writing(session):
        session.scalars(select(type(event)).with_for_update()).all()
        page.get_by_role("button", name="Register for this webinar").click()
        page.get_by_role("heading", name="Not saved yet").wait_for()
        assert faults_of(page) == []
    page.get_by_role("button", name="Send it again").click()
    page.get_by_role("heading", name="You are registered").wait_for()
    session.rollback()
    made = select(Registration.full_name, Registration.organization, Registration.state)
    assert session.execute(made).all() == [
        ("Nguyễn Thị Ánh", "Town of “Sample” & Sons", State.CONFIRMED)
    ]
