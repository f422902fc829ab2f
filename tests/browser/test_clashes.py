"""Clashes named while a time is typed, and the calendar by keyboard alone."""

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.events.rules import Contributor
from csd_events.events.rules import Role as Part
from tests.browser.looking import violations_of
from tests.browser.scenes import SignIn
from tests.factories import make_account, make_event

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]
ADA = Contributor(role=Part.PRESENTER, name="Ada Byron")


@pytest.fixture(autouse=True)
def _staff(session: Session, sign_in: SignIn) -> None:
    make_event(session, title="Fire school", contributors=[ADA])  # at 8, on May 11
    sign_in(make_account(session, role=Role.SCHEDULER))


def fill_in(page: Page, clock: str) -> None:
    page.goto("/staff/events/new/webinar?on=2030-05-11")
    page.get_by_text("More offers, presenters").click()
    page.get_by_label("Name", exact=True).first.fill("Ada Byron")
    page.get_by_label("Starts at").fill(clock)


def test_what_clashes_appears_while_one_types_and_goes_with_the_time(
    page: Page,
) -> None:
    fill_in(page, "8:30 am")
    place = page.locator("[data-clashes]")
    expect(place).to_contain_text("Ada Byron is on stage in both.")
    expect(place.get_by_role("link", name="Fire school")).to_be_visible()
    assert violations_of(page, 1280) == []
    page.get_by_label("Starts at").fill("11 am")
    expect(place).to_have_text("Nothing clashes with it.")
    expect(page.get_by_label("Starts at")).to_be_focused()


def test_typing_goes_on_where_nothing_can_be_asked(page: Page) -> None:
    page.route("**/events/new/webinar?*", _fail)
    fill_in(page, "8:30 am")
    page.wait_for_timeout(800)
    expect(page.locator("[data-clashes]")).to_have_text("")
    expect(page.get_by_label("Starts at")).to_have_value("8:30 am")


def test_what_the_page_asks_itself_leaves_the_session_as_it_is(page: Page) -> None:
    with page.expect_response(lambda answer: answer.request.method == "POST") as asked:
        fill_in(page, "8:30 am")
    assert "set-cookie" not in asked.value.all_headers()
    gone = page.goto("/staff/calendar")
    assert gone
    assert "set-cookie" in gone.all_headers()


def test_who_saves_meanwhile_has_nothing_asked_behind_it(page: Page) -> None:
    asked: list[str] = []
    page.clock.install()
    fill_in(page, "8:30 am")
    page.evaluate(
        "document.addEventListener('submit', (sent) => sent.preventDefault())"
    )
    page.on("request", lambda request: asked.append(request.method))
    page.get_by_role("button", name="Save the draft").click()
    page.clock.run_for(1000)
    page.evaluate("() => fetch('/').then(() => null)")
    assert asked == ["GET"]


def test_what_has_nothing_to_do_with_the_time_asks_nothing(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.goto("/staff/events/new/webinar?on=2030-05-11")
    page.get_by_label("Title").first.fill("Sharing dispatch")
    page.wait_for_timeout(800)
    assert "POST" not in asked


def test_the_calendar_is_walked_by_keyboard_alone(page: Page) -> None:
    page.goto("/staff/calendar")
    page.locator("a[rel=next]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="June 2030")).to_be_visible()
    page.locator("a[rel=prev]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="May 2030")).to_be_visible()
    page.get_by_role("link", name="Fire school").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Fire school")).to_be_visible()
    page.get_by_role("link", name="Messages").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Messages")).to_have_attribute(
        "aria-current", "page"
    )


def _fail(route: Route) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()
