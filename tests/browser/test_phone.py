"""Lists of the staff on a phone: at the door nobody scrolls them sideways."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.events.models import Presenter
from tests.browser.scenes import SignIn
from tests.factories import make_account, make_event, writing
from tests.staging import make_stage_event

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]


def test_on_a_phone_the_list_of_events_says_when_without_scrolling(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    make_event(session, title="Sharing dispatch, and what it takes to begin")
    sign_in(make_account(session, role=Role.CHECK_IN))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/staff/events")
    box = page.get_by_role("region", name="Events")
    assert box.locator("time").first.is_visible()
    assert box.evaluate("(box) => box.scrollWidth - box.clientWidth") == 0


def test_no_telephone_however_long_makes_the_run_sheet_scroll_sideways(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    event = make_stage_event(session)
    run_together = "5550100" * 8
    with writing(session):
        session.execute(update(Presenter).values(telephone=run_together))
    sign_in(make_account(session, role=Role.CHECK_IN))
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"/staff/events/{event.id}/run-sheet")
    assert run_together in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
