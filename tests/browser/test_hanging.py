"""A browser that does not answer holds up nothing."""

import pytest
from playwright.sync_api import Error

from tests.browser.browsers import GONE, Browsers

pytestmark = pytest.mark.browser


def test_what_a_browser_never_answers_ends_with_it_and_the_next_test_has_another(
    browsers: Browsers,
) -> None:
    hung = browsers.one()
    with hung.new_context() as context:
        page = context.new_page()
        with browsers.patience(0.1), pytest.raises(Error) as raised:
            page.evaluate("new Promise(() => {})")
    assert type(raised.value).__name__ == GONE
    other = browsers.one()
    assert other is not hung
    with other.new_context() as context:
        assert context.new_page().evaluate("1 + 1") == 2
