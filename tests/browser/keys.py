"""Moving about a page by keyboard alone."""

from playwright.sync_api import Page

#: Whether an outline shows where the keyboard is, around the element or its row.
SEEN = """() => [null, "::after"].some((part) => {
    const style = getComputedStyle(document.activeElement, part);
    return style.outlineStyle != "none" && parseFloat(style.outlineWidth) >= 2;
})"""
FOCUSED = """() => {
    const at = document.activeElement;
    return at.labels?.[0]?.innerText || at.innerText || "";
}"""


def tab_to(page: Page, words: str, *, within: int = 60) -> None:
    """Press Tab until what bears these words has the keyboard, visibly."""
    seen: list[str] = []
    while not (seen and seen[-1].startswith(words)):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        assert len(seen) < within, seen
    assert page.evaluate(SEEN) is True
