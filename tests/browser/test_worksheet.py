"""The decision tool alone: a stranger on a phone, and by keyboard alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from sqlalchemy.orm import Session

from csd_events.library import service as library
from csd_events.worksheets.rules import ITEMS
from tests.browser.keys import SEEN, tab_to
from tests.factories import make_event, writing
from tests.web.worksheets.test_sheet import TWO_TOWNS

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]
#: Two towns and dispatch, with the five questions of readiness.
ANSWERS = TWO_TOWNS | dict.fromkeys(("R1", "R2", "R3", "R4", "R5"), "2")
HEIGHT = 844


#: Words a minute, of somebody who reads and does not skim; and seconds: to decide on
#: an answer and tap it, and to find any other tap.
READS, DECIDES, TAPS = 200, 5, 3
WORDS = """(part) => {
    const copy = part.innerText.split(/\\s+/).length;
    const lists = [...part.querySelectorAll("select")].map((each) => each.innerText);
    return copy - lists.join(" ").split(/\\s+/).filter(Boolean).length;
}"""


@dataclass
class Thumb:
    """Somebody with a phone: what they tap, read and scroll."""

    page: Page
    taps: int = 0
    answers: int = 0
    words: int = 0
    screens: float = 0

    def tap(self, what: Locator, *, leads_to: str) -> None:
        what.tap()
        self.taps += 1
        self.page.wait_for_url(leads_to)  # styles and all, as somebody sees it

    def answer(self, item: str, value: str) -> None:
        self.page.locator(f"label[for={item}-{value}]").tap()
        self.answers += 1

    def look(self, *parts: str) -> None:
        """Read all the words that show of parts of the page, and scroll past them."""
        for part in parts:
            for region in self.page.locator(part).all():
                self.words += region.evaluate(WORDS)
                height = region.evaluate("(part) => part.offsetHeight")
                self.screens += height / HEIGHT

    @property
    def minutes(self) -> float:
        seconds = DECIDES * self.answers + TAPS * self.taps
        return self.words / READS + seconds / 60


@pytest.fixture
def thumb(browser: Browser, server: str) -> Iterator[Thumb]:
    size = ViewportSize(width=390, height=HEIGHT)
    with browser.new_context(
        base_url=server, viewport=size, has_touch=True, is_mobile=True
    ) as context:
        yield Thumb(context.new_page())


@pytest.fixture
def cases(session: Session) -> None:
    make_event(session)
    with writing(session):
        library.import_cases(session, library.built_in_document())


@pytest.mark.usefixtures("cases")
def test_a_stranger_with_a_phone_answers_and_reads_both_parts_in_ten_minutes(
    thumb: Thumb,
) -> None:
    """From the front page, without an account: docs/worksheets.md names the numbers."""
    page = thumb.page
    page.goto("/")
    thumb.tap(
        page.get_by_role("link", name="Try the decision tool").first,
        leads_to="**/worksheets",
    )
    thumb.look(".page-head")
    page.get_by_label("Which service").select_option("dispatch_911")
    thumb.taps += 2  # the list, and a service in it
    thumb.tap(
        page.get_by_role("button", name="Begin a worksheet"), leads_to="**/worksheets/*"
    )
    thumb.look("main")
    for item in ITEMS:
        thumb.answer(item, ANSWERS[item])
    expect(page.locator("[data-answered]")).to_have_text("19")
    save = page.get_by_role("button", name="Save, and see what it says")
    thumb.tap(save, leads_to="**/result")
    thumb.look(".page-head", ".side-result", ".reading", "section:has(#steps)")
    assert (thumb.taps, thumb.answers) == (5, 19)
    assert thumb.words <= 1_100
    assert thumb.screens <= 14
    assert thumb.minutes <= 7.5
    thumb.look("section:has(#forms)")  # part two
    assert thumb.words <= 1_600
    assert thumb.screens <= 18
    assert thumb.minutes <= 10
    wordings = page.locator("#forms ~ .forms .wording").all_inner_texts()
    assert len(wordings) == 5
    assert wordings[0] == "Worth exploring first"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "Keep the service in-house" in page.locator("main").inner_text()
    cases = page.locator("section:has(#cases) article")
    assert cases.count() == 5


def test_a_worksheet_is_answered_and_read_by_keyboard_alone(page: Page) -> None:
    page.goto("/worksheets")
    tab_to(page, "Which service are you looking at?")
    page.keyboard.type("911")
    tab_to(page, "Begin a worksheet")
    page.keyboard.press("Enter")
    page.wait_for_url("**/worksheets/*")
    for item in ITEMS:
        first = page.locator(f"#{item}-{'3' if item.startswith('R') else '1'}")
        steps = 0
        while not first.evaluate("(radio) => radio == document.activeElement"):
            page.keyboard.press("Tab")
            steps += 1
            assert steps < 12, item
        assert page.evaluate(SEEN) is True
        page.keyboard.press("Space")
        for _ in range(list("123").index(ANSWERS[item]) if item[0] != "R" else 1):
            page.keyboard.press("ArrowDown")
    expect(page.locator("[data-answered]")).to_have_text("19")
    tab_to(page, "Save, and see what it says")
    page.keyboard.press("Enter")
    page.wait_for_url("**/result")
    expect(page.get_by_text("15 on a scale").first).to_be_attached()
    tab_to(page, "Get it as a PDF", within=120)


def test_a_screen_reader_hears_each_question_by_its_name_and_that_it_is_saved(
    page: Page,
) -> None:
    page.goto("/worksheets?area=dispatch_911")
    page.get_by_role("button", name="Begin a worksheet").click()
    expect(page.locator("fieldset")).to_have_count(len(ITEMS))
    asked = page.get_by_role("group", name="S5 · Costs Do you know what the service")
    expect(asked.get_by_role("radio")).to_have_count(4)
    asked.get_by_text("Partly").click()
    expect(page.get_by_role("status")).to_have_text("Saved")
    headings = page.get_by_role("heading").all_inner_texts()
    assert headings == [
        "911 dispatch",
        "Before you begin",
        "About the service",
        "About the community",
    ]
    page.get_by_role("button", name="Save, and see what it says").click()
    page.wait_for_url("**/result")
    levels = page.eval_on_selector_all(
        "main :is(h1, h2, h3, h4)", "(all) => all.map((each) => +each.tagName[1])"
    )
    assert levels[0] == 1
    steps = pairwise(levels)
    assert [pair for pair in steps if pair[1] > pair[0] + 1] == []
