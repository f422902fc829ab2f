"""A group of four, played through: each with a phone, one who leads, and a screen."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from sqlalchemy.orm import Session

from tests.colleagues import FOUR, NAMES
from tests.factories import make_event

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]
#: What follows by itself is asked for every three seconds.
SOON = 12_000
PHONE = ViewportSize(width=375, height=720)
WALL = ViewportSize(width=1920, height=1080)


@pytest.fixture
def windows(browser: Browser, server: str) -> Iterator["Windows"]:
    with ExitStack() as stack:
        yield Windows(stack, browser, server)


class Windows:
    """Opens windows of people who have nothing to do with each other."""

    def __init__(self, stack: ExitStack, browser: Browser, server: str) -> None:
        self._stack, self._browser, self._server = stack, browser, server

    def open(self, size: ViewportSize, *, script: bool = True) -> Page:
        context: BrowserContext = self._stack.enter_context(
            self._browser.new_context(
                base_url=self._server, viewport=size, java_script_enabled=script
            )
        )
        return context.new_page()


def test_four_answer_alone_and_talk_where_they_are_furthest_apart(
    windows: Windows, session: Session
) -> None:
    make_event(session)
    lead, wall = windows.open(WALL), windows.open(WALL)
    code = _open_group(lead)
    wall.goto(_path(lead, "The screen for a projector"))
    expect(wall.locator(".code")).to_have_text(code)
    phones = [_join(windows.open(PHONE), code, name) for name in NAMES]
    counts = wall.locator(".counts")
    expect(counts).to_have_text("4 joined, 0 handed in", timeout=SOON)
    for phone, answers in zip(phones, FOUR, strict=True):
        _answer(phone, answers)
    expect(counts).to_have_text("4 joined, 4 handed in", timeout=SOON)
    lead.get_by_role("button", name="Begin the talk").click(timeout=SOON)
    expect(lead.get_by_text("Ada Sample")).to_be_visible()
    lead.get_by_role("link", name="To the first question").click()
    _show(lead, [wall, *phones])
    _settle(lead, [wall, *phones])
    lead.get_by_role("link", name="Back to the group").click()
    lead.get_by_role("link", name="Close the group").click()
    lead.get_by_role("button", name="Close it").click()
    phones[0].get_by_role("link", name="What the group came to").click(timeout=SOON)
    said = phones[0].locator("main")
    for words in (
        "lowest 13, highest 16.",
        "(For this year)",
        "Keep the service in-house",
    ):
        expect(said).to_contain_text(words)
    expect(said).not_to_contain_text("Ada Sample")


def test_a_group_is_joined_and_followed_with_scripts_off(windows: Windows) -> None:
    lead, phone = windows.open(WALL, script=False), windows.open(PHONE, script=False)
    code = _open_group(lead)
    _join(phone, code, "Ada Sample")
    phone.locator("#S1-3").check(force=True)
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_role("heading", level=2)).to_have_text("Handed in. Thank you.")
    lead.get_by_role("link", name="Look again").click()
    expect(lead.get_by_text("1 joined, 1 handed in.")).to_be_visible()


def test_a_phone_that_follows_is_led_to_its_own_worksheet_once_the_group_is_gone(
    windows: Windows,
) -> None:
    lead, phone = windows.open(WALL), windows.open(PHONE)
    _join(phone, _open_group(lead), "Ada Sample")
    phone.locator("label[for=S1-3]").click()
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_text("Handed in. Thank you.")).to_be_visible()
    lead.get_by_role("link", name="Remove the group").click()
    expect(lead.get_by_text("1 person joined it, and 1 handed in;")).to_be_visible()
    lead.get_by_role("button", name="Remove the group").click()
    gone = "This worksheet is in no group any more. It stays your own."
    expect(phone.get_by_text(gone)).to_be_visible(timeout=SOON)
    expect(phone.locator("#S1-3")).to_be_checked()
    expect(phone.locator("#S1-3")).to_be_enabled()


def _open_group(lead: Page) -> str:
    lead.goto("/worksheets")
    lead.get_by_role("link", name="With colleagues: open a group").click()
    lead.get_by_label("Which service").select_option("dispatch_911")
    lead.get_by_role("button", name="Open the group").click()
    return lead.locator(".code").inner_text()


def _path(page: Page, link: str) -> str:
    address = page.get_by_role("link", name=link).get_attribute("href")
    assert address
    return address


def _join(phone: Page, code: str, name: str) -> Page:
    phone.goto("/worksheets/join")
    phone.get_by_label("The code").fill(code.lower())
    phone.get_by_role("button", name="Join").click()
    phone.get_by_label("Your name").fill(name)
    phone.get_by_role("button", name="Begin my worksheet").click()
    expect(phone.get_by_role("button", name="Hand in")).to_be_visible()
    return phone


def _answer(phone: Page, answers: dict[str, str]) -> None:
    for item, value in answers.items():
        phone.locator(f"label[for={item}-{value}]").click()
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_text("Handed in. Thank you.")).to_be_visible()


def _show(lead: Page, others: list[Page]) -> None:
    """Put the question on everybody's screen, in their own time, without a name."""
    lead.get_by_role("button", name="Show it on the screen").click()
    name = lead.get_by_role("heading", level=1).inner_text()
    for page in others:
        heading = page.get_by_role("heading", level=2).first
        expect(heading).to_contain_text(name, timeout=SOON)
        expect(page.get_by_text("Split")).to_be_visible()
        expect(page.get_by_text("Ada Sample")).to_have_count(0)
    expect(others[-1].get_by_text("You said:")).to_be_visible()


def _settle(lead: Page, others: list[Page]) -> None:
    lead.locator("label[for=grade-1]").click()
    lead.get_by_label("Note").fill("For this year")
    lead.get_by_role("button", name="Write it down").click()
    for page in others:
        expect(page.get_by_text("(For this year)")).to_be_visible(timeout=SOON)
