"""What is looked for on every page."""

import gzip
from collections import Counter

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page

WIDTHS = (1280, 375, 320)
LAYOUTS = {1280, 320}  # at 375 the styles are those of 320
#: Colors are those of every width (tests/architecture/test_styles.py).
ONCE = {320: {"color-contrast": {"enabled": False}}}
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
#: What reaches farthest to the right, outside of any box that scrolls or cuts.
BEYOND = """() => [...document.querySelectorAll("body *")].filter((e) => {
    for (let p = e; p; p = p.parentElement) {
      if (p !== e && getComputedStyle(p).overflowX !== "visible") return false;
    }
    return e.getBoundingClientRect().right > innerWidth;
  }).map((e) => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`)
  .slice(-3)"""
TEXT_AT = "size => { document.documentElement.style.fontSize = size; }"
UNFOLD = "document.querySelectorAll('main details').forEach((e) => { e.open = true; })"
#: WCAG 2.2 AA, and nothing that is a matter of taste.
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": STANDARD},
    "resultTypes": ["violations"],
    "preload": False,  # what it would fetch is for rules about films and sounds
}
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((e) =>
    e.children.length == 0 && e.textContent.trim() && e.clientWidth > 0
    && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX != "visible"
    && getComputedStyle(e).textOverflow != "ellipsis"
    && !e.closest(".unseen, .usa-skipnav, select, option, input, textarea"))
    .map((e) => `${e.tagName}: ${e.textContent.trim().slice(0, 60)}`)"""

LOADED = """() => performance.getEntriesByType("resource")
  .map((entry) => [entry.name, entry.encodedBodySize])"""


class Ear:
    """Hears what a browser complains about, and weighs what it is sent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        # A page may answer 404 or 422 on purpose; the browser says so of every one.
        of_the_answer = message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not (
            of_the_answer and "/static/" not in message.location["url"]
        ):
            self.complaints.append(message.text)


def heavy_parts(page: Page) -> list[str]:
    """Name what of a first view is heavier than it may be, in bytes sent.

    The browser's own record of what it has loaded is whole once the page is. HTML
    counts compressed: what is not kept in memory is compressed by the proxy in front.
    """
    loaded: list[tuple[str, int]] = page.evaluate(LOADED)
    weight: Counter[str] = Counter()
    for name, size in loaded:
        weight[name.rpartition(".")[2]] += size
    document = packed_size(page.content())
    words = document + weight["css"] + weight["js"]
    limits = {
        "html": (document, 20_000),
        "html, styles and scripts": (words, 45_000),
        "all with fonts": (words + weight["woff2"], 145_000),
    }
    missing = [kind for kind in ("css", "js", "woff2") if not weight[kind]]
    return missing + [f"{k}: {now}" for k, (now, most) in limits.items() if now >= most]


def faults_of(page: Page) -> list[str]:
    """List what is wrong with a page at any width, in words."""
    found = [] if page.locator("h1").count() == 1 else ["not one h1"]
    page.evaluate(UNFOLD)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{fault} at {width}" for fault in _faults_now(page)]
        if width in LAYOUTS:
            found += [f"{fault} at {width}" for fault in violations_of(page, width)]
    page.evaluate(TEXT_AT, "200%")
    if (by := page.evaluate(SIDEWAYS)) > 0:
        which = f"{by} at {WIDTHS[-1]}, text twice as large: {page.evaluate(BEYOND)}"
        found += [f"scrolls sideways by {which}"]
    page.evaluate(TEXT_AT, "")
    return found


def violations_of(page: Page, width: int) -> list[str]:
    """List what axe finds, each with the first element it is about."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {**OPTIONS, "rules": ONCE.get(width, {})}
    violations = page.evaluate("options => axe.run(options)", options)["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in violations]


def packed_size(html: str) -> int:
    return len(gzip.compress(html.encode(), 6))


def _faults_now(page: Page) -> list[str]:
    sideways = page.evaluate(SIDEWAYS)
    found = [f"scrolls sideways by {sideways}"] if sideways > 0 else []
    return found + [f"cut off: {words}" for words in page.evaluate(CUT_OFF)]
