"""A person of the table of registrations, beside it: by mouse, by keyboard, without."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.events.models import Event
from csd_events.registrations.models import Registration
from tests.browser.looking import violations_of
from tests.browser.scenes import SignIn
from tests.factories import make_account, make_event, make_registration

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]
CLOSED_IS_TOLD_LATE = """() => {
  const drawer = document.querySelector("dialog.drawer");
  const late = (event) => event.stopImmediatePropagation();
  drawer.addEventListener("close", late, { capture: true, once: true });
  window.addEventListener("popstate", () => {
    if (history.state?.drawn) drawer.dispatchEvent(new Event("close"));
  });
}"""


@pytest.fixture
def event(session: Session, sign_in: SignIn) -> Event:
    sign_in(make_account(session, role=Role.SCHEDULER))
    return make_event(session)


@pytest.fixture(autouse=True)
def ada(session: Session, event: Event) -> Registration:
    make_registration(session, event, full_name="Bo Sample")
    return make_registration(session, event, full_name="Ada Sample")


@pytest.fixture
def table(page: Page, event: Event) -> str:
    path = f"/staff/events/{event.id}/registrations"
    page.goto(path)
    return path


def link(page: Page) -> Locator:
    return page.get_by_role("link", name="Ada Sample", exact=True)


def drawer(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Ada Sample")


@pytest.mark.usefixtures("table")
def test_a_click_shows_somebody_beside_the_table_with_the_whole_story(
    page: Page, ada: Registration
) -> None:
    link(page).click()
    expect(drawer(page)).to_contain_text(ada.reference)
    assert violations_of(page, 1280) == []
    drawer(page).get_by_role("button", name="Close").click()
    expect(drawer(page)).to_have_count(0)
    expect(link(page)).to_be_focused()


@pytest.mark.usefixtures("table")
def test_by_keyboard_focus_goes_into_it_stays_there_and_comes_back(page: Page) -> None:
    link(page).focus()
    page.keyboard.press("Enter")
    close = drawer(page).get_by_role("button", name="Close")
    expect(close).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        outside = "a, button, input, select, summary"
        inside = page.evaluate(
            "all => !document.activeElement.matches(all)"
            " || !!document.activeElement.closest('dialog')",
            outside,
        )
        assert inside
    page.keyboard.press("Escape")
    expect(drawer(page)).to_have_count(0)
    expect(link(page)).to_be_focused()


def test_its_address_is_the_page_s_and_going_back_closes_it(
    page: Page, table: str, ada: Registration
) -> None:
    link(page).click()
    expect(drawer(page)).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/registrations/{ada.id}$"))
    page.go_back()
    expect(drawer(page)).to_have_count(0)
    expect(page).to_have_url(re.compile(f"{table}$"))
    expect(link(page)).to_be_focused()
    page.go_forward()  # to the page itself, as who got the address sees it
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ada Sample")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.usefixtures("table")
def test_going_back_and_forward_at_once_stays_with_the_page(page: Page) -> None:
    """The browser says that it closed only after somebody went forward again."""
    link(page).click()
    expect(drawer(page)).to_be_visible()
    page.evaluate(CLOSED_IS_TOLD_LATE)
    page.go_back()
    expect(drawer(page)).to_have_count(0)
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ada Sample")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_going_back_from_the_page_itself_leads_to_the_table(
    page: Page, table: str
) -> None:
    """Whether somebody went forward to it, or read it anew where the drawer was."""
    person = page.get_by_role("heading", level=1, name="Ada Sample")
    link(page).click()
    expect(drawer(page)).to_be_visible()
    page.reload()
    for _ in range(2):
        expect(person).to_be_visible()
        page.go_back()
        expect(page).to_have_url(re.compile(f"{table}$"))
        expect(link(page)).to_be_visible()
        page.go_forward()
    expect(person).to_be_visible()


def test_closing_it_leaves_the_address_of_the_table(page: Page, table: str) -> None:
    link(page).click()
    expect(drawer(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(f"{table}$"))
    page.reload()
    expect(link(page)).to_be_visible()


@pytest.mark.usefixtures("table")
def test_who_cannot_be_read_beside_it_is_gone_to(page: Page, ada: Registration) -> None:
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('gone')); }")
    link(page).click()
    expect(page).to_have_url(re.compile(rf"/registrations/{ada.id}$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ada Sample")


def test_without_scripts_the_name_leads_to_the_page(
    browser: Browser, server: str, page: Page, table: str, ada: Registration
) -> None:
    signed_in = page.context.storage_state()
    with browser.new_context(
        base_url=server, java_script_enabled=False, storage_state=signed_in
    ) as context:
        plain = context.new_page()
        plain.goto(table)
        link(plain).click()
        expect(plain).to_have_url(re.compile(rf"/registrations/{ada.id}$"))
        expect(plain.get_by_role("heading", level=1)).to_contain_text("Ada Sample")
