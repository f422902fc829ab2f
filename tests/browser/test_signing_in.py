"""Each way of signing in, in a real browser, with scripts and without."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, make_account, make_event
from tests.letters import deliver
from tests.mailbox import link_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]

EMAIL, NAME = "ada@example.org", "Ada Sample"
NEW_PASSWORD = "four words are good"


@pytest.fixture(params=["with scripts", "without scripts"])
def visitor(
    request: pytest.FixtureRequest, browser: Browser, server: str
) -> Iterator[Page]:
    scripts = request.param == "with scripts"
    with browser.new_context(base_url=server, java_script_enabled=scripts) as context:
        yield context.new_page()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def newest(app: Flask, address: str) -> EmailMessage:
    """Deliver what is due, and return the last mail that went to an address."""
    return [mail for mail in deliver(app) if parseaddr(mail["To"])[1] == address][-1]


def ask(page: Page, app: Flask, way: str) -> None:
    """Ask for a link from the page to sign in, and follow it from the mail."""
    page.goto("/sign-in?next=/events/talk")
    page.get_by_role("link", name=way, exact=True).click()
    page.get_by_label("Email address").fill(EMAIL)
    press(page, "Mail me a link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mail")
    page.goto(link_in(newest(app, EMAIL)))


def is_in(page: Page) -> None:
    """See that somebody has come in, at the event they came from."""
    expect(page).to_have_url(re.compile("/events/talk$"))
    expect(page.locator("summary").first).to_have_text(NAME)


def test_signing_in_by_password(visitor: Page, session: Session) -> None:
    make_event(session, slug="talk")
    make_account(session, email=EMAIL, full_name=NAME)
    visitor.goto("/events/talk")
    visitor.locator("main").get_by_role("link", name="Sign in", exact=True).click()
    visitor.get_by_label("Email address").fill(EMAIL)
    visitor.get_by_label("Password").fill(PASSWORD)
    press(visitor, "Sign in")
    is_in(visitor)


def test_signing_in_by_a_mailed_link(
    visitor: Page, app: Flask, session: Session
) -> None:
    make_event(session, slug="talk")
    make_account(session, email=EMAIL, full_name=NAME)
    ask(visitor, app, "Sign in by a mailed link")
    expect(visitor.locator("summary")).to_have_count(0)
    press(visitor, "Sign in")
    is_in(visitor)


def test_signing_in_by_a_new_password_for_a_forgotten_one(
    visitor: Page, app: Flask, session: Session
) -> None:
    make_event(session, slug="talk")
    make_account(session, email=EMAIL, full_name=NAME)
    ask(visitor, app, "Forgotten your password?")
    visitor.get_by_label("New password").fill("short")
    press(visitor, "Save and sign in")
    assert visitor.title().startswith("Error: ")
    visitor.get_by_label("New password").fill(NEW_PASSWORD)
    press(visitor, "Save and sign in")
    is_in(visitor)


def test_signing_up_and_confirming_the_address(
    visitor: Page, app: Flask, session: Session
) -> None:
    make_event(session, slug="talk")
    visitor.goto("/sign-in?next=/events/talk")
    visitor.get_by_role("link", name="Sign up", exact=True).click()
    visitor.get_by_label("Full name").fill(NAME)
    visitor.get_by_label("Email address").fill(EMAIL)
    press(visitor, "Sign up")
    press(visitor, "Send it again")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Look in your mail")
    visitor.goto(link_in(newest(app, EMAIL)))
    expect(visitor.get_by_label("Full name")).to_have_value(NAME)
    visitor.get_by_label("Password").fill(NEW_PASSWORD)
    press(visitor, "Make my account")
    is_in(visitor)


def test_changing_the_address_and_taking_it_back(
    visitor: Page, app: Flask, session: Session
) -> None:
    make_account(session, email=EMAIL, full_name=NAME)
    visitor.goto("/sign-in?next=/me/account")
    visitor.get_by_label("Email address").fill(EMAIL)
    visitor.get_by_label("Password").fill(PASSWORD)
    press(visitor, "Sign in")
    visitor.get_by_role("link", name="Change your address").click()
    visitor.get_by_label("New email address").fill("new@example.org")
    visitor.get_by_label("Present password").fill(PASSWORD)
    press(visitor, "Mail me a link")
    visitor.goto(link_in(newest(app, "new@example.org")))
    press(visitor, "Use this address")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(visitor.locator("main")).to_contain_text("new@example.org")
    visitor.goto(link_in(newest(app, EMAIL)))
    press(visitor, "This was not me")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Forgotten password")
    expect(visitor.locator("summary")).to_have_count(0)
