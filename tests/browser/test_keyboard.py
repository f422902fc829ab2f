"""The whole registration by keyboard alone, and what is announced on the way."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser.keys import FOCUSED, SEEN, tab_to
from tests.browser.looking import faults_of
from tests.browser.scenes import SignIn
from tests.factories import make_account, make_event
from tests.letters import deliver, links_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]


def test_the_skip_link_comes_first_and_leads_past_the_header(
    page: Page, session: Session
) -> None:
    event = make_event(session)
    page.goto(f"/events/{event.slug}")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')") is True


def test_a_guest_registers_and_cancels_by_keyboard_alone(
    page: Page, app: Flask, session: Session
) -> None:
    event = make_event(session)
    page.goto(f"/events/{event.slug}")
    tab_to(page, "Register for this webinar")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register")
    for label, words in [
        ("Full name", "Ada Sample"),
        ("Email", "ada@example.org"),
        ("Municipality or organization", "Town of Sample"),
    ]:
        tab_to(page, label)
        page.keyboard.type(words)
    tab_to(page, "Register for this webinar")
    page.keyboard.press("Enter")
    page.wait_for_url("**/registrations/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")
    links = links_in(deliver(app)[0])
    link = next(each for each in links if "/registrations/" in each)
    page.goto(link.removeprefix(app.config["BASE_URL"]))
    tab_to(page, "Cancel your registration")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cancel")
    tab_to(page, "Yes, cancel it")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Your registration is cancelled"
    )


def test_a_list_is_pasted_by_keyboard_and_what_was_made_of_it_is_read_first(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    event = make_event(session)
    sign_in(make_account(session))
    page.goto(f"/events/{event.slug}/register/colleagues")
    tab_to(page, "Paste a list instead")
    page.keyboard.press("Enter")
    tab_to(page, "Lines from a spreadsheet or a mail")
    page.keyboard.insert_text("Ada Sample, ada@example.org\nBo Sample")
    tab_to(page, "Register colleagues")
    page.keyboard.press("Enter")
    made = page.get_by_role("status")
    expect(made).to_contain_text("2 rows were made of your list.")
    expect(made).to_be_focused()
    assert faults_of(page) == []
    tab_to(page, "Bo Sample: Enter an email address")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Email").nth(1)).to_be_focused()
    page.keyboard.type("bo@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/registrations/groups/*")


def test_an_assistant_registers_two_colleagues_by_keyboard_alone(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    """One of them at first without an address: that row alone comes back."""
    event = make_event(session)
    sign_in(make_account(session))
    page.goto(f"/events/{event.slug}")
    tab_to(page, "Also register colleagues")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register/colleagues")
    for words in ("Ada Sample", "ada@example.org"):
        tab_to(page, "Full name" if " " in words else "Email")
        page.keyboard.type(words)
    page.keyboard.press("Tab")
    tab_to(page, "Full name")
    page.keyboard.type("Bo Sample")
    tab_to(page, "Register colleagues")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(
        "1 is registered. 1 row needs a correction."
    )
    expect(page).to_have_title(re.compile("^Error: "))
    assert faults_of(page) == []
    page.get_by_role("link", name="Enter an email address").press("Enter")
    expect(page.get_by_role("textbox", name="Email")).to_be_focused()
    page.keyboard.type("bo@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/registrations/groups/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your colleagues")
    for name in ("Ada Sample", "Bo Sample"):
        expect(page.get_by_role("rowheader", name=name)).to_be_visible()


def test_a_screen_reader_is_told_each_step_of_a_registration(
    page: Page, session: Session
) -> None:
    event = make_event(session)
    page.goto(f"/events/{event.slug}/register")
    fields = {
        page.get_by_role("textbox", name="Full name", exact=True): "Ada Sample",
        page.get_by_role("textbox", name="Email", exact=True): "ada@example.org",
        # Names are offered there, which a screen reader says of this role.
        page.get_by_role("combobox", name="Municipality or organization", exact=True): (
            "Town of Sample"
        ),
    }
    for field in fields:
        expect(field).to_be_visible()
    page.get_by_role("button", name="Register for this webinar").press("Enter")
    alert = """
      - heading "There is something to put right" [level=2]
      - list:
        - listitem:
          - link "Enter your full name"
        - listitem:
          - link "Enter your email address"
        - listitem:
          - link "Enter your municipality or organization"
    """
    expect(page.get_by_role("alert")).to_match_aria_snapshot(alert)
    for field, words in fields.items():
        field.fill(words)
    page.get_by_role("button", name="Register for this webinar").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")
    assert page.title().startswith("You are registered")


def test_everything_that_takes_the_keyboard_shows_it(
    page: Page, session: Session
) -> None:
    event = make_event(session)
    unseen = []
    for path in ("/", "/events", f"/events/{event.slug}/register", "/sign-in"):
        page.goto(path)
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement != document.body"):
            if not page.evaluate(SEEN):
                unseen.append(f"{path}: {page.evaluate(FOCUSED)}")
            page.keyboard.press("Tab")
    assert unseen == []


def test_errors_are_announced_and_lead_to_their_fields(
    page: Page, session: Session
) -> None:
    event = make_event(session)
    page.goto(f"/events/{event.slug}/register")
    page.get_by_label("Email").fill("not an address")
    page.get_by_role("button", name="Register for this webinar").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.title().startswith("Error: ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    name = page.get_by_label("Full name")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description("Error: Enter your full name")
    email = page.get_by_label("Email")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_have_value("not an address")


def test_the_account_menu_closes_with_escape_and_gives_the_keyboard_back(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    sign_in(make_account(session))
    page.goto("/")
    menu = page.locator("details.account")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    assert menu.get_attribute("open") is None
