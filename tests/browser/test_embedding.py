"""The form in a frame on a page of another site."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.factories import make_event

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]


@contextmanager
def another_site(server: str) -> Iterator[str]:
    """Serve a page of another origin that holds the form; give its origin."""

    class Holder(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            frame = f'<iframe src="{server}/embed/talk" title="Register"></iframe>'
            self.wfile.write(f"<!DOCTYPE html><title>A site</title>{frame}".encode())

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    site = ThreadingHTTPServer(("127.0.0.1", 0), Holder)
    thread = Thread(target=site.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{site.server_port}"
    finally:
        site.shutdown()
        site.server_close()
        thread.join()


def test_a_site_that_is_named_holds_the_form_and_what_is_sent_leaves_the_frame(
    app: Flask,
    session: Session,
    page: Page,
    server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_event(session, slug="talk")
    with another_site(server) as origin:
        monkeypatch.setitem(app.config, "EMBED_ORIGINS", (origin,))
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.get_by_label("Full name").fill("Ada Sample")
        frame.get_by_label("Email").fill("ada@example.org")
        frame.get_by_label("Municipality or organization").fill("Town of Sample")
        frame.get_by_role("button", name="Register for this webinar").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")
        assert page.url.startswith(f"{server}/registrations/")
        assert page.context.cookies() == []


def test_another_site_holds_nothing(
    app: Flask,
    session: Session,
    page: Page,
    server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_event(session, slug="talk")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with another_site(server) as origin, another_site(server) as stranger:
        monkeypatch.setitem(app.config, "EMBED_ORIGINS", (origin,))
        page.goto(stranger)
        page.wait_for_load_state("networkidle")
        assert page.frames[1].url.startswith("chrome-error://")
        assert ["frame-ancestors" in each for each in said] == [True]
