"""Mail read without a mail server, in development."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import config
from csd_events.app import create_app
from csd_events.core.db import db
from csd_events.outbox.message import Calendar
from csd_events.outbox.transport import (
    Envelope,
    FileTransport,
    MemoryTransport,
    SmtpTransport,
    choose_transport,
    write,
)
from tests.factories import NOON
from tests.mailing import MESSAGE

NAME = "20300501T120000-0f3a"
LINK = "https://csd.test/registrations/abc"


@pytest.fixture
def trying(database_url: str, session: Session, tmp_path: Path) -> Iterator[Flask]:
    """The application in development, with no mail server."""
    settings = config.Testing(database_url)
    settings.DEVELOPMENT = True
    settings.MAIL_FOLDER = tmp_path
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def browser(trying: Flask) -> FlaskClient:
    """A browser for which one mail has been written."""
    message = replace(
        MESSAGE,
        text=f"Cancel & go: {LINK} <script>",
        html="<p style='color:red'>Hello</p>",
        calendars=(Calendar(method="REQUEST", content=b"BEGIN:VCALENDAR\r\n"),),
    )
    with trying.extensions["csd_transport"].open() as line:
        mail = write(message, message_id="0f3a@csd.test", now=NOON)
        line.send(mail, Envelope("events@csd.test", "ada@example.org"))
    return trying.test_client()


def test_the_mails_of_the_folder_are_listed(browser: FlaskClient) -> None:
    page = browser.get("/dev/mail").text
    assert f'<a href="/dev/mail/{NAME}">You are registered</a>' in page


def test_an_empty_folder_says_what_to_do(trying: Flask) -> None:
    assert "No mail yet." in trying.test_client().get("/dev/mail").text


def test_the_text_side_has_its_links_and_nothing_else_of_html(
    browser: FlaskClient,
) -> None:
    page = browser.get(f"/dev/mail/{NAME}").text
    assert f'href="{LINK}"' in page
    assert "Cancel &amp; go" in page
    assert "&lt;script&gt;" in page
    assert "BEGIN:VCALENDAR" in page


def test_the_html_side_is_a_page_of_its_own_that_may_do_nothing(
    browser: FlaskClient,
) -> None:
    answer = browser.get(f"/dev/mail/{NAME}/page")
    assert answer.text.strip() == "<p style='color:red'>Hello</p>"
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert policy == [
        "sandbox allow-popups allow-popups-to-escape-sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]


@pytest.mark.parametrize("name", ["none", "..%2Fsecret", "a.b"])
@pytest.mark.parametrize("side", ["", "/page"])
def test_a_mail_that_is_not_there_is_not_found(
    browser: FlaskClient, name: str, side: str
) -> None:
    assert browser.get(f"/dev/mail/{name}{side}").status_code == 404


def test_with_a_mail_server_there_is_nothing_to_read_here(trying: Flask) -> None:
    trying.extensions["csd_transport"] = MemoryTransport()
    assert trying.test_client().get("/dev/mail").status_code == 404


def test_outside_development_the_page_does_not_exist(app: Flask) -> None:
    assert app.test_client().get("/dev/mail").status_code == 404


@pytest.mark.parametrize(
    ("settings", "way"),
    [
        ({"MAIL_SERVER": "mail.csd.test", "MAIL_FOLDER": Path("x")}, SmtpTransport),
        ({"MAIL_SERVER": None, "MAIL_FOLDER": Path("x")}, FileTransport),
        ({"MAIL_SERVER": None, "MAIL_FOLDER": None}, MemoryTransport),
    ],
)
def test_the_settings_choose_the_way_out(
    app: Flask, settings: dict[str, object], way: type
) -> None:
    other = Flask(__name__)
    other.config.update(app.config)
    other.config.update(settings)
    assert type(choose_transport(other)) is way
