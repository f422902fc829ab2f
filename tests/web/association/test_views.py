"""The association's own words, and the page on which staff write them."""

import html
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.association import queries
from csd_events.association.models import ONLY_ID
from csd_events.audit.queries import list_about
from csd_events.core.access import Role
from tests.factories import make_account, make_event, make_registration
from tests.letters import deliver

pytestmark = pytest.mark.usefixtures("now")

PAGE = "/staff/association"
TYPED = {
    "name": "Sample Association of Local Governments",
    "short_name": "Sample Association",
    "sender_address": "",
    "reply_address": "events@example.org",
    "postal_address": "1 Example *Square*, Charlotte, NC 28202",
    "telephone": "555 0100",
    "zone": "America/Chicago",
    "privacy_words": "## What we keep\r\n\r\nLittle.",
    "accessibility_words": "Ask <script>us</script>.",
    "payment_words": "By check.",
    "days_to_pay": "45",
    "invoice_prefix": "slg",
}


@pytest.fixture(autouse=True)
def _read_anew(session: Session) -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    """The browser of an administrator."""
    return app.test_client(user=make_account(session, role=Role.ADMINISTRATOR))


def save(browser: FlaskClient, **typed: str) -> tuple[int, list[str]]:
    """Send the form; return the status and the words beside fields."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(PAGE).text)
    assert token
    answer = browser.post(PAGE, data=TYPED | {"csrf_token": token[1]} | typed)
    notes = re.findall(
        r'<p class="usa-error-message".*?</span>(.*?)</p>', answer.text, re.DOTALL
    )
    return answer.status_code, [html.unescape(note).strip() for note in notes]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/privacy", "We do not sell or rent what we know about you"),
        ("/accessibility", "Web Content Accessibility Guidelines (WCAG)"),
    ],
)
def test_there_are_words_before_staff_have_written_any(
    client: FlaskClient, path: str, words: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, words in answer.text) == (200, True)
    assert answer.text.count("<h1") == 1


def test_what_staff_write_is_what_everybody_reads(
    browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    assert save(browser) == (303, [])

    privacy, accessibility = (
        client.get("/privacy").text,
        client.get("/accessibility").text,
    )
    assert "<h2>What we keep</h2>\n<p>Little.</p>" in privacy
    assert '<a href="mailto:events@example.org"' in privacy
    assert "1 Example *Square*, Charlotte, NC 28202" in privacy
    assert "<script>us" not in accessibility
    session.rollback()
    kept = queries.read(session)
    assert kept.zone == "America/Chicago"
    assert (kept.days_to_pay, kept.invoice_prefix) == (45, "SLG")
    assert [entry.action for entry in list_about(session, "association", ONLY_ID)] == [
        "association.saved"
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, ["Enter the name of the association"]),
        (
            {"name": "Sample\r\nBcc: x"},
            ["Name holds a character that cannot be shown. Type it again"],
        ),
        (
            {"reply_address": "somewhere"},
            ["Enter an email address in the format name@example.org"],
        ),
        ({"zone": "America/Nowhere"}, ["Choose one from the list"]),
        ({"privacy_words": " "}, ["Say what you keep, and why"]),
        (
            {"invoice_prefix": ""},
            ["Enter what the numbers of invoices begin with, such as INV"],
        ),
        (
            {"invoice_prefix": "A-1"},
            ["Use letters and digits alone, such as INV"],
        ),
        ({"days_to_pay": "31"}, ["Choose one from the list"]),
        ({"telephone": "5" * 41}, ["Telephone must be 40 characters or fewer"]),
    ],
)
def test_what_is_wrong_is_said_by_the_field_and_nothing_is_saved(
    browser: FlaskClient, session: Session, typed: dict[str, str], words: list[str]
) -> None:
    assert save(browser, **typed) == (422, words)
    session.rollback()
    assert queries.read(session) == queries.first()


def test_a_page_left_open_too_long_saves_nothing_and_keeps_what_was_typed(
    browser: FlaskClient, session: Session
) -> None:
    answer = browser.post(PAGE, data=TYPED)

    session.rollback()
    assert (answer.status_code, "555 0100" in answer.text) == (422, True)
    assert queries.read(session) == queries.first()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("role", "status"), [(None, 401), (Role.NONE, 403), (Role.SCHEDULER, 403)]
)
def test_only_administrators_write_about_the_association(
    app: Flask, session: Session, method: str, role: Role | None, status: int
) -> None:
    user = None if role is None else make_account(session, role=role)
    answer = app.test_client(user=user).open(PAGE, method=method)
    assert answer.status_code == status


def test_a_from_address_of_another_domain_warns_and_mail_comes_from_the_servers(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    """And answers reach the address that staff have given for them."""
    assert "Mail comes from another address" not in browser.get(PAGE).text
    save(browser, sender_address="post@elsewhere.example.org")
    queries.forget()
    page = browser.get(PAGE).text
    assert "Mail comes from another address" in page
    assert "So mail comes from events@csd.test" in page

    make_registration(session, make_event(session))
    (mail,) = deliver(app)

    assert mail["From"].endswith("<events@csd.test>")
    assert mail["Reply-To"] == TYPED["reply_address"]


def test_the_warning_names_the_address_that_is_saved_and_not_the_one_just_typed(
    browser: FlaskClient,
) -> None:
    save(browser, sender_address="post@elsewhere.example.org")
    typed = TYPED | {"name": "", "sender_address": "desk@city.example.org"}
    page = browser.post(PAGE, data=typed).text
    assert 'value="desk@city.example.org"' in page
    assert "for the domain of post@elsewhere.example.org: receivers" in page


def test_a_from_address_of_the_servers_own_domain_is_what_mail_comes_from(
    app: Flask, browser: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAIL_DEFAULT_SENDER", "events@example.org")
    save(browser, sender_address="desk@Example.org")
    queries.forget()
    assert "Mail comes from another address" not in browser.get(PAGE).text
    make_registration(session, make_event(session))
    (mail,) = deliver(app)
    assert mail["From"].casefold().endswith("<desk@example.org>")
