"""Lists of the staff on a phone: at the door nobody scrolls them sideways."""

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from tests.browser.scenes import SignIn
from tests.factories import make_account, make_event

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
