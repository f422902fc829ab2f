"""A real browser against a real server, both on this machine."""

from collections.abc import Iterator
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.browser.browsers import GONE, Browsers
from tests.browser.scenes import SignIn, session_cookie

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask again, once, what a browser hung over. What fails by itself is not asked."""
    again = pytest.mark.flaky(reruns=1, only_rerun=GONE)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(again)


@pytest.fixture(scope="session")
def server(app: Flask) -> Iterator[str]:
    """The address at which the application of this test is served."""

    def closing(environ: "WSGIEnvironment", start: "StartResponse") -> Iterator[bytes]:
        """Close the answer even where the browser leaves in the middle of a file.

        The server forgets to when it reads from a connection that is gone.
        """
        answer = app(environ, start)
        try:
            yield from answer
        finally:
            if hasattr(answer, "close"):
                answer.close()

    server = make_server("127.0.0.1", 0, closing, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def browsers() -> Iterator[Browsers]:
    with sync_playwright() as playwright:
        yield Browsers(playwright.chromium)


@pytest.fixture(autouse=True)
def patience(browsers: Browsers) -> Iterator[None]:
    """Wait for a browser, and for its windows to open and close, but not for ever."""
    with browsers.patience():
        yield


@pytest.fixture
def browser(browsers: Browsers) -> Browser:
    return browsers.one()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    with browser.new_context(base_url=server) as context:
        yield context.new_page()


@pytest.fixture
def sign_in(app: Flask, page: Page, server: str) -> SignIn:
    """Sign an account in without going through the sign-in form."""

    def sign_in(account: object) -> None:
        page.context.add_cookies([session_cookie(app, server, account)])

    return sign_in
