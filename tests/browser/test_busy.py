"""A form whose turn to be saved does not come, as a browser sees it."""

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core import db as core_db
from csd_events.core.db import db
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from tests.browser.looking import faults_of
from tests.factories import make_event, writing

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]


def test_a_form_that_others_kept_from_being_saved_is_sent_again_by_a_button(
    app: Flask, page: Page, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_db, "BUSY_FOR", 0.1)
    with app.app_context():
        db.engine.dispose()
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
    made = select(
        Registration.full_name, Registration.organization, Registration.state
    )
    assert session.execute(made).all() == [
        ("Nguyễn Thị Ánh", "Town of “Sample” & Sons", State.CONFIRMED)
    ]
    with app.app_context():
        db.engine.dispose()
