"""A real browser against a real server, both on this machine."""

import os
from collections.abc import Iterator
from shutil import which
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.browser.scenes import SignIn, session_cookie
from tools.suite import BROWSERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

QUIET = ["--disable-background-networking", "--disable-sync"]


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
def browser() -> Iterator[Browser]:
    # Chromium's sandbox refuses root, and only root.
    options = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    program = next(path for name in BROWSERS if (path := which(name)))
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=options)


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
