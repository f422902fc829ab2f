"""The small scripts: the reader's own clock, sending once, copying, names offered."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.orm import Session

from csd_events.events.rules import OfferDraft
from csd_events.organizations.models import Organization
from csd_events.organizations.service.recording import keys_of
from tests.browser.looking import WIDTHS, violations_of
from tests.factories import make_event
from tests.library import make_citation

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


CITATION = "/library/bibliography/{key}"


def test_a_citation_is_copied_by_a_press_and_that_is_said(
    browser: Browser, server: str, session: Session
) -> None:
    key = make_citation(session).key
    with browser.new_context(
        base_url=server, permissions=["clipboard-read", "clipboard-write"]
    ) as context:
        page = context.new_page()
        page.goto(CITATION.format(key=key))
        words = page.locator("[data-copy]").inner_text()
        said = page.locator("[data-copy] + p [aria-live=polite]")
        expect(said).to_have_text("")
        page.get_by_role("button", name="Copy").click()
        expect(said).to_have_text("Copied.")
        assert page.evaluate("navigator.clipboard.readText()") == words.strip()


def test_a_citation_that_may_not_be_copied_is_selected(
    page: Page, session: Session
) -> None:
    page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('no'))"
    )
    page.goto(CITATION.format(key=make_citation(session).key))
    words = page.locator("[data-copy]").inner_text()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("[data-copy] + p [aria-live=polite]")).to_contain_text(
        "copy them from there"
    )
    assert page.evaluate("getSelection().toString()").strip() == words.strip()


def test_without_scripts_a_citation_has_no_button_that_does_nothing(
    browser: Browser, server: str, session: Session
) -> None:
    with browser.new_context(base_url=server, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(CITATION.format(key=make_citation(session).key))
        assert page.locator("[data-copy]").inner_text() != ""
        assert page.get_by_role("button", name="Copy").count() == 0


def test_names_of_municipalities_are_offered_from_two_letters(
    page: Page, session: Session
) -> None:
    event = make_event(session)
    for name in ("City of Sampleton", "Town of Elsewhere"):
        session.add(Organization(name=name, kind="city", **keys_of(name, None)))
    session.commit()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto(f"/events/{event.slug}/register")
    field = page.get_by_label("Municipality or organization")
    field.press_sequentially("sa")
    offered = page.locator("datalist option")
    expect(offered).to_have_count(1)
    assert offered.evaluate_all("all => all.map(each => each.value)") == [
        "City of Sampleton"
    ]
    assert [url.rpartition("=")[2] for url in asked if "/names?" in url] == ["sa"]
    assert violations_of(page, WIDTHS[0]) == []
    field.fill("s")
    expect(offered).to_have_count(0)


def test_a_name_that_cannot_be_asked_for_is_typed_and_sent(
    page: Page, session: Session
) -> None:
    event = make_event(session)
    page.route("**/organizations/names?*", lambda route: route.abort())
    page.goto(f"/events/{event.slug}/register")
    page.get_by_label("Full name").fill("Ada Sample")
    page.get_by_label("Email").fill("ada@example.org")
    field = page.get_by_label("Municipality or organization")
    with page.expect_event("requestfailed"):
        field.press_sequentially("Sampleton")
    page.get_by_role("button", name="Register for this webinar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")
