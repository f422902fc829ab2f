"""The three small scripts: the reader's own clock, and buttons that send once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.orm import Session

from csd_events.events.rules import OfferDraft
from tests.factories import make_event

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]


@contextmanager
def _page_in(browser: Browser, server: str, zone: str) -> Iterator[Page]:
    with browser.new_context(base_url=server, timezone_id=zone) as context:
        yield context.new_page()


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/Los_Angeles", ["5:00 am your time"]),
        ("Pacific/Auckland", ["Sun, May 12, 12:00 am your time"]),
        ("America/New_York", []),
        ("America/Detroit", []),
    ],
)
def test_a_reader_sees_their_own_time_where_it_differs(
    browser: Browser, server: str, session: Session, zone: str, words: list[str]
) -> None:
    event = make_event(session)  # at eight in the morning in New York
    with _page_in(browser, server, zone) as page:
        page.goto(f"/events/{event.slug}")
        seen = page.locator(".when .your-time").all_inner_texts()
        assert [text.strip() for text in seen] == words


def test_a_reader_s_own_time_stands_apart_from_what_is_before_it(
    browser: Browser, server: str, session: Session
) -> None:
    offer = OfferDraft(opens_on=date(2030, 5, 5))
    event = make_event(session, offers=[offer])
    with _page_in(browser, server, "America/Los_Angeles") as page:
        page.goto(f"/events/{event.slug}")
        note = page.locator(".your-time", has_text="9:00 pm")
        parts = note.evaluate("e => [e.previousSibling.data, e.textContent]")
        assert parts == [" ", "Sat, May 4, 9:00 pm your time"]


def test_a_button_sends_once_and_wakes_when_its_page_is_shown_again(
    page: Page, session: Session
) -> None:
    event = make_event(session)
    page.goto(f"/events/{event.slug}/register")
    sent: list[str] = []

    def take(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)  # at which a browser stays where it is

    page.route("**/register", take)
    button = page.get_by_role("button", name="Register for this webinar")
    button.click()
    resting = page.get_by_role("button", name="Sending…")
    expect(resting).to_be_disabled()
    resting.evaluate("e => e.click()")
    assert sent == ["POST"]
    # As a browser does that kept the page and shows it again.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    expect(button).to_be_enabled()


def test_a_button_can_be_pressed_again_after_going_back(
    page: Page, session: Session
) -> None:
    event = make_event(session)
    page.goto(f"/events/{event.slug}/register")
    page.get_by_label("Full name").fill("Ada Sample")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Municipality or organization").fill("Town of Sample")
    page.get_by_role("button", name="Register for this webinar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")
    page.go_back()
    button = page.get_by_role("button", name="Register for this webinar")
    expect(button).to_be_enabled()
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")
